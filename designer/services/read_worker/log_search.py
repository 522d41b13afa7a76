"""The lines of a log that have a text in them or fit a regular expression.

Lines are looked at where they lie in the file, some megabytes at a time, by RE2: its time grows with
the text only, whatever the expression. What was found is kept; a log that has grown is read on from
there, and a search that was too long for one question goes on with the next.
"""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.log_query import LogQuery
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError
from runtime.model.digest import digest_bytes
from runtime.stores.log_file import LogFile

SEARCH_S = 10.0
_CHUNK_BYTES = 4 << 20
_NEWLINE = 10


class Hits(msgspec.Struct, frozen=True):
    """The lines found so far.

    Attributes:
        numbers: Of the lines, in order.
        scanned_bytes: How far the log was looked through.
        scanned_lines: As many lines of it.
    """

    numbers: npt.NDArray[np.int64]
    scanned_bytes: int = 0
    scanned_lines: int = 0


def search(
    kept: KeptRows, log: LogFile, query: LogQuery, turn: Turn, *, seconds: float = SEARCH_S
) -> Hits:
    """Look through a log, or on from where the last search of the same ended.

    Args:
        kept: Where what was found is kept.
        log: The log, counted.
        query: What is looked for.
        turn: Told how far it is.
        seconds: After how long it stops with what it has; the next search goes on.
    """
    name = _name(log, query)
    hits, until = known(kept, log, query), monotonic() + seconds
    parts: list[npt.NDArray[np.int64]] = [hits.numbers]
    scanned, lines = hits.scanned_bytes, hits.scanned_lines
    for chunk in log.chunks(scanned, _CHUNK_BYTES):
        if not chunk.endswith(b"\n") and scanned + len(chunk) >= log.size:
            chunk = chunk[: chunk.rfind(b"\n") + 1]  # its last line still grows
        if not chunk:
            break
        ends = _ends(chunk)
        parts.append(np.flatnonzero(_fits(chunk, ends, query)) + lines)
        scanned, lines = scanned + len(chunk), lines + len(ends)
        turn.tell(scanned / max(1, log.size), "Searching the log")
        if monotonic() > until:
            break
    if scanned > hits.scanned_bytes:
        hits = Hits(np.concatenate(parts), scanned, lines)
        header = np.array([scanned, lines], np.int64)
        kept.keep(name, np.concatenate([header, hits.numbers]))
    return with_open_line(hits, log, query)


def matching(log: LogFile, query: LogQuery) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every line of a log that fits, as they are found."""
    lines = 0
    for chunk in log.chunks(0, _CHUNK_BYTES):
        whole = chunk if chunk.endswith(b"\n") else chunk + b"\n"
        ends = _ends(whole)
        for at in np.flatnonzero(_fits(whole, ends, query)):
            yield lines + int(at), whole[int(ends[at - 1]) + 1 if at else 0 : int(ends[at])]
        lines += len(ends)


def known(kept: KeptRows, log: LogFile, query: LogQuery) -> Hits:
    """What is known already of a search."""
    found = kept.get(_name(log, query), np.int64)
    if found is None or len(found) < 2 or found[0] > log.size:
        return Hits(np.empty(0, np.int64))
    return Hits(found[2:], int(found[0]), int(found[1]))


def next_hit(hits: Hits, start: int, *, backwards: bool) -> dict[str, Any]:
    """The hit at or after a line (before it when backwards), around the end if need be."""
    total = len(hits.numbers)
    if not total:
        return {}
    at = int(np.searchsorted(hits.numbers, start))
    at = (at - 1) % total if backwards else at % total
    return {"hit": at, "line": int(hits.numbers[at])}


def with_open_line(hits: Hits, log: LogFile, query: LogQuery) -> Hits:
    """The last line counts too when it has no end so far; it is not kept."""
    rest = log.size - hits.scanned_bytes
    if not 0 < rest <= _CHUNK_BYTES or log.total != hits.scanned_lines + 1:
        return hits
    line = next(log.chunks(hits.scanned_bytes, _CHUNK_BYTES), b"") + b"\n"
    numbers = hits.numbers
    if _fits(line, np.array([len(line) - 1]), query)[0]:
        numbers = np.append(numbers, hits.scanned_lines)
    return Hits(numbers, log.size, log.total)


def _ends(chunk: bytes) -> npt.NDArray[np.int64]:
    """Where the lines of a chunk end."""
    return np.flatnonzero(np.frombuffer(chunk, np.uint8) == _NEWLINE)


def _fits(chunk: bytes, ends: npt.NDArray[np.int64], query: LogQuery) -> npt.NDArray[np.bool_]:
    """Which of a chunk's lines fit."""
    offsets = np.empty(len(ends) + 1, np.int32)
    offsets[0] = 0
    offsets[1:] = ends + 1
    lines = pa.BinaryArray.from_buffers(
        pa.binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(chunk)]
    )
    try:
        if query.is_regex:
            flags = "(?m)" if query.has_case else "(?mi)"
            fits = pc.match_substring_regex(lines, flags + query.text)
        else:
            fits = pc.match_substring(lines, query.text, ignore_case=not query.has_case)
    except pa.ArrowInvalid as exc:
        raise DataError(
            "D009",
            f"'{query.text}' is no regular expression: {str(exc).rpartition(':')[2].strip()}.",
            remedy="Correct it, or look for it as plain text.",
        ) from exc
    return np.asarray(fits.to_numpy(zero_copy_only=False), np.bool_)


def _name(log: LogFile, query: LogQuery) -> str:
    facts = log.path.stat()
    key = [str(log.path), facts.st_ino, log.has_hole, query]
    return f"log-{digest_bytes(msgspec.json.encode(key))[3:35]}"


def log_of(path: Path) -> LogFile:
    """A log with its lines counted."""
    log = LogFile(path)
    log.count()
    return log
