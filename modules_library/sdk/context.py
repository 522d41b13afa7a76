"""What a module may know of its step, and how it speaks while it runs."""

from __future__ import annotations

import json
import math
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.errors import ModuleError
from runtime.model import WorkerEvent

if TYPE_CHECKING:
    import polars as pl

METRICS = "DESIGNER_METRICS"
"""In the environment of a script, command or notebook: the file that takes its metrics."""

_PROGRESS_EVERY_S = 0.05
_TABLE_ROWS = 1000


def _ignore(event: WorkerEvent) -> None:
    """Where nobody listens: a module called directly."""


@dataclass
class StepContext:
    """The step that a module runs in. `StepContext()` is enough to call a module in a test.

    Attributes:
        seed: The step's seed, None for modules without a seed parameter.
        device: Where to compute: `cuda:0`, the first GPU that the step holds, or `cpu`.
        threads: Thread budget of this step.
        source_folder: Folder that relative data paths start from.
        folder: The step's own folder, for files that nobody else needs.
        metrics: What was logged so far, last value by name.
    """

    seed: int | None = None
    device: str = "cpu"
    threads: int = 1
    run_id: str = ""
    step_id: str = ""
    source_folder: Path = field(default_factory=Path)
    folder: Path = field(default_factory=Path)
    emit: Callable[[WorkerEvent], None] = _ignore
    is_cancelled: Callable[[], bool] = lambda: False
    metrics: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _last_progress: float = -math.inf

    @classmethod
    def of_program(cls) -> StepContext:
        """The step that this script, command or notebook runs in; one that nobody hears elsewhere."""
        known = os.environ
        seed, path = known.get("DESIGNER_SEED"), known.get(METRICS)
        folder = Path(known.get("DESIGNER_FOLDER", ""))
        return cls(
            seed=int(seed) if seed else None,
            device=known.get("DESIGNER_DEVICE", "cpu"),
            threads=int(known.get("DESIGNER_THREADS", "1")),
            run_id=known.get("DESIGNER_RUN", ""),
            step_id=known.get("DESIGNER_STEP", ""),
            folder=folder,
            emit=_line_writer(Path(path)) if path else _ignore,
            is_cancelled=(folder / "cancel").exists if path else lambda: False,
        )

    def log_metric(self, name: str, value: float, index: float | None = None) -> None:
        """Record a named number; with `index` a point of a series (an epoch, a fold)."""
        self._metric(name, _number(name, value), index)

    def log_table(self, name: str, frame: pl.DataFrame) -> None:
        """Record a small table beside the metrics, at most 1,000 rows."""
        rows = [[_cell(value) for value in row] for row in frame.head(_TABLE_ROWS).iter_rows()]
        self._metric(name, {"columns": frame.columns, "rows": rows, "total": frame.height})

    def log_figure(self, name: str, figure: Any) -> None:
        """Keep a picture beside the metrics: PNG bytes, SVG text, or anything with `savefig`."""
        folder = self.folder / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name) or "figure"
        path = folder / f"{stem}.{'svg' if isinstance(figure, str) else 'png'}"
        _write_figure(figure, path)
        self._metric(name, {"figure": f"figures/{path.name}"})

    def progress(self, share: float, text: str = "") -> None:
        """Say how much is done, between 0 and 1; calls in quick succession are thinned out."""
        now = time.monotonic()
        if share < 1 and now - self._last_progress < _PROGRESS_EVERY_S:
            return
        self._last_progress = now
        share = min(max(float(share), 0.0), 1.0)
        self.emit(WorkerEvent(kind="progress", data={"share": share, "text": text}))

    def warn(self, message: str) -> None:
        """Say something that the person should know although the step succeeds."""
        self.warnings.append(message)
        self._metric(f"warning_{len(self.warnings)}", message)

    def cancelled(self) -> bool:
        """Whether somebody asked the run to stop; long loops ask and return early."""
        return self.is_cancelled()

    def _metric(self, name: str, value: Any, index: float | None = None) -> None:
        self.metrics[name] = value
        data = {"name": name, "value": value}
        if index is not None:
            data["index"] = index
        self.emit(WorkerEvent(kind="metric", data=data))


def _line_writer(path: Path) -> Callable[[WorkerEvent], None]:
    """Write events as the lines that a program may also write by hand."""

    def write(event: WorkerEvent) -> None:
        said = dict(event.data)
        if event.kind == "progress":
            said["progress"] = said.pop("share")
        else:
            said["metric"] = said.pop("name")
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")

    return write


def _number(name: str, value: Any) -> float | int | None:
    """A JSON number; None where JSON has none (NaN, infinity)."""
    try:
        number = float(value)
    except (TypeError, ValueError) as exc:
        raise ModuleError(
            "M008",
            f"Metric {name!r} got {value!r}, which is not a number.",
            remedy="Log a number, or use log_table.",
        ) from exc
    if not math.isfinite(number):
        return None
    return int(value) if number.is_integer() and isinstance(value, int) else number


def _cell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (int, float, str, bool, type(None))) else str(value)


def _write_figure(figure: Any, path: Path) -> None:
    if isinstance(figure, str):
        path.write_text(figure, encoding="utf-8")
    elif isinstance(figure, (bytes, bytearray)):
        path.write_bytes(figure)
    elif hasattr(figure, "savefig"):
        figure.savefig(path)
    else:
        raise ModuleError(
            "M008",
            f"{type(figure).__name__} is not a figure.",
            remedy="Give PNG bytes, SVG text or an object with 'savefig'.",
        )
