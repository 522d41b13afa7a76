"""What earlier runs stored counts where nothing has changed, and for code that is not asked."""

import msgspec
import pytest

from runtime.foresight import EarlierRun
from runtime.model import ArtifactRef, StepInput
from runtime.planning import plan
from tests.runtime.fake_catalog import graph_of
from tests.runtime.foresight.fakes import CATALOG, _whole, foreseen, table

LOAD = {"module": "load"}
SCRIPT = {"module": "script", "inputs": {"dataset": "load.dataset"}}
AFTER = {"module": "keep", "inputs": {"dataset": "script.dataset"}}
GRAPH = {"load": LOAD, "script": SCRIPT, "after": AFTER}


class Ran:
    """A run of a graph of fake modules, as the store remembers it."""

    def __init__(self, nodes, outputs, *, number=14, created_at=1e12):
        graph = graph_of({name: _whole(node) for name, node in nodes.items()})
        steps = {step.id: step for step in plan(graph, CATALOG, **HOW).steps}
        self.schemas = {f"b3:{name}": schema for name, schema in outputs.items()}
        stored = {
            name: {
                "dataset": ArtifactRef(type="Table", digest=f"b3:{name}", bytes=1, format="arrow")
            }
            for name in outputs
        }
        self.run = EarlierRun(number, created_at, steps, stored)

    def __call__(self, ref):
        return self.schemas.get(ref.digest)


HOW = {"draw_seed": lambda: 5, "source_folder": None, "file_digest": lambda path: ""}
STORED = {"load": table("a", "b", rows=7), "script": table("a", "c", rows=5), "after": table("a")}


def known_after(nodes, ran, **how):
    found, modules = foreseen(nodes, stored=ran, earlier=[ran.run], **how)
    return found.nodes, modules


def test_an_unchanged_graph_is_told_by_its_last_run_and_no_module_is_asked():
    nodes, modules = known_after(GRAPH, Ran(GRAPH, STORED))
    assert modules.asked == []
    assert nodes["script"].outputs == {"dataset": table("a", "c", rows=5)}
    assert {node.run for node in nodes.values()} == {14}


def test_what_stands_behind_a_change_is_asked_anew():
    changed = {**GRAPH, "after": {**AFTER, "parameters": {"columns": ["a"]}}}
    nodes, modules = known_after(changed, Ran(GRAPH, STORED))
    assert modules.asked == ["known.keep"]
    assert nodes["script"].run == 14 and nodes["after"].run == 0
    assert nodes["after"].outputs == {"dataset": table("a", "c", rows=5)}


def test_code_that_is_not_asked_gives_what_it_gave_for_inputs_of_the_same_columns():
    more_rows = {**GRAPH, "load": {"module": "load", "parameters": {"columns": ["a", "b"]}}}
    ran = Ran(
        {**GRAPH, "load": {"module": "load", "parameters": {"columns": ["a", "b", "z"]}}}, STORED
    )
    nodes, modules = known_after(more_rows, ran)
    assert modules.asked == ["known.load", "known.keep"]
    assert nodes["script"].run == 14
    assert nodes["script"].outputs == {"dataset": table("a", "c")}, "the rows may be others"


@pytest.mark.parametrize(
    "change",
    [
        {"load": {"module": "load", "parameters": {"columns": ["a"]}}},
        {"script": {**SCRIPT, "parameters": {"script": "other"}}},
        {"script": {**SCRIPT, "parameters": {"seed": 3}}},
    ],
    ids=["other columns come in", "other code", "another seed"],
)
def test_code_that_is_not_asked_is_unknown_after_a_change(change):
    nodes, _ = known_after({**GRAPH, **change}, Ran(GRAPH, STORED))
    assert nodes["script"].outputs == {} and nodes["script"].run == 0
    assert nodes["script"].why


def test_a_seed_that_is_drawn_for_every_run_is_no_change():
    drawn = {**GRAPH, "script": {**SCRIPT, "parameters": {"seed": None}}}
    nodes, _ = known_after(drawn, Ran(drawn, STORED))
    assert nodes["script"].run == 14


def test_another_wire_is_a_change():
    ran = Ran(GRAPH, STORED)
    step = ran.run.steps["script"]
    other = msgspec.structs.replace(
        step, inputs=(StepInput(port="dataset", step="load", output="other"),)
    )
    run = ran.run._replace(steps={**ran.run.steps, "script": other})
    found, _ = foreseen(GRAPH, stored=ran, earlier=[run])
    assert found.nodes["load"].run == 14
    assert found.nodes["script"].outputs == {"dataset": table("a", "c")}, "as its columns are such"


def test_the_newest_of_several_runs_counts():
    old = Ran(GRAPH, STORED, number=3)
    new = Ran(GRAPH, {"load": table("n", rows=9)}, number=8)
    found, _ = foreseen(
        GRAPH,
        stored=lambda ref: new(ref) or old(ref),
        earlier=[new.run, old.run],
    )
    assert found.nodes["load"].run == 8
    assert found.nodes["script"].run == 3, "the newer run did not come so far"


def test_a_file_that_was_changed_after_the_run_is_read_anew(tmp_path):
    (tmp_path / "data.csv").write_text("x")
    graph = {"read": {"module": "read", "parameters": {"path": "data.csv"}}}
    stored = {"read": table("then")}
    how = {**HOW, "source_folder": tmp_path}
    steps = plan(graph_of({"read": _whole(graph["read"])}), CATALOG, **how).steps
    for created_at, expected in ((1e12, ("then",)), (1.0, ("read",))):
        ran = Ran(GRAPH, stored, created_at=created_at)
        run = ran.run._replace(steps={"read": steps[0]})
        found, _ = foreseen(graph, stored=ran, earlier=[run], source_folder=tmp_path)
        assert found.nodes["read"].outputs["dataset"].names == expected
