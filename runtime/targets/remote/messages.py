"""What the engine, the agent of a target and our server on the host say to each other.

JSON lines; a message with `bytes` is followed by so many raw ones.

    engine ── socketpair ── agent (asyncio, here) ── the target's stream ── server (on the host)
"""

import msgspec

from runtime.model import StepRequest, Target, WorkerEvent
from runtime.targets.attempt import Death
from runtime.targets.usage import Usage


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="say", omit_defaults=True):
    """Base of them all."""


class Hello(Message, frozen=True, tag="hello"):
    """To the agent, first: which target it serves, and for whom.

    Attributes:
        artifacts: Folder of the workspace's artifacts.
        workspace: Names the workspace among all that use the host.
        site: `package.module:function` that makes the site of a target.
    """

    target: Target
    artifacts: str
    workspace: str
    site: str


class Prepare(Message, frozen=True, tag="prepare"):
    """To the agent: get everything a step needs over there; `go` starts it."""

    id: int
    request: StepRequest


class Adopt(Message, frozen=True, tag="adopt"):
    """To agent and server: find an attempt again that was started before.

    Attributes:
        log_bytes: How much of its log is here already.
    """

    id: int
    request: StepRequest
    log_bytes: int = 0


class Go(Message, frozen=True, tag="go"):
    """To agent and server: start the module as soon as everything is there."""

    id: int


class Stop(Message, frozen=True, tag="stop"):
    """To agent and server: signal everything that the step has started."""

    id: int
    signal: int


class AskToStop(Message, frozen=True, tag="ask_to_stop"):
    """To agent and server: let a module that looks know that it shall end."""

    id: int


class Said(Message, frozen=True, tag="said"):
    """From server and agent: an event of a step."""

    id: int
    event: WorkerEvent


class Died(Message, frozen=True, tag="died"):
    """From server and agent: the step's process ended without a result."""

    id: int
    death: Death


class Measured(Message, frozen=True, tag="measured"):
    """From server and agent: what a step takes now."""

    id: int
    usage: Usage


class Noticed(Message, frozen=True, tag="noticed"):
    """From server and agent: what happens around the step, in words; empty when nothing does any more."""

    id: int
    detail: str


class Deliver(Message, frozen=True, tag="deliver"):
    """To the server: a step with everything it needs, its paths being those of the host.

    Attributes:
        blobs: Digests of the bytes it needs, with their sizes.
        folders: Manifests of the folders among its inputs, by digest.
        links: Where blobs have to lie: path below the home folder, to digest.
    """

    id: int
    request: StepRequest
    blobs: dict[str, int] = {}
    folders: dict[str, str] = {}
    links: dict[str, str] = {}


class Chunk(Message, frozen=True, tag="chunk"):
    """To the server: bytes of a blob."""

    digest: str
    offset: int
    bytes: int
    is_last: bool = False


class Fetch(Message, frozen=True, tag="fetch"):
    """To the server: send a blob, or one file of a folder, from there on."""

    digest: str
    file: str = ""
    offset: int = 0


class Forget(Message, frozen=True, tag="forget"):
    """To agent and server: what became of the attempt is recorded; nothing of it is needed."""

    id: int


class Ready(Message, frozen=True, tag="ready"):
    """From the server, first.

    Attributes:
        home: The folder that it writes in.
        packages: Where the packages of ours lie, by name.
        runs_alone: Every step has a process of its own, so that it outlives the server.
        mark: What the file `mark` in the home folder holds; who reads it sees the same folder.
    """

    home: str
    packages: dict[str, str]
    runs_alone: bool = True
    mark: str = ""


class Missing(Message, frozen=True, tag="missing"):
    """From the host instead of `ready`: these packages have to be sent first."""

    packages: tuple[str, ...]


class Wanted(Message, frozen=True, tag="wanted"):
    """From the server: blobs that a step still needs, and from where on."""

    id: int
    blobs: dict[str, int] = {}


class Stored(Message, frozen=True, tag="stored"):
    """From the server: a blob is whole and verified, or it arrived damaged and was dropped."""

    digest: str
    is_whole: bool = True


class Logged(Message, frozen=True, tag="logged"):
    """From the server: what a step has printed."""

    id: int
    bytes: int


class Absent(Message, frozen=True, tag="absent"):
    """From the server: there is no such attempt, and nobody can start it any more."""

    id: int


class Piece(Message, frozen=True, tag="piece"):
    """From the server: bytes that were fetched.

    Attributes:
        is_there: False when there is nothing of that digest.
        is_folder: It is a folder, and these are bytes of its manifest or of its file.
    """

    digest: str
    file: str = ""
    bytes: int = 0
    is_last: bool = False
    is_there: bool = True
    is_folder: bool = False


ToAgent = Hello | Prepare | Adopt | Go | Stop | AskToStop | Forget
FromAgent = Said | Died | Measured | Noticed
ToServer = Deliver | Adopt | Go | Stop | AskToStop | Chunk | Fetch | Forget
_ToCarrier = Wanted | Logged | Absent | Said | Died | Measured | Noticed
FromServer = Ready | Missing | Stored | Piece | _ToCarrier
encode = msgspec.json.Encoder().encode
