"""What a kind of remote target has to offer: run a command over there, with its pipes here."""

from typing import BinaryIO, NamedTuple, Protocol

from runtime.errors import InfrastructureError


class Ran(NamedTuple):
    """A command that has ended."""

    status: int
    output: bytes
    errors: bytes


class Reader(Protocol):
    """What the other side writes."""

    async def read(self, most: int = -1, /) -> bytes:
        """Some bytes, at most so many; none at the end."""
        ...


class Writer(Protocol):
    """What the other side reads."""

    def write(self, data: bytes, /) -> None:
        """Send bytes."""
        ...

    async def drain(self) -> None:
        """Wait until the other side has taken most of them."""
        ...


class Stream(NamedTuple):
    """The pipes of a command that goes on: what it writes, what it reads, its standard error."""

    reader: Reader
    writer: Writer
    errors: Reader


class Connector(Protocol):
    """A connection to one host; made anew after it broke.

    Everything but `close` raises `UnreachableError` when the network or the host fails, and an
    InfrastructureError that trying again does not cure.
    """

    async def connect(self) -> None:
        """Reach the host and log in."""
        ...

    async def run(self, command: str, data: bytes = b"") -> Ran:
        """Run a command of the host's shell to its end, with `data` as its input."""
        ...

    async def open(self, command: str) -> Stream:
        """Start a command of the host's shell."""
        ...

    async def pour(
        self, command: str, *, source: BinaryIO | None = None, target: BinaryIO | None = None
    ) -> Ran | None:
        """Run a command on a file of ours, from where it stands, at the speed of the line.

        Args:
            command: Of the host's shell.
            source: What it reads; nothing when absent.
            target: Where what it writes goes; into the answer when absent.

        Returns:
            How it ended; None where there is no faster way than `open`.
        """
        ...

    async def close(self) -> None:
        """Hang up; what was started there and does not read its input goes on."""
        ...


class UnreachableError(InfrastructureError):
    """T003: no way to the host at the moment; later there may be one."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            "T003",
            f"The compute target '{name}' cannot be reached: {why}.",
            remedy="Look whether the host is up and its address right; then run again.",
        )
