"""Runs whose steps wait for an environment: cancelled, out of time, and after an engine that died."""

import pytest

from runtime.environments.environment_files import EnvironmentFiles
from runtime.execution.embedded import resume_runs
from runtime.execution.engine import Engine
from runtime.model import PackageSource
from tests.runtime.execution.plans import plan, step
from tests.wheels import floor_wheels, make_wheel

pytestmark = pytest.mark.slow


@pytest.fixture
def shades(tmp_path, workspace):
    wheels = floor_wheels(tmp_path / "wheels")
    make_wheel(wheels, "tint", "1.0", tint="VALUE = 'one'\n")
    source = PackageSource(wheels=str(wheels))
    return EnvironmentFiles(workspace.path).add("shades", ["tint"], source=source)


def one_step(environment, **fields):
    more = {"parameters": {"name": "tint"}, "environment": environment, **fields}
    return plan(step("a", call="imported", isolated=True, **more))


@pytest.fixture
def engine(workspace):
    engine = Engine(workspace)
    yield engine
    engine.close()


def begun(engine, made):
    """A run whose step waits for its environment."""
    run = engine.submit(made)
    live = engine.conductor.live[run.id]
    while not live.steps[0].detail.startswith("building environment, "):
        engine.turn(0.05)
    return run


def ended(engine, run):
    while engine.is_live(run.id):
        engine.turn()
    return engine.store.run(run.id)


def test_the_record_says_what_a_step_ran_in(engine, shades):
    run = ended(engine, begun(engine, one_step(shades)))
    record = run.steps["a"]
    assert (record.status, record.detail, record.attempts) == ("completed", "", 1)
    assert (record.environment, record.environment_digest) == ("shades", shades.digest)


def test_a_run_is_cancelled_while_an_environment_is_built(engine, shades, workspace):
    run = begun(engine, one_step(shades))
    engine.cancel(run.id)
    assert ended(engine, run).steps["a"].status == "cancelled"
    while engine.conductor.places.has_processes:
        engine.turn(0.05)
    assert list(workspace.built_environments.glob("*.part")) == []


def test_a_step_runs_out_of_time_while_its_environment_is_built(engine, shades):
    run = ended(engine, engine.submit(one_step(shades, timeout_s=0.01)))
    assert run.steps["a"].error.code == "R001"


def test_a_run_goes_on_after_an_engine_that_ended_during_a_build(workspace, shades):
    engine = Engine(workspace)
    begun(engine, one_step(shades))
    engine.close()
    (run,) = resume_runs(workspace)
    assert run.status == "completed" and run.steps["a"].status == "completed"
