"""Operations on the document: the vectors shared with the browser, conflicts, renames."""

import json
from pathlib import Path

import pytest

from designer.document.difference import difference
from designer.document.operations import ABSENT, Change, Operation, apply, invert, same
from designer.document.renaming import free_id, rename, resolve_clashes
from runtime.errors import RequestError

GOLDEN = Path(__file__).parents[2] / "golden"
VECTORS = json.loads((GOLDEN / "operations.json").read_text())
RENAMES = json.loads((GOLDEN / "renames.json").read_text())
DIFFERENCES = json.loads((GOLDEN / "differences.json").read_text())


def change_of(fields):
    return Change(
        path=tuple(fields["path"]),
        before=fields.get("before", ABSENT),
        after=fields.get("after", ABSENT),
    )


def operation(*changes):
    return Operation(id="op", changes=tuple(map(change_of, changes)))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_shared_vector_gives_the_same_here_as_in_the_browser(vector):
    before = json.dumps(vector["document"])
    if "refused" in vector:
        with pytest.raises(RequestError) as refusal:
            apply(vector["document"], operation(*vector["changes"]))
        assert refusal.value.code == vector["refused"]
    else:
        applied = apply(vector["document"], operation(*vector["changes"]))
        assert applied.document == vector["after"]
        if vector["inverse_is_exact"]:
            inverse = Operation(id="undo", changes=invert(applied.changes))
            assert apply(applied.document, inverse).document == vector["document"]
    assert json.dumps(vector["document"]) == before, "the given document was changed"


def test_an_edit_of_what_somebody_else_changed_is_applied_and_reported_with_both_sides():
    document = {"nodes": {"a": {"label": "theirs"}}}
    edit = {"path": ["nodes", "a", "label"], "before": "old", "after": "yours"}
    applied = apply(document, operation(edit))
    assert applied.document["nodes"]["a"]["label"] == "yours"
    assert [(c.theirs, c.yours) for c in applied.conflicts] == [("theirs", "yours")]
    assert applied.changes[0].before == "theirs"


def test_the_same_edit_by_two_people_is_no_conflict():
    document = {"nodes": {"a": {"label": "new"}}}
    edit = {"path": ["nodes", "a", "label"], "before": "old", "after": "new"}
    applied = apply(document, operation(edit))
    assert applied.conflicts == () and applied.changes == ()


def test_a_node_id_that_is_taken_is_renamed_everywhere_the_later_client_means_it():
    document = {"nodes": {"split": {"module": "m.theirs"}, "load": {"module": "m.load"}}}
    clashing = operation(
        {"path": ["nodes", "split"], "after": {"module": "m.mine"}},
        {"path": ["nodes", "train"], "after": {"inputs": {"x": ["split.a", {"from": "split.b"}]}}},
        {"path": ["layout", "nodes", "split"], "after": {"x": 1, "y": 2}},
        {"path": ["outputs", "result"], "after": "split.a"},
    )
    renamed, names = resolve_clashes(document, clashing, {})
    assert names == {"split": "split_2"}
    after = apply(document, renamed).document
    assert after["nodes"]["split"] == {"module": "m.theirs"}
    assert after["nodes"]["split_2"] == {"module": "m.mine"}
    assert after["nodes"]["train"]["inputs"]["x"] == ["split_2.a", {"from": "split_2.b"}]
    assert after["layout"]["nodes"] == {"split_2": {"x": 1, "y": 2}}
    assert after["outputs"] == {"result": "split_2.a"}


def test_later_operations_of_the_batch_mean_the_renamed_node():
    document = {"nodes": {"a": {"module": "theirs"}, "a_2": {"module": "mine"}}}
    later = operation({"path": ["nodes", "a", "label"], "after": "Mine"})
    renamed, _ = resolve_clashes(document, later, {"a": "a_2"})
    assert renamed.changes[0].path == ("nodes", "a_2", "label")


def test_two_people_who_add_the_same_module_at_once_get_a_node_each():
    document = {"nodes": {"a": {"module": "m"}}}
    again = operation({"path": ["nodes", "a"], "after": {"module": "m"}})
    renamed, names = resolve_clashes(document, again, {})
    assert names == {"a": "a_2"}
    assert apply(document, renamed).document == {
        "nodes": {"a": {"module": "m"}, "a_2": {"module": "m"}}
    }


def test_a_free_id_counts_on_from_the_number_it_has():
    assert free_id("split_2", {"split", "split_2", "split_3"}) == "split_4"


def test_true_is_not_one_but_one_is_one_point_zero():
    assert same(1, 1.0) and not same(True, 1) and not same(None, ABSENT)


@pytest.mark.parametrize("vector", RENAMES, ids=lambda vector: vector["name"])
def test_every_shared_rename_gives_the_same_here_as_in_the_browser(vector):
    assert rename(change_of(vector["change"]), vector["renamed"]) == change_of(vector["after"])


@pytest.mark.parametrize("vector", DIFFERENCES, ids=lambda vector: vector["name"])
def test_every_shared_difference_is_the_same_here_as_in_the_browser(vector):
    changes = difference(vector["before"], vector["after"])
    assert list(changes) == [change_of(change) for change in vector["changes"]]
    applied = apply(vector["before"], Operation(id="op", changes=changes))
    assert applied.document == vector["after"]


INSIDE = ("subgraphs", "prepare", "nodes")


def test_two_nodes_made_at_once_never_end_under_one_id():
    document = {"nodes": {"load": {"module": "m.x"}}}
    made = operation(
        {"path": ["nodes", "load"], "after": {"module": "m.a"}},
        {"path": ["nodes", "load_2"], "after": {"module": "m.b"}},
    )
    renamed, names = resolve_clashes(document, made, {})
    assert names == {"load": "load_3"}
    assert set(apply(document, renamed).document["nodes"]) == {"load", "load_2", "load_3"}


def test_a_node_id_that_is_taken_inside_a_subgraph_is_renamed_there_alone():
    document = {
        "nodes": {"a": {}},
        "subgraphs": {"prepare": {"nodes": {"a": {"module": "theirs"}}}},
    }
    mine = operation(
        {"path": [*INSIDE, "a"], "after": {"module": "mine"}},
        {"path": ["subgraphs", "prepare", "outputs", "out"], "after": "a.x"},
        {"path": ["outputs", "out"], "after": "a.x"},
    )
    renamed, names = resolve_clashes(document, mine, {})
    assert names == {"subgraphs/prepare/nodes/a": "a_2"}
    after = apply(document, renamed).document
    assert after["subgraphs"]["prepare"] == {
        "nodes": {"a": {"module": "theirs"}, "a_2": {"module": "mine"}},
        "outputs": {"out": "a_2.x"},
    }
    assert after["outputs"] == {"out": "a.x"}


def test_two_people_who_collapse_into_one_name_get_a_subgraph_and_a_node_each():
    theirs = {"nodes": {"x": {"module": "theirs"}}}
    document = {"nodes": {"prepare": {"subgraph": "prepare"}}, "subgraphs": {"prepare": theirs}}
    collapse = operation(
        {"path": ["subgraphs", "prepare"], "after": {"nodes": {"y": {"module": "mine"}}}},
        {"path": ["nodes", "prepare"], "after": {"subgraph": "prepare"}},
    )
    renamed, names = resolve_clashes(document, collapse, {})
    assert names == {"subgraphs/prepare": "prepare_2", "prepare": "prepare_2"}
    after = apply(document, renamed).document
    assert after["subgraphs"]["prepare"] == theirs
    assert after["nodes"]["prepare_2"] == {"subgraph": "prepare_2"}
    inside = operation({"path": [*INSIDE, "y", "label"], "after": "Mine"})
    later, _ = resolve_clashes(after, inside, names)
    assert later.changes[0].path == ("subgraphs", "prepare_2", "nodes", "y", "label")


def test_the_difference_of_two_documents_is_as_fine_inside_a_subgraph_as_at_the_top():
    before = {
        "format": 1,
        "nodes": {"u": {"subgraph": "prepare"}},
        "subgraphs": {
            "prepare": {
                "nodes": {"a": {"parameters": {"x": 1, "y": 2}}, "gone": {}},
                "inputs": {"raw": "a.d"},
                "layout": {"nodes": {"a": {"x": 0, "y": 0}}},
            },
            "old": {"nodes": {}},
        },
    }
    after = {
        "format": 1,
        "nodes": {"u": {"subgraph": "prepare"}},
        "subgraphs": {
            "new": {"nodes": {"n": {}}},
            "prepare": {
                "label": "Prepare",
                "nodes": {"a": {"parameters": {"x": 5, "y": 2}}, "b": {"inputs": {"d": "a.x"}}},
                "inputs": {"raw": ["a.d", "b.d"]},
                "parameters": {"x": "a.x"},
                "layout": {"nodes": {"a": {"x": 8, "y": 0}}},
            },
        },
    }
    changes = difference(before, after)
    here = ("subgraphs", "prepare")
    assert [change.path for change in changes] == [
        ("subgraphs", "new"),
        (*here, "nodes", "b"),
        (*here, "inputs", "raw"),
        (*here, "label"),
        (*here, "layout", "nodes", "a"),
        (*here, "nodes", "a", "parameters", "x"),
        (*here, "parameters", "x"),
        ("subgraphs", "old"),
        (*here, "nodes", "gone"),
    ]
    assert apply(before, Operation(id="op", changes=changes)).document == after
    back = Operation(id="back", changes=invert(changes))
    assert apply(after, back).document == before


def test_a_name_is_not_given_out_that_a_client_may_still_know_for_something_else():
    document = {"nodes": {"load": {"module": "m.x"}}}
    made = operation({"path": ["nodes", "load"], "after": {"module": "m.a"}})
    _, names = resolve_clashes(document, made, {}, used=[("nodes", "load_2")])
    assert names == {"load": "load_3"}


def test_what_is_made_again_after_a_rename_keeps_clear_of_what_others_made_under_its_new_name():
    document = {"nodes": {"load": {"module": "m.x"}, "load_2": {"module": "m.y"}}}
    again = operation({"path": ["nodes", "load"], "after": {"module": "m.a"}})
    renamed, names = resolve_clashes(document, again, {"load": "load_2"})
    assert names == {"load": "load_3"}
    nodes = apply(document, renamed).document["nodes"]
    assert {key: node["module"] for key, node in nodes.items()} == {
        "load": "m.x",
        "load_2": "m.y",
        "load_3": "m.a",
    }


def test_a_new_node_never_takes_the_name_that_an_earlier_one_was_given_in_the_same_batch():
    document = {"nodes": {"load": {"module": "m.x"}}}
    made = operation({"path": ["nodes", "load_2"], "after": {"module": "m.a"}})
    _, names = resolve_clashes(document, made, {"load": "load_2"})
    assert names == {"load": "load_2", "load_2": "load_3"}
