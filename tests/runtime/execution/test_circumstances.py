"""What a run's record says of what surrounded it: prices, packages, failed attempts, moved bytes."""

import platform

import pytest

from runtime.errors import InfrastructureError, RequestError
from runtime.execution.cost import run_cost
from runtime.execution.embedded import run_plan
from runtime.execution.environment_lock import kept_lock, read_lock
from runtime.execution.taken import with_usage
from runtime.model import FailedAttempt, Run, StepRun, WorkerEvent
from runtime.targets.prices import PriceFile
from tests.runtime.execution.plans import plan, step


def test_a_run_keeps_the_price_and_the_packages_that_it_began_with(workspace):
    PriceFile(workspace.path).set("local", 2.5)
    PriceFile(workspace.path).set("other", 9)
    run = run_plan(plan(step("a")), workspace)
    assert run.prices == {"local": 2.5}
    assert run.counts.done == 1
    lock = read_lock(workspace.path, run.packages)
    assert lock.python == platform.python_version()
    assert {"msgspec", "pyarrow"} <= lock.packages.keys()
    assert kept_lock(workspace.path) == run.packages


def test_prices_that_cannot_be_read_keep_no_run_from_beginning(workspace):
    (workspace.path / "prices.toml").write_text("local = 'much'")
    with pytest.raises(InfrastructureError, match="cannot be read"):
        PriceFile(workspace.path).prices()
    assert run_plan(plan(step("a")), workspace).status == "completed"


def test_a_price_is_set_and_taken_away(tmp_path):
    prices = PriceFile(tmp_path)
    prices.set("gpu-box", 1.25)
    assert prices.prices() == {"gpu-box": 1.25}
    prices.set("gpu-box", 0)
    assert prices.prices() == {}
    with pytest.raises(RequestError) as raised:
        prices.set("gpu-box", float("nan"))
    assert raised.value.code == "T002"


def test_a_run_costs_what_its_steps_held_each_target_for():
    lost = FailedAttempt(attempt=1, reason="died", seconds=600)
    steps = {
        "a": StepRun(step="a", target="gpu", status="completed", seconds=3000, failed_attempts=(lost,)),
        "b": StepRun(step="b", target="gpu", status="completed", seconds=0.0, reused=True),
        "c": StepRun(step="c", target="free", status="completed", seconds=50),
    }  # fmt: skip
    cost = run_cost(Run(id="r", prices={"gpu": 6.0}, steps=steps))
    assert cost.total == pytest.approx(6.0)
    assert [(one.target, one.seconds) for one in cost.targets] == [("gpu", 3600)]
    assert run_cost(Run(id="r", steps=steps)).targets == ()


def test_every_attempt_that_came_to_nothing_is_kept_with_how_it_ended(workspace):
    run = run_plan(plan(step("a", call="kill_itself", parameters={"times": 1})), workspace)
    (failed,) = run.steps["a"].failed_attempts
    assert (failed.attempt, failed.ending) == (1, "signal 9")
    assert failed.seconds > 0
    refused = run_plan(plan(step("a", call="fail")), workspace)
    assert [one.code for one in refused.steps["a"].failed_attempts] == ["M008"]


def test_what_all_attempts_moved_is_summed():
    record = StepRun(step="a")
    for sent, fetched in ((100, 0), (5, 20)):
        said = WorkerEvent(kind="done", data={"sent_bytes": sent, "fetched_bytes": fetched})
        record = with_usage(record, None, said)
    assert record.moved_bytes == 125
