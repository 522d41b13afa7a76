"""What is computed again, what is not, and what the run says about it."""

import os

from runtime.execution.embedded import run_plan
from runtime.model import ArtifactRef
from runtime.stores import FolderArtifactStore
from tests.runtime.execution.plans import chain, plan, step


def reused(run):
    return {name for name, record in run.steps.items() if record.reused}


def three(middle=1, **fields):
    return plan(
        step("first", parameters={"value": 1}),
        step("middle", ["first"], parameters={"value": middle}, **fields),
        step("last", ["middle"]),
    )


def test_only_what_depends_on_a_changed_parameter_runs(workspace):
    run_plan(three(), workspace)
    run = run_plan(three(middle=5), workspace)
    assert reused(run) == {"first"}
    assert run.steps["middle"].reason == "parameter 'value' changed from 1 to 5"
    assert run.steps["last"].reason == "input 'values' changed"


def test_a_change_that_makes_no_difference_stops_there(workspace):
    run_plan(plan(step("a", parameters={"value": 3, "x": 1}), step("b", ["a"])), workspace)
    run = run_plan(plan(step("a", parameters={"value": 3, "x": 2}), step("b", ["a"])), workspace)
    assert reused(run) == {"b"}


def test_switching_reuse_off_runs_the_step_again_and_stops_at_equal_outputs(workspace):
    run_plan(three(), workspace)
    run = run_plan(three(reuse=False, fresh_because="reuse is switched off"), workspace)
    assert reused(run) == {"first", "last"}
    assert run.steps["middle"].reason == "reuse is switched off"


def test_a_missing_artifact_is_computed_again_and_what_follows_is_reused(workspace):
    first = run_plan(chain(3), workspace)
    artifacts = FolderArtifactStore(workspace.artifacts)
    artifacts.remove(first.steps["s1"].outputs["value"].digest)
    run = run_plan(chain(3), workspace)
    assert reused(run) == {"s0", "s2"}
    assert run.steps["s1"].reason == "its stored outputs are gone"


def test_a_short_artifact_is_computed_again(workspace):
    first = run_plan(chain(12), workspace)
    artifacts = FolderArtifactStore(workspace.artifacts)
    os.truncate(artifacts.path(first.steps["s11"].outputs["value"].digest), 1)
    run = run_plan(chain(12), workspace)
    assert reused(run) == {f"s{n}" for n in range(11)}
    assert artifacts.verify(run.steps["s11"].outputs["value"].digest)


def flip(path):
    """Change one bit and neither the length nor the time of the last change that people see."""
    facts, data = path.stat(), bytearray(path.read_bytes())
    data[0] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def test_a_flipped_bit_is_seen_and_computed_again_and_what_follows_is_reused(workspace):
    first = run_plan(chain(3), workspace)
    artifacts = FolderArtifactStore(workspace.artifacts)
    digest = first.steps["s1"].outputs["value"].digest
    flip(artifacts.path(digest))
    run = run_plan(chain(3), workspace)
    assert reused(run) == {"s0", "s2"}
    assert run.steps["s1"].reason == "its stored output was damaged"
    assert artifacts.verify(digest)
    assert (workspace.artifacts / "damaged" / digest[3:]).exists()
    assert reused(run_plan(chain(3), workspace)) == {"s0", "s1", "s2"}


def test_a_file_that_was_only_touched_is_read_once_and_reused(workspace, monkeypatch):
    first = run_plan(chain(2), workspace)
    artifacts = FolderArtifactStore(workspace.artifacts)
    artifacts.path(first.steps["s0"].outputs["value"].digest).touch()
    read = []
    verify = FolderArtifactStore.verify
    monkeypatch.setattr(
        FolderArtifactStore, "verify", lambda *both: read.append(both[1]) or verify(*both)
    )
    for _ in range(2):
        assert reused(run_plan(chain(2), workspace)) == {"s0", "s1"}
    assert read == [first.steps["s0"].outputs["value"].digest]


def test_what_is_computed_again_anyway_takes_the_place_of_what_was_damaged_unseen(workspace):
    first = run_plan(chain(1), workspace)
    artifacts = FolderArtifactStore(workspace.artifacts)
    digest = first.steps["s0"].outputs["value"].digest
    flip(artifacts.path(digest))
    run_plan(chain(1, reuse=False), workspace)
    assert artifacts.verify(digest)


def test_frozen_outputs_are_used_as_they_are(workspace):
    first = run_plan(three(), workspace)
    frozen = first.steps["first"].outputs
    run = run_plan(
        plan(step("middle", call="fail", frozen=frozen), step("last", ["middle"])), workspace
    )
    assert run.status == "completed"
    assert run.steps["middle"].reason == "frozen"
    assert run.steps["last"].outputs["value"].digest == frozen["value"].digest


def test_a_frozen_artifact_that_is_gone_fails_with_a_code(workspace):
    gone = {"value": ArtifactRef(type="Value", digest="b3:" + "7" * 64, bytes=1, format="json")}
    run = run_plan(plan(step("a", frozen=gone)), workspace)
    assert run.steps["a"].error.code == "S003"


def test_a_step_that_is_left_alone_keeps_what_its_latest_run_gave(workspace):
    first = run_plan(three(), workspace)
    run = run_plan(
        plan(
            step("first", parameters={"value": 99}, stored=True),
            step("middle", ["first"], reuse=False, fresh_because="asked to run again"),
        ),
        workspace,
    )
    assert run.steps["first"].outputs == first.steps["first"].outputs
    assert run.steps["first"].reason == "left as it was in run 1"
    assert not run.steps["middle"].reused


def test_pipeline_outputs_are_made_durable(workspace, monkeypatch):
    synced = []
    monkeypatch.setattr("os.fsync", lambda descriptor: synced.append(descriptor))
    run_plan(chain(2), workspace)
    synced.clear()
    run_plan(plan(step("a", parameters={"value": 77}), outputs={"result": "a.value"}), workspace)
    assert len(synced) >= 3


def test_two_steps_with_the_same_work_in_one_run_give_the_same_artifact(workspace):
    run = run_plan(plan(step("a", parameters={"value": 4}), step("b", parameters={"value": 4})),
                   workspace)  # fmt: skip
    assert run.steps["a"].outputs == run.steps["b"].outputs
