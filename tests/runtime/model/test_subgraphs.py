"""Subgraphs in the file and expanded: one definition, many uses, everything by names."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.model import Node, NodeState, RunSettings, Wire
from runtime.model.graph_flattening import expand, flatten
from runtime.model.graph_json import (
    content_hash,
    graph_from_document,
    graph_to_document,
    parse_graph,
    read_graph,
    write_graph,
)
from runtime.model.graph_limits import MAX_NESTING, MAX_NODES
from tests.runtime.fake_catalog import graph_of

PREPARE = {
    "label": "Prepare data",
    "description": "Clean and split.",
    "nodes": {
        "clean": {"module": "data.step", "parameters": {"count": 2}},
        "split": {"module": "data.split_data", "inputs": {"dataset": "clean.dataset"}},
    },
    "inputs": {"raw": "clean.dataset"},
    "outputs": {"rest": "split.second", "train": "split.first"},
    "parameters": {"count": "clean.count", "seed": ["split.seed", "clean.factor"]},
    "layout": {"nodes": {"clean": {"x": 0, "y": 0}}},
}
OUTER = {
    "nodes": {"prep": {"subgraph": "prepare"}, "end": {"module": "data.step"}},
    "inputs": {"raw": ["prep.raw", "end.dataset"]},
    "outputs": {"train": "prep.train"},
    "parameters": {"count": "prep.count"},
}
LOAD = {"module": "data.load"}


def prepared(node=None, *, subgraphs=None, **nodes):
    use = {"subgraph": "prepare", "inputs": {"raw": "load.dataset"}, **(node or {})}
    return graph_of(
        {"load": LOAD, "use": use, **nodes}, subgraphs=subgraphs or {"prepare": PREPARE}
    )


def wires(graph):
    return {
        (name, port): [wire.source for wire in held]
        for name, node in graph.nodes.items()
        for port, held in node.inputs.items()
    }


def test_a_definition_survives_writing_and_breaks_its_lines_as_the_document_does():
    graph = prepared()
    text = write_graph(graph)
    assert parse_graph(text) == graph
    assert write_graph(parse_graph(text)) == text
    assert '\n    "prepare": {\n      "label": "Prepare data",\n' in text
    assert '\n        "clean": {\n          "module": "data.step",\n' in text
    assert '\n        "seed": ["split.seed", "clean.factor"]\n' in text


def test_where_the_inside_is_drawn_changes_no_hash_but_a_promoted_parameter_does():
    moved = {**PREPARE, "layout": {"nodes": {"clean": {"x": 9, "y": 9}}}}
    demoted = {**PREPARE, "parameters": {"count": "clean.count"}}
    hashes = [
        content_hash(prepared(subgraphs={"prepare": one})) for one in (PREPARE, moved, demoted)
    ]
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("fields", "code", "place"),
    [
        ({"lable": "x"}, "G003", "lable"),
        ({"label": 5}, "G005", "label"),
        ({"parameters": {"p": "clean"}}, "G005", "parameters/p"),
        ({"parameters": {"p": ["clean.a", 5]}}, "G005", "parameters/p/1"),
        ({"parameters": {"bad name": "clean.a"}}, "G005", "parameters/bad name"),
        ({"inputs": {"i": ["a.b", "c"]}}, "G005", "inputs/i/1"),
        ({"outputs": {"o": ["a.b"]}}, "G005", "outputs/o"),
        ({"nodes": {"B": {}}}, "G010", "nodes/B"),
        ({"nodes": {"b": {"subgraph": "X"}}}, "G005", "nodes/b/subgraph"),
    ],
)
def test_a_wrong_form_inside_a_definition_is_placed_exactly(fields, code, place):
    read = graph_from_document({"format": 1, "subgraphs": {"s": fields}})
    assert [(one.code, one.where) for one in read.diagnostics] == [(code, f"/subgraphs/s/{place}")]


def test_the_nodes_inside_definitions_count_for_the_limit():
    half = {f"n{index}": {} for index in range(MAX_NODES // 2 + 1)}
    document = {"format": 1, "nodes": half, "subgraphs": {"s": {"nodes": half}}}
    assert [(one.code, one.where) for one in graph_from_document(document).diagnostics] == [
        ("G006", "/subgraphs")
    ]


def test_a_use_becomes_its_nodes_wired_to_what_is_around_it():
    flat = flatten(prepared(after_it={"module": "data.step", "inputs": {"dataset": "use.rest"}}))
    assert set(flat.nodes) == {"load", "use__clean", "use__split", "after_it"}
    assert wires(flat) == {
        ("use__clean", "dataset"): ["load.dataset"],
        ("use__split", "dataset"): ["use__clean.dataset"],
        ("after_it", "dataset"): ["use__split.second"],
    }
    assert flat.subgraphs == {}


def test_two_uses_of_one_definition_differ_in_what_they_set():
    flat = flatten(prepared({"parameters": {"count": 7}}, other={"subgraph": "prepare"}))
    assert flat.nodes["use__clean"].parameters == {"count": 7}
    assert flat.nodes["other__clean"].parameters == {"count": 2}


def test_a_promoted_parameter_may_set_several_and_may_be_promoted_again():
    subgraphs = {"prepare": PREPARE, "outer": OUTER}
    graph = graph_of(
        {"top": {"subgraph": "outer", "parameters": {"count": {"$parameter": "n"}}}},
        subgraphs=subgraphs,
        parameters={"n": {"type": "int", "default": 4}},
    )
    flat = flatten(graph)
    assert flat.nodes["top__prep__clean"].parameters == {"count": {"$parameter": "n"}}
    both = flatten(prepared({"parameters": {"seed": 9}}))
    assert both.nodes["use__split"].parameters == {"seed": 9}
    assert both.nodes["use__clean"].parameters == {"count": 2, "factor": 9}


def test_one_input_may_lead_to_several_nodes_also_in_a_subgraph_inside():
    subgraphs = {"prepare": PREPARE, "outer": OUTER}
    top = {"subgraph": "outer", "inputs": {"raw": "load.dataset"}}
    flat = flatten(graph_of({"load": LOAD, "top": top}, subgraphs=subgraphs))
    assert wires(flat)["top__prep__clean", "dataset"] == ["load.dataset"]
    assert wires(flat)["top__end", "dataset"] == ["load.dataset"]


def test_an_id_with_two_underscores_inside_is_an_id_like_any_other():
    inner = {"nodes": {"a__b": {"subgraph": "prepare"}}, "inputs": {"raw": "a__b.raw"}}
    top = {"subgraph": "inner", "inputs": {"raw": "load.dataset"}}
    flat = flatten(
        graph_of({"load": LOAD, "top": top}, subgraphs={"inner": inner, "prepare": PREPARE})
    )
    assert wires(flat)["top__a__b__clean", "dataset"] == ["load.dataset"]


def test_what_a_use_waits_for_its_first_nodes_wait_for():
    flat = flatten(prepared({"inputs": {}, "after": ["load"]}, last={**LOAD, "after": ["use"]}))
    assert flat.nodes["use__clean"].after == ("load",)
    assert flat.nodes["use__split"].after == ()
    assert set(flat.nodes["last"].after) == {"use__clean", "use__split"}


def test_run_settings_of_a_use_fill_what_an_inner_node_leaves_open():
    own = {**PREPARE["nodes"]["clean"], "run": {"gpus": 1}}
    definition = {**PREPARE, "nodes": {**PREPARE["nodes"], "clean": own}}
    use = {"run": {"target": "box", "gpus": 0}}
    found = expand(prepared(use, subgraphs={"prepare": definition}))
    assert found.graph.nodes["use__clean"].run == RunSettings(target="box", gpus=1)
    assert found.graph.nodes["use__split"].run == RunSettings(target="box", gpus=0)
    assert found.place("use__clean", "run", "target") == "/nodes/use/run/target"
    assert found.place("use__clean", "run", "gpus") == "/subgraphs/prepare/nodes/clean/run/gpus"


@pytest.mark.parametrize("kind", ["disabled", "bypassed"])
def test_a_use_that_is_switched_off_switches_off_what_is_inside(kind):
    own = {**PREPARE["nodes"]["clean"], "state": {"kind": "frozen", "artifacts": {}}}
    definition = {**PREPARE, "nodes": {**PREPARE["nodes"], "clean": own}}
    flat = flatten(prepared({"state": kind}, subgraphs={"prepare": definition}))
    assert {flat.nodes[name].state.kind for name in ("use__clean", "use__split")} == {kind}


def test_of_a_frozen_use_the_nodes_stay_that_give_its_outputs():
    state = {"kind": "frozen", "artifacts": {"train": "b3:1", "rest": "b3:2"}}
    expansion = expand(prepared({"state": state}))
    assert set(expansion.graph.nodes) == {"load", "use__split"}
    split = expansion.graph.nodes["use__split"]
    assert split.state == NodeState(kind="frozen", artifacts={"first": "b3:1", "second": "b3:2"})
    assert split.inputs == {}
    assert expansion.members["use"] == ["use__split"]


def test_a_disabled_wire_into_a_use_stays_disabled():
    flat = flatten(prepared({"inputs": {"raw": {"from": "load.dataset", "disabled": True}}}))
    assert flat.nodes["use__clean"].inputs["dataset"] == (
        Wire(node="load", port="dataset", disabled=True),
    )


def test_everything_in_the_flat_graph_knows_its_place_in_the_document():
    subgraphs = {"prepare": PREPARE, "outer": OUTER}
    top = {
        "subgraph": "outer",
        "inputs": {"raw": ["load.dataset", "load.dataset"]},
        "parameters": {"count": 3},
        "label": "Top",
    }
    found = expand(graph_of({"load": LOAD, "top": top}, subgraphs=subgraphs))
    assert found.place("load", "parameters", "name") == "/nodes/load/parameters/name"
    assert found.place("top__prep") == "/subgraphs/outer/nodes/prep"
    inner = "top__prep__clean"
    assert found.place(inner) == "/subgraphs/prepare/nodes/clean"
    assert found.place(inner, "version") == "/subgraphs/prepare/nodes/clean/version"
    assert found.place(inner, "parameters", "count") == "/nodes/top/parameters/count"
    assert found.place(inner, "parameters", "factor") == (
        "/subgraphs/outer/nodes/prep/parameters/seed"
    )
    assert found.place(inner, "inputs", "dataset", 1) == "/nodes/top/inputs/raw/1"
    assert found.place("top__prep__split", "inputs", "dataset") == (
        "/subgraphs/prepare/nodes/split/inputs/dataset"
    )
    assert found.labels_around(inner) == ["Top", "Prepare data"]


def problems(graph):
    return [(one.code, one.where) for one in expand(graph).problems]


def test_what_cannot_be_expanded_is_told_with_its_place():
    unknown = {"parameters": {"cuont": 1}, "inputs": {"rwa": "load.dataset"}}
    assert problems(prepared(unknown)) == [
        ("V001", "/nodes/use/parameters/cuont"),
        ("P001", "/nodes/use/inputs/rwa"),
    ]
    reader = {"module": "data.step", "inputs": {"dataset": "use.tarin"}}
    assert problems(prepared(reader=reader)) == [("P001", "/nodes/reader/inputs/dataset")]
    assert problems(graph_of({"a": {"subgraph": "gone"}})) == [("G009", "/nodes/a/subgraph")]
    circle = {
        "one": {"nodes": {"x": {"subgraph": "two"}}},
        "two": {"nodes": {"y": {"subgraph": "one"}}},
    }
    assert problems(graph_of({"a": {"subgraph": "one"}}, subgraphs=circle)) == [
        ("G008", "/subgraphs/two/nodes/y")
    ]
    assert problems(prepared(use__clean={"module": "data.step"})) == [("G010", "/nodes/use__clean")]


def nested(levels):
    subgraphs = {
        f"s{level}": {"nodes": {"in": {"subgraph": f"s{level + 1}"}}} for level in range(levels - 1)
    }
    subgraphs[f"s{levels - 1}"] = {"nodes": {"end": LOAD}}
    return graph_of({"top": {"subgraph": "s0"}}, subgraphs=subgraphs)


def test_subgraphs_nest_to_the_limit_and_no_further():
    deepest = "__".join(["top", *["in"] * (MAX_NESTING - 1), "end"])
    assert list(flatten(nested(MAX_NESTING)).nodes) == [deepest]
    assert [code for code, _ in problems(nested(MAX_NESTING + 1))] == ["G006"]


def test_a_published_subgraph_is_expanded_and_everything_in_it_lies_at_the_using_node():
    published = graph_of({"prepare": {"subgraph": "prepare"}}, subgraphs={"prepare": PREPARE})
    node = {
        "module": "team.prepare",
        "version": "1.0.0",
        "inputs": {"raw": "load.dataset"},
        "parameters": {"count": 5},
    }
    graph = graph_of({"load": LOAD, "use": node})

    def find(one: Node):
        return published if one.module == "team.prepare" else None

    found = expand(graph, find)
    assert set(found.graph.nodes) == {"load", "use__clean", "use__split"}
    assert found.graph.nodes["use__clean"].parameters == {"count": 5}
    assert found.place("use__clean", "version") == "/nodes/use"
    assert found.place("use__clean", "parameters", "count") == "/nodes/use/parameters/count"
    assert found.place("use__clean", "inputs", "dataset") == "/nodes/use/inputs/raw"
    assert expand(graph).graph == graph


IDS = st.sampled_from(["a", "b", "a__b", "c"])
TEXTS = st.builds(lambda node, port: f"{node}.{port}", IDS, IDS)
SOME = TEXTS | st.lists(TEXTS, max_size=2)
NODES = st.dictionaries(
    IDS,
    st.fixed_dictionaries(
        {},
        optional={
            "subgraph": IDS,
            "inputs": st.dictionaries(
                IDS, TEXTS | st.lists(TEXTS, min_size=1, max_size=2), max_size=2
            ),
            "parameters": st.dictionaries(IDS, st.integers(0, 3), max_size=2),
            "after": st.lists(IDS, min_size=1, max_size=2),
            "state": st.sampled_from(
                ["disabled", "bypassed", {"kind": "frozen", "artifacts": {"a": "b3:0"}}]
            ),
            "run": st.fixed_dictionaries({}, optional={"gpus": st.integers(0, 2)}),
        },
    ),
    max_size=3,
)
DEFINITIONS = st.dictionaries(
    IDS,
    st.fixed_dictionaries(
        {"nodes": NODES},
        optional={
            "label": st.text("ab", max_size=2),
            "description": st.text("ab", max_size=2),
            "inputs": st.dictionaries(IDS, SOME, max_size=2),
            "outputs": st.dictionaries(IDS, TEXTS | st.none(), max_size=2),
            "parameters": st.dictionaries(IDS, SOME, max_size=2),
        },
    ),
    max_size=3,
)
DOCUMENTS = st.fixed_dictionaries(
    {"format": st.just(1), "nodes": NODES, "subgraphs": DEFINITIONS},
    optional={"outputs": st.dictionaries(IDS, TEXTS, max_size=2)},
)
MANY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@MANY
@given(DOCUMENTS)
def test_any_document_with_subgraphs_is_read_written_and_expanded_without_raising(document):
    graph = graph_from_document(document).graph
    assert graph is not None
    assert read_graph(write_graph(graph)).graph == graph
    assert graph_from_document(graph_to_document(graph)).graph == graph
    found = expand(graph)
    assert all(node.subgraph is None for node in found.graph.nodes.values())
    for name in found.graph.nodes:
        assert place_exists(document, found.place(name))
    for use, members in found.members.items():
        assert place_exists(document, found.place(use))
        assert set(members) <= found.graph.nodes.keys()


def place_exists(document, where):
    for part in where.split("/")[1:]:
        document = document[part]
    return True
