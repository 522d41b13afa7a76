import pytest

from runtime.execution.embedded import run_plan
from tests.runtime.execution.plans import plan, step


@pytest.mark.slow
def test_of_a_thousand_steps_only_the_three_killed_ones_are_tried_again(workspace):
    killed = {"s5", "s500", "s999"}
    steps = [
        step(
            f"s{n}",
            call="kill_itself",
            parameters={"times": 1 if f"s{n}" in killed else 0},
            after=(f"s{n - 10}",) if n >= 10 else (),
            reuse=False,
        )
        for n in range(1000)
    ]
    run = run_plan(plan(*steps), workspace)
    assert run.status == "completed"
    assert {name for name, record in run.steps.items() if record.attempts > 1} == killed
