"""Messages cut out of a stream of bytes, whatever pieces it arrives in."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec

_Kind = TypeVar("_Kind")
_LONGEST_LINE = 64 << 20
_MOST_BYTES = 16 << 20


class FrameError(ValueError):
    """The other side does not speak our language."""


class Frames(Generic[_Kind]):
    """Collects what was read, and gives whole messages with the raw bytes that follow them.

    Args:
        kind: The messages that may come.
    """

    def __init__(self, kind: Any) -> None:
        self._decode = msgspec.json.Decoder(kind).decode
        self._buffer = bytearray()
        self._message: _Kind | None = None
        self._missing = 0

    def feed(self, data: bytes) -> Iterator[tuple[_Kind, bytes]]:
        """Take what was read; gives what is complete now.

        Raises:
            FrameError: It is no message of ours.
        """
        self._buffer += data
        while True:
            if self._message is None and not self._begin():
                return
            message = self._message
            if message is None or len(self._buffer) < self._missing:
                return
            payload = bytes(self._buffer[: self._missing])
            del self._buffer[: self._missing]
            self._message = None
            yield message, payload

    def _begin(self) -> bool:
        """Read a message's line; the raw bytes that follow may still be missing."""
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise FrameError("a line without an end")
            return False
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        try:
            self._message = self._decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise FrameError(f"{exc}: {line[:200]!r}") from exc
        self._missing = getattr(self._message, "bytes", 0)
        if not 0 <= self._missing <= _MOST_BYTES:
            raise FrameError(f"{self._missing} bytes at once")
        return True
