"""The conductor: obeys what the schedulers command and tells them what the target reports.

What it does to a run it writes down as changes; the engine commits them, and only then lets the
steps go that were prepared meanwhile. Only a warm worker's first attempt at a step whose inputs
are durable goes at once: the worker dies with this program, so no two ever work on one attempt.
"""

import errno
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from runtime.crash_points import crash_point
from runtime.errors import DesignerError, RequestError
from runtime.execution.following import Follower
from runtime.execution.granting import Granting
from runtime.execution.intake import Intake, ending_detail, reused, unchanged
from runtime.execution.known import Known
from runtime.execution.live_run import LiveRun, add_metric
from runtime.execution.messages import (
    Block,
    Command,
    Complete,
    End,
    Event,
    Failed,
    Finished,
    Found,
    LookUp,
    Missing,
    Requeue,
    Settle,
    Start,
    Stop,
)
from runtime.execution.outcomes import (
    adopt_outputs,
    adopt_remains,
    failure_of,
    missing_frozen,
    settled_error,
)
from runtime.execution.places import Place, Places
from runtime.execution.reasons import Reasons
from runtime.execution.requests import RequestWriter
from runtime.execution.same_work import SameWork
from runtime.execution.scheduler import BLOCKED, LOOKING_UP, READY
from runtime.execution.slot_table import Key
from runtime.execution.taken import executed, taken, with_failed_attempt, with_usage
from runtime.execution.timekeeper import Timekeeper
from runtime.model import (
    ONE_PROCESSOR,
    TERMINAL,
    Plan,
    RunEvent,
    Slots,
    Step,
    WorkerEvent,
    counts_of,
)
from runtime.planning.fingerprints import fingerprint
from runtime.planning.fitting import too_much
from runtime.stores import FolderArtifactStore, SqliteRunStore, Workspace
from runtime.stores.artifact_store import disk_bytes, free_bytes
from runtime.stores.changes import ResultLearned, StoredResult
from runtime.targets.attempt import Attempt, Death, Notice, Outcome
from runtime.targets.poller import Poller

_ROOM_BYTES = 16 << 20
_FULL_BYTES = 256 << 10
Publish = Callable[[Sequence[RunEvent]], None]
_replace = msgspec.structs.replace


class Conductor:
    """Steps of all runs on their way.

    Args:
        workspace: Where attempts have their folders.
        store: Where finished results are looked up.
        artifacts: Where outputs go.
        poller: Where processes are waited for.
        timekeeper: Told what falls due.
        publish: Called with logs, metrics and progress as they come.
        cpus: Processors to share among steps.
        clock: Gives seconds since the epoch.

    Attributes:
        live: Runs that have not ended, by id.
        granting: Who of the ready steps may start.
        places: The targets, and what is free on each.
        running: Attempts that hold slots.
        prepared: Attempts that start with the next commit.
        expects_answers: A step was let go; it may be over in a moment.
        learned: Results by fingerprint that the next commit makes known to the store.
        needed_bytes: So much must be free before steps that found the disk full are tried again.
    """

    def __init__(
        self,
        workspace: Workspace,
        store: SqliteRunStore,
        artifacts: FolderArtifactStore,
        *,
        poller: Poller,
        timekeeper: Timekeeper,
        publish: Publish | None,
        cpus: int,
        clock: Callable[[], float],
    ) -> None:
        self._workspace = workspace
        self.live: dict[str, LiveRun] = {}
        self.running: dict[Key, Follower] = {}
        self.prepared: list[Attempt] = []
        self.expects_answers = False
        self.learned: dict[str, StoredResult] = {}
        self.needed_bytes = 0
        self.places = Places(workspace, poller=poller, report=self._report, cpus=cpus)
        self.by_target = self.places.by_name
        self.intake = Intake(store, artifacts)
        self._store = store
        self._artifacts = artifacts
        self._time = timekeeper
        self._publish = publish
        self._clock = clock
        self._reasons = Reasons(store)
        self._same = SameWork()
        self.granting = Granting(self.live, self.by_target, self._same, feed=self.feed, clock=clock)
        self._requests = RequestWriter(workspace, artifacts)

    def feed(self, live: LiveRun, event: Event) -> None:
        """Tell a run's scheduler something and obey what it commands."""
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

    def go(self, attempt: Attempt) -> None:
        """Let a prepared attempt start."""
        attempt.target.go(attempt)
        self.expects_answers = True

    def follow(self, now: float) -> None:
        """Tell what running steps have printed, and now and then what they take."""
        for key, follower in list(self.running.items()):
            follower.attempt.target.follow(follower.attempt)
            self._tell_log(self.live[key[0]], key[1], follower.new_text())
            if follower.is_reading_due(now):
                self._measure(key, follower, now)

    def _measure(self, key: Key, follower: Follower, now: float) -> None:
        usage = follower.attempt.target.measure(follower.attempt, now)
        if usage is not None:
            follower.usage = usage
            self._tell(self.live[key[0]], key[1], "meter", msgspec.to_builtins(usage))

    def adopt(self, live: LiveRun, running: list[int]) -> list[int]:
        """Of the steps that ran when the last engine ended, those that can be taken over."""
        adopted = []
        for index in running:
            step, record = live.plan.steps[index], live.steps[index]
            attempt, target = None, self.by_target[step.target].target
            if step.runs_alone or target.keeps_steps:
                request = self._requests.request(
                    live, index, attempt=record.attempts, threads=1, slots=record.slots or step.asks
                )
                attempt = target.adopt((live.id, index), request)
            if attempt is None:
                live.change_step(index, self._clock(), {"status": "queued", "detail": ""})
            else:
                adopted.append(index)
                if record.fingerprint:
                    live.fingerprints[index] = record.fingerprint
                place = self.by_target[step.target]
                self._hold(live, index, attempt, place, record.slots or step.asks)
        return adopted

    def queue_lost(self, live: LiveRun) -> None:
        """Queue finished steps again whose outputs a power cut took and a step to come needs."""
        needed: set[str] = set()
        for index in reversed(range(len(live.plan.steps))):
            step, record = live.plan.steps[index], live.steps[index]
            is_lost = (
                record.status == "completed"
                and step.id in needed
                and (not record.reused or record.fingerprint)
                and not self._artifacts.has_all(record.outputs.values())
            )
            if is_lost:
                live.change_step(index, self._clock(), dict(_LOST))
            if is_lost or record.status not in TERMINAL:
                needed.update(wire.step for wire in step.inputs)

    def keep_outputs(self, plan: Plan, results: Mapping[str, StoredResult]) -> None:
        """Make sure that reused artifacts which are the pipeline's own outputs survive a power cut."""
        for source in plan.outputs.values():
            step, _, output = source.rpartition(".")
            if step in results:
                self._artifacts.make_durable(results[step].outputs[output].digest)

    def forget_all(self) -> None:
        """Let go of every run and of what ends with the engine; steps that run alone go on."""
        self.live.clear()
        self.running.clear()
        self.places.close(in_a_hurry=False)

    def leave(self, live: LiveRun) -> None:
        """A run has ended."""
        del self.live[live.id]
        self._reasons.forget(live)

    def _obey(self, live: LiveRun, command: Command) -> None:
        match command:
            case Start():
                self._start(live, command.step)
            case Stop():
                self._stop(live, command)
            case Requeue():
                self._queue_again(live, command.step, "trying again")
            case Block():
                self._queue_again(live, command.step, self.blocked())
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
        found = self._store.look_up(keys)
        events: list[Event] = []
        for index, key in zip(asked, keys, strict=True):
            result = self.learned.get(key) or found.get(key)
            if result is not None and self.intake.is_present(result):
                self._reuse(live, index, unchanged(result))
                events.append(Found(index))
                continue
            if result is not None and self._artifacts.set_damaged_aside(result.outputs.values()):
                live.damaged.add(index)
            other = self._same.want(key, (live.id, index))
            if other is not None and other[0] in self.live:
                self.granting.tell_same(live, index, other)
            else:
                events.append(Missing(index))
        return events

    def _reuse(self, live: LiveRun, index: int, known: Known) -> None:
        """Write down that a result stands in for a step."""
        at, step = self._clock(), live.plan.steps[index]
        record = reused(step, known, at, fingerprint=self._fingerprint(live, index))
        self.keep_outputs(live.plan, {step.id: known.result})
        live.change_step(index, at, _differences(record))
        self._learn(live, index, known.result)

    def _give_same(self, live: LiveRun, index: int, result: StoredResult) -> None:
        """Complete the steps that wanted just what this one has computed."""
        key = (live.id, index)
        reason = f"the same step was running in run {live.run.number}"
        for run_id, wanting in self._same.finish(self._fingerprint(live, index), key):
            other = self.live.get(run_id)
            if other and other.scheduler.state(wanting) in (LOOKING_UP, READY, BLOCKED):
                self._reuse(other, wanting, Known(result, reason))
                self.feed(other, Found(wanting))

    def _let_same_run(self, live: LiveRun, index: int) -> None:
        """Let the steps go on by themselves that waited for an attempt which gave no result."""
        key = (live.id, index)
        for run_id, waiting in self._same.fail(live.fingerprints.get(index, ""), key):
            other = self.live.get(run_id)
            if other and other.scheduler.state(waiting) == LOOKING_UP:
                other.change_step(waiting, self._clock(), {"detail": ""})
                self.feed(other, Missing(waiting))

    def _fingerprint(self, live: LiveRun, index: int) -> str:
        key = live.fingerprints.get(index)
        if key is None:
            key = fingerprint(live.plan.steps[index], live.inputs_by_port(index))
            live.fingerprints[index] = key
        return key

    def _start(self, live: LiveRun, index: int) -> None:
        record, step = live.steps[index], live.plan.steps[index]
        if step.frozen:
            self._refuse(live, index, missing_frozen(step), is_expired=False)
            return
        attempts, place = record.attempts + 1, self.by_target[step.target]
        asks = place.slots.fitted(step.asks)
        try:
            if asks is not ONE_PROCESSOR and (problem := too_much(step, place.slots.resources)):
                raise RequestError(problem.code, problem.message, remedy=problem.remedy)
            slots = place.slots.chosen(asks)
            threads = self._threads(step, place)
            request = self._requests.request(
                live, index, attempt=attempts, threads=threads, slots=slots
            )
            crash_point("step.before_prepare")
            attempt = place.target.prepare((live.id, index), request)
        except (OSError, DesignerError) as exc:
            self._refuse(live, index, exc, is_expired=False)
            return
        crash_point("step.after_prepare")
        self._hold(live, index, attempt, place, slots)
        if attempts > 1 or step.runs_alone or place.target.keeps_steps or live.builds_on_news(step):
            self.prepared.append(attempt)
        else:
            self.go(attempt)
        at = self._clock()
        changes: dict[str, Any] = {
            "status": "running",
            "attempts": attempts,
            "detail": "",
            "started_at": record.started_at or at,
            "fingerprint": self._fingerprint(live, index),
            "reason": record.reason or self._reason(live, index),
        }
        if slots != ONE_PROCESSOR:
            changes["slots"] = slots
        live.change_step(index, at, changes)

    def _hold(
        self, live: LiveRun, index: int, attempt: Attempt, place: Place, slots: Slots
    ) -> None:
        """Count an attempt as running."""
        attempt.target = place.target
        key, step = (live.id, index), live.plan.steps[index]
        if not self.running:
            self._time.start_ticking()
        self.running[key] = Follower(attempt)
        if step.reuse:
            self._same.begin(self._fingerprint(live, index), key)
        live.running += 1
        place.running += 1
        place.slots.take(key, slots, label=step.label or step.id, run=live.run.number)
        if step.timeout_s is not None:
            self._time.limit(key, step.timeout_s)

    def _reason(self, live: LiveRun, index: int) -> str:
        if index in live.damaged:
            return "its stored output was damaged"
        return self._reasons.why(live, index)

    def _threads(self, step: Step, place: Place) -> int:
        """What a step that starts now may use: what it asks for, or its share of what is free."""
        if step.threads:
            return min(step.threads, place.cpus)
        waiting = sum([live.ready_on(step.target) for live in self.live.values()])
        share = place.cpus // min(place.cpus, place.running + 1 + waiting)
        return max(1, min(share, int(place.slots.free_cpus)))

    def _queue_again(self, live: LiveRun, index: int, detail: str) -> None:
        live.change_step(index, self._clock(), {"status": "queued", "detail": detail})

    def blocked(self) -> str:
        """What is said of a step or a run that waits for room on the disk."""
        free = free_bytes(self._workspace.path)
        return f"blocked: disk full, needs {max(self.needed_bytes >> 20, 1)} MB, {free >> 20} MB are free"

    def _stop(self, live: LiveRun, command: Stop) -> None:
        key = (live.id, command.step)
        follower = self.running[key]
        self._time.forget(key)
        if command.why == "timeout":
            follower.is_expired = True
            follower.attempt.target.stop(follower.attempt)
        else:
            live.change_step(command.step, self._clock(), {"detail": "cancelling"})
            follower.attempt.target.ask_to_stop(follower.attempt)
            self._time.insist(key)

    def _settle(self, live: LiveRun, command: Settle) -> None:
        if command.step in live.fingerprints:
            self._same.forget(live.fingerprints[command.step], (live.id, command.step))
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
            **taken(live.steps[command.step]),
        }
        if live.steps[command.step].outputs:
            changes["outputs"] = live.steps[command.step].outputs
        live.change_step(command.step, at, changes)

    def _end(self, live: LiveRun, command: End) -> None:
        at = self._clock()
        failed = next((step for step in live.steps if step.status == "failed"), None)
        changes: dict[str, Any] = {
            "status": command.status,
            "detail": ending_detail(live.plan) if command.status == "completed" else "",
            "finished_at": at,
            "seconds": round(max(0.0, self._elapsed(live, at)), 6),
            "error": failed.error if failed is not None and command.status == "failed" else None,
            "counts": counts_of(live.steps),
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
        live, follower = self.live.get(key[0]), self.running.get(key)
        if live is None or follower is None or follower.attempt is not attempt:
            return
        if type(outcome) is WorkerEvent and outcome.kind not in ("done", "failed"):
            self._news(live, key[1], outcome)
            return
        if isinstance(outcome, Notice):
            live.change_step(key[1], self._clock(), {"detail": outcome.detail})
            return
        self._release(live, key, follower)
        live.steps[key[1]] = with_usage(live.steps[key[1]], follower.usage, outcome)
        if type(outcome) is WorkerEvent and outcome.kind == "done":
            self._accept(live, key[1], attempt, outcome)
        else:
            made = adopt_remains(self._artifacts, attempt, outcome, live.plan.steps[key[1]])
            live.steps[key[1]] = _replace(live.steps[key[1]], outputs=made)
            seconds = time.monotonic() - attempt.began
            self._refuse(live, key[1], outcome, is_expired=follower.is_expired, seconds=seconds)

    def _release(self, live: LiveRun, key: Key, follower: Follower) -> None:
        """Count an attempt as over."""
        del self.running[key]
        live.running -= 1
        self._time.forget(key)
        self._tell_log(live, key[1], follower.finish())
        step = live.plan.steps[key[1]]
        place = self.by_target[step.target]
        place.running -= 1
        place.slots.give_back(key)

    def _accept(self, live: LiveRun, index: int, attempt: Attempt, event: WorkerEvent) -> None:
        step, record = live.plan.steps[index], live.steps[index]
        try:
            crash_point("completion.before_adopt")
            outputs = adopt_outputs(self._artifacts, attempt, event, step, live.is_durable)
            crash_point("completion.after_adopt")
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
            **taken(record),
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
            peak_memory_bytes=record.peak_memory_bytes,
            target=step.target,
            finished_at=at,
        )
        self._learn(live, index, result)
        live.changes.append(executed(live, index, result))
        self.feed(live, Finished(index))
        if step.reuse:
            self._give_same(live, index, result)

    def _learn(self, live: LiveRun, index: int, result: StoredResult) -> None:
        lineage = live.plan.steps[index].lineage
        key = self._fingerprint(live, index)
        self.learned[key] = result
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
        seconds: float = 0.0,
    ) -> None:
        step = live.plan.steps[index]
        if isinstance(outcome, Death) and free_bytes(self._workspace.path) < _FULL_BYTES:
            outcome = OSError(errno.ENOSPC, "it could not even say how it ended")
        cause, error = failure_of(outcome, step, is_expired=is_expired)
        if cause == "disk_full":
            self._ask_for_room(live, index)
        live.errors[index] = error
        live.steps[index] = with_failed_attempt(
            live.steps[index], error, outcome, seconds=seconds, at=self._clock()
        )
        self.feed(live, Failed(index, cause))
        self._let_same_run(live, index)

    def _ask_for_room(self, live: LiveRun, index: int) -> None:
        """What the attempt had written is removed; the next one needs as much and some more."""
        step, attempt = live.plan.steps[index], live.steps[index].attempts
        folder = self._workspace.attempt_folder(live.id, step.id, attempt) / "outputs"
        self.needed_bytes = max(self.needed_bytes, disk_bytes(folder) + _ROOM_BYTES)
        shutil.rmtree(folder, ignore_errors=True)

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
        kind: Literal["log", "metric", "progress", "meter"],
        data: dict[str, Any],
    ) -> None:
        """Publish something that the event log does not keep."""
        if self._publish is not None:
            step = live.plan.steps[index].id
            event = RunEvent(
                sequence=self._store.sequence,
                run_id=live.id,
                kind=kind,
                step=step,
                at=self._clock(),
                data=data,
            )
            self._publish([event])


_LOST: dict[str, Any] = {
    "status": "queued",
    "detail": "its outputs were lost",
    "reused": False,
    "reused_from": "",
    "reason": "",
    "outputs": {},
    "finished_at": None,
    "seconds": None,
}
_REUSED_FIELDS = (
    "status", "detail", "reused", "reused_from", "reason", "seconds", "started_at", "finished_at",
    "fingerprint", "seed", "metrics", "outputs",
)  # fmt: skip


def _differences(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _REUSED_FIELDS}
