"""What a program says while it runs: lines of JSON in the file that `DESIGNER_METRICS` names.

    {"metric": "auc", "value": 0.93}
    {"metric": "loss", "value": 0.41, "index": 3}
    {"progress": 0.5, "text": "half of the rows"}
    {"warning": "12 rows have no label"}

Programs need no import for it. Where the SDK can be imported, `StepContext.of_program()` writes the
same lines.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from modules_library.sdk.context import METRICS
from runtime.model import WorkerEvent

__all__ = ["METRICS", "FollowedMetrics"]


class FollowedMetrics:
    """The file while it grows; each complete line becomes an event."""

    def __init__(self, path: Path, emit: Callable[[WorkerEvent], None]) -> None:
        self._path = path
        self._emit = emit
        self._read = 0
        self._warnings = 0

    def __enter__(self) -> FollowedMetrics:
        self._path.touch()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.take(is_over=True)

    def take(self, *, is_over: bool = False) -> None:
        """Pass on what is new; a line without its end waits until the file is over."""
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        if not is_over:
            new = new[: new.rfind(b"\n") + 1]
        self._read += len(new)
        for line in new.splitlines():
            if line.strip():
                self._take_line(line)

    def _take_line(self, line: bytes) -> None:
        event = self._event(line)
        if event is None:
            shown = line[:200].decode("utf-8", errors="replace")
            print(f"No metric, progress or warning: {shown}", file=sys.stderr)  # noqa: T201 - the log
        else:
            self._emit(event)

    def _event(self, line: bytes) -> WorkerEvent | None:
        try:
            said = json.loads(line, parse_constant=lambda _: None)
        except ValueError:
            return None
        match said:
            case {"metric": str(name), "value": value}:
                index = said.get("index")
                place = {"index": index} if _is_number(index) else {}
                return WorkerEvent(kind="metric", data={"name": name, "value": value, **place})
            case {"progress": share} if _is_number(share):
                data = {
                    "share": min(max(float(share), 0.0), 1.0),
                    "text": str(said.get("text", "")),
                }
                return WorkerEvent(kind="progress", data=data)
            case {"warning": str(text)}:
                self._warnings += 1
                return WorkerEvent(
                    kind="metric", data={"name": f"warning_{self._warnings}", "value": text}
                )
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
