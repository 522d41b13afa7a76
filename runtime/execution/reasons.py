"""Why a step runs, in words: what is different from the last time."""

from runtime.execution.live_run import LiveRun
from runtime.execution.past import Past
from runtime.planning.explanation import explain
from runtime.stores import SqliteRunStore


class Reasons:
    """Compares a run's steps with the last time each of them finished."""

    def __init__(self, store: SqliteRunStore) -> None:
        self._store = store
        self._past: dict[str, Past] = {}

    def why(self, live: LiveRun, index: int) -> str:
        """The reason in words."""
        past = self._past.get(live.id)
        if past is None:
            past = self._past[live.id] = Past(self._store, live.plan, before=live.run.number)
        step = live.plan.steps[index]
        return explain(past.previous(step.id), step, live.inputs_by_port(index))

    def forget(self, live: LiveRun) -> None:
        """The run has ended: let go of what was read for it."""
        self._past.pop(live.id, None)
