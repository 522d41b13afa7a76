"""R-15 and R-16: cancelling a large run, and writers that wake up when they are no longer wanted."""

import os
import signal
import time

from runtime.execution.embedded import hosted_engine
from runtime.stores import FolderArtifactStore
from tests.chaos.oracle import check, using
from tests.chaos.row import Row
from tests.chaos.victims import Runner, until, wait_for_end
from tests.runtime.execution.plans import plan, step


def cancel(trial):
    """From the click to the acknowledgement, and until every process is gone."""
    victim = Runner(trial.workspace())
    acknowledged, gone = [], []
    for number in range(trial.count):
        is_forced = number % 10 == 9
        run_id = victim.begin(_two_hundred(number, "hang" if is_forced else "until_asked"))
        with victim.client() as client:
            until(lambda client=client, run_id=run_id: _running(client, run_id) >= 1)
            before = time.monotonic()
            client.cancel(run_id)
            acknowledged.append(time.monotonic() - before)
        at = time.time()
        run = wait_for_end(victim.workspace, run_id)
        assert run.status == "cancelled"
        late = [one.step for one in run.steps.values() if (one.started_at or 0) > at]
        assert not late, f"started after the acknowledgement: {late}"
        gone.append(run.finished_at - at)
        check(victim.workspace, run_id)
    victim.end()
    trial.expect_within(_p95(acknowledged), 0.3, "an acknowledgement")
    trial.expect_within(max(gone), 2, "the end of all steps")
    return (
        f"{trial.count} runs of 200 steps: acknowledged {_p95(acknowledged) * 1000:.0f} ms (p95), "
        f"ended {_p95(gone):.2f} s (p95), {max(gone):.2f} s at most; no step began afterwards"
    )


def wake_zombies(trial):
    """A step is frozen, given up for a new attempt elsewhere, and wakes up when that has won."""
    for number in range(trial.count):
        workspace = trial.workspace(f"{number}")
        mark = trial.folder / f"{number}.go"
        work = plan(step("it", call="wait_for_file", isolated=True, parameters={"file": str(mark)}))
        with hosted_engine(workspace, None) as engine:
            run = engine.submit(work)
            began = time.monotonic()
            while not using(workspace.runs / run.id):
                engine.turn(0.05)
                assert time.monotonic() - began < 20
            (zombie,) = using(workspace.runs / run.id)
            os.kill(zombie, signal.SIGSTOP)
        _forget_process(workspace, run.id)
        mark.touch()
        with hosted_engine(workspace, None) as engine:
            engine.resume()
            while engine.is_live(run.id):
                engine.turn()
            won = engine.store.run(run.id)
            os.kill(zombie, signal.SIGCONT)
            until(lambda folder=workspace.runs / run.id: not using(folder))
            for _ in range(3):
                engine.turn(0.05)
            after = engine.store.run(run.id)
        assert won == after and won.steps["it"].attempts == 2
        (ref,) = won.steps["it"].outputs.values()
        assert FolderArtifactStore(workspace.artifacts).verify(ref.digest)
        check(workspace, run.id)
    return f"{trial.count} late results refused, the winner's record and artifact unchanged"


def _forget_process(workspace, run_id):
    """As if the machine had gone away with it: nothing leads from the attempt to its process."""
    path = workspace.attempt_folder(run_id, "it", 1) / "process.json"
    path.write_text("{}")


def _two_hundred(number, call):
    steps = [step(f"s{n}", call=call, parameters={"n": n, "trial": number}) for n in range(200)]
    return plan(*steps, name=f"trial {number}")


def _running(client, run_id):
    return sum(one.status == "running" for one in client.run(run_id).steps.values())


def _p95(values):
    return sorted(values)[int(0.95 * (len(values) - 1))]


ROWS = (
    Row(
        id="R-15",
        done="runs of 200 steps cancelled, every tenth of steps that do not listen",
        part="runner process over its socket, worker processes",
        goal="acknowledged ≤ 300 ms (p95), all gone ≤ 2 s when it cooperates, no start afterwards",
        measure=cancel,
        quick=4,
        long=200,
        tests=("tests/runtime/execution/test_runner.py::test_cancelling_a_run_in_the_runner_ends_it",),
    ),
    Row(
        id="R-16",
        done="a worker frozen, its attempt given up and repeated, then woken",
        part="worker processes, attempt folders, `runs.db`",
        goal="late result refused, the winner's artifact intact",
        measure=wake_zombies,
        quick=1,
        long=30,
        tests=(
            "tests/runtime/targets/test_contract.py::test_a_result_with_another_fence_is_refused",
            "tests/runtime/targets/test_local_target.py::test_an_attempt_that_was_given_up_can_not_start_any_more",
        ),
    ),
)  # fmt: skip
