"""The engine: one loop that feeds events to the schedulers and obeys their commands.

A turn: wait for processes and timers, let each scheduler advance, get steps that may start ready,
commit everything in one durable transaction, and only then let them go and tell the followers.
While answers keep coming and nothing waits for the commit, several turns share one.
"""

import time
from collections.abc import Callable

import msgspec

from runtime.crash_points import crash_point
from runtime.execution.circumstances import circumstances
from runtime.execution.conductor import Conductor, Publish
from runtime.execution.intake import first_run
from runtime.execution.live_run import LiveRun
from runtime.execution.messages import Begin, CancelAsked, Expired, SpaceIsBack
from runtime.execution.timekeeper import Timekeeper
from runtime.log import note
from runtime.model import TERMINAL, Plan, Run, RunEvent
from runtime.stores import (
    FolderArtifactStore,
    SqliteRunStore,
    StoreBusyError,
    StoreFullError,
    Workspace,
)
from runtime.stores.artifact_store import free_bytes
from runtime.stores.changes import Change
from runtime.stores.first_events import first_events
from runtime.targets.poller import Poller
from runtime.targets.spawning import processors

_LONGEST_DELAY_S = 0.005


class Engine:
    """Executes runs of one workspace.

    Args:
        workspace: The folder; the caller holds its lock.
        publish: Called with events once they are durable (logs and progress: as they come).
        cpus: Processors to share among steps.
        clock: Gives seconds since the epoch.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        publish: Publish | None = None,
        cpus: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = workspace
        self.store = SqliteRunStore(workspace.runs_db, clock=clock)
        self.artifacts = FolderArtifactStore(workspace.artifacts)
        self.poller = Poller()
        self._publish = publish
        self._clock = clock
        self._cpus = cpus or processors()
        self._last_ended: Run | None = None
        self._committed_at = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing is in memory yet."""
        self._time = Timekeeper()
        self.conductor = Conductor(
            self.workspace,
            self.store,
            self.artifacts,
            poller=self.poller,
            timekeeper=self._time,
            publish=self._publish,
            cpus=self._cpus,
            clock=self._clock,
        )
        self._uncommitted: list[Change] = []
        self._unpublished: list[RunEvent] = []
        self._is_deferring = False
        self._is_blocked = False

    # -- what others ask for ---------------------------------------------------------------------

    def submit(self, plan: Plan) -> Run:
        """Accept a plan durably and begin; gives the run with its number."""
        began, at = time.monotonic(), self._clock()
        known = self.conductor.intake.known(plan)
        self.conductor.keep_outputs(
            plan, {plan.steps[index].id: one.result for index, one in known.items()}
        )
        run = first_run(plan, known, at=at, seconds=time.monotonic() - began)
        run = msgspec.structs.replace(run, **circumstances(self.workspace, plan))
        crash_point("run.before_accept")
        run = self.store.create_run(run, msgspec.json.encode(plan))
        crash_point("run.after_accept")
        self._tell_beginning(run)
        if run.status in TERMINAL:
            self._last_ended = run
            return run
        live = self._enter(run, plan)
        self.store.expect(len(plan.steps) - len(known))
        self.conductor.feed(live, Begin(done=tuple(known)))
        self._advance_all()
        return live.whole()

    def cancel(self, run_id: str) -> bool:
        """Record that the run is to end, then end it; false when it is not running."""
        live = self.conductor.live.get(run_id)
        if live is None:
            return False
        crash_point("cancel.before_mark")
        self.store.request_cancel(run_id)
        crash_point("cancel.after_mark")
        live.change_run(self._clock(), {"detail": "cancelling"})
        self.conductor.feed(live, CancelAsked())
        self._advance_all()
        return True

    def resume(self) -> list[str]:
        """Go on with every run that an engine before this one left; gives their ids."""
        resumed: list[str] = []
        for run_id, is_cancelled in self.store.unfinished():
            try:
                self._resume(run_id, is_cancelled)
            except (msgspec.DecodeError, ValueError, TypeError, LookupError) as exc:
                self.conductor.live.pop(run_id, None)
                self.store.set_aside(run_id, exc)
            else:
                resumed.append(run_id)
        self._advance_all()
        return resumed

    def start_over(self) -> None:
        """Forget what is in memory and go on from what is recorded: after a fault of ours."""
        self.conductor.forget_all()
        self._begin()
        self.store.count_events()
        self.resume()

    def is_live(self, run_id: str) -> bool:
        """Whether the run has not ended yet."""
        return run_id in self.conductor.live

    def ended(self, run: Run) -> Run:
        """The record of a run that has ended."""
        last = self._last_ended
        return last if last and last.id == run.id else self.store.run(run.id) or run

    @property
    def is_busy(self) -> bool:
        """Whether any run has not ended yet."""
        return bool(self.conductor.live)

    def turn(self, most_s: float | None = None) -> None:
        """Wait for something to happen, at most `most_s`, and do what follows from it."""
        if not (self._is_deferring and self.poller.turn_now()):
            if self._is_deferring:
                self._commit()
            self._wait(most_s)
        self._keep_time()
        self._grant()
        self._is_deferring = self._may_defer()
        if not self._is_deferring:
            self._commit()

    def close(self, *, in_a_hurry: bool = False) -> None:
        """End the workers and close the stores; unfinished runs go on with the next engine.

        Args:
            in_a_hurry: The program ends now: leave to the kernel what it does by itself.
        """
        if self._is_deferring:
            self._commit()
        self.conductor.places.close(in_a_hurry=in_a_hurry)
        if not in_a_hurry:
            self.poller.close()
            self.store.close()

    # -- entering a run --------------------------------------------------------------------------

    def _enter(self, run: Run, plan: Plan) -> LiveRun:
        self.conductor.places.enter(plan.steps)
        live = LiveRun(run, plan)
        self.conductor.live[run.id] = live
        return live

    def _tell_beginning(self, run: Run) -> None:
        if self._publish is not None:
            self._publish(first_events(run, self.store.first_sequence(run)))

    def _resume(self, run_id: str, is_cancelled: bool) -> None:
        run, plan_json = self.store.run(run_id), self.store.plan(run_id)
        if run is None or plan_json is None:
            raise ValueError("its plan is gone")
        live = self._enter(run, msgspec.json.decode(plan_json, type=Plan))
        self.conductor.queue_lost(live)
        by_status: dict[str, list[int]] = {}
        for index in range(len(live.plan.steps)):
            by_status.setdefault(live.steps[index].status, []).append(index)
        crash_point("resume.before_adopt")
        running = self.conductor.adopt(live, by_status.get("running", []))
        crash_point("resume.after_adopt")
        self.conductor.feed(
            live,
            Begin(
                done=tuple(by_status.get("completed", ())),
                failed=tuple(by_status.get("failed", ())),
                skipped=tuple(by_status.get("skipped", ())),
                cancelled=tuple(by_status.get("cancelled", ())),
                running=tuple(running),
            ),
        )
        if is_cancelled:
            self.conductor.feed(live, CancelAsked())

    # -- the loop's parts ------------------------------------------------------------------------

    def _wait(self, most_s: float | None) -> None:
        wait = self.poller.turn_soon if self.conductor.expects_answers else self.poller.turn
        self.conductor.expects_answers = False
        wait(
            self._time.wait(
                most_s,
                is_following=bool(self.conductor.running),
                has_processes=self.conductor.places.has_processes,
            )
        )

    def _may_defer(self) -> bool:
        """Whether the commit can wait for the next answers: no step needs it, no run has ended.

        What an end of this program undoes is at most what happened in these milliseconds, and
        nobody has been told of it.
        """
        conductor = self.conductor
        return (
            bool(conductor.running)
            and not conductor.prepared
            and not self._uncommitted
            and time.monotonic() - self._committed_at < _LONGEST_DELAY_S
            and not any(live.run.status in TERMINAL for live in conductor.live.values())
        )

    def _keep_time(self) -> None:
        now = time.monotonic()
        for run_id, index in self._time.expired(now):
            self.conductor.feed(self.conductor.live[run_id], Expired(index))
        for key, number in self._time.signals(now):
            attempt = self.conductor.running[key].attempt
            attempt.target.stop(attempt, number)
        if self.conductor.running and self._time.is_tick(now):
            self.conductor.follow(now)
        if self._time.is_rest(now):
            self.conductor.places.rest(now)
        if self._time.is_disk_retry(now):
            self._retry_disk()

    def _advance_all(self) -> None:
        self._grant()
        self._commit()

    def _grant(self) -> None:
        """Share what is free on every target."""
        if self._uncommitted:
            return
        for name in self.conductor.by_target:
            self.conductor.granting.grant(name)

    def _commit(self) -> None:
        changes, events = self._uncommitted, self._unpublished
        for live in self.conductor.live.values():
            if live.changes:
                some, told = live.take_changes(self.store.sequence)
                self.store.sequence += len(told)
                changes += some
                events += told
        if not changes:
            return
        self._uncommitted, self._unpublished = changes, events
        try:
            crash_point("commit.before")
            self.store.apply(changes)
            crash_point("commit.after")
        except (StoreFullError, StoreBusyError) as exc:
            self._time.retry_disk()
            is_full = isinstance(exc, StoreFullError)
            self._tell_blocked(self.conductor.blocked() if is_full else "waits for the database")
            return
        self._uncommitted, self._unpublished = [], []
        self.conductor.learned.clear()
        self._tell_blocked("")
        prepared, self.conductor.prepared = self.conductor.prepared, []
        for attempt in prepared:
            crash_point("successor.before_start")
            self.conductor.go(attempt)
            crash_point("successor.after_start")
        self._committed_at = time.monotonic()
        if self._publish is not None:
            self._publish(events)
        for live in [live for live in self.conductor.live.values() if live.run.status in TERMINAL]:
            self._leave(live)

    def _tell_blocked(self, detail: str) -> None:
        """Tell, as nothing can be written down, what the runs wait for; or that they do no more."""
        if bool(detail) == self._is_blocked or self._publish is None:
            return
        self._is_blocked = bool(detail)
        events = [
            RunEvent(
                sequence=self.store.sequence,
                run_id=live.id,
                kind="run",
                status=live.run.status,
                at=self._clock(),
                data={"detail": detail or live.run.detail},
            )
            for live in self.conductor.live.values()
            if live.run.status not in TERMINAL
        ]
        if events:
            self._publish(events)

    def _leave(self, live: LiveRun) -> None:
        self.conductor.leave(live)
        self._last_ended = live.whole()
        seconds = live.run.seconds or 0.0
        note(__name__, "%s in %.3f s", live.run.status, seconds, run=live.id)

    def _retry_disk(self) -> None:
        if self._uncommitted or free_bytes(self.workspace.path) < self.conductor.needed_bytes:
            self._time.retry_disk()
            return
        self.conductor.needed_bytes = 0
        for live in self.conductor.live.values():
            self.conductor.feed(live, SpaceIsBack())
