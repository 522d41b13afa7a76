import time
from functools import partial

import pytest

from runtime.execution import conductor
from runtime.execution.embedded import hosted_engine, run_plan
from runtime.execution.following import Follower
from runtime.stores import FolderArtifactStore
from runtime.targets.process import start_time
from tests.runtime.execution.plans import plan, step

BOTH = pytest.mark.parametrize("isolated", [False, True], ids=["warm", "alone"])


def only(run):
    (record,) = run.steps.values()
    return record


@BOTH
def test_an_exception_keeps_the_authors_lines_and_hides_secrets(workspace, isolated):
    run = run_plan(plan(step("a", call="fail", isolated=isolated)), workspace)
    error = only(run).error
    assert run.status == "failed" and run.error == error
    assert (error.code, error.message) == ("M008", "ZeroDivisionError: division by zero")
    assert [frame["function"] for frame in error.frames] == ["fail"]
    assert error.frames[0]["text"] == "return give(request, len(password) / divisor)"
    assert error.frames[-1]["values"]["divisor"] == "0"
    assert error.frames[-1]["values"]["password"] == "(hidden)"


@BOTH
def test_what_a_failed_step_made_all_the_same_is_kept_and_feeds_nothing(workspace, isolated):
    run = run_plan(
        plan(
            step("a", call="fail_with_remains", isolated=isolated, outputs=("value", "other")),
            step("b", ["a"]),
        ),
        workspace,
    )
    made, after = run.steps["a"], run.steps["b"]
    assert (made.status, after.status) == ("failed", "skipped")
    path = FolderArtifactStore(workspace.artifacts).path(made.outputs["value"].digest)
    assert list(made.outputs) == ["value"] and path.read_text() == '"half"'


def test_remains_of_an_attempt_give_way_to_the_outputs_of_the_next(workspace):
    failing = step("a", call="fail_with_remains", parameters={"times": 1}, retries=1)
    record = only(run_plan(plan(failing), workspace))
    path = FolderArtifactStore(workspace.artifacts).path(record.outputs["value"].digest)
    assert record.attempts == 2 and path.read_text() == '"whole"'


@BOTH
def test_a_killed_process_is_tried_once_more(workspace, isolated):
    run = run_plan(
        plan(step("a", call="kill_itself", isolated=isolated, parameters={"times": 1})), workspace
    )
    assert (run.status, only(run).attempts) == ("completed", 2)


@BOTH
def test_a_process_that_keeps_dying_fails_with_a_code(workspace, isolated):
    run = run_plan(plan(step("a", call="kill_itself", isolated=isolated)), workspace)
    assert (only(run).error.code, only(run).attempts) == ("R003", 2)
    assert "signal 9" in only(run).error.message


@BOTH
@pytest.mark.parametrize("call", ["exit_now", "exit_politely"])
def test_ending_the_process_is_the_modules_fault(workspace, isolated, call):
    run = run_plan(plan(step("a", call=call, isolated=isolated)), workspace)
    assert (only(run).error.code, only(run).attempts) == ("M010", 1)
    assert only(run).error.message.startswith("'a' ended its process")


@BOTH
def test_a_hanging_step_ends_at_its_limit(workspace, isolated):
    run = run_plan(plan(step("a", call="hang", isolated=isolated, timeout_s=0.4)), workspace)
    assert only(run).error.code == "R001"


@BOTH
def test_a_step_that_allocates_without_end_is_told_apart(workspace, isolated):
    run = run_plan(plan(step("a", call="allocate", isolated=isolated, memory_gib=0.2)), workspace)
    assert only(run).error.code == "R002"
    assert "0.2 GiB" in only(run).error.message


@BOTH
def test_outputs_that_were_not_declared_are_refused(workspace, isolated):
    run = run_plan(plan(step("a", call="garbage", isolated=isolated)), workspace)
    assert only(run).error.code == "M009"


@BOTH
def test_retries_repeat_a_failing_step(workspace, isolated):
    run = run_plan(
        plan(step("a", call="fail_until", isolated=isolated, retries=2, parameters={"attempt": 3})),
        workspace,
    )
    assert (run.status, only(run).attempts) == ("completed", 3)


@pytest.mark.slow
def test_a_full_disk_blocks_the_step_until_there_is_room(workspace):
    details = []
    run = run_plan(
        plan(step("a", call="disk_full_once")),
        workspace,
        on_event=lambda event: details.append(event.data.get("detail")),
    )
    assert run.status == "completed"
    assert any(str(one).startswith("blocked: disk full, needs 16 MB") for one in details)


def test_what_depends_on_a_failed_step_is_skipped_and_the_rest_goes_on(workspace):
    run = run_plan(
        plan(
            step("bad", call="fail"),
            step("after", ["bad"]),
            step("alone", call="hang", parameters={"seconds": 0.3}),
            step("beside", ["alone"]),
            failure_policy="continue",
        ),
        workspace,
    )
    assert run.status == "failed"
    statuses = {name: record.status for name, record in run.steps.items()}
    assert statuses == {
        "bad": "failed",
        "after": "skipped",
        "alone": "completed",
        "beside": "completed",
    }
    assert run.steps["after"].error.code == "R005"
    assert "'bad'" in run.steps["after"].error.message


def test_with_the_policy_stop_nothing_new_starts_after_a_failure(workspace):
    run = run_plan(
        plan(
            step("bad", call="fail"),
            step("alone", call="hang", parameters={"seconds": 0.3}),
            step("beside", ["alone"]),
        ),
        workspace,
    )
    assert run.steps["alone"].status == "completed"
    assert run.steps["beside"].status == "skipped"


@BOTH
def test_a_cancelled_run_ends_its_steps_and_starts_no_more(workspace, isolated):
    with hosted_engine(workspace, None) as engine:
        run = engine.submit(
            plan(step("a", call="hang", isolated=isolated), step("b", ["a"], isolated=isolated))
        )
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            engine.turn(0.05)
        assert engine.cancel(run.id)
        while engine.is_live(run.id):
            engine.turn()
        ended = engine.ended(run)
    assert ended.status == "cancelled"
    assert {record.status for record in ended.steps.values()} == {"cancelled"}
    assert ended.steps["a"].error.code == "R004"


@BOTH
def test_what_a_step_says_arrives_while_it_runs(workspace, isolated):
    events = []
    run = run_plan(
        plan(step("a", call="talk", isolated=isolated, parameters={"seconds": 0.4})),
        workspace,
        on_event=events.append,
    )
    kinds = [event.kind for event in events]
    before_the_end = kinds[: len(kinds) - kinds[::-1].index("step") - 1]
    assert {"log", "metric", "progress"} <= set(before_the_end)
    assert only(run).metrics["loss"] == 0.25
    assert only(run).metrics["curve"] == [[0, 0], [1, 1], [2, 2]]
    assert "hello from the step" in workspace.log_file(run.id, "a", 1).read_text()


@pytest.mark.slow
@BOTH
def test_of_a_step_that_prints_without_end_the_beginning_and_the_end_are_kept(
    workspace, isolated, monkeypatch
):
    monkeypatch.setattr(conductor, "Follower", partial(Follower, limit=50 << 20))
    run = run_plan(
        plan(step("a", call="flood", isolated=isolated, parameters={"megabytes": 200})), workspace
    )
    assert run.status == "completed"
    log = workspace.log_file(run.id, "a", 1)
    assert log.stat().st_size < (50 << 20) + 200
    assert b"printed here and dropped" in log.read_bytes()
    assert log.read_bytes().endswith(b"x\n")


def test_no_process_is_left_when_the_engine_is_gone(workspace):
    run = run_plan(plan(step("a", call="pid"), step("b", call="pid", isolated=True)), workspace)
    for record in run.steps.values():
        digest = record.outputs["value"].digest
        path = workspace.artifacts / "cas" / digest[3:5] / digest[3:]
        assert start_time(int(path.read_text())) == 0
