"""The runner's socket protocol: JSON lines, a request with a number, a reply with the same one."""

from typing import Literal

import msgspec

from runtime.model import ErrorRecord, Plan, Run, RunEvent

Verb = Literal["ping", "submit", "cancel", "run", "follow", "warm"]


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a client asks.

    Attributes:
        id: Chosen by the client; the reply carries it.
        run_id: For `cancel` and `run`.
        after: For `follow`: the last event the client has; from now on when absent.
        preload: For `warm`: the family whose libraries to load ahead.
    """

    id: int
    verb: Verb
    plan: Plan | None = None
    run_id: str = ""
    after: int | None = None
    preload: tuple[str, ...] = ()


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer, or, with `id` 0, events for a follower."""

    id: int = 0
    run: Run | None = None
    error: ErrorRecord | None = None
    events: tuple[RunEvent, ...] = ()
    pid: int = 0
    sequence: int = 0


encode = msgspec.json.Encoder().encode
decode_request = msgspec.json.Decoder(Request).decode
decode_reply = msgspec.json.Decoder(Reply).decode
