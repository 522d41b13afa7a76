"""What is wrong with a subgraph is told once, where a person can mend it."""

import pytest
from hypothesis import HealthCheck, given, settings

from runtime.model.graph_json import graph_from_document
from runtime.validation import validate
from tests.runtime.fake_catalog import fake_catalog, graph_of, spec, table_in, table_out
from tests.runtime.model.test_subgraphs import DOCUMENTS

LOADED = {"module": "data.load", "version": "1.0.0"}
FOREST = {"module": "learn.forest", "version": "1.0.0"}


def step(source=None, **fields):
    inputs = {"inputs": {"dataset": source}} if source else {}
    return {"module": "data.step", "version": "1.0.0", **inputs, **fields}


def definition(**changed):
    return {
        "label": "Prepare data",
        "nodes": {"clean": step(), "scale": step("clean.dataset")},
        "inputs": {"raw": "clean.dataset"},
        "outputs": {"ready": "scale.dataset"},
        "parameters": {"count": "clean.count"},
        **changed,
    }


def diagnostics(subgraph=None, use=None, **nodes):
    using = {"subgraph": "prepare", "inputs": {"raw": "load.dataset"}, **(use or {})}
    graph = graph_of(
        {"load": LOADED, "use": using, **nodes}, subgraphs={"prepare": subgraph or definition()}
    )
    return validate(graph, fake_catalog())


def found(subgraph=None, use=None, **nodes):
    return [(one.code, one.where) for one in diagnostics(subgraph, use, **nodes)]


def test_a_right_subgraph_has_no_problems():
    assert found() == []


def test_a_required_input_that_a_use_leaves_open_is_told_at_the_use_by_its_own_name():
    (one,) = diagnostics(use={"inputs": {}})
    assert (one.code, one.where) == ("P003", "/nodes/use/inputs/raw")
    assert "'raw' of 'Prepare data'" in one.message


def test_a_required_input_that_no_port_leads_to_is_told_inside():
    (one,) = diagnostics(definition(inputs={}), use={"inputs": {}})
    assert (one.code, one.where) == ("P003", "/subgraphs/prepare/nodes/clean/inputs/dataset")
    assert "'Prepare data / Step'" in one.message


def test_a_wire_of_the_wrong_type_into_a_use_is_told_at_the_use():
    (one,) = diagnostics(use={"inputs": {"raw": "forest.untrained_model"}}, forest=FOREST)
    assert (one.code, one.where) == ("P002", "/nodes/use/inputs/raw")
    assert "Port 'raw' of 'Prepare data' expects Table" in one.message


def test_two_wires_into_a_use_whose_inside_takes_one_are_told_at_the_use():
    two = {"inputs": {"raw": ["load.dataset", "load.dataset"]}}
    assert found(use=two) == [("P004", "/nodes/use/inputs/raw")]


def test_a_value_of_a_promoted_parameter_is_checked_where_it_is_set():
    (one,) = diagnostics(use={"parameters": {"count": 0}})
    assert (one.code, one.where) == ("V003", "/nodes/use/parameters/count")
    assert "Parameter 'count' of 'Prepare data' is the number 0" in one.message
    assert found(use={"parameters": {"count": {"$parameter": "gone"}}}) == [
        ("G011", "/nodes/use/parameters/count")
    ]


def test_a_required_parameter_is_missed_at_the_use_once_it_is_promoted():
    train = {"module": "learn.train_model", "version": "1.0.0"}
    nodes = {
        "forest": FOREST,
        "train": train | {"inputs": {"untrained_model": "forest.untrained_model"}},
    }
    inner = definition(
        nodes=nodes,
        inputs={"raw": "train.dataset"},
        outputs={},
        parameters={"label": "train.label_column"},
    )
    assert found(inner) == [("V004", "/nodes/use/parameters/label")]
    assert found({**inner, "parameters": {}}) == [
        ("V004", "/subgraphs/prepare/nodes/train/parameters/label_column")
    ]
    assert found(inner, use={"parameters": {"label": "age"}}) == []


def test_a_fault_inside_a_definition_is_told_once_however_often_it_is_used():
    broken = definition(
        nodes={"clean": step(parameters={"factor": 99}), "scale": step("clean.dataset")}
    )
    other = {"subgraph": "prepare", "inputs": {"raw": "load.dataset"}, "label": "Again"}
    assert found(broken, other=other) == [
        ("V003", "/subgraphs/prepare/nodes/clean/parameters/factor")
    ]


def test_ports_and_parameters_that_lead_nowhere_are_told_at_the_definition_alone():
    lost = definition(
        inputs={"raw": "claen.dataset", "more": ["clean.dataset", "scale.datset"]},
        outputs={"ready": "scale.result", "rest": "gone.dataset"},
        parameters={"count": "clean.cuont", "seed": "gone.seed"},
    )
    use = {"inputs": {"raw": "load.dataset", "more": "load.dataset"}, "parameters": {"count": 1}}
    consumers = {"a": step("use.ready"), "b": step("use.rest")}
    assert set(found(lost, use=use, **consumers)) == {
        ("G009", "/subgraphs/prepare/inputs/raw"),
        ("P001", "/subgraphs/prepare/inputs/more/1"),
        ("P001", "/subgraphs/prepare/outputs/ready"),
        ("G009", "/subgraphs/prepare/outputs/rest"),
        ("V001", "/subgraphs/prepare/parameters/count"),
        ("G009", "/subgraphs/prepare/parameters/seed"),
    }


def test_an_output_that_gives_nothing_is_told_inside_and_not_at_those_who_read_it():
    loose = definition(outputs={"ready": None})
    assert found(loose, step=step("use.ready")) == [("P003", "/subgraphs/prepare/outputs/ready")]


def test_what_a_use_gives_to_a_port_that_leads_nowhere_is_a_warning_there():
    empty = definition(inputs={"raw": "clean.dataset", "more": []}, parameters={"count": []})
    assert found(empty) == []
    more = {"inputs": {"raw": "load.dataset", "more": "load.dataset"}, "parameters": {"count": 4}}
    warnings = diagnostics(empty, use=more)
    assert {one.severity for one in warnings} == {"warning"}
    assert [(one.code, one.where) for one in warnings] == [
        ("P001", "/nodes/use/inputs/more"),
        ("V001", "/nodes/use/parameters/count"),
    ]


def test_a_port_or_parameter_cannot_be_two_things():
    train = {"module": "learn.train_model", "version": "1.0.0", "parameters": {"label_column": "y"}}
    mixed = definition(
        nodes={"forest": FOREST, "train": train, "clean": step()},
        inputs={"raw": ["train.untrained_model", "train.dataset"], "table": "clean.dataset"},
        outputs={},
        parameters={"count": ["clean.count", "train.label_column"]},
    )
    codes = {
        one for one in found(mixed, use={"inputs": {"table": "load.dataset"}}) if one[0] != "P003"
    }
    assert codes == {
        ("P002", "/subgraphs/prepare/inputs/raw"),
        ("V002", "/subgraphs/prepare/parameters/count"),
    }


def test_wires_from_a_use_that_cannot_be_expanded_say_nothing_of_their_own():
    nodes = {
        "use": {"subgraph": "gone"},
        "after": {**LOADED, "after": ["use"]},
        "step": step("use.x"),
    }
    graph = graph_of(nodes, outputs={"out": "use.x"})
    assert [(one.code, one.where) for one in validate(graph, fake_catalog())] == [
        ("G009", "/nodes/use/subgraph")
    ]


def test_a_published_subgraph_is_judged_with_what_is_inside_it():
    team = spec(
        "team.prepare", inputs=[table_in("raw")], outputs=[table_out("ready")], kind="subgraph"
    )
    off = spec(
        "team.prepare", "0.9.0", kind="subgraph", state="disabled", state_message="It loses rows."
    )
    catalog = fake_catalog(team, off)
    inside = definition(nodes={"clean": step(), "scale": step("clean.dataset", version="0.8.0")})
    document = graph_of({"prepare": {"subgraph": "prepare"}}, subgraphs={"prepare": inside})
    catalog.definitions = {("team.prepare", "1.0.0"): document, ("team.prepare", "0.9.0"): document}
    use = {"module": "team.prepare", "version": "1.0.0", "inputs": {"raw": "load.dataset"}}
    nodes = {"load": LOADED, "use": use}

    def judged():
        graph = graph_of(nodes)
        return [(one.code, one.where, one.message) for one in validate(graph, catalog)]

    ((code, where, message),) = judged()
    assert (code, where) == ("M003", "/nodes/use")
    assert message.startswith("Step 0.8.0, inside 'Prepare data', is disabled: It loses rows")
    use["version"] = "0.9.0"
    assert [one[:2] for one in judged()][:1] == [("M003", "/nodes/use/version")]


MANY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@MANY
@given(DOCUMENTS)
def test_no_document_with_subgraphs_makes_validation_raise(document):
    graph = graph_from_document(document).graph
    for one in validate(graph, fake_catalog()):
        assert one.message and one.remedy and one.where.startswith("/")
