"""Who of the ready steps may start: what is free on a target is shared out, in a line and by turns."""

from collections.abc import Callable, Mapping

from runtime.execution.live_run import LiveRun
from runtime.execution.messages import Deferred, Event, Grant, Lined
from runtime.execution.places import Place
from runtime.execution.same_work import SameWork
from runtime.execution.scheduler import READY
from runtime.execution.slot_table import Key
from runtime.execution.waiting_words import why
from runtime.planning.fitting import too_much

_MOST_REASONS = 20


class Granting:
    """Shares out the slots of targets among the runs.

    Args:
        live: Runs that have not ended, by id.
        by_target: The targets, and what is free on each.
        same: Which steps run already, by what they compute.
        feed: Told what a run's scheduler has to know.
        clock: Gives seconds since the epoch.
    """

    def __init__(
        self,
        live: Mapping[str, LiveRun],
        by_target: Mapping[str, Place],
        same: SameWork,
        *,
        feed: Callable[[LiveRun, Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._live = live
        self._by_target = by_target
        self._same = same
        self._feed = feed
        self._clock = clock

    def grant(self, name: str) -> None:
        """Share what is free on one target: its line comes first, then the runs by turns."""
        place = self._by_target[name]
        for run_id, index in place.slots.serve(self._is_waiting):
            self._feed(self._live[run_id], Grant(index))
        hungry = [live for live in self._live.values() if live.ready_on(name)]
        while hungry:
            if len(hungry) > 1:
                hungry.sort(key=lambda live: live.running)
            if not self._grant_one(hungry[0], name, place) or not hungry[0].ready_on(name):
                hungry.pop(0)
        if place.slots.line:
            self._tell_why(place)

    def _grant_one(self, live: LiveRun, name: str, place: Place) -> bool:
        """Start a run's first step or put it in line; false when the run has to wait."""
        index = live.scheduler.first_ready(live.lanes[name])
        if self._defer(live, index):
            return True
        step, key, slots = live.plan.steps[index], (live.id, index), place.slots
        asks = slots.fitted(step.asks)
        has_room = slots.has_room(asks)
        if not has_room and not slots.stands_in_line(asks):
            return False
        if has_room or too_much(step, slots.resources):
            self._feed(live, Grant(index))
            return True
        slots.join(key, asks, label=step.label or step.id, run=live.run.number)
        self._feed(live, Lined(index))
        return True

    def _is_waiting(self, key: Key) -> bool:
        live = self._live.get(key[0])
        return (
            live is not None
            and live.scheduler.state(key[1]) == READY
            and not self._defer(live, key[1])
        )

    def _defer(self, live: LiveRun, index: int) -> bool:
        """Let a ready step wait where the same step runs already; false where none does."""
        other = self._same.computed_by(live.fingerprints.get(index))
        if other is None or other[0] not in self._live or not live.plan.steps[index].reuse:
            return False
        self._feed(live, Deferred(index))
        self.tell_same(live, index, other)
        return True

    def tell_same(self, live: LiveRun, index: int, other: Key) -> None:
        """Say which run's step a step waits for."""
        number = self._live[other[0]].run.number
        detail = f"waits for the same step of run {number}"
        live.change_step(index, self._clock(), {"detail": detail})

    def _tell_why(self, place: Place) -> None:
        """Say of the first in line what they wait for, where that has changed."""
        for waiter in place.slots.line[:_MOST_REASONS]:
            reason = why(place.slots, waiter)
            if reason != waiter.told:
                waiter.told = reason
                run_id, index = waiter.key
                self._live[run_id].change_step(index, self._clock(), {"detail": reason})
