"""What differs between two documents, as people see it and in words."""

import copy
import json
from pathlib import Path

import pytest

from designer.document.comparison import compare
from designer.document.comparison_words import as_lines, in_words

EXAMPLE = json.loads((Path(__file__).parents[2] / "golden/graph_example.json").read_text())
TITLES = {
    "data_transformation.split_data": "Split Data",
    "model_training.train_model": "Train Model",
    "classification.two_class_decision_forest": "Decision Forest",
    "data_input_output.sample_dataset": "Sample Dataset",
}


def edited(edit):
    document = copy.deepcopy(EXAMPLE)
    edit(document)
    return document


def lines(before, after):
    told = in_words(
        compare(before, after), before, after, lambda n: TITLES.get(n.get("module"), "")
    )
    return list(as_lines(told))


def set_parameter(document):
    document["nodes"]["forest"]["parameters"]["number_of_trees"] = 500


def test_the_same_document_has_no_difference():
    assert compare(EXAMPLE, copy.deepcopy(EXAMPLE)).is_empty


def test_a_parameter_is_said_with_both_values():
    after = edited(set_parameter)
    assert lines(EXAMPLE, after) == ["~ Decision Forest", "    parameter number_of_trees 200 → 500"]
    (one,) = compare(EXAMPLE, after).differences
    assert (one.kind, one.what, one.scope, one.id) == ("changed", "node", "", "forest")


def test_nodes_that_only_moved_are_counted_and_not_listed():
    def move(document):
        for place in document["layout"]["nodes"].values():
            place["x"] += 8

    comparison = compare(EXAMPLE, edited(move))
    assert comparison.is_empty
    assert comparison.moved == {"": ("forest", "load", "split", "train")}
    assert lines(EXAMPLE, edited(move)) == ["4 moved"]


def test_a_node_that_came_is_listed_once_with_its_wires_and_not_as_moved():
    def add(document):
        document["nodes"]["score"] = {
            "module": "model_scoring_evaluation.score_model",
            "version": "1.0.0",
            "inputs": {"trained_model": "train.trained_model"},
        }
        document["layout"]["nodes"]["score"] = {"x": 0, "y": 0}

    after = edited(add)
    assert lines(EXAMPLE, after) == [
        "+ score",
        "    input trained_model Train Model.trained_model",
    ]
    (mark,) = compare(EXAMPLE, after).wires
    assert (mark.kind, mark.node, mark.port) == ("added", "score", "trained_model")
    assert compare(EXAMPLE, after).moved == {}
    assert lines(after, EXAMPLE)[0] == "- score"


def test_a_wire_that_leads_elsewhere_is_one_value_and_two_marks():
    def rewire(document):
        document["nodes"]["train"]["inputs"]["dataset"] = "load.dataset"

    after = edited(rewire)
    assert lines(EXAMPLE, after) == [
        "~ Train Model",
        "    input dataset Split 70/30.results_dataset1 → Sample Dataset.dataset",
    ]
    marks = {(mark.kind, mark.source) for mark in compare(EXAMPLE, after).wires}
    assert marks == {("added", "load.dataset"), ("removed", "split.results_dataset1")}


def test_a_wire_that_is_switched_off_is_changed():
    def disable(document):
        wire = {"from": "split.results_dataset1", "disabled": True}
        document["nodes"]["train"]["inputs"]["dataset"] = wire

    (mark,) = compare(EXAMPLE, edited(disable)).wires
    assert (mark.kind, mark.source) == ("changed", "split.results_dataset1")
    assert lines(EXAMPLE, edited(disable))[1].endswith("Split 70/30.results_dataset1 (disabled)")


def test_the_first_wire_of_a_node_is_said_by_its_port():
    def wire(document):
        document["nodes"]["load"]["inputs"] = {"left": "split.a", "right": "split.b"}

    assert lines(EXAMPLE, edited(wire)) == [
        "~ Sample Dataset",
        "    input left Split 70/30.a",
        "    input right Split 70/30.b",
    ]


def test_values_of_every_part_of_the_pipeline_are_said():
    def change(document):
        document["name"] = "Another"
        document["parameters"]["seed"]["default"] = 8
        document["outputs"]["report"] = "train.report"
        document["x-team"] = "risk"
        document["nodes"]["train"]["run"]["gpus"] = 2
        document["nodes"]["split"] = {
            **document["nodes"]["split"],
            "label": "Split 80/20",
            "version": "1.1.0",
            "digest": "b3:ffff",
            "state": {"kind": "disabled"},
        }
        document["nodes"]["split"]["parameters"].pop("seed")

    told = lines(EXAMPLE, edited(change))
    assert told == [
        "~ Pipeline",
        "    name Breast cancer classifier → Another",
        "    output report train.report",
        "    parameter seed " + told[3].partition("seed ")[2],
        "    x-team risk",
        "~ Split 80/20",
        "    name Split 70/30 → Split 80/20",
        "    parameter seed pipeline parameter seed removed",
        "    state disabled",
        "    version 1.0.0 → 1.1.0",
        "~ Train Model",
        "    run setting gpus 1 → 2",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["age", "sex"], ["age", "fare"], "+ fare; − sex"),
        (["a", "b"], ["b", "a"], "in another order"),
        ("", "x", '"" → x'),
        (None, 0.5, "null → 0.5"),
        (True, False, "true → false"),
        ({"$secret": "a"}, {"$secret": "b"}, "secret a → secret b"),
        ("x" * 200, "y", "x" * 59 + "… → y"),
    ],
)
def test_values_are_short_and_readable(before, after, said):
    def with_value(value):
        return edited(lambda d: d["nodes"]["load"]["parameters"].update(name=value))

    assert lines(with_value(before), with_value(after))[1] == f"    parameter name {said}"


def test_of_a_script_only_the_lines_that_differ_are_shown():
    script = "import polars as pl\n\ndef main(a):\n    return a\n"

    def with_script(text):
        return edited(lambda d: d["nodes"]["load"]["parameters"].update(script=text))

    told = lines(with_script(script), with_script(script.replace("return a", "return a.head(5)")))
    assert told[1:] == [
        "    parameter script, lines that differ:",
        "       def main(a):",
        "      -    return a",
        "      +    return a.head(5)",
    ]


# --- subgraphs ------------------------------------------------------------------------------


def collapse(document):
    """What a person does to split and train: one node that uses a subgraph of both."""
    nodes = document["nodes"]
    inner = {name: nodes.pop(name) for name in ("split", "train")}
    inner["split"].pop("inputs")
    document["subgraphs"] = {
        "learn": {
            "label": "Learn",
            "nodes": inner,
            "inputs": {"dataset": "split.dataset"},
            "outputs": {"model": "train.trained_model"},
        }
    }
    nodes["learn"] = {"subgraph": "learn", "inputs": {"dataset": "load.dataset"}}


def test_nodes_that_went_into_a_new_subgraph_are_said_to_have_moved_there():
    told = lines(EXAMPLE, edited(collapse))
    assert told == [
        "+ Learn",
        "    input dataset Sample Dataset.dataset",
        "- Split 70/30, moved into 'Learn'",
        "    input dataset Sample Dataset.dataset",
        "- Train Model, moved into 'Learn'",
        "    input dataset Split 70/30.results_dataset1",
        "    input untrained_model Decision Forest.untrained_model",
        "+ Subgraph 'Learn' (2 nodes)",
    ]
    assert "+ Split 70/30, moved out of 'Learn'" in lines(edited(collapse), EXAMPLE)


def test_what_differs_inside_a_subgraph_is_said_with_its_name():
    before = edited(collapse)
    after = copy.deepcopy(before)
    learn = after["subgraphs"]["learn"]
    learn["nodes"]["train"]["parameters"]["label_column"] = "survived"
    learn["outputs"]["rest"] = "split.results_dataset2"
    learn["nodes"]["split"]["inputs"] = {"dataset": "train.x"}
    assert lines(before, after) == [
        "~ Subgraph 'Learn'",
        "    output rest split.results_dataset2",
        "~ Split 70/30 in 'Learn'",
        "    input dataset Train Model.x",
        "~ Train Model in 'Learn'",
        "    parameter label_column target → survived",
    ]
    (mark,) = compare(before, after).wires
    assert (mark.scope, mark.node, mark.source) == ("learn", "split", "train.x")


def test_frames_and_notes_are_said_unless_they_only_moved():
    def with_note(**note):
        return edited(lambda d: d["layout"].update(notes={"n1": {"x": 0, "y": 0, **note}}))

    before = with_note(text="Check")
    assert lines(before, with_note(text="Check", x=80)) == []
    assert lines(before, with_note(text="Done")) == ["~ Note n1", "    text Check → Done"]
    assert lines(EXAMPLE, before) == ["+ Note n1"]
