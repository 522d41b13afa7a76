"""Operations on the document: the vectors shared with the browser, conflicts, renames."""

import json
from pathlib import Path

import pytest

from designer.document.operations import ABSENT, Change, Operation, apply, invert, same
from designer.document.renaming import free_id, resolve_clashes
from runtime.errors import RequestError

VECTORS = json.loads((Path(__file__).parents[2] / "golden/operations.json").read_text())


def operation(*changes):
    return Operation(
        id="op",
        changes=tuple(
            Change(
                path=tuple(change["path"]),
                before=change.get("before", ABSENT),
                after=change.get("after", ABSENT),
            )
            for change in changes
        ),
    )


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
