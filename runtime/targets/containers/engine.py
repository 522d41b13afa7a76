"""The Docker engine: the one file that knows its SDK.

Every call blocks; the engine's errors come out as ours.
"""

import contextlib
import io
import re
import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runtime.errors import DesignerError, InfrastructureError
from runtime.model import DockerSettings
from runtime.targets.containers.tunnel import Tunnel
from runtime.targets.remote.connector import UnreachableError

_TIMEOUT_S = 60
_END_S = 5
_FIRST_ANSWER_S = 10
_MOST_CONNECTIONS = 64
_ANY_VERSION = "1.41"
"""For the one question that is answered whatever the version: which one there is."""
_FRAME = struct.Struct(">BxxxL")
_KEEPALIVE = (("TCP_KEEPIDLE", 3), ("TCP_KEEPINTVL", 3), ("TCP_KEEPCNT", 3))
_PIECE_BYTES = 1 << 16
_SHUT_OUT = ("Permission denied", "SSLError", "certificate")
STDOUT = 1


class State(NamedTuple):
    """What a container is at now."""

    id: str
    has_started: bool
    is_running: bool
    exit_code: int
    out_of_memory: bool


class Engine:
    """A connection to one engine.

    Args:
        name: What the target is called, for messages.
        settings: Where the engine listens.
    """

    def __init__(self, name: str, settings: DockerSettings) -> None:
        self.name = name
        self._settings = settings
        self._api: Any = None
        self._url = ""
        self._tunnel: Tunnel | None = None
        self._errors: Any = None

    # -- the engine itself -----------------------------------------------------------------------

    def connect(self) -> None:
        """Reach the engine.

        Raises:
            InfrastructureError: T003 when it does not answer, T004 for a host that is not a known
                one, T005 without the package or a client, T006 when it does not let us in.
        """
        docker = _library()
        self.close()
        self._errors = docker.errors
        self._url = self._settings.url
        if self._url.startswith("ssh:"):
            self._tunnel = Tunnel(self.name, self._url)
            self._url = self._tunnel.open()
        try:
            with contextlib.closing(self._client(docker, _ANY_VERSION, _FIRST_ANSWER_S)) as asked:
                facts = asked.version(api_version=False)
            self._api = self._client(docker, facts["ApiVersion"], _TIMEOUT_S)
        except docker.errors.TLSParameterError as exc:
            raise self._shut_out(exc) from exc
        except (docker.errors.DockerException, OSError, ValueError) as exc:
            is_shut_out = any(word in str(exc) for word in _SHUT_OUT)
            raise self._shut_out(exc) if is_shut_out else self._unreachable(exc) from exc

    def _client(self, docker: Any, version: str, timeout_s: int) -> Any:
        """A client for one version of the API.

        It takes no certificates or proxies from the environment: those would go before ours.
        """
        made = docker.APIClient(
            base_url=self._url or None,
            tls=self._tls(docker),
            version=version,
            timeout=timeout_s,
            max_pool_size=_MOST_CONNECTIONS,
        )
        made.trust_env = False
        return made

    def close(self) -> None:
        """Hang up."""
        if self._api is not None:
            with contextlib.suppress(Exception):
                self._api.close()
            self._api = None
        if self._tunnel is not None:
            self._tunnel.close()
            self._tunnel = None

    def info(self) -> dict[str, Any]:
        """What the engine says of itself."""
        with self._explained("tell what it is"):
            return dict(self._live().info())

    # -- images ----------------------------------------------------------------------------------

    def image_id(self, name: str) -> str:
        """The digest of an image that is there; empty where it is not."""
        with self._explained(f"find the image '{name}'"):
            try:
                return str(self._live().inspect_image(name)["Id"])
            except self._errors.ImageNotFound:
                return ""

    def pull(self, name: str) -> None:
        """Fetch an image from its registry. Raises InfrastructureError T009."""
        try:
            with self._explained("pull"):
                self._live().pull(name, tag=None if ":" in name or "@" in name else "latest")
        except InfrastructureError as exc:
            if isinstance(exc, UnreachableError):
                raise
            raise InfrastructureError(
                "T009",
                f"The image '{name}' is not on '{self.name}' and cannot be pulled: "
                f"{_words(exc.__cause__ or exc)}.",
                remedy="Correct its name, or load it there with `docker load`.",
            ) from exc

    def images(self, label: str) -> list[dict[str, Any]]:
        """The images that carry a label."""
        with self._explained("list images"):
            return list(self._live().images(filters={"label": label}))

    def commit(self, container: str, name: str, labels: Mapping[str, str]) -> None:
        """Make an image of what a container has become."""
        changes = [f"LABEL {key}={value}" for key, value in labels.items()]
        with self._explained("keep the image"):
            self._live().commit(container, repository=name, changes=changes)

    # -- containers ------------------------------------------------------------------------------

    def create(self, name: str, host: Mapping[str, Any], **facts: Any) -> str:
        """Make a container that does not run so far; gives its id.

        One of that name is replaced, for whoever made it has not started it or is gone.

        Raises:
            InfrastructureError: T011 when the engine refuses.
        """
        with self._explained("make a container"):
            api = self._live()
            config = api.create_host_config(**host)
            try:
                made = api.create_container(name=name, host_config=config, **facts)
            except self._errors.APIError as exc:
                if exc.status_code != 409 or not name:
                    raise
                api.remove_container(name, v=True, force=True)
                made = api.create_container(name=name, host_config=config, **facts)
        return str(made["Id"])

    def start(self, container: str) -> None:
        """Let a container run. Raises InfrastructureError T011 when the engine refuses."""
        with self._explained("start the container"):
            self._live().start(container)

    def wait(self, container: str) -> State:
        """Wait until a container has ended that says nothing more.

        Raises:
            InfrastructureError: T003 when it runs on: its words did not end, the connection did.
        """
        with self._explained("wait for the container"):
            self._live().wait(container, timeout=_END_S)
        return self.state(container) or State(container, True, False, -1, False)

    def state(self, container: str) -> State | None:
        """What a container is at; None when there is none."""
        with self._explained("look at the container"):
            try:
                facts = self._live().inspect_container(container)
            except self._errors.NotFound:
                return None
        state = facts["State"]
        return State(
            id=facts["Id"],
            has_started=state["Status"] != "created",
            is_running=bool(state["Running"]),
            exit_code=int(state["ExitCode"]),
            out_of_memory=bool(state["OOMKilled"]),
        )

    def named(self, label: str) -> list[dict[str, Any]]:
        """All containers that carry a label, whatever they are at."""
        with self._explained("list containers"):
            return list(self._live().containers(all=True, filters={"label": label}))

    def kill(self, container: str, number: int) -> None:
        """Send a signal to a container; one that does not run is no error."""
        with self._explained("signal the container"):
            try:
                self._live().kill(container, signal=number)
            except self._errors.APIError as exc:
                if exc.status_code not in (404, 409):
                    raise

    def remove(self, container: str) -> None:
        """End and forget a container; one that is not there is no error."""
        with self._explained("remove the container"):
            try:
                self._live().remove_container(container, v=True, force=True)
            except self._errors.APIError as exc:
                if exc.status_code not in (404, 409):
                    raise

    def output(self, container: str) -> Iterator[tuple[int, bytes]]:
        """What a container has printed and prints, to its end: the stream's number and bytes."""
        with self._explained("follow the container"):
            api = self._live()
            answer = api._get(
                api._url("/containers/{0}/logs", container),
                params={"stdout": 1, "stderr": 1, "follow": 1},
                stream=True,
                timeout=(_FIRST_ANSWER_S, None),
            )
            api._raise_for_status(answer)
            _keep_alive(answer)
            try:
                while len(head := answer.raw.read(_FRAME.size)) == _FRAME.size:
                    stream, size = _FRAME.unpack(head)
                    while size and (data := answer.raw.read(min(size, _PIECE_BYTES))):
                        size -= len(data)
                        yield stream, data
            finally:
                answer.close()

    def usage(self, container: str) -> dict[str, Any]:
        """What a container takes now, as the engine says it."""
        with self._explained("measure the container"):
            api = self._live()
            url = api._url("/containers/{0}/stats", container)
            params = {"stream": "false", "one-shot": "true"}
            return dict(api._result(api._get(url, params=params), json=True))

    # -- files -----------------------------------------------------------------------------------

    def put(self, container: str, folder: str, archive: Iterable[bytes]) -> None:
        """Unpack a tar archive in a folder of a container."""
        with self._explained("take files"):
            self._live().put_archive(container, folder, archive)

    def get(self, container: str, path: str) -> Iterator[bytes] | None:
        """A file or folder of a container as a tar archive; None when there is none."""
        with self._explained("give files"):
            try:
                chunks, _ = self._live().get_archive(container, path, chunk_size=_PIECE_BYTES)
            except self._errors.NotFound:
                return None
        return self._pieces(chunks)

    def size(self, container: str, path: str) -> int | None:
        """The size of a file of a container; None when there is none."""
        with self._explained("look for files"):
            try:
                chunks, facts = self._live().get_archive(container, path)
            except self._errors.NotFound:
                return None
            chunks.close()
            return int(facts["size"])

    def _pieces(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        with self._explained("give files"):
            yield from chunks

    # -- trouble ---------------------------------------------------------------------------------

    def _live(self) -> Any:
        if self._api is None:
            raise UnreachableError(self.name, "the connection is closed")
        return self._api

    def _tls(self, docker: Any) -> Any:
        if not self._settings.tls_folder:
            return False
        folder = Path(self._settings.tls_folder).expanduser()
        return docker.tls.TLSConfig(
            client_cert=(str(folder / "cert.pem"), str(folder / "key.pem")),
            ca_cert=str(folder / "ca.pem"),
            verify=True,
        )

    @contextlib.contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except DesignerError:
            raise
        except Exception as exc:
            if isinstance(exc, self._errors.APIError):
                raise InfrastructureError(
                    "T011",
                    f"The engine of '{self.name}' did not {what}: {_words(exc)}.",
                    remedy="Change what it says, or ask who runs the engine.",
                ) from exc
            raise self._unreachable(exc) from exc

    def _shut_out(self, exc: Exception) -> InfrastructureError:
        return InfrastructureError(
            "T006",
            f"The engine of '{self.name}' does not let us in: {_words(exc)}.",
            remedy="Become a member of the group `docker`; over tcp://, name the folder with the "
            "ca.pem, cert.pem and key.pem that it trusts.",
        )

    def _unreachable(self, exc: Exception) -> UnreachableError:
        return UnreachableError(self.name, _words(exc))


def _keep_alive(answer: Any) -> None:
    """Let the kernel notice when nobody is at the other end any more."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        connection = socket.socket(fileno=socket.dup(answer.raw.fileno()))
        with connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in _KEEPALIVE:
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


_PRECISE = re.compile(r"""\[SSL: \w+\] ([^('"]+)|Error\(\d+, ["']([^'"]+)""")
"""The words of the operating system or of TLS, within those of the libraries around them."""
_RESOLVED = re.compile(r"\[Errno -?\d+\] (Name[^)]+)()")


def _words(exc: BaseException) -> str:
    """The last and most precise of what an error says."""
    said = str(getattr(exc, "explanation", None) or exc)
    found = _PRECISE.search(said) or _RESOLVED.search(said)
    precise = (found[1] or found[2]).lower() if found else said
    return " ".join(precise.split()).rstrip(".")[:300] or type(exc).__name__


def reader_of(chunks: Iterable[bytes]) -> io.BufferedReader:
    """Chunks as a file to read from."""
    return io.BufferedReader(_Chunks(iter(chunks)), _PIECE_BYTES)


class _Chunks(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._rest = piece
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _library() -> Any:
    try:
        import docker
        import docker.tls
    except ImportError as exc:
        raise InfrastructureError(
            "T005",
            "Compute targets of the kind 'docker' need the package 'docker'.",
            remedy="Install it: pip install docker.",
        ) from exc
    return docker
