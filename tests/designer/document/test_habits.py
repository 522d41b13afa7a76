"""What people wire to what is counted over their own graphs."""

from designer.document.habits import habits_of, suggestions, together
from runtime.model.graph_json import parse_graph


def graph(nodes, **more):
    import json

    return parse_graph(json.dumps({"format": 1, "nodes": nodes, **more}))


def node(module, **inputs):
    return {"module": module, "version": "1.0.0", **({"inputs": inputs} if inputs else {})}


def test_wires_are_counted_by_module_and_port_on_both_ends():
    habits = habits_of(
        graph(
            {
                "a": node("m.load"),
                "b": node("m.split", dataset="a.out"),
                "c": node("m.split", dataset="a.out"),
            }
        )
    )
    assert habits == {(("m.load", "out"), ("m.split", "dataset")): 2}


def test_wires_inside_subgraphs_count_and_those_across_their_border_do_not():
    habits = habits_of(
        graph(
            {"a": node("m.load"), "p": {"subgraph": "prepare", "inputs": {"dataset": "a.out"}}},
            subgraphs={
                "prepare": {
                    "nodes": {"b": node("m.clean"), "c": node("m.split", dataset="b.cleaned")},
                    "inputs": {"dataset": "b.dataset"},
                }
            },
        )
    )
    assert habits == {(("m.clean", "cleaned"), ("m.split", "dataset")): 1}


def test_the_most_frequent_comes_first_from_both_ends():
    often = {
        (("m.split", "one"), ("m.train", "dataset")): 3,
        (("m.split", "one"), ("m.look", "table")): 1,
    }
    found = suggestions(together([often]), most=5)
    assert found["after"] == {"m.split.one": [("m.train", "dataset", 3), ("m.look", "table", 1)]}
    assert found["before"]["m.train.dataset"] == [("m.split", "one", 3)]
    assert suggestions(together([often]), most=1)["after"]["m.split.one"] == [
        ("m.train", "dataset", 3)
    ]
