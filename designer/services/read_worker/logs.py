"""Lines of logs and what is found in them; logs that are looked at stay open."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import msgspec

from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.log_query import LogQuery
from designer.services.read_worker.log_search import (
    known,
    log_of,
    next_hit,
    search,
    with_open_line,
)
from designer.services.read_worker.turns import Turn
from runtime.stores.log_file import LogFile, LogLines

_COUNTING_S = 0.05
_MOST_OPEN = 16


class Logs:
    """The logs that somebody looks at.

    Args:
        kept: Where what was found is kept.
    """

    def __init__(self, kept: KeptRows) -> None:
        self._kept = kept
        self._open: OrderedDict[Path, LogFile] = OrderedDict()
        self._lock = threading.Lock()

    def lines(
        self,
        path: Path,
        *,
        turn: Turn,
        first: int,
        count: int,
        longest: int,
        query: Any = None,
        is_patient: bool = False,
    ) -> LogLines | None:
        """Lines of a log, or of those that a query finds; None where they must be searched first.

        Args:
            path: The log.
            turn: Not needed: it is quick.
            first: The first line wanted; among those found where there is a query.
            count: How many.
            longest: Bytes of a line that are given.
            query: What the lines must have.
            is_patient: What is known of the search is good enough.
        """
        with self._lock:
            log = self._log(path)
            if query is None:
                return log.lines(first, count, longest=longest, seconds=_COUNTING_S)
            log.count()
            wanted = msgspec.convert(query, LogQuery)
            hits = with_open_line(known(self._kept, log, wanted), log, wanted)
            if not is_patient and hits.scanned_bytes < log.size:
                return None
            start = max(0, len(hits.numbers) + first) if first < 0 else first
            numbers = [int(number) for number in hits.numbers[start : start + count]]
            return LogLines(
                first=start,
                lines=tuple(log.at(numbers, longest=longest)),
                numbers=tuple(numbers),
                total=len(hits.numbers),
                is_whole=hits.scanned_lines >= log.total,
                bytes=log.size,
            )

    def search(
        self, path: Path, *, turn: Turn, query: Any, start: int = 0, backwards: bool = False
    ) -> dict[str, Any]:
        """How many lines fit, and the next of them from a line on."""
        with log_of(path) as log:
            hits = search(self._kept, log, msgspec.convert(query, LogQuery), turn)
            return {
                "hits": len(hits.numbers),
                "lines": hits.scanned_lines,
                "is_whole": hits.scanned_lines >= log.total,
                **next_hit(hits, start, backwards=backwards),
            }

    def _log(self, path: Path) -> LogFile:
        log = self._open.pop(path, None) or LogFile(path)
        self._open[path] = log
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return log
