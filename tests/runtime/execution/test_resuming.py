"""Going on with a run that failed: what it finished is taken over, the rest is done, in a new run."""

import json
from contextlib import closing

import pytest

from runtime.errors import RequestError
from runtime.execution.embedded import run_plan
from runtime.execution.resuming import resumed_plan
from runtime.model import Plan, Run
from runtime.stores import SqliteRunStore
from tests.runtime.execution.plans import plan, step


@pytest.fixture
def failed(workspace, tmp_path):
    """A run of three steps whose second fails as long as a folder is missing; with its plan."""
    here, there = tmp_path / "ledger", tmp_path / "missing" / "ledger"
    made = plan(
        step("a", call="remember", parameters={"value": 2, "ledger": str(here)}, reuse=False),
        step("b", ["a"], call="remember", parameters={"value": 1, "ledger": str(there)}),
        step("c", ["b"], parameters={"value": 1}),
        pipeline_id="p",
    )
    run = run_plan(made, workspace)
    assert [one.status for one in run.steps.values()] == ["completed", "failed", "skipped"]
    there.parent.mkdir()
    return run, made


def test_what_a_run_finished_is_taken_over_and_the_rest_is_done(failed, workspace):
    run, made = failed
    resumed = run_plan(resumed_plan(made, run, author="ada"), workspace)
    a, b, c = resumed.steps.values()
    assert (resumed.status, resumed.resumes, resumed.author) == ("completed", run.id, "ada")
    assert (a.reused, a.reason, a.reused_from) == (True, f"done in run {run.number}", run.id)
    assert a.outputs == run.steps["a"].outputs
    assert (b.reused, c.reused) == (False, False)
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        assert [one.id for one in store.resumed_by(run)] == [resumed.id]


def test_a_step_whose_input_is_gone_is_done_again_with_what_follows_it(failed, workspace):
    run, made = failed
    digest = run.steps["a"].outputs["value"].digest
    (workspace.artifacts / "cas" / digest[3:5] / digest[3:]).unlink()
    resumed = run_plan(resumed_plan(made, run, author=""), workspace)
    assert [one.reused for one in resumed.steps.values()] == [False, False, False]
    path = workspace.artifacts / "cas" / digest[3:5] / digest[3:]
    assert json.loads(path.read_text()) == 2


@pytest.mark.parametrize(
    ("status", "steps", "words"), [("running", {}, "still goes on"), ("completed", {}, "left")]
)
def test_what_has_not_ended_or_is_done_is_not_resumed(status, steps, words):
    run = Run(id="r", number=4, status=status, steps=steps)
    with pytest.raises(RequestError, match=words) as raised:
        resumed_plan(Plan(name="", graph_json="{}", graph_hash="", steps=()), run, author="")
    assert raised.value.code == "R010"
