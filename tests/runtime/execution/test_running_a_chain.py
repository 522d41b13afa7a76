import pytest

from runtime.execution.embedded import run_plan
from tests.runtime.execution.plans import chain


@pytest.mark.parametrize("isolated", [False, True])
def test_a_chain_runs_to_its_end(workspace, isolated):
    run = run_plan(chain(4, isolated=isolated), workspace)
    assert run.status == "completed"
    assert [step.status for step in run.steps.values()] == ["completed"] * 4
    digest = run.steps["s3"].outputs["value"].digest
    assert (workspace.artifacts / "cas" / digest[3:5] / digest[3:]).read_text() == "4"


def test_a_second_run_reuses_everything_and_says_from_where(workspace):
    first = run_plan(chain(4), workspace)
    second = run_plan(chain(4), workspace)
    assert all(step.reused for step in second.steps.values())
    assert {step.reused_from for step in second.steps.values()} == {first.id}
    assert second.steps["s3"].reason == "nothing changed since run 1"
