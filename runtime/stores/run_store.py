"""Runs, step runs, the event log and results for reuse, in one SQLite file."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from runtime.crash_points import crash_point
from runtime.errors import InfrastructureError
from runtime.model import ArtifactRef, ErrorRecord, Origin, Run, RunEvent, StepRun
from runtime.model.digest import digest_bytes
from runtime.stores.changes import (
    Change,
    EventsHappened,
    ResultLearned,
    RunChanged,
    StepChanged,
    StepExecuted,
    StoredResult,
)
from runtime.stores.database import Database
from runtime.stores.first_events import count_of_first_events, first_events, is_settled_at_once
from runtime.stores.history import History
from runtime.stores.measurements import Measurements

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode
_decode_result = msgspec.json.Decoder(StoredResult).decode
_KEYS_PER_QUERY = 500
_MANY_COMMITS = 16
_UNFINISHED = "('queued', 'preparing', 'running')"


class StaleChangeError(InfrastructureError):
    """A change was refused because the row has moved on (another attempt holds the step)."""


class SqliteRunStore:
    """The run store over one `runs.db` (WAL, `synchronous=FULL`, one writing process).

    Args:
        path: The database file; created with mode 0600 when absent. None for a store that is empty
            and keeps nothing.
        clock: Gives seconds since the epoch.

    Attributes:
        history: What became of a pipeline's steps in its last runs.
        measurements: What steps took.
    """

    def __init__(self, path: Path | None, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._db = Database(path)
        self.history = History(self._db)
        self.measurements = Measurements(self._db)
        self.sequence = 0
        self._number = 0
        self.count_events()

    # -- writing ---------------------------------------------------------------------------------

    def create_run(self, run: Run, plan_json: bytes) -> Run:
        """Accept a run durably; gives it back with its number.

        Its first events are numbered, but not stored: they follow from the record.
        """
        first, last = self.sequence + 1, self.sequence + count_of_first_events(run)
        self._db.transaction(lambda: self._insert_run(run, plan_json, first, last))
        self.sequence = last
        return msgspec.structs.replace(run, number=self._number)

    def first_sequence(self, run: Run) -> int:
        """Number of a run's first event."""
        row = self._db.one("SELECT first_sequence FROM run WHERE id=?", (run.id,))
        return int(row[0]) if row else 0

    def _insert_run(self, run: Run, plan_json: bytes, first: int, last: int) -> None:
        execute = self._db.execute
        digest = digest_bytes(plan_json)
        self._keep_plan(digest, plan_json)
        (number,) = execute("SELECT coalesce(max(number), 0) + 1 FROM run").fetchone()
        bare = msgspec.structs.replace(run, steps={}, number=number)
        settled = {
            position: step
            for position, step in enumerate(run.steps.values())
            if is_settled_at_once(run, step)
        }
        execute(
            "INSERT INTO run (number, id, pipeline_id, name, status, created_at, first_sequence,"
            " record, settled, plan) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                number, run.id, run.pipeline_id, run.name, run.status, run.created_at, first,
                _encode(bare), _encode(settled), digest,
            ),
        )  # fmt: skip
        self._db.executemany(
            "INSERT INTO step (run, position, step, status, fence, record) VALUES (?,?,?,?,?,?)",
            [
                (number, position, step.step, step.status, step.attempts, _encode(step))
                for position, step in enumerate(run.steps.values())
                if position not in settled
            ],
        )
        execute("INSERT INTO event (last_sequence, run_id, events) VALUES (?,?,'')", (last, run.id))
        self._number = number

    def _keep_plan(self, digest: str, plan_json: bytes) -> None:
        """Runs of an unchanged graph share their plan; asking first spares copying a large one."""
        if not self._db.execute("SELECT 1 FROM plan WHERE digest=?", (digest,)).fetchone():
            self._db.execute("INSERT INTO plan (digest, content) VALUES (?,?)", (digest, plan_json))

    def apply(self, changes: Iterable[Change]) -> None:
        """Write all changes in one durable transaction, or none of them.

        Raises:
            StoreFullError: The disk is full.
            StaleChangeError: A step's row is not in the state the change starts from.
        """

        def write() -> None:
            for change in changes:
                self._write(change)

        self._db.transaction(write)

    def request_cancel(self, run_id: str) -> None:
        """Record durably that a person wants the run to end."""
        self._db.transaction(
            lambda: self._db.execute("UPDATE run SET cancel_requested=1 WHERE id=?", (run_id,))
        )

    def count_events(self) -> None:
        """Number the next event after the last one that is durable."""
        row = self._db.one("SELECT max(last_sequence) FROM event", ())
        self.sequence = int(row[0] or 0) if row else 0

    def expect(self, commits: int) -> None:
        """Prepare for so many commits: give the write-ahead log its room beforehand."""
        if commits >= _MANY_COMMITS:
            self._db.lengthen_log()

    def _write(self, change: Change) -> None:
        match change:
            case StepChanged():
                self._change_step(change)
            case EventsHappened():
                self._append(change)
            case ResultLearned():
                crash_point("reuse.before_insert")
                stored = _encode(change.result)
                self._db.executemany(
                    "INSERT OR REPLACE INTO result (key, stored) VALUES (?,?)",
                    [(key, stored) for key in change.keys],
                )
            case StepExecuted():
                self.measurements.write(change)
                self._db.executemany(
                    "INSERT OR IGNORE INTO output (digest, run, step) VALUES (?,?,?)",
                    [(digest, change.run_number, change.step) for digest in change.outputs],
                )
            case RunChanged():
                run = change.record
                self._db.execute(
                    "UPDATE run SET status=?, record=? WHERE number=?",
                    (run.status, _encode(msgspec.structs.replace(run, steps={})), run.number),
                )

    def _change_step(self, change: StepChanged) -> None:
        record = change.record
        status, fence = change.before
        cursor = self._db.execute(
            "UPDATE step SET status=?, fence=?, record=? "
            "WHERE run=? AND position=? AND status=? AND fence=?",
            (
                record.status, change.fence, _encode(record),
                change.run_number, change.position, status, fence,
            ),
        )  # fmt: skip
        if cursor.rowcount != 1:
            raise StaleChangeError(
                "R003",
                f"Step '{record.step}' is no longer {status} in attempt {fence}.",
                remedy="Look at the run again.",
            )

    def _append(self, happened: EventsHappened) -> None:
        self._db.execute(
            "INSERT INTO event (last_sequence, run_id, events) VALUES (?,?,?)",
            (happened.events[-1].sequence, happened.run_id, _encode(happened.events)),
        )

    # -- reading ---------------------------------------------------------------------------------

    def run(self, run_id: str) -> Run | None:
        """A run with its step runs."""
        row = self._db.one("SELECT number, id, status, record FROM run WHERE id=?", (run_id,))
        if row is None:
            return None
        steps = {step.step: step for step in self._steps(row[0])}
        return msgspec.structs.replace(self._run(row), steps=steps)

    def brief(self, run_id: str) -> Run | None:
        """A run without its step runs."""
        row = self._db.one("SELECT number, id, status, record FROM run WHERE id=?", (run_id,))
        return None if row is None else self._run(row)

    def runs(
        self,
        *,
        limit: int = 100,
        before: int | None = None,
        pipeline_id: str | None = None,
        status: str | None = None,
        search: str | None = None,
        among: Collection[str] | None = None,
    ) -> list[Run]:
        """Runs without their steps, newest first; `before` is a run number, `among` run ids."""
        wanted: list[tuple[str, Any]] = [
            (text, value)
            for text, value in (
                ("number<?", before),
                ("pipeline_id=?", pipeline_id),
                ("status=?", status),
                ("name LIKE ? ESCAPE '\\'", _pattern(search)),
                ("id IN (SELECT value FROM json_each(?))", _listed(among)),
            )
            if value is not None
        ]
        where = " AND ".join(text for text, _ in wanted) or "1"
        rows = self._db.all(
            f"SELECT number, id, status, record FROM run WHERE {where} ORDER BY number DESC LIMIT ?",
            (*(value for _, value in wanted), limit),
        )
        return [self._run(row) for row in rows]

    def resumed_by(self, run: Run) -> list[Run]:
        """The runs that went on with a run, without their steps, oldest first."""
        rows = self._db.all(
            "SELECT number, id, status, record FROM run WHERE pipeline_id=? AND number>?"
            " AND instr(record, CAST(? AS BLOB)) ORDER BY number",
            (run.pipeline_id, run.number, f'"resumes":"{run.id}"'),
        )
        return [self._run(row) for row in rows]

    def step_runs(self, run_id: str) -> Mapping[str, StepRun]:
        """The step runs of a run by step id."""
        row = self._db.one("SELECT number FROM run WHERE id=?", (run_id,))
        return {} if row is None else self.steps_of(row[0])

    def plan(self, run_id: str) -> bytes | None:
        """The plan that a run executes, as JSON."""
        row = self._db.one(
            "SELECT content FROM plan JOIN run ON run.plan=plan.digest WHERE run.id=?", (run_id,)
        )
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def unfinished(self) -> list[tuple[str, bool]]:
        """Ids of runs that have not ended, oldest first, and whether to cancel them."""
        rows = self._db.all(
            f"SELECT id, cancel_requested FROM run WHERE status IN {_UNFINISHED} ORDER BY number",
            (),
        )
        return [(run_id, bool(cancel)) for run_id, cancel in rows]

    def run_id(self, number: int) -> str | None:
        """The id of a run by its number."""
        row = self._db.one("SELECT id FROM run WHERE number=?", (number,))
        return None if row is None else str(row[0])

    def steps_of(self, number: int) -> dict[str, StepRun]:
        """The step runs of a run by its number."""
        return {step.step: step for step in self._steps(number)}

    def step_run(self, number: int, step: str) -> StepRun | None:
        """One step of one run."""
        row = self._db.one("SELECT record FROM step WHERE run=? AND step=?", (number, step))
        if row is not None:
            return self._step(number, step, row[0])
        return next((one for one in self._settled(number).values() if one.step == step), None)

    def events(self, *, after: int, run_id: str | None = None) -> Iterator[RunEvent]:
        """Events after a sequence number, oldest first."""
        where: str = ""
        values: tuple[int | str, ...] = (after,)
        if run_id is not None:
            row = self._db.one("SELECT first_sequence FROM run WHERE id=?", (run_id,))
            first = row[0] if row else 0
            where, values = "AND run_id=?", (max(after, first - 1), run_id)
        rows = self._db.all(
            f"SELECT last_sequence, run_id, events FROM event WHERE last_sequence>? {where} ORDER BY last_sequence",
            values,
        )
        for last, owner, encoded in rows:
            for event in self._told(last, encoded) if encoded else self._beginning(owner, last):
                if event.sequence > after:
                    yield event

    def _told(self, last: int, encoded: bytes) -> tuple[RunEvent, ...]:
        try:
            return _decode(encoded, type=tuple[RunEvent, ...])
        except (msgspec.DecodeError, ValueError) as exc:
            self._quarantine("event", str(last), exc, encoded)
            return ()

    def _beginning(self, run_id: str, last: int) -> list[RunEvent]:
        run = self.run(run_id)
        if run is None:
            return []
        return first_events(run, last - count_of_first_events(run) + 1)

    def look_up(self, keys: Sequence[str]) -> dict[str, StoredResult]:
        """Stored results by key; keys that are unknown or whose row is damaged are left out."""
        found: dict[str, StoredResult] = {}
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            part = keys[start : start + _KEYS_PER_QUERY]
            marks = ",".join("?" * len(part))
            rows = self._db.all(f"SELECT key, stored FROM result WHERE key IN ({marks})", part)
            for key, stored in rows:
                if (result := self._result(key, stored)) is not None:
                    found[key] = result
        return found

    def origins(self, digests: Iterable[str]) -> dict[str, Origin]:
        """Who made these artifacts; those that no run made here are left out."""
        found: dict[str, Origin] = {}
        steps: dict[int, tuple[str, dict[str, StepRun]]] = {}
        for digest in digests:
            row = self._db.one("SELECT run, step FROM output WHERE digest=?", (digest,))
            if row is None:
                continue
            number, name = row
            if number not in steps:
                steps[number] = self.run_id(number) or "", self.steps_of(number)
            run_id, records = steps[number]
            origin = _origin(digest, run_id, number, records.get(name))
            if origin is not None:
                found[digest] = origin
        return found

    def forget_results(self, is_whole: Callable[[Iterable[ArtifactRef]], bool]) -> None:
        """Forget stored results whose artifacts are not all there any more."""
        gone = [
            (key,)
            for key, stored in self._db.all("SELECT key, stored FROM result")
            if (result := self._result(key, stored)) is None
            or not is_whole(result.outputs.values())
        ]
        self._db.transaction(lambda: self._db.executemany("DELETE FROM result WHERE key=?", gone))

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _result(self, key: str, stored: bytes) -> StoredResult | None:
        try:
            return _decode_result(stored)
        except (msgspec.DecodeError, ValueError) as exc:
            self._quarantine("result", key, exc, stored)
            return None

    def _steps(self, number: int) -> list[StepRun]:
        settled = self._settled(number)
        rows = self._db.all("SELECT position, step, record FROM step WHERE run=?", (number,))
        for position, name, record in rows:
            settled[position] = self._step(number, name, record)
        return [step for _, step in sorted(settled.items())]

    def _settled(self, number: int) -> dict[int, StepRun]:
        (content,) = self._db.one("SELECT settled FROM run WHERE number=?", (number,)) or (b"{}",)
        try:
            return _decode(content, type=dict[int, StepRun])
        except (msgspec.DecodeError, ValueError) as exc:
            self._quarantine("settled", str(number), exc, content)
            return {}

    def _step(self, number: int, step: str, record: bytes) -> StepRun:
        try:
            return _decode(record, type=StepRun)
        except (msgspec.DecodeError, ValueError) as exc:
            self._quarantine("step", f"{number}/{step}", exc, record)
            return StepRun(step=step, status="failed", error=_damaged(f"step '{step}'"))

    def _run(self, row: tuple[int, str, str, bytes]) -> Run:
        number, run_id, _status, record = row
        try:
            return _decode(record, type=Run)
        except (msgspec.DecodeError, ValueError) as exc:
            self._quarantine("run", run_id, exc, record)
            return Run(id=run_id, number=number, status="failed", error=_damaged(f"run {number}"))

    def set_aside(self, run_id: str, why: Exception) -> None:
        """End a run whose rows cannot be read, keeping them in quarantine."""
        row = self._db.one("SELECT number, record FROM run WHERE id=?", (run_id,))
        if row is None:
            return
        self._quarantine("run", run_id, why, row[1])
        ended = Run(id=run_id, number=row[0], status="failed", error=_damaged(f"run {row[0]}"))
        self.apply([RunChanged(record=ended)])

    def _quarantine(self, source: str, key: str, why: Exception, content: bytes) -> None:
        known = self._db.one("SELECT 1 FROM quarantine WHERE source=? AND key=?", (source, key))
        if known is None:
            self._db.transaction(
                lambda: self._db.execute(
                    "INSERT INTO quarantine (at, source, key, why, content) VALUES (?,?,?,?,?)",
                    (self._clock(), source, key, str(why), content),
                )
            )


def _origin(digest: str, run_id: str, number: int, record: StepRun | None) -> Origin | None:
    for port, ref in record.outputs.items() if record is not None else ():
        if record is not None and ref.digest == digest:
            return Origin(
                artifact=ref,
                run_id=run_id,
                run_number=number,
                step=record.step,
                port=port,
                at=record.finished_at,
            )
    return None


def _damaged(what: str) -> ErrorRecord:
    return ErrorRecord(
        code="S003",
        message=f"The record of {what} is damaged and was set aside.",
        remedy="Run the pipeline again.",
    )


def _listed(values: Collection[str] | None) -> str | None:
    return None if values is None else msgspec.json.encode(list(values)).decode()


def _pattern(search: str | None) -> str | None:
    if not search:
        return None
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
