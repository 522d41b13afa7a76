"""A step's log by its lines: any part of a log of any size, without reading what lies before it.

The step writes a plain file. How many lines end in each block of it is counted once and kept beside
it, so a line is found by looking into one block. While a flood goes on, the middle of the file is a
hole (see `runtime.execution.log_limit`); it holds no line and is not read.
"""

import contextlib
import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import msgspec

LONGEST_SHOWN = 4000
"""Bytes of a line that are given unless more are asked for."""

MOST_LINES = 5000
_BLOCK = 128 << 10
_KEPT_FROM_BYTES = 32 << 20
_LONGEST_CHUNK = 256 << 20
_CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 27)} | {127: 0x2421}


class LogLines(msgspec.Struct, frozen=True, kw_only=True):
    """Some lines of a log.

    Attributes:
        first: Number of the first of them, from 0.
        lines: Their text; of what a line overwrote by itself (`\\r`), the last.
        long: Of lines that are given in part, by number: all of their bytes.
        numbers: Numbers of the lines where they do not follow each other.
        total: How many lines are known.
        is_whole: The log was counted to its end; otherwise ask again.
        bytes: Size of the log.
    """

    first: int
    lines: tuple[str, ...]
    long: dict[int, int] = {}
    numbers: tuple[int, ...] = ()
    total: int
    is_whole: bool = True
    bytes: int = 0


class LogFile:
    """One log; it may grow between two questions.

    Args:
        path: The file; one that does not exist has no lines.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.size = 0
        self._file: int | None = None
        self._identity = (0, 0)
        self._hole = (0, 0)
        self._ended = array("Q")  # lines that end in the first n + 1 blocks
        self._rest = 0  # lines that end behind the last whole block
        self._has_open_line = False

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "LogFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def total(self) -> int:
        """Lines counted so far."""
        return self._lines_before(len(self._ended)) + self._rest + self._has_open_line

    def count(self, seconds: float = float("inf")) -> bool:
        """Count the lines that came since; says whether it got to the end in that time."""
        if not self._open():
            return True
        before, until = len(self._ended), monotonic() + seconds
        whole = self.size // _BLOCK
        while len(self._ended) < whole:
            if monotonic() > until:
                self._rest, self._has_open_line = 0, False
                return False
            last = self._lines_before(len(self._ended))
            self._ended.append(last + self._read(len(self._ended) * _BLOCK, _BLOCK).count(b"\n"))
        rest = self._read(whole * _BLOCK, self.size - whole * _BLOCK)
        self._rest = rest.count(b"\n")
        self._has_open_line = self._ends_in_a_line(rest)
        if (len(self._ended) - before) * _BLOCK >= _KEPT_FROM_BYTES and not self.has_hole:
            self._keep()
        return True

    def lines(
        self,
        first: int,
        count: int,
        *,
        longest: int = LONGEST_SHOWN,
        seconds: float = float("inf"),
    ) -> LogLines:
        """Lines from a number on; from the end where it is negative, as -100 for the last hundred.

        Args:
            first: The first line wanted, from 0.
            count: How many, at most `MOST_LINES`.
            longest: Bytes that are given of a line.
            seconds: After how long counting is put off to the next question.
        """
        is_whole = self.count(seconds)
        if first < 0:
            first = max(0, self.total + first)
        found: list[str] = []
        long: dict[int, int] = {}
        if first < self.total:
            for start, length in self._spans(first, min(count, MOST_LINES)):
                if length > longest:
                    long[first + len(found)] = length
                found.append(self._text(start, length, longest))
        return LogLines(
            first=first,
            lines=tuple(found),
            long=long,
            total=self.total,
            is_whole=is_whole,
            bytes=self.size,
        )

    def at(self, numbers: list[int], *, longest: int = LONGEST_SHOWN) -> list[str]:
        """The lines of these numbers."""
        return [text for number in numbers for text in self.lines(number, 1, longest=longest).lines]

    def start_of_last(self, count: int) -> int:
        """Where the last so many lines begin, in bytes; what lies before is not read."""
        if not self._open():
            return 0
        end = self.size - (self._read(self.size - 1, 1) == b"\n")
        while count > 0 and end > 0:
            start = max(0, end - _BLOCK)
            data = self._read(start, end - start)
            if (ends := data.count(b"\n")) < count:
                count, end = count - ends, start
                continue
            at = len(data)
            for _ in range(count):
                at = data.rfind(b"\n", 0, at)
            return start + at + 1
        return 0 if count > 0 else self.size

    def chunks(self, start: int, size: int) -> Iterator[bytes]:
        """Whole lines from a byte on, about so many bytes at a time; the last may have no end."""
        self._open()
        while start < self.size:
            if self._hole[0] <= start < self._hole[1]:
                start = self._hole[1]
                continue
            end = min(self.size, start + size)
            if end < self.size:
                end = self._end_of_line(end, max(start, end - _BLOCK))
            yield self._read(start, min(end - start, _LONGEST_CHUNK))
            start = end

    def _end_of_line(self, end: int, least: int) -> int:
        """Behind the last line that ends before a byte, or where none does, the first after it."""
        newline = self._read(least, end - least).rfind(b"\n")
        return least + newline + 1 if newline >= 0 else self._next_end(end) + 1

    def _spans(self, first: int, count: int) -> Iterator[tuple[int, int]]:
        """Start and length of lines."""
        start = self._start_of(first)
        data, at = self._read(start, _BLOCK), 0
        for _ in range(count):
            end = data.find(b"\n", at)
            if end < 0 and at:
                data, at = self._read(start, _BLOCK), 0
                end = data.find(b"\n")
            length = end - at if end >= 0 else self._next_end(start + len(data)) - start
            if length <= 0 and start >= self.size:
                return
            yield start, length
            start += length + 1
            if end >= 0:
                at = end + 1
            else:
                data, at = self._read(start, _BLOCK), 0

    def _start_of(self, line: int) -> int:
        if line <= 0:
            return 0
        block = bisect_left(self._ended, line)
        data = self._read(block * _BLOCK, _BLOCK)
        at = -1
        for _ in range(line - self._lines_before(block)):
            at = data.find(b"\n", at + 1)
        return block * _BLOCK + at + 1

    def _next_end(self, start: int) -> int:
        """Where the line ends that goes on at a byte."""
        block = start // _BLOCK
        while start < self.size:
            found = self._read(start, (block + 1) * _BLOCK - start).find(b"\n")
            if found >= 0:
                return start + found
            block = max(block + 1, bisect_right(self._ended, self._lines_before(block + 1)))
            start = block * _BLOCK
        return self.size

    def _lines_before(self, block: int) -> int:
        return self._ended[min(block, len(self._ended)) - 1] if block and self._ended else 0

    def _text(self, start: int, length: int, longest: int) -> str:
        data = self._read(start, min(length, longest)).lstrip(b"\0").removesuffix(b"\r")
        last = self._read(start + length - longest, longest) if length > longest else data
        if b"\r" in last:
            data = last.rstrip(b"\r").rpartition(b"\r")[2]
        return data.decode("utf-8", "replace").translate(_CONTROLS)

    def _ends_in_a_line(self, rest: bytes) -> bool:
        if rest:
            return not rest.endswith(b"\n")
        return self.size > 0 and self._read(self.size - 1, 1) != b"\n"

    # -- the file --------------------------------------------------------------------------------

    def _open(self) -> bool:
        """Look at the file as it is now; another one of its name is another log."""
        try:
            facts = os.stat(self.path)
        except OSError:
            self._forget()
            return False
        identity = (facts.st_dev, facts.st_ino)
        if self._file is None or identity != self._identity or facts.st_size < self.size:
            self._forget()
            self._file, self._identity = os.open(self.path, os.O_RDONLY), identity
            self._recall(facts.st_size)
        self.size = os.fstat(self._file).st_size
        hole = _first_hole(self._file, self.size)
        if hole != self._hole:
            changed = min(filter(None, (hole[0], self._hole[0])))
            del self._ended[max(0, changed // _BLOCK - 1) :]  # a note may stand before the hole
            self._hole = hole
        return True

    def _forget(self) -> None:
        self.close()
        self.size, self._rest, self._has_open_line = 0, 0, False
        self._hole = (0, 0)
        del self._ended[:]

    @property
    def has_hole(self) -> bool:
        """Whether a flood goes on whose middle is dropped."""
        return self._hole[1] > self._hole[0]

    def _read(self, start: int, size: int) -> bytes:
        if self._file is None or size <= 0:
            return b""
        if self._hole[0] <= start and start + size <= self._hole[1]:
            return b""
        return os.pread(self._file, size, start)

    # -- what was counted, kept beside the log ---------------------------------------------------

    @property
    def _counts(self) -> Path:
        return counts_of(self.path)

    def _keep(self) -> None:
        temporary = self._counts.with_name(f".{self._counts.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:
                self._ended.tofile(file)
            temporary.replace(self._counts)

    def _recall(self, size: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            kept = array("Q")
            kept.frombytes(self._counts.read_bytes())
            if len(kept) * _BLOCK <= size:
                self._ended = kept


def counts_of(log: Path) -> Path:
    """Where it is kept how many lines end in each block of a log."""
    return log.with_name(f"{log.name}.lines")


def _first_hole(file: int, size: int) -> tuple[int, int]:
    """Where a file holds nothing; both ends are 0 where there is no such place."""
    try:
        start = os.lseek(file, 0, os.SEEK_HOLE)
        return (start, os.lseek(file, start, os.SEEK_DATA)) if start < size else (0, 0)
    except OSError:
        return 0, 0
