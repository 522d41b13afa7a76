import time

import msgspec
import pytest

from runtime.execution.embedded import run_plan
from runtime.stores import (
    FolderArtifactStore,
    Retention,
    SqliteRunStore,
    Workspace,
    collect,
    disk_use,
)
from tests.runtime.execution.plans import plan, step

NOTHING_STAYS = Retention(newest_runs=0, youngest_s=0, grace_s=0)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


def run_with(workspace, value):
    return run_plan(plan(step("a", call="talk" if value < 0 else "add",
                              parameters={"value": value})), workspace)  # fmt: skip


def clean(workspace, **fields):
    store, artifacts = SqliteRunStore(workspace.runs_db), FolderArtifactStore(workspace.artifacts)
    pins = fields.pop("pins", ())
    retention = msgspec.structs.replace(NOTHING_STAYS, **fields)
    return collect(workspace, store, artifacts, now=time.time() + 1, retention=retention, pins=pins)


def test_what_a_kept_run_uses_stays_and_the_rest_goes(workspace):
    old, new = run_with(workspace, 1), run_with(workspace, 22)
    removed = clean(workspace, newest_runs=1)
    artifacts = FolderArtifactStore(workspace.artifacts)
    assert (removed.artifacts, removed.bytes) == (1, 1)
    assert not artifacts.has(old.steps["a"].outputs["value"].digest)
    assert artifacts.has(new.steps["a"].outputs["value"].digest)


def test_pinned_and_young_artifacts_stay(workspace):
    digest = run_with(workspace, 1).steps["a"].outputs["value"].digest
    assert clean(workspace, pins=[digest]).artifacts == 0
    assert clean(workspace, grace_s=3600).artifacts == 0
    assert clean(workspace, youngest_s=3600).artifacts == 0
    assert clean(workspace).artifacts == 1


def test_a_collected_result_is_computed_again(workspace):
    run_with(workspace, 1)
    clean(workspace)
    again = run_with(workspace, 1)
    assert again.status == "completed"
    assert not again.steps["a"].reused
    assert again.steps["a"].reason == "its stored outputs are gone"


def test_logs_of_old_runs_go_and_their_records_stay(workspace):
    run = run_with(workspace, -1)
    assert workspace.log_file(run.id, "a", 1).exists()
    assert clean(workspace).runs == 1
    assert not workspace.log_file(run.id, "a", 1).exists()
    assert SqliteRunStore(workspace.runs_db).run(run.id).status == "completed"


def test_disk_use_is_told_by_type_and_by_run(workspace):
    first, second = run_with(workspace, 1), run_with(workspace, 333)
    store, artifacts = SqliteRunStore(workspace.runs_db), FolderArtifactStore(workspace.artifacts)
    use = disk_use(workspace, store, artifacts)
    assert use.by_type == {"Value": 4}
    assert use.by_run == {first.id: 1, second.id: 3}
