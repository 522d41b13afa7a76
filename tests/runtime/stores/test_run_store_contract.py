"""What every run store promises."""

import pytest

from runtime.model import ArtifactRef, Run, RunEvent, StepRun
from runtime.stores import SqliteRunStore, StaleChangeError
from runtime.stores.changes import (
    EventsHappened,
    ResultLearned,
    RunChanged,
    StepChanged,
    StoredResult,
)
from tests.runtime.stores.fakes import FakeRunStore

ARTIFACT = ArtifactRef(type="Value", digest="b3:1", bytes=3, format="json")


@pytest.fixture(params=["fake", "sqlite"])
def store(request, tmp_path):
    made = FakeRunStore() if request.param == "fake" else SqliteRunStore(tmp_path / "runs.db")
    yield made
    made.close()


def new_run(run_id="r1", *, pipeline_id="p", name="Test", steps=("a", "b")):
    return Run(
        id=run_id,
        name=name,
        pipeline_id=pipeline_id,
        status="running",
        created_at=5.0,
        steps={name: StepRun(step=name) for name in steps},
    )


def running(position=0, *, before=("queued", 0), fence=1):
    name = "ab"[position]
    record = StepRun(step=name, status="running", attempts=fence)
    return StepChanged(run_number=1, position=position, before=before, fence=fence, record=record)


def test_an_accepted_run_has_a_number_its_steps_and_its_plan(store):
    run = store.create_run(new_run(), b'{"plan": 1}')
    assert run.number == 1
    assert store.run("r1") == run
    assert store.plan("r1") == b'{"plan": 1}'
    assert store.run("other") is None


def test_runs_are_listed_newest_first_and_filtered(store):
    for number in range(1, 5):
        store.create_run(
            new_run(f"r{number}", pipeline_id="p" if number % 2 else "q", name=f"Run {number}%"),
            b"{}",
        )
    assert [run.number for run in store.runs()] == [4, 3, 2, 1]
    assert [run.number for run in store.runs(limit=2, before=4)] == [3, 2]
    assert [run.number for run in store.runs(pipeline_id="p")] == [3, 1]
    assert [run.number for run in store.runs(status="failed")] == []
    ids = [run.id for run in store.runs()]
    assert [run.number for run in store.runs(among=[ids[3], ids[1], "no"], limit=2)] == [3, 1]
    assert store.runs(among=[]) == []
    assert [run.number for run in store.runs(search="run 2")] == [2]
    assert [run.number for run in store.runs(search="3%")] == [3]
    assert all(run.steps == {} for run in store.runs())


def test_a_step_changes_only_from_the_state_and_fence_it_is_in(store):
    store.create_run(new_run(), b"{}")
    store.apply([running()])
    assert store.step_runs("r1")["a"].status == "running"
    with pytest.raises(StaleChangeError):
        store.apply([running()])
    with pytest.raises(StaleChangeError):
        store.apply([running(before=("running", 7), fence=8)])


def test_a_refused_change_takes_the_whole_transaction_with_it(store):
    store.create_run(new_run(), b"{}")
    with pytest.raises(StaleChangeError):
        store.apply([running(0), running(1, before=("running", 1))])
    assert store.step_runs("r1")["a"].status == "queued"


def test_events_are_kept_in_order_and_found_after_a_sequence_number(store):
    run = store.create_run(new_run(), b"{}")
    store.create_run(new_run("r2"), b"{}")
    first = store.sequence
    events = tuple(
        RunEvent(sequence=first + n, run_id="r1", kind="step", step="a", status="running")
        for n in (1, 2)
    )
    store.apply([EventsHappened(run_id=run.id, events=events)])
    assert [event.sequence for event in store.events(after=0)] == list(range(1, first + 3))
    assert list(store.events(after=first)) == list(events)
    assert list(store.events(after=first + 1, run_id="r1")) == [events[1]]
    assert [event.run_id for event in store.events(after=0, run_id="r2")] == ["r2"]


def test_the_first_events_of_a_run_say_what_was_reused(store):
    run = new_run()
    reused = StepRun(
        step="a", status="completed", reused=True, finished_at=5.0, outputs={"x": ARTIFACT}
    )
    store.create_run(
        Run(**{**{f: getattr(run, f) for f in run.__struct_fields__}, "steps": {
            "a": reused, "b": StepRun(step="b")}}),
        b"{}",
    )  # fmt: skip
    begun, told = store.events(after=0)
    assert (begun.kind, begun.status, begun.data["number"]) == ("run", "running", 1)
    assert (told.step, told.status, told.data["reused"]) == ("a", "completed", True)


def test_unfinished_runs_are_found_with_the_wish_to_cancel_them(store):
    run = store.create_run(new_run(), b"{}")
    store.create_run(new_run("r2"), b"{}")
    store.request_cancel("r2")
    assert store.unfinished() == [("r1", False), ("r2", True)]
    ended = Run(id="r1", number=run.number, status="completed", created_at=5.0)
    store.apply([RunChanged(record=ended)])
    assert store.unfinished() == [("r2", True)]
    assert store.run("r1").status == "completed"
    assert set(store.run("r1").steps) == {"a", "b"}


def test_a_result_is_found_under_each_of_its_keys(store):
    result = StoredResult(
        run_id="r1", run_number=1, step="a", inputs=("b3:0",), outputs={"value": ARTIFACT}
    )
    store.apply([ResultLearned(keys=("finger", "line"), result=result)])
    assert store.look_up(["finger", "line", "other"]) == {"finger": result, "line": result}
    assert store.look_up([]) == {}


def test_thousands_of_keys_are_looked_up_at_once(store):
    result = StoredResult(run_id="r1", run_number=1, step="a", inputs=(), outputs={})
    keys = [f"key{n}" for n in range(2500)]
    store.apply([ResultLearned(keys=tuple(keys), result=result)])
    assert len(store.look_up(keys)) == 2500
