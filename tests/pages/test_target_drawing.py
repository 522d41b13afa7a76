"""The targets page as it is drawn, and its forms as they are read; no browser is needed for that."""

from designer.pages import target_list
from designer.pages.region import Act
from designer.pages.target_forms import read_target
from designer.services.answers import TargetAnswer
from runtime.model import ClusterNode, Gpu, Target, TargetReport


def drawn(target, report):
    shown = target_list.Shown(
        targets=[TargetAnswer(target=target)],
        running={},
        tested={target.name: target_list.Tested(report=report)},
        testing=frozenset(),
        typed={},
        where={target.name: "head:6379"},
    )
    return str(target_list.draw_targets(shown))


def test_a_cluster_shows_its_nodes_and_how_artifacts_reach_them():
    nodes = (
        ClusterNode(name="a", address="10.0.0.1", cpus=8, memory_bytes=16 << 30),
        ClusterNode(name="b", address="10.0.0.2", cpus=1, gpus=2),
    )
    gpus = (Gpu(name="H100"), Gpu(name="H100"))
    report = TargetReport(nodes=nodes, gpus=gpus, ray_version="2.60.0", can_run=True)
    page = drawn(Target(name="cluster", kind="ray"), report)
    assert "a (10.0.0.1): 8 processors, 16.0 GiB" in page
    assert "b (10.0.0.2): 1 processor, 2 GPUs" in page
    assert "2 × H100" in page and "2.60.0" in page and "no common folder" in page


def test_a_switch_of_a_form_is_on_or_not_there():
    fields = {"name": "c", "address": " head:6379 ", "builds": "yes", "folder": ""}
    target, _ = read_target(Act(action="add", value="ray", fields=fields))
    assert target == Target(name="c", kind="ray", settings={"address": "head:6379", "builds": True})
    without, _ = read_target(Act(action="add", value="ray", fields={**fields, "builds": ""}))
    assert "builds" not in without.settings
