"""What belongs to Ray alone: its resources, its nodes and their loss, its object store, its package."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from runtime.errors import InfrastructureError, RequestError
from runtime.model import RaySettings, Target
from runtime.model.digest import digest_file
from runtime.targets.attempt import Death
from runtime.targets.cluster.moving import moved
from runtime.targets.cluster.runtime_environment import runtime_environment
from runtime.targets.declaring import examine
from runtime.targets.kinds import checked
from runtime.targets.remote.connector import UnreachableError
from runtime.targets.remote.messages import Deliver

pytestmark = pytest.mark.xdist_group("ray")
RUNTIME = Path(__file__).parents[3] / "runtime"


@pytest.fixture
def bench(ray_bench, tmp_path):
    return ray_bench.at(tmp_path)


def asking(request, **resources):
    return msgspec.structs.replace(request, **resources)


@pytest.mark.ray
@pytest.mark.slow
def test_a_step_that_no_node_can_hold_says_so_and_can_be_stopped(bench):
    attempt = bench.start(asking(bench.request("add"), gpus=64))
    bench.wait_until(lambda: bench.notices(attempt))
    assert bench.notices(attempt) == ["waiting: no node of the cluster has 1 processor, 64 GPUs"]
    bench.target.stop(attempt)
    outcome = bench.wait_for(attempt)
    assert isinstance(outcome, Death) and outcome.signal == 9


@pytest.mark.ray
@pytest.mark.slow
def test_data_reaches_a_node_once_through_the_object_store(bench):
    content = bench.store(os.urandom(24 << 20))
    request = asking(bench.request("file_size", inputs=[content]), gpus=2)
    first = bench.run(request)
    again = bench.run(msgspec.structs.replace(request, attempt=2, fence=2))
    assert int(bench.value(first)) == content.bytes == int(bench.value(again))
    assert (first.data["sent_bytes"], again.data["sent_bytes"]) == (content.bytes, 0)


@pytest.mark.ray
@pytest.mark.slow
def test_a_large_output_comes_home_from_a_node_and_is_there_for_the_next_step(bench):
    outcome = bench.run(asking(bench.request("big", bytes=40 << 20), gpus=2))
    assert outcome.kind == "done", outcome
    made = outcome.outputs["value"]
    assert digest_file(Path(made.path)) == made.ref.digest
    os.rename(made.path, bench.folder / "made")
    bench.artifacts.adopt(bench.folder / "made", made.ref, durable=False)
    after = bench.run(bench.request("file_size", inputs=[made.ref]))
    assert after.data["sent_bytes"] == 0 and int(bench.value(after)) == made.ref.bytes


@pytest.mark.ray
@pytest.mark.slow
def test_a_cluster_is_examined_node_by_node(ray_cluster):
    report = asyncio.run(examine(ray_cluster.target()))
    assert report.can_run, report.problems
    assert [one.gpus for one in report.nodes].count(2) == 1
    assert report.cpus == sum(one.cpus for one in report.nodes) >= 3
    assert report.ray_version and not report.shares_folder
    assert [problem.code for problem in report.problems] == ["T013"]


@pytest.mark.ray
@pytest.mark.slow
def test_a_folder_that_all_nodes_see_is_found(ray_cluster, tmp_path):
    assert asyncio.run(examine(ray_cluster.target(folder=str(tmp_path)))).shares_folder


@pytest.mark.ray
@pytest.mark.slow
def test_a_cluster_of_another_version_is_told_apart_from_one_that_is_away(ray_cluster):
    program = (
        "import ray; ray.__version__ = '2.52.0'\n"
        "from runtime.model import RaySettings\n"
        "from runtime.targets.cluster.connection import Connection\n"
        f"Connection('c', RaySettings(address={ray_cluster.address!r})).open()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "T012" in done.stderr and "2.52.0" in done.stderr


@pytest.mark.ray
@pytest.mark.slow
def test_a_cluster_of_our_own_is_started_with_its_first_step_and_ended_with_its_agent(tmp_path):
    from tests.runtime.targets.target_bench import remote_bench

    bench = remote_bench(
        tmp_path, Target(name="own", kind="ray", settings={"folder": str(tmp_path)})
    )
    request = bench.request("remember", ledger=str(tmp_path / "ledger"), seconds=60)
    before = raylets()
    bench.start(request)
    bench.wait_until((tmp_path / "ledger").exists)
    started = raylets() - before
    bench.close()
    assert len(started) == 1 and not started & raylets()


def raylets():
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == "raylet":
                found.add(folder.name)
        except OSError:
            continue
    return found


@pytest.mark.ray
@pytest.mark.slow
def test_an_address_where_nobody_listens_is_said_at_once():
    began = time.monotonic()
    with pytest.raises(InfrastructureError) as caught:
        asyncio.run(examine(Target(name="c", kind="ray", settings={"address": "127.0.0.1:1"})))
    assert caught.value.code == "T003" and time.monotonic() - began < 30


def test_without_ray_the_error_says_what_to_install(monkeypatch):
    from runtime.targets.cluster.connection import Connection

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InfrastructureError) as caught:
        Connection("cluster", RaySettings()).open()
    assert caught.value.code == "T005" and "pip install 'designer[ray]'" in str(caught.value)


def test_what_stands_between_us_and_a_cluster_has_a_code_of_its_own():
    from runtime.targets.cluster.connection import trouble

    refused = trouble("c", "head:1", ConnectionError("Failed to connect to Ray cluster at head:1"))
    assert refused.code == "T006" and "token" in refused.record.remedy
    assert isinstance(trouble("c", "head:1", ConnectionRefusedError(111, "no")), UnreachableError)


@pytest.mark.parametrize("address", ["head", "head:port", "two words:1", "-x", "ray://head"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(RequestError) as caught:
        checked(Target(name="c", kind="ray", settings={"address": address}))
    assert caught.value.code == "T002"


def test_an_environment_is_pinned_to_what_runs_here():
    assert runtime_environment(RaySettings()) == {}
    made = runtime_environment(RaySettings(builds=True, wheels="/wheels"))["pip"]
    assert f"msgspec=={msgspec.__version__}" in made["packages"]
    assert made["pip_install_options"][-3:] == ["--no-index", "--find-links", "/wheels"]


def test_a_delivery_is_moved_below_the_home_of_its_node(tmp_path):
    from tests.runtime.targets.target_bench import local_bench

    bench = local_bench(tmp_path / "old")
    request = bench.request("add", files={"path": f"{tmp_path}/old/a.csv"}, path="x")
    there = moved(Deliver(id=1, request=request), str(tmp_path / "old"), "/new").request
    assert there.folder == "/new/runs/add/1" and there.log == "/new/runs/add/1/out.log"
    assert there.files == {"path": "/new/a.csv"} and there.parameters["path"] == "/new/a.csv"


def test_the_engine_and_the_designer_do_not_load_ray():
    program = "import sys, designer.cli, runtime.targets.declaring, runtime.execution.engine, runtime.targets.cluster.ray_kind; print('ray' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_one_room_knows_ray():
    knowing = {path.parent for path in RUNTIME.rglob("*.py") if "import ray\n" in path.read_text()}
    assert knowing == {RUNTIME / "targets/cluster"}


@pytest.mark.ray
@pytest.mark.slow
def test_what_ray_says_of_a_lost_task_is_told_apart_from_what_it_cannot_run(tmp_path):
    from ray import exceptions

    from runtime.targets.cluster.endings import ending_of
    from tests.runtime.targets.target_bench import local_bench

    request = local_bench(tmp_path).request("add")

    def ended(exc):
        return ending_of(exc, request, was_started=True)

    assert ended(exceptions.WorkerCrashedError()).death == Death(was_started=True)
    assert ended(exceptions.OutOfMemoryError("node")).death.out_of_memory
    assert ended(exceptions.RuntimeEnvSetupError("no index")).event.error.code == "T009"
    missing = exceptions.RayTaskError("carry_out", "ImportError: msgspec", ImportError("msgspec"))
    assert (
        ended(missing).event.error.code == "T007"
        and "msgspec" in ended(missing).event.error.message
    )
