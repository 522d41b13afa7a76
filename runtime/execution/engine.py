"""The engine: one loop that feeds events to the schedulers and obeys their commands.

A turn: wait for processes and timers, let each scheduler advance, get steps that may start ready,
commit everything in one durable transaction, and only then let them go and tell the followers.
"""

import os
import time
from collections.abc import Callable, Sequence

import msgspec

from runtime.errors import InfrastructureError
from runtime.execution.following import Follower
from runtime.execution.keys import fingerprint_of, lineage_keys
from runtime.execution.live_run import LiveRun, add_metric, first_record, reused_fields
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
from runtime.model import (
    TERMINAL,
    InputArtifact,
    Plan,
    Run,
    RunEvent,
    Step,
    StepRequest,
    StepRun,
    WorkerEvent,
)
from runtime.stores import FolderArtifactStore, SqliteRunStore, StoreFullError, Workspace
from runtime.stores.changes import Change, ResultLearned, StoredResult
from runtime.targets.attempt import Attempt, Death, Outcome
from runtime.targets.local import LocalTarget
from runtime.targets.poller import Poller

_TICK_S = 0.1
_DISK_RETRY_S = 1.0
_GRACE_S = 5.0
_REST_S = 5.0
_decode_plan = msgspec.json.Decoder(Plan).decode
Publish = Callable[[Sequence[RunEvent]], None]


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
        publish: Publish,
        cpus: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = workspace
        self.store = SqliteRunStore(workspace.runs_db, clock=clock)
        self.artifacts = FolderArtifactStore(workspace.artifacts)
        self.poller = Poller()
        self.cpus = cpus or len(os.sched_getaffinity(0))
        self.target = LocalTarget(self.poller, self._report, threads=self.cpus)
        self._publish = publish
        self._clock = clock
        self._reasons = Reasons(self.store)
        self._live: dict[str, LiveRun] = {}
        self._ended: dict[str, Run] = {}
        self._attempts: dict[tuple[str, int], Follower] = {}
        self._deadlines: dict[tuple[str, int], float] = {}
        self._kill_at: dict[tuple[str, int], float] = {}
        self._prepared: list[Attempt] = []
        self._uncommitted: list[Change] = []
        self._unpublished: list[RunEvent] = []
        self._free_cpus = float(self.cpus)
        self._next_tick = self._next_rest = 0.0
        self._disk_retry_at: float | None = None

    # -- what others ask for ---------------------------------------------------------------------

    def submit(self, plan: Plan) -> Run:
        """Accept a plan durably and begin; gives the run with its number."""
        at = self._clock()
        lineage = lineage_keys(plan)
        known = self._known(plan, lineage)
        steps = [
            first_record(step)
            if index not in known
            else msgspec.structs.replace(
                first_record(step), **reused_fields(known[index], fingerprint="", at=at)
            )
            for index, step in enumerate(plan.steps)
        ]
        run = Run(
            id=new_run_id(at),
            name=plan.name,
            pipeline_id=plan.pipeline_id,
            revision=plan.revision,
            status="running",
            author=plan.author,
            created_at=at,
            started_at=at,
            graph_hash=plan.graph_hash,
            parameters=plan.parameters,
            failure_policy=plan.failure_policy,
            steps={step.step: step for step in [*steps, *_skipped(plan)]},
        )
        events = self._first_events(run)
        run = self.store.create_run_with(run, msgspec.json.encode(plan), events)
        self._publish(events)
        live = self._enter(run, plan, lineage)
        self._feed(live, Begin(done=tuple(known)))
        self._advance_all()
        return live.whole()

    def cancel(self, run_id: str) -> bool:
        """Record that the run is to end, then end it; false when it is not running."""
        live = self._live.get(run_id)
        if live is None:
            return False
        self.store.request_cancel(run_id)
        live.change_run(self._clock(), detail="cancelling")
        self._feed(live, CancelAsked())
        self._advance_all()
        return True

    def resume(self) -> list[str]:
        """Go on with every run that an engine before this one left; gives their ids."""
        resumed: list[str] = []
        for run_id, is_cancelled in self.store.unfinished():
            try:
                self._resume(run_id, is_cancelled)
            except (msgspec.DecodeError, ValueError, KeyError) as exc:
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
        return self._ended.get(run.id) or self.store.run(run.id) or run

    @property
    def is_busy(self) -> bool:
        """Whether any run has not ended yet."""
        return bool(self._live)

    def turn(self, most_s: float | None = None) -> None:
        """Wait for something to happen, at most `most_s`, and do what follows from it."""
        self.poller.turn(self._wait(most_s))
        self._keep_time()
        self._advance_all()

    def close(self) -> None:
        """End the workers and close the stores; unfinished runs go on with the next engine."""
        self.target.close()
        self.poller.close()
        self.store.close()

    # -- entering a run --------------------------------------------------------------------------

    def _enter(self, run: Run, plan: Plan, lineage: list[str | None]) -> LiveRun:
        live = LiveRun(run, plan, cpus=self.cpus, lineage=lineage)
        live.started_clock = time.monotonic()
        self._live[run.id] = live
        return live

    def _known(self, plan: Plan, lineage: list[str | None]) -> dict[int, StoredResult]:
        """Results that can stand in for steps right away, found by lineage in one query."""
        found = self.store.look_up([key for key in lineage if key is not None])
        known: dict[int, StoredResult] = {}
        outputs: dict[str, StoredResult] = {}
        for index, step in enumerate(plan.steps):
            result = _frozen(step) if step.frozen else found.get(lineage[index] or "")
            if result is None or not self._fits(step, result, outputs):
                continue
            if self._is_present(result):
                known[index] = outputs[step.id] = result
        return known

    def _fits(self, step: Step, result: StoredResult, outputs: dict[str, StoredResult]) -> bool:
        """Whether a result was made from just the inputs that are known now."""
        if step.frozen:
            return True
        if len(result.inputs) != len(step.inputs):
            return False
        for wire, digest in zip(step.inputs, result.inputs, strict=True):
            parent = outputs.get(wire.step)
            if parent is None or parent.outputs[wire.output].digest != digest:
                return False
        return all(name in outputs for name in step.after)

    def _is_present(self, result: StoredResult) -> bool:
        has = self.artifacts.has
        return all(has(ref.digest, ref.bytes) for ref in result.outputs.values())

    def _first_events(self, run: Run) -> list[RunEvent]:
        sequence = self.store.sequence
        events = [
            RunEvent(
                sequence=sequence + 1,
                run_id=run.id,
                kind="run",
                status="running",
                at=run.created_at,
                data={"name": run.name, "pipeline_id": run.pipeline_id},
            )
        ]
        for step in run.steps.values():
            if step.status != "queued":
                events.append(_event_of(run, step, sequence + 1 + len(events)))
        self.store.sequence += len(events)
        return events

    def _resume(self, run_id: str, is_cancelled: bool) -> None:
        run, plan_json = self.store.run(run_id), self.store.plan(run_id)
        if run is None or plan_json is None:
            return
        plan = _decode_plan(plan_json)
        live = self._enter(run, plan, lineage_keys(plan))
        by_status: dict[str, list[int]] = {}
        for index in range(len(plan.steps)):
            by_status.setdefault(live.steps[index].status, []).append(index)
        self._feed(
            live,
            Begin(
                done=tuple(by_status.get("completed", ())),
                failed=tuple(by_status.get("failed", ())),
                settled=(*by_status.get("skipped", ()), *by_status.get("cancelled", ())),
                running=tuple(self._adopted(live, by_status.get("running", []))),
            ),
        )
        if is_cancelled:
            self._feed(live, CancelAsked())

    def _adopted(self, live: LiveRun, running: list[int]) -> list[int]:
        adopted = []
        for index in running:
            step = live.plan.steps[index]
            request = self._request(live, index, live.steps[index].attempts)
            attempt = self.target.adopt((live.id, index), request) if step.entry.isolated else None
            if attempt is None:
                live.change_step(index, self._clock(), status="queued", detail="")
            else:
                adopted.append(index)
                self._free_cpus -= min(step.cpus, float(self.cpus))
                self._hold(live, index, attempt)
        return adopted

    # -- the loop's parts ------------------------------------------------------------------------

    def _wait(self, most_s: float | None) -> float | None:
        times = [*self._deadlines.values(), *self._kill_at.values()]
        if self._attempts:
            times.append(self._next_tick)
        if self._disk_retry_at is not None:
            times.append(self._disk_retry_at)
        if not times:
            idle = _REST_S if self.target.has_processes else None
            return idle if most_s is None else min(most_s, idle or most_s)
        wait = max(0.0, min(times) - time.monotonic())
        return wait if most_s is None else min(wait, most_s)

    def _keep_time(self) -> None:
        now = time.monotonic()
        for key in [key for key, at in self._deadlines.items() if at <= now]:
            del self._deadlines[key]
            self._feed(self._live[key[0]], Expired(key[1]))
        for key in [key for key, at in self._kill_at.items() if at <= now]:
            del self._kill_at[key]
            if key in self._attempts:
                self.target.stop(self._attempts[key].attempt)
        if self._attempts and now >= self._next_tick:
            self._next_tick = now + _TICK_S
            self._follow()
        if now >= self._next_rest:
            self._next_rest = now + _REST_S
            self.target.rest(now)
        if self._disk_retry_at is not None and now >= self._disk_retry_at:
            self._retry_disk(now)

    def _follow(self) -> None:
        """Send on what running steps have printed."""
        for key, follower in list(self._attempts.items()):
            self.target.follow(follower.attempt)
            text = follower.new_text()
            live = self._live.get(key[0])
            if text and live is not None:
                self._tell_now(live, key[1], "log", {"text": text, "stream": "out"})

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
                share = self._free_cpus if len(hungry) == 1 else min(1.0, self._free_cpus)
                self._feed(live, Grant(share))
                if self._free_cpus == before or not live.scheduler.ready:
                    hungry.remove(live)

    def _commit(self) -> None:
        changes, events = self._uncommitted, self._unpublished
        for live in list(self._live.values()):
            if live.changes or live.events:
                some, told = live.take_changes(self.store.sequence)
                self.store.sequence += len(told)
                changes += some
                events += told
        try:
            if changes:
                self.store.apply(changes)
        except StoreFullError:
            self._disk_retry_at = time.monotonic() + _DISK_RETRY_S
            return
        self._uncommitted, self._unpublished = [], []
        prepared, self._prepared = self._prepared, []
        for attempt in prepared:
            self.target.go(attempt)
        if events:
            self._publish(events)
        for live in [live for live in self._live.values() if live.run.status in TERMINAL]:
            self._ended = {live.id: live.whole()}
            del self._live[live.id]

    def _retry_disk(self, now: float) -> None:
        self._disk_retry_at = None
        if not self._uncommitted and self._has_space():
            for live in self._live.values():
                self._feed(live, SpaceIsBack())
        elif not self._uncommitted:
            self._disk_retry_at = now + _DISK_RETRY_S

    def _has_space(self) -> bool:
        facts = os.statvfs(self.workspace.path)
        return facts.f_bavail * facts.f_frsize > _ROOM_BYTES

    # -- obeying the scheduler -------------------------------------------------------------------

    def _feed(self, live: LiveRun, event: Event) -> None:
        events: list[Event] = [event]
        while events:
            asked: list[int] = []
            for command in live.scheduler.advance(events.pop()):
                if isinstance(command, LookUp):
                    asked.append(command.step)
                else:
                    self._obey(live, command)
            if asked:
                events += self._look_up(live, asked)

    def _obey(self, live: LiveRun, command: Command) -> None:
        match command:
            case Complete():
                pass
            case Start():
                self._start(live, command.step)
            case Stop():
                self._stop(live, command)
            case Requeue():
                live.change_step(
                    command.step, self._clock(), status="queued", detail="trying again"
                )
            case Block():
                live.change_step(
                    command.step, self._clock(), status="queued", detail="blocked: disk full"
                )
                self._disk_retry_at = time.monotonic() + _DISK_RETRY_S
            case Settle():
                self._settle(live, command)
            case End():
                self._end(live, command)

    def _look_up(self, live: LiveRun, asked: list[int]) -> list[Event]:
        """See by fingerprint which of these steps have a finished result."""
        keys = []
        for index in asked:
            step = live.plan.steps[index]
            live.inputs[index] = live.input_digests(step)
            key = live.fingerprints[index] = fingerprint_of(step, live.inputs[index])
            keys.append(key)
        found = self.store.look_up(keys)
        events: list[Event] = []
        for index, key in zip(asked, keys, strict=True):
            result = found.get(key)
            if result is None or not self._is_present(result):
                events.append(Missing(index))
                continue
            at = self._clock()
            live.change_step(index, at, **reused_fields(result, fingerprint=key, at=at))
            self._learn(live, index, result)
            events.append(Found(index))
        return events

    def _start(self, live: LiveRun, index: int) -> None:
        step = live.plan.steps[index]
        attempts = live.steps[index].attempts + 1
        self._free_cpus -= min(step.cpus, float(self.cpus))
        if index not in live.inputs:
            live.inputs[index] = live.input_digests(step)
            live.fingerprints[index] = fingerprint_of(step, live.inputs[index])
        attempt = self.target.prepare((live.id, index), self._request(live, index, attempts))
        self._hold(live, index, attempt)
        self._prepared.append(attempt)
        at = self._clock()
        record = live.steps[index]
        live.change_step(
            index,
            at,
            status="running",
            attempts=attempts,
            detail="",
            error=None,
            started_at=record.started_at or at,
            fingerprint=live.fingerprints[index],
            reason=record.reason or self._reasons.why(live, index),
        )

    def _hold(self, live: LiveRun, index: int, attempt: Attempt) -> None:
        key = (live.id, index)
        if not self._attempts:
            self._next_tick = time.monotonic() + _TICK_S
        self._attempts[key] = Follower(attempt)
        limit = live.plan.steps[index].timeout_s
        if limit is not None:
            self._deadlines[key] = time.monotonic() + limit

    def _request(self, live: LiveRun, index: int, attempt: int) -> StepRequest:
        step = live.plan.steps[index]
        inputs: dict[str, tuple[InputArtifact, ...]] = {}
        for port, ref in live.input_refs(step):
            artifact = InputArtifact(ref=ref, path=str(self.artifacts.path(ref.digest)))
            inputs[port] = (*inputs.get(port, ()), artifact)
        return StepRequest(
            run_id=live.id,
            step_id=step.id,
            attempt=attempt,
            fence=attempt,
            entry=step.entry,
            module=step.module,
            version=step.version,
            digest=step.digest,
            parameters=step.parameters,
            inputs=inputs,
            outputs=step.outputs,
            folder=str(self.workspace.attempt_folder(live.id, step.id, attempt)),
            files={name: str(step.parameters.get(name, "")) for name in step.files},
            source_folder=live.plan.source_folder,
            seed=step.seed,
            threads=step.threads or self._threads(),
            memory_bytes=int(step.memory_gib * 2**30) if step.memory_gib else None,
        )

    def _threads(self) -> int:
        running = len(self._attempts) + 1
        waiting = sum(live.scheduler.ready for live in self._live.values())
        return max(1, self.cpus // min(self.cpus, running + waiting))

    def _stop(self, live: LiveRun, command: Stop) -> None:
        key = (live.id, command.step)
        follower = self._attempts.get(key)
        if follower is None:
            return
        self._deadlines.pop(key, None)
        if command.why == "timeout":
            follower.is_expired = True
            self.target.stop(follower.attempt)
        else:
            live.change_step(command.step, self._clock(), detail="cancelling")
            self.target.ask_to_stop(follower.attempt)
            self._kill_at[key] = time.monotonic() + _GRACE_S

    def _settle(self, live: LiveRun, command: Settle) -> None:
        step = live.plan.steps[command.step]
        cause = live.plan.steps[command.because_of] if command.because_of >= 0 else None
        error = live.errors.get(command.step) or settled_error(command.status, step, cause)
        detail = f"'{cause.label or cause.id}' failed" if cause is not None else ""
        at = self._clock()
        live.change_step(
            command.step, at, status=command.status, detail=detail, error=error, finished_at=at
        )

    def _end(self, live: LiveRun, command: End) -> None:
        at = self._clock()
        elapsed = time.monotonic() - (live.started_clock or 0.0)
        failed = next((step for step in live.steps if step.status == "failed"), None)
        live.change_run(
            at,
            status=command.status,
            detail="",
            finished_at=at,
            seconds=round(elapsed, 6),
            error=failed.error if failed is not None and command.status == "failed" else None,
        )

    # -- what the target reports -----------------------------------------------------------------

    def _report(self, attempt: Attempt, outcome: Outcome) -> None:
        run_id, index = attempt.key
        live = self._live.get(run_id)
        follower = self._attempts.get(attempt.key)
        if live is None or follower is None or follower.attempt is not attempt:
            return
        if isinstance(outcome, WorkerEvent) and outcome.kind not in ("done", "failed"):
            self._news(live, index, outcome)
            return
        self._release(live, attempt.key, follower)
        if isinstance(outcome, WorkerEvent) and outcome.kind == "done":
            self._accept(live, index, attempt, outcome)
        else:
            self._refuse(live, index, follower, outcome)

    def _news(self, live: LiveRun, index: int, event: WorkerEvent) -> None:
        record = live.steps[index]
        if event.kind == "metric":
            live.steps[index] = msgspec.structs.replace(
                record, metrics=add_metric(record.metrics, event.data)
            )
            self._tell_now(live, index, "metric", event.data)
        elif event.kind == "progress":
            share, text = event.data.get("share"), str(event.data.get("text", ""))
            live.steps[index] = msgspec.structs.replace(record, progress=share, progress_text=text)
            self._tell_now(live, index, "progress", event.data)

    def _tell_now(self, live: LiveRun, index: int, kind: str, data: dict[str, object]) -> None:
        """Publish something that is not kept in the event log."""
        event = RunEvent(
            sequence=self.store.sequence,
            run_id=live.id,
            kind=kind,  # type: ignore[arg-type]
            step=live.plan.steps[index].id,
            at=self._clock(),
            data=data,
        )
        self._publish([event])

    def _release(self, live: LiveRun, key: tuple[str, int], follower: Follower) -> None:
        del self._attempts[key]
        self._deadlines.pop(key, None)
        self._kill_at.pop(key, None)
        text = follower.finish()
        if text:
            self._tell_now(live, key[1], "log", {"text": text, "stream": "out"})
        self._free_cpus += min(live.plan.steps[key[1]].cpus, float(self.cpus))

    def _accept(self, live: LiveRun, index: int, attempt: Attempt, event: WorkerEvent) -> None:
        step = live.plan.steps[index]
        try:
            outputs = adopt_outputs(self.artifacts, attempt, event, step, live.is_durable)
        except (OSError, InfrastructureError) as exc:
            cause, error = failure_of(exc, step, is_expired=False)
            live.errors[index] = error
            self._feed(live, Failed(index, cause))
            return
        at, record = self._clock(), live.steps[index]
        result = StoredResult(
            run_id=live.id,
            run_number=live.run.number,
            step=step.id,
            inputs=live.inputs.get(index) or live.input_digests(step),
            outputs=outputs,
            metrics=record.metrics,
            seed=step.seed,
            seconds=event.data.get("seconds"),
            peak_memory_bytes=event.peak_memory_bytes,
        )
        live.change_step(
            index,
            at,
            status="completed",
            outputs=outputs,
            finished_at=at,
            seconds=event.data.get("seconds"),
            metrics=record.metrics,
            peak_memory_bytes=event.peak_memory_bytes,
            detail="",
        )
        self._learn(live, index, result)
        self._feed(live, Finished(index))

    def _learn(self, live: LiveRun, index: int, result: StoredResult) -> None:
        keys = (live.fingerprints.get(index), live.lineage[index])
        known = tuple(key for key in keys if key)
        if known:
            live.changes.append(ResultLearned(keys=known, result=result))

    def _refuse(
        self, live: LiveRun, index: int, follower: Follower, outcome: WorkerEvent | Death
    ) -> None:
        step = live.plan.steps[index]
        cause, error = failure_of(outcome, step, is_expired=follower.is_expired)
        live.errors[index] = error
        self._feed(live, Failed(index, cause))


_ROOM_BYTES = 16 << 20


def new_run_id(at: float) -> str:
    """A new run id; ids sort by time."""
    return f"{int(at * 1000):011x}{os.urandom(5).hex()}"


def _skipped(plan: Plan) -> list[StepRun]:
    return [
        StepRun(step=name, status="skipped", detail=reason, reason=reason)
        for name, reason in plan.skipped.items()
    ]


def _frozen(step: Step) -> StoredResult:
    return StoredResult(run_id="", run_number=0, step=step.id, inputs=(), outputs=step.frozen)


def _event_of(run: Run, step: StepRun, sequence: int) -> RunEvent:
    data = {
        name: getattr(step, name)
        for name in ("reused", "reused_from", "reason", "detail", "outputs", "metrics", "seconds")
    }
    return RunEvent(
        sequence=sequence,
        run_id=run.id,
        kind="step",
        step=step.step,
        status=step.status,
        at=run.created_at,
        data=data,
    )
