"""Merging people's edits: whatever the interleaving, what was accepted is in the result."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.document.difference import difference
from designer.document.operations import ABSENT, Change, Operation, apply, invert
from designer.services.draft import merge

NODE = {"module": "m.x"}
IDS = ["a", "b", "c"]


def node_path(node_id):
    return st.sampled_from(
        [
            ("nodes", node_id, "label"),
            ("nodes", node_id, "parameters", "p"),
            ("nodes", node_id, "parameters", "q"),
            ("nodes", node_id, "inputs", "dataset"),
            ("layout", "nodes", node_id),
        ]
    )


def value_for(path):
    if path[0] == "layout":
        return st.builds(lambda x: {"x": x, "y": 0}, st.integers(0, 9))
    if path[2] == "inputs":
        return st.sampled_from(["a.out", "b.out", "c.out"])
    return st.sampled_from(["one", "two", "three"])


@st.composite
def gesture(draw):
    """One person's gesture: make a node, remove one, or set or remove one of its values."""
    node_id = draw(st.sampled_from(IDS))
    kind = draw(st.sampled_from(["make", "remove", "set", "set", "set", "unset"]))
    if kind == "make":
        return Change(
            path=("nodes", node_id), after={**NODE, "label": draw(st.text("xy", max_size=2))}
        )
    if kind == "remove":
        return Change(path=("nodes", node_id), before=NODE)
    path = draw(node_path(node_id))
    return Change(path=path, after=draw(value_for(path)) if kind == "set" else ABSENT)


def merged_one_by_one(gestures):
    document, revision, log, results = {"format": 1, "nodes": {}}, 0, [], []
    for number, change in enumerate(gestures):
        merged = merge(
            document,
            revision,
            [Operation(id=str(number), changes=(change,))],
            known={},
            author="me",
            at=0,
        )
        document, revision = merged.document, merged.revision
        log += merged.accepted
        results += merged.results
    return document, revision, log, results


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(gesture(), max_size=20))
def test_every_accepted_operation_is_in_the_result_until_a_later_one_takes_its_path(gestures):
    document, revision, log, results = merged_one_by_one(gestures)
    accepted = [result for result in results if result.status == "accepted"]
    assert revision == len(log) == len(accepted)
    expected = {"format": 1, "nodes": {}}
    for logged in log:
        expected = apply(expected, logged.operation).document
    assert document == expected
    for result in results:
        assert result.status == "accepted" or result.diagnostics[0].code == "G009"


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(gesture(), max_size=20))
def test_the_log_undone_backwards_leads_to_the_beginning(gestures):
    document, _, log, _ = merged_one_by_one(gestures)
    for logged in reversed(log):
        undo = Operation(id="undo", changes=invert(logged.operation.changes))
        document = apply(document, undo).document
    assert document == {"format": 1, "nodes": {}}


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(gesture(), max_size=12), st.lists(gesture(), max_size=12), st.randoms())
def test_edits_of_different_nodes_all_stay_whatever_the_interleaving(mine, theirs, random):
    own = merged_one_by_one(_only(mine, {"a"}))[0]
    other = merged_one_by_one(_only(theirs, {"b", "c"}))[0]
    both = _interleaved(_only(mine, {"a"}), _only(theirs, {"b", "c"}), random)
    document = merged_one_by_one(both)[0]
    for node_id in IDS:
        source = own if node_id == "a" else other
        assert document["nodes"].get(node_id) == source["nodes"].get(node_id)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(gesture(), max_size=12), st.lists(gesture(), max_size=12))
def test_the_difference_of_two_documents_leads_from_one_to_the_other(one, two):
    before, after = merged_one_by_one(one)[0], merged_one_by_one(two)[0]
    operation = Operation(id="d", changes=difference(before, after))
    assert apply(before, operation).document == after
    assert difference(after, after) == ()


def _only(gestures, ids):
    kept = []
    for change in gestures:
        index = 2 if change.path[0] == "layout" else 1
        if change.path[index] in ids and change.path[-1] != "dataset":
            kept.append(change)
    return kept


def _interleaved(left, right, random):
    left, right, result = list(left), list(right), []
    while left or right:
        source = left if left and (not right or random.random() < 0.5) else right
        result.append(source.pop(0))
    return result
