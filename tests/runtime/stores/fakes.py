"""Stand-ins for the stores that keep everything in memory; they pass the same contracts."""

import msgspec

from runtime.model import Run
from runtime.model.digest import digest_bytes
from runtime.stores import StaleChangeError
from runtime.stores.changes import EventsHappened, ResultLearned, RunChanged, StepChanged
from runtime.stores.first_events import first_events


class FakeArtifactStore:
    """Bytes by digest in a dictionary; a path is made when somebody asks for it."""

    def __init__(self, folder):
        self._folder = folder
        self.content = {}

    def has(self, digest, size=None):
        return digest in self.content and size in (None, len(self.content[digest]))

    def path(self, digest):
        path = self._folder / digest[3:]
        path.write_bytes(self.content[digest])
        return path

    def adopt(self, source, ref, *, durable):
        self.content[ref.digest] = source.read_bytes()
        source.unlink()

    def verify(self, digest):
        return digest in self.content and digest_bytes(self.content[digest]) == digest

    def remove(self, digest):
        return len(self.content.pop(digest, b""))

    def digests(self):
        return iter(sorted(self.content))

    def shorten(self, digest):
        self.content[digest] = self.content[digest][:-1]


class FakeRunStore:
    """Runs, events and results in dictionaries."""

    def __init__(self):
        self._runs, self._plans, self._events, self._results = {}, {}, [], {}
        self._cancelled = set()
        self.sequence = 0

    def create_run(self, run, plan_json):
        run = msgspec.structs.replace(run, number=len(self._runs) + 1)
        self._runs[run.id], self._plans[run.id] = run, plan_json
        events = first_events(run, self.sequence + 1)
        self._events += events
        self.sequence = events[-1].sequence
        return run

    def apply(self, changes):
        runs, events, results = dict(self._runs), list(self._events), dict(self._results)
        for change in changes:
            match change:
                case StepChanged():
                    run = next(r for r in runs.values() if r.number == change.run_number)
                    name = list(run.steps)[change.position]
                    now = run.steps[name]
                    if (now.status, now.attempts) != change.before:
                        raise StaleChangeError("R003", "moved on")
                    steps = {**run.steps, name: change.record}
                    runs[run.id] = msgspec.structs.replace(run, steps=steps)
                case RunChanged(record=record):
                    steps = runs[record.id].steps
                    runs[record.id] = msgspec.structs.replace(record, steps=steps)
                case EventsHappened():
                    events += change.events
                case ResultLearned():
                    results.update(dict.fromkeys(change.keys, change.result))
        self._runs, self._events, self._results = runs, events, results

    def request_cancel(self, run_id):
        self._cancelled.add(run_id)

    def run(self, run_id) -> Run | None:
        return self._runs.get(run_id)

    def runs(
        self, *, limit=100, before=None, pipeline_id=None, status=None, search=None, among=None
    ):
        found = [
            msgspec.structs.replace(run, steps={})
            for run in sorted(self._runs.values(), key=lambda run: -run.number)
            if (before is None or run.number < before)
            and (pipeline_id is None or run.pipeline_id == pipeline_id)
            and (status is None or run.status == status)
            and (not search or search.lower() in run.name.lower())
            and (among is None or run.id in among)
        ]
        return found[:limit]

    def step_runs(self, run_id):
        return self._runs[run_id].steps if run_id in self._runs else {}

    def plan(self, run_id):
        return self._plans.get(run_id)

    def unfinished(self):
        return [
            (run.id, run.id in self._cancelled)
            for run in self._runs.values()
            if run.status in ("queued", "preparing", "running")
        ]

    def events(self, *, after, run_id=None):
        return (
            event
            for event in self._events
            if event.sequence > after and run_id in (None, event.run_id)
        )

    def look_up(self, keys):
        return {key: self._results[key] for key in keys if key in self._results}

    def close(self):
        pass
