"""Lines about a run for the person who waits for it."""

import sys
import time

from designer.commands.output import complain
from runtime.model import TERMINAL, Plan, Run, RunEvent

_MARKS = {"completed": "✓", "failed": "✗", "skipped": "–", "cancelled": "–"}
REFRESH_S = 0.1


class Progress:
    """Prints a line per finished step, and on a terminal a bar below them.

    Args:
        plan: What is run.
    """

    def __init__(self, plan: Plan) -> None:
        self._labels = {step.id: step.label or step.id for step in plan.steps}
        self._done: set[str] = set()
        self._running: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._is_terminal = sys.stderr.isatty()
        self._drawn_at = 0.0

    def take(self, event: RunEvent) -> None:
        """Show what an event means."""
        if event.data.get("reason"):
            self._reasons[event.step] = str(event.data["reason"])
        if event.kind == "progress":
            share = event.data.get("share")
            self._running[event.step] = f" {share:.0%}" if isinstance(share, float) else ""
        elif event.kind == "step" and event.status in TERMINAL:
            self._finish(event)
        elif event.kind == "step" and event.status == "running":
            self._running[event.step] = ""
        self._draw()

    def end(self, run: Run) -> None:
        """Print how the run ended."""
        self._clear()
        for step in run.steps.values():
            if step.status in TERMINAL and step.step not in self._done:
                note = step.error.message if step.error else step.reason
                self._line(step.step, step.status, step.seconds, note)
        seconds = f" in {run.seconds:.2f} s" if run.seconds is not None else ""
        complain(f"Run {run.number} {run.status}{seconds}{f', {run.detail}' * bool(run.detail)}.")
        if run.error is not None:
            complain(f"{run.error.code} {run.error.message} {run.error.remedy}")

    def _finish(self, event: RunEvent) -> None:
        self._running.pop(event.step, None)
        if event.step in self._done or event.status is None:
            return
        self._done.add(event.step)
        self._clear()
        note = event.error.message if event.error else self._reasons.get(event.step, "")
        seconds = event.data.get("seconds")
        self._line(event.step, event.status, seconds if isinstance(seconds, float) else None, note)
        if event.error is not None and event.error.remedy:
            complain(f"    {event.error.remedy}")

    def _line(self, step: str, status: str, seconds: float | None, note: str) -> None:
        took = f" {seconds:.2f} s" if seconds is not None else ""
        complain(f"{_MARKS[status]} {self._labels.get(step, step)} [{step}]{took}  {note}".rstrip())

    def _draw(self) -> None:
        now = time.monotonic()
        if not self._is_terminal or now - self._drawn_at < REFRESH_S:
            return
        self._drawn_at = now
        total = max(len(self._labels), 1)
        filled = 24 * len(self._done) // total
        names = ", ".join(f"{self._labels.get(k, k)}{v}" for k, v in self._running.items())
        bar = "█" * filled + "░" * (24 - filled)
        sys.stderr.write(f"\r\x1b[K{bar} {len(self._done)}/{total}  {names[:80]}")
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._is_terminal:
            sys.stderr.write("\r\x1b[K")
