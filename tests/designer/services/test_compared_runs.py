"""Two runs side by side: what differs is said, what is the same is left out."""

import msgspec

from designer.services.compared_runs import compare_runs
from runtime.execution.environment_lock import EnvironmentLock
from runtime.model import ArtifactRef, Run, SourceState, StepRun


def ref(digest):
    return ArtifactRef(type="Table", digest=digest, bytes=1, format="arrow")


def step(name, **facts):
    return StepRun(step=name, module="m", version="1.0.0", status="completed", **facts)


BEFORE = Run(
    id="a",
    number=1,
    status="completed",
    graph_hash="b3:1",
    parameters={"rate": 0.1, "same": 1},
    sources=(SourceState(folder="/p", commit="c1"),),
    steps={
        "load": step("load", outputs={"table": ref("b3:1")}),
        "train": step("train", metrics={"auc": 0.8, "rows": 5}),
        "gone": step("gone"),
    },
)


def test_two_runs_of_the_same_differ_in_nothing():
    found = compare_runs(BEFORE, msgspec.structs.replace(BEFORE, id="b", number=2))
    assert not found.has_other_graph
    assert (found.parameters, found.steps, found.commits, found.packages) == ({}, (), None, {})


def test_parameters_metrics_outputs_commits_and_packages_are_compared():
    after = msgspec.structs.replace(
        BEFORE,
        parameters={"rate": 0.2, "same": 1},
        sources=(SourceState(folder="/p", commit="c1", is_dirty=True),),
        graph_hash="b3:2",
        steps={
            "load": step("load", outputs={"table": ref("b3:2")}),
            "train": msgspec.structs.replace(
                step("train", metrics={"auc": 0.9, "rows": 5}), version="1.1.0"
            ),
        },
    )
    locks = (
        EnvironmentLock(python="3.12.1", platform="l", packages={"x": "1", "y": "1"}),
        EnvironmentLock(python="3.12.1", platform="l", packages={"x": "2"}),
    )
    found = compare_runs(BEFORE, after, locks)
    assert found.has_other_graph
    assert found.parameters == {"rate": (0.1, 0.2)}
    assert found.commits == ("c1", "c1+")
    assert found.packages == {"x": ("1", "2"), "y": ("1", "")}
    load, train, gone = found.steps
    assert load.outputs == {"table": ("b3:1", "b3:2")}
    assert (train.metrics, train.module) == ({"auc": (0.8, 0.9)}, ("m 1.0.0", "m 1.1.0"))
    assert gone.status == ("completed", None)
