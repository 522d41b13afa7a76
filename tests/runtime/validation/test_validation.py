import pytest

from runtime.model import ParameterSpec
from runtime.validation import check_value, coerce, validate
from tests.runtime.fake_catalog import (
    FOREST,
    LOAD,
    SPLIT,
    STEP,
    chain,
    fake_catalog,
    graph_of,
    spec,
    table_in,
    table_out,
)

LOADED = {"module": "data.load", "version": "1.0.0"}


def step(source="load.dataset", **fields):
    return {"module": "data.step", "version": "1.0.0", "inputs": {"dataset": source}, **fields}


def found(nodes, catalog=None, **rest):
    """Code and place of every diagnostic."""
    return [
        (one.code, one.where)
        for one in validate(graph_of(nodes, **rest), catalog or fake_catalog())
    ]


def only(nodes, **rest):
    """The single diagnostic of a graph."""
    (one,) = validate(graph_of(nodes, **rest), fake_catalog())
    assert one.message.endswith((".", "?"))
    assert one.remedy.endswith(".")
    return one


def test_a_right_graph_has_no_problems():
    assert found({"load": LOADED, "step": step(parameters={"factor": 2, "count": 5})}) == []


def test_every_problem_comes_at_once():
    nodes = {
        "load": {"module": "data.lod", "version": "1.0.0"},
        "step": step(source="gone.dataset", parameters={"factor": 11, "nope": 1}),
        "train": {"module": "learn.train_model", "version": "1.0.0"},
    }
    assert set(found(nodes, outputs={"model": "train.modl"})) == {
        ("M001", "/nodes/load/module"),
        ("G009", "/nodes/step/inputs/dataset"),
        ("V003", "/nodes/step/parameters/factor"),
        ("V001", "/nodes/step/parameters/nope"),
        ("P003", "/nodes/train/inputs/untrained_model"),
        ("P003", "/nodes/train/inputs/dataset"),
        ("V004", "/nodes/train/parameters/label_column"),
        ("G013", "/outputs/model"),
    }


def test_an_unknown_module_is_named_with_close_matches():
    one = only({"load": {"module": "data.laod", "version": "1.0.0"}})
    assert one.code == "M001"
    assert "'data.load'" in one.message


def test_a_node_without_a_module_is_told_so():
    assert only({"a": {}}).message == "No module is named."


def test_an_unknown_version_lists_the_active_ones_only():
    one = only({"load": LOADED, "step": step(version="7.0.0")})
    assert one.code == "M002"
    assert one.message == "Module 'data.step' has no version 7.0.0; active are 1.0.0."


def test_a_disabled_version_is_refused_with_reason_and_alternatives():
    one = only({"load": LOADED, "step": step(version="0.8.0")})
    assert (one.code, one.severity) == ("M003", "error")
    assert "It loses rows" in one.message
    assert "active are 1.0.0" in one.message
    assert one.remedy == "Use version 1.0.0."


def test_a_deprecated_version_warns_with_message_and_replacement():
    one = only({"load": LOADED, "step": step(version="0.9.0")})
    assert (one.code, one.severity) == ("M004", "warning")
    assert "It rounds" in one.message
    assert one.remedy == "Use data.step 1.0.0."


def test_other_bytes_than_the_pinned_ones_are_refused_except_for_drafts():
    assert only({"load": {**LOADED, "digest": "b3:00"}}).code == "M005"
    draft = spec("data.own", "draft", outputs=[table_out()], origin="draft")
    nodes = {"own": {"module": "data.own", "version": "draft", "digest": "b3:00"}}
    assert found(nodes, fake_catalog(draft)) == []


def test_a_module_without_default_is_refused_with_its_versions():
    one = only({"a": {"module": "data.unchosen", "version": "default"}})
    assert one.code == "M006"
    assert "1.0.0" in one.message


def test_unknown_ports_are_named_with_close_matches_on_both_sides():
    one = only({"load": LOADED, "step": step(source="load.datset")})
    assert (one.code, one.where) == ("P001", "/nodes/step/inputs/dataset")
    assert "'dataset'" in one.message
    nodes = {"load": LOADED, "join": {"module": "data.add_rows", "version": "1.0.0"}}
    nodes["join"]["inputs"] = {"tabels": "load.dataset"}
    codes = found(nodes)
    assert ("P001", "/nodes/join/inputs/tabels") in codes


def test_a_type_mismatch_names_both_ends_and_what_could_stand_between():
    nodes = {
        "load": LOADED,
        "forest": {"module": "learn.forest", "version": "1.0.0"},
        "train": {
            "module": "learn.train_model",
            "version": "1.0.0",
            "inputs": {"untrained_model": "forest.untrained_model", "dataset": "load.dataset"},
            "parameters": {"label_column": "y"},
        },
        "split": {
            "module": "data.split_data",
            "version": "1.0.0",
            "inputs": {"dataset": "train.trained_model"},
        },
    }
    one = only(nodes)
    assert (one.code, one.where) == ("P002", "/nodes/split/inputs/dataset")
    assert one.message == (
        "Port 'dataset' of 'Split Data' expects Table, but 'Train Model.trained_model' gives Model."
    )
    assert one.remedy == ("Connect an output of type Table, or insert 'Score Model' between them.")


def test_two_wires_into_one_port_are_refused_unless_it_takes_many_or_one_is_switched_off():
    two = ["load.dataset", "other.dataset"]
    nodes = {"load": LOADED, "other": LOADED}
    assert found({**nodes, "step": step(source=two)}) == [("P004", "/nodes/step/inputs/dataset")]
    join = {"module": "data.add_rows", "version": "1.0.0", "inputs": {"tables": two}}
    assert found({**nodes, "join": join}) == []
    one_off = ["load.dataset", {"from": "other.dataset", "disabled": True}]
    assert found({**nodes, "step": step(source=one_off)}) == []


def test_a_wire_that_is_switched_off_leaves_its_input_unconnected():
    off = {"from": "load.dataset", "disabled": True}
    assert found({"load": LOADED, "step": step(source=off)}) == [
        ("P003", "/nodes/step/inputs/dataset")
    ]


def test_an_optional_input_may_stay_unconnected():
    module = spec("data.maybe", inputs=[table_in(optional=True)], outputs=[table_out()])
    assert found({"a": {"module": "data.maybe", "version": "1.0.0"}}, fake_catalog(module)) == []


def test_a_cycle_is_named_in_words():
    nodes = {"a": step("c.dataset", label="First"), "b": step("a.dataset"), "c": step("b.dataset")}
    one = only(nodes)
    assert one.code == "G008"
    assert one.message == (
        "These nodes wait for each other: 'First' → 'Step' (b) → 'Step' (c) → 'First'."
    )


def test_self_loops_and_waiting_without_data_are_cycles_too():
    assert found({"a": step("a.dataset")}) == [("G008", "/nodes/a")]
    nodes = {"load": {**LOADED, "after": ["step"]}, "step": step()}
    assert [code for code, _ in found(nodes)] == ["G008"]


def test_waiting_for_a_node_that_is_gone_is_a_dangling_reference():
    assert found({"load": {**LOADED, "after": ["gone"]}}) == [("G009", "/nodes/load/after/0")]


def test_ten_thousand_nodes_in_a_row_are_checked_without_recursion():
    assert validate(chain(10_000), fake_catalog()) == ()


@pytest.mark.slow
def test_a_ring_of_ten_thousand_nodes_is_one_problem():
    nodes = {f"n{i}": step(f"n{(i + 1) % 10_000}.dataset") for i in range(10_000)}
    (one,) = validate(graph_of(nodes), fake_catalog())
    assert one.code == "G008"
    assert len(one.message) < 500


def test_a_node_that_is_switched_off_is_not_checked():
    nodes = {"load": LOADED, "gone": {"module": "data.nothing", "state": "disabled"}}
    assert found(nodes) == []


def test_a_reference_to_a_missing_pipeline_parameter_is_named():
    nodes = {"load": LOADED, "step": step(parameters={"factor": {"$parameter": "facter"}})}
    one = only(nodes, parameters={"factor": {"type": "float", "default": 1}})
    assert (one.code, one.where) == ("G011", "/nodes/step/parameters/factor")
    assert "'factor'" in one.message


def test_a_pipeline_value_must_fit_where_it_is_used_and_its_own_declaration():
    nodes = {"load": LOADED, "step": step(parameters={"count": {"$parameter": "n"}})}
    assert found(nodes, parameters={"n": {"type": "float", "default": 2.5}}) == [
        ("V002", "/nodes/step/parameters/count")
    ]
    assert found(nodes, parameters={"n": {"type": "int", "default": 9, "maximum": 5}}) == [
        ("V003", "/parameters/n/default")
    ]


def test_a_hidden_parameter_is_not_checked_and_a_shown_one_is():
    split = {"module": "data.split_data", "version": "1.0.0", "inputs": {"dataset": "load.dataset"}}
    hidden = {**split, "parameters": {"pattern": 5}}
    shown = {**split, "parameters": {"mode": "Pattern"}}
    assert found({"load": LOADED, "split": hidden}) == []
    assert found({"load": LOADED, "split": shown}) == [("V004", "/nodes/split/parameters/pattern")]


def test_an_absolute_path_is_a_warning():
    read = {"module": "data.read", "version": "1.0.0", "parameters": {"path": "/data/a.csv"}}
    one = only({"read": read})
    assert (one.code, one.severity) == ("V003", "warning")


def test_an_output_of_a_node_that_is_gone_is_refused():
    assert found({"load": LOADED}, outputs={"a": "gone.x"}) == [("G013", "/outputs/a")]


def test_a_bypassed_node_needs_something_to_hand_on():
    nodes = {
        "load": LOADED,
        "train": {"module": "learn.train_model", "version": "1.0.0", "state": "bypassed"},
        "score": {
            "module": "learn.score_model",
            "version": "1.0.0",
            "inputs": {"trained_model": "train.trained_model", "dataset": "load.dataset"},
        },
    }
    assert found(nodes) == [("P002", "/nodes/score/inputs/trained_model")]
    loose = {"a": {"module": "data.step", "version": "1.0.0", "state": "bypassed"}}
    assert found({**loose, "b": step("a.dataset")}) == [("P003", "/nodes/a/inputs/dataset")]


def test_problems_inside_a_subgraph_point_into_it():
    subgraphs = {
        "prepare": {
            "nodes": {"inner": {"module": "data.step", "version": "1.0.0"}},
            "inputs": {"raw": "inner.dataset"},
            "outputs": {"clean": "inner.dataset"},
        }
    }
    nodes = {
        "load": LOADED,
        "prep": {"subgraph": "prepare", "inputs": {"raw": "load.dataset"}},
        "step": step("prep.clean"),
    }
    assert found(nodes, subgraphs=subgraphs) == []
    subgraphs["prepare"]["nodes"]["inner"]["parameters"] = {"count": 0}
    assert found(nodes, subgraphs=subgraphs) == [
        ("V003", "/subgraphs/prepare/nodes/inner/parameters/count")
    ]


def parameter(kind, **facts):
    return ParameterSpec(name="p", kind=kind, **facts)


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        (parameter("bool"), [True, False], [1, "true"]),
        (parameter("int"), [3, 3.0], [True, 2.5, "3", float("nan")]),
        (parameter("float"), [3, 2.5], [True, "3", float("inf")]),
        (parameter("string"), ["", "a"], [1, ["a"]]),
        (parameter("text"), ["a\nb"], [1]),
        (parameter("code"), ["x = 1"], [{}]),
        (parameter("column"), ["age"], [["age"]]),
        (parameter("file"), ["a.csv"], [5]),
        (parameter("seed"), [0, 7, None], ["7", True, 1.5]),
        (parameter("secret"), [{"$secret": "warehouse"}], ["hunter2"]),
        (parameter("columns"), [["a"], [], {"start": "all"}], ["a", [1]]),
        (parameter("list", item_kind="int"), [[1, 2], []], [[1, "a"], 5]),
        (parameter("enum", options=("A", "B")), ["A"], [["A"]]),
    ],
)
def test_every_kind_takes_its_own_type_and_refuses_others(declared, good, bad):
    for value in good:
        assert check_value(declared, value) == [], value
    for value in bad:
        assert [problem.code for problem in check_value(declared, value)] == ["V002"], value


@pytest.mark.parametrize(
    ("declared", "value", "words"),
    [
        (parameter("float", minimum=0, maximum=1), 1.4, "between 0 and 1"),
        (parameter("float", minimum=0, exclusive_minimum=True), 0, "above 0"),
        (parameter("int", maximum=5, unit="s"), 9, "at most 5 s"),
        (parameter("enum", options=("Rows", "Pattern")), "Rovs", "Did you mean 'Rows'?"),
        (parameter("string", pattern="[a-z]+"), "A", "of the form [a-z]+"),
        (parameter("seed"), -1, "between 0 and 4294967295"),
        (parameter("list", item_kind="int", minimum=0), [1, -1], "Item 2 of parameter 'p'"),
        (
            parameter("columns"),
            {"rules": [{"action": "drop", "by": "names"}]},
            "'include' or 'exclude'",
        ),
    ],
)
def test_a_broken_constraint_has_one_message_form(declared, value, words):
    (problem,) = check_value(declared, value)
    assert problem.code == "V003"
    assert words in problem.message
    assert ", but must be " in problem.message


def test_a_required_parameter_must_have_a_value_and_a_nullable_one_need_not():
    assert check_value(parameter("column", required=True), None)[0].code == "V004"
    assert check_value(parameter("column", required=True), "")[0].code == "V004"
    assert check_value(parameter("float", nullable=True, default=1.0), None) == []
    assert check_value(parameter("float", default=1.0), None)[0].code == "V002"


def test_numbers_take_their_parameters_own_type():
    assert type(coerce(parameter("float"), 5)) is float
    assert type(coerce(parameter("int"), 5.0)) is int
    assert coerce(parameter("list", item_kind="float"), [1]) == [1.0]
    assert {FOREST.id, LOAD.id, SPLIT.id, STEP.id} <= set(fake_catalog().module_ids())
