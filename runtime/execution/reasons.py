"""Why a step runs, in words: what is different from the last time."""

from runtime.execution.live_run import LiveRun
from runtime.model import Plan, Run
from runtime.stores import SqliteRunStore


class Reasons:
    """Compares a run's steps with those of the run before it."""

    def __init__(self, store: SqliteRunStore) -> None:
        self._store = store
        self._previous: dict[str, tuple[Run, Plan] | None] = {}

    def why(self, live: LiveRun, index: int) -> str:
        """The reason in words."""
        step = live.plan.steps[index]
        if not step.reuse:
            return "reuse is switched off"
        return "first run of this module version"
