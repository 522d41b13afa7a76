"""The engine: one loop that feeds events to the schedulers and obeys their commands.

A turn: wait for processes and timers, let each scheduler advance, get steps that may start ready,
commit everything in one durable transaction, and only then let them go and tell the followers.
"""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from runtime.errors import DesignerError
from runtime.execution.following import Follower
from runtime.execution.intake import Intake, first_run, reused, unchanged
from runtime.execution.live_run import LiveRun, add_metric
from runtime.execution.messages import (
    Begin,
    Block,
    CancelAsked,
    Command,
    Complete,
    End,
    Event,
    Expired,
    Failed,
    Finished,
    Found,
    Grant,
    LookUp,
    Missing,
    Requeue,
    Settle,
    SpaceIsBack,
    Start,
    Stop,
)
from runtime.execution.outcomes import adopt_outputs, failure_of, settled_error
from runtime.execution.reasons import Reasons
from runtime.execution.requests import RequestWriter
from runtime.execution.timekeeper import Key, Timekeeper
from runtime.model import TERMINAL, Plan, Run, RunEvent, WorkerEvent
from runtime.planning.fingerprints import fingerprint
from runtime.stores import FolderArtifactStore, SqliteRunStore, StoreFullError, Workspace
from runtime.stores.changes import Change, ResultLearned, StoredResult
from runtime.stores.first_events import first_events
from runtime.targets.attempt import Attempt, Death, Outcome
from runtime.targets.local import LocalTarget
from runtime.targets.poller import Poller

Publish = Callable[[Sequence[RunEvent]], None]
_ROOM_BYTES = 16 << 20
_decode_plan = msgspec.json.Decoder(Plan).decode
_replace = msgspec.structs.replace


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
        self.cpus = cpus or len(os.sched_getaffinity(0))
        self.target = LocalTarget(
            self.poller, self._report, threads=self.cpus, desks=str(workspace.desks)
        )
        self._publish = publish
        self._clock = clock
        self._intake = Intake(self.store, self.artifacts)
        self._reasons = Reasons(self.store)
        self._requests = RequestWriter(workspace, self.artifacts)
        self._time = Timekeeper()
        self._live: dict[str, LiveRun] = {}
        self._last_ended: Run | None = None
        self._running: dict[Key, Follower] = {}
        self._prepared: list[Attempt] = []
        self._uncommitted: list[Change] = []
        self._unpublished: list[RunEvent] = []
        self._free_cpus = float(self.cpus)
        self._expects_answers = False

    # -- what others ask for ---------------------------------------------------------------------

    def submit(self, plan: Plan) -> Run:
        """Accept a plan durably and begin; gives the run with its number."""
        began, at = time.monotonic(), self._clock()
        known = self._intake.known(plan)
        run = first_run(plan, known, at=at, seconds=time.monotonic() - began)
        run = self.store.create_run(run, msgspec.json.encode(plan))
        self._tell_beginning(run)
        if run.status in TERMINAL:
            self._last_ended = run
            return run
        live = self._enter(run, plan)
        self.store.expect(len(plan.steps) - len(known))
        self._feed(live, Begin(done=tuple(known)))
        self._advance_all()
        return live.whole()

    def cancel(self, run_id: str) -> bool:
        """Record that the run is to end, then end it; false when it is not running."""
        live = self._live.get(run_id)
        if live is None:
            return False
        self.store.request_cancel(run_id)
        live.change_run(self._clock(), {"detail": "cancelling"})
        self._feed(live, CancelAsked())
        self._advance_all()
        return True

    def resume(self) -> list[str]:
        """Go on with every run that an engine before this one left; gives their ids."""
        resumed: list[str] = []
        for run_id, is_cancelled in self.store.unfinished():
            try:
                self._resume(run_id, is_cancelled)
            except (msgspec.DecodeError, ValueError, KeyError, IndexError) as exc:
                self._live.pop(run_id, None)
                self.store.set_aside(run_id, exc)
            else:
                resumed.append(run_id)
        self._advance_all()
        return resumed

    def is_live(self, run_id: str) -> bool:
        """Whether the run has not ended yet."""
        return run_id in self._live

    def ended(self, run: Run) -> Run:
        """The record of a run that has ended."""
        last = self._last_ended
        return last if last and last.id == run.id else self.store.run(run.id) or run

    @property
    def is_busy(self) -> bool:
        """Whether any run has not ended yet."""
        return bool(self._live)

    def turn(self, most_s: float | None = None) -> None:
        """Wait for something to happen, at most `most_s`, and do what follows from it."""
        wait = self.poller.turn_soon if self._expects_answers else self.poller.turn
        self._expects_answers = False
        wait(
            self._time.wait(
                most_s,
                is_following=bool(self._running),
                has_processes=self.target.has_processes,
            )
        )
        self._keep_time()
        self._advance_all()

    def close(self) -> None:
        """End the workers and close the stores; unfinished runs go on with the next engine."""
        self.target.close()
        self.poller.close()
        self.store.close()

    # -- entering a run --------------------------------------------------------------------------

    def _enter(self, run: Run, plan: Plan) -> LiveRun:
        live = self._live[run.id] = LiveRun(run, plan, cpus=self.cpus)
        return live

    def _tell_beginning(self, run: Run) -> None:
        if self._publish is not None:
            self._publish(first_events(run, self.store.first_sequence(run)))

    def _resume(self, run_id: str, is_cancelled: bool) -> None:
        run, plan_json = self.store.run(run_id), self.store.plan(run_id)
        if run is None or plan_json is None:
            raise ValueError("its plan is gone")
        live = self._enter(run, _decode_plan(plan_json))
        by_status: dict[str, list[int]] = {}
        for index in range(len(live.plan.steps)):
            by_status.setdefault(live.steps[index].status, []).append(index)
        running = self._adopted(live, by_status.get("running", []))
        self._feed(
            live,
            Begin(
                done=tuple(by_status.get("completed", ())),
                failed=tuple(by_status.get("failed", ())),
                settled=(*by_status.get("skipped", ()), *by_status.get("cancelled", ())),
                running=tuple(running),
            ),
        )
        if is_cancelled:
            self._feed(live, CancelAsked())

    def _adopted(self, live: LiveRun, running: list[int]) -> list[int]:
        """Of the steps that ran when the last engine ended, those that can be taken over."""
        adopted = []
        for index in running:
            step, record = live.plan.steps[index], live.steps[index]
            attempt = None
            if step.entry.isolated:
                request = self._requests.request(live, index, attempt=record.attempts, threads=1)
                attempt = self.target.adopt((live.id, index), request)
            if attempt is None:
                live.change_step(index, self._clock(), {"status": "queued", "detail": ""})
            else:
                adopted.append(index)
                self._hold(live, index, attempt)
        return adopted

    # -- the loop's parts ------------------------------------------------------------------------

    def _keep_time(self) -> None:
        now = time.monotonic()
        for run_id, index in self._time.expired(now):
            self._feed(self._live[run_id], Expired(index))
        for key, number in self._time.signals(now):
            self.target.stop(self._running[key].attempt, number)
        if self._running and self._time.is_tick(now):
            self._follow()
        if self._time.is_rest(now):
            self.target.rest(now)
        if self._time.is_disk_retry(now):
            self._retry_disk()

    def _follow(self) -> None:
        """Send on what running steps have printed."""
        for key, follower in list(self._running.items()):
            self.target.follow(follower.attempt)
            self._tell_log(self._live[key[0]], key[1], follower.new_text())

    def _advance_all(self) -> None:
        self._grant()
        self._commit()

    def _grant(self) -> None:
        """Share what is free among the runs, one step of each in turn."""
        if self._uncommitted:
            return
        hungry = [live for live in self._live.values() if live.scheduler.ready]
        while hungry and self._free_cpus > 0:
            for live in list(hungry):
                before = self._free_cpus
                self._feed(live, Grant(before if len(hungry) == 1 else min(1.0, before)))
                if self._free_cpus == before or not live.scheduler.ready:
                    hungry.remove(live)

    def _commit(self) -> None:
        changes, events = self._uncommitted, self._unpublished
        for live in self._live.values():
            if live.changes:
                some, told = live.take_changes(self.store.sequence)
                self.store.sequence += len(told)
                changes += some
                events += told
        if not changes:
            return
        try:
            self.store.apply(changes)
        except StoreFullError:
            self._time.retry_disk()
            return
        self._uncommitted, self._unpublished = [], []
        prepared, self._prepared = self._prepared, []
        for attempt in prepared:
            self.target.go(attempt)
            self._expects_answers = True
        if self._publish is not None:
            self._publish(events)
        for live in [live for live in self._live.values() if live.run.status in TERMINAL]:
            self._leave(live)

    def _leave(self, live: LiveRun) -> None:
        del self._live[live.id]
        self._reasons.forget(live)
        self._last_ended = live.whole()

    def _retry_disk(self) -> None:
        if self._uncommitted:
            return
        facts = os.statvfs(self.workspace.path)
        if facts.f_bavail * facts.f_frsize < _ROOM_BYTES:
            self._time.retry_disk()
            return
        for live in self._live.values():
            self._feed(live, SpaceIsBack())

    # -- obeying the scheduler -------------------------------------------------------------------

    def _feed(self, live: LiveRun, event: Event) -> None:
        events: list[Event] = [event]
        while events:
            asked: list[int] = []
            for command in live.scheduler.advance(events.pop()):
                if type(command) is LookUp:
                    asked.append(command.step)
                else:
                    self._obey(live, command)
            if asked:
                events += self._look_up(live, asked)

    def _obey(self, live: LiveRun, command: Command) -> None:
        match command:
            case Start():
                self._start(live, command.step)
            case Stop():
                self._stop(live, command)
            case Requeue():
                self._queue_again(live, command.step, "trying again")
            case Block():
                self._queue_again(live, command.step, "blocked: disk full")
                self._time.retry_disk()
            case Settle():
                self._settle(live, command)
            case End():
                self._end(live, command)
            case Complete() | LookUp():
                pass

    def _look_up(self, live: LiveRun, asked: list[int]) -> list[Event]:
        """See by fingerprint which of these steps have a finished result."""
        keys = [self._fingerprint(live, index) for index in asked]
        found = self.store.look_up(keys)
        events: list[Event] = []
        for index, key in zip(asked, keys, strict=True):
            result = found.get(key)
            if result is None or not self._intake.is_present(result):
                events.append(Missing(index))
                continue
            at, step = self._clock(), live.plan.steps[index]
            record = reused(step, unchanged(result), at, fingerprint=key)
            live.change_step(index, at, _differences(record))
            self._learn(live, index, result)
            events.append(Found(index))
        return events

    def _fingerprint(self, live: LiveRun, index: int) -> str:
        key = live.fingerprints.get(index)
        if key is None:
            key = fingerprint(live.plan.steps[index], live.inputs_by_port(index))
            live.fingerprints[index] = key
        return key

    def _start(self, live: LiveRun, index: int) -> None:
        record = live.steps[index]
        attempts = record.attempts + 1
        request = self._requests.request(live, index, attempt=attempts, threads=self._threads())
        attempt = self.target.prepare((live.id, index), request)
        self._hold(live, index, attempt)
        self._prepared.append(attempt)
        at = self._clock()
        changes: dict[str, Any] = {
            "status": "running",
            "attempts": attempts,
            "detail": "",
            "started_at": record.started_at or at,
            "fingerprint": self._fingerprint(live, index),
            "reason": record.reason or self._reasons.why(live, index),
        }
        live.change_step(index, at, changes)

    def _hold(self, live: LiveRun, index: int, attempt: Attempt) -> None:
        """Count an attempt as running."""
        key, step = (live.id, index), live.plan.steps[index]
        if not self._running:
            self._time.start_ticking()
        self._running[key] = Follower(attempt)
        self._free_cpus -= min(step.cpus, float(self.cpus))
        if step.timeout_s is not None:
            self._time.limit(key, step.timeout_s)

    def _threads(self) -> int:
        """What a step that starts now may use: its share of the processors."""
        waiting = sum([live.scheduler.ready for live in self._live.values()])
        return max(1, self.cpus // min(self.cpus, len(self._running) + 1 + waiting))

    def _queue_again(self, live: LiveRun, index: int, detail: str) -> None:
        live.change_step(index, self._clock(), {"status": "queued", "detail": detail})

    def _stop(self, live: LiveRun, command: Stop) -> None:
        key = (live.id, command.step)
        follower = self._running[key]
        self._time.forget(key)
        if command.why == "timeout":
            follower.is_expired = True
            self.target.stop(follower.attempt)
        else:
            live.change_step(command.step, self._clock(), {"detail": "cancelling"})
            self.target.ask_to_stop(follower.attempt)
            self._time.insist(key)

    def _settle(self, live: LiveRun, command: Settle) -> None:
        step = live.plan.steps[command.step]
        cause = live.plan.steps[command.because_of] if command.because_of >= 0 else None
        error = live.errors.get(command.step) if command.status == "failed" else None
        detail = f"'{cause.label or cause.id}' failed" if cause is not None else ""
        at = self._clock()
        changes: dict[str, Any] = {
            "status": command.status,
            "detail": detail,
            "error": error or settled_error(command.status, step, cause),
            "finished_at": at,
        }
        live.change_step(command.step, at, changes)

    def _end(self, live: LiveRun, command: End) -> None:
        at = self._clock()
        failed = next((step for step in live.steps if step.status == "failed"), None)
        changes: dict[str, Any] = {
            "status": command.status,
            "detail": "",
            "finished_at": at,
            "seconds": round(max(0.0, self._elapsed(live, at)), 6),
            "error": failed.error if failed is not None and command.status == "failed" else None,
        }
        live.change_run(at, changes)

    def _elapsed(self, live: LiveRun, at: float) -> float:
        """Seconds of a run: by the steady clock where one engine saw all of it."""
        steady = time.monotonic() - live.started_clock
        created = live.run.created_at
        return at - created if at - created > steady + 1 else steady

    # -- what the target reports -----------------------------------------------------------------

    def _report(self, attempt: Attempt, outcome: Outcome) -> None:
        key = attempt.key
        live, follower = self._live.get(key[0]), self._running.get(key)
        if live is None or follower is None or follower.attempt is not attempt:
            return
        if type(outcome) is WorkerEvent and outcome.kind not in ("done", "failed"):
            self._news(live, key[1], outcome)
            return
        self._release(live, key, follower)
        if type(outcome) is WorkerEvent and outcome.kind == "done":
            self._accept(live, key[1], attempt, outcome)
        else:
            self._refuse(live, key[1], outcome, is_expired=follower.is_expired)

    def _release(self, live: LiveRun, key: Key, follower: Follower) -> None:
        """Count an attempt as over."""
        del self._running[key]
        self._time.forget(key)
        self._tell_log(live, key[1], follower.finish())
        self._free_cpus += min(live.plan.steps[key[1]].cpus, float(self.cpus))

    def _accept(self, live: LiveRun, index: int, attempt: Attempt, event: WorkerEvent) -> None:
        step, record = live.plan.steps[index], live.steps[index]
        try:
            outputs = adopt_outputs(self.artifacts, attempt, event, step, live.is_durable)
        except (OSError, DesignerError) as exc:
            self._refuse(live, index, exc, is_expired=False)
            return
        at, seconds = self._clock(), event.data.get("seconds")
        changes: dict[str, Any] = {
            "status": "completed",
            "outputs": outputs,
            "finished_at": at,
            "seconds": seconds,
            "metrics": record.metrics,
            "peak_memory_bytes": event.peak_memory_bytes,
        }
        live.change_step(index, at, changes)
        result = StoredResult(
            run_id=live.id,
            run_number=live.run.number,
            step=step.id,
            inputs=tuple([ref.digest for _, ref in live.input_refs(step)]),
            outputs=outputs,
            metrics=record.metrics,
            seed=step.seed,
            seconds=seconds,
            peak_memory_bytes=event.peak_memory_bytes,
        )
        self._learn(live, index, result)
        self._feed(live, Finished(index))

    def _learn(self, live: LiveRun, index: int, result: StoredResult) -> None:
        lineage = live.plan.steps[index].lineage
        key = self._fingerprint(live, index)
        live.changes.append(
            ResultLearned(keys=(key, lineage) if lineage else (key,), result=result)
        )

    def _refuse(
        self,
        live: LiveRun,
        index: int,
        outcome: WorkerEvent | Death | Exception,
        *,
        is_expired: bool,
    ) -> None:
        step = live.plan.steps[index]
        cause, error = failure_of(outcome, step, is_expired=is_expired)
        live.errors[index] = error
        self._feed(live, Failed(index, cause))

    def _news(self, live: LiveRun, index: int, event: WorkerEvent) -> None:
        """Something a running step said; it is told at once and kept with the step's end."""
        record = live.steps[index]
        if event.kind == "metric":
            live.steps[index] = _replace(record, metrics=add_metric(record.metrics, event.data))
            self._tell(live, index, "metric", event.data)
        elif event.kind == "progress":
            share, text = event.data.get("share"), str(event.data.get("text", ""))
            live.steps[index] = _replace(record, progress=share, progress_text=text)
            self._tell(live, index, "progress", event.data)

    def _tell_log(self, live: LiveRun, index: int, text: str) -> None:
        if text:
            self._tell(live, index, "log", {"text": text, "stream": "out"})

    def _tell(
        self,
        live: LiveRun,
        index: int,
        kind: Literal["log", "metric", "progress"],
        data: dict[str, Any],
    ) -> None:
        """Publish something that the event log does not keep."""
        if self._publish is not None:
            step = live.plan.steps[index].id
            event = RunEvent(
                sequence=self.store.sequence,
                run_id=live.id,
                kind=kind,
                step=step,
                at=self._clock(),
                data=data,
            )
            self._publish([event])


_REUSED_FIELDS = (
    "status", "reused", "reused_from", "reason", "seconds", "started_at", "finished_at",
    "fingerprint", "seed", "metrics", "outputs",
)  # fmt: skip


def _differences(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _REUSED_FIELDS}
