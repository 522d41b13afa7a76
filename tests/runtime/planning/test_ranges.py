"""Breakpoints, failed and downstream, and what of a broken graph could run."""

import pytest

from runtime.errors import InvalidGraphError
from runtime.planning import PlanOptions, plan, plan_what_can_run
from tests.runtime.fake_catalog import fake_catalog, graph_of

LOADED = {"module": "data.load", "version": "1.0.0"}


def step(source="load.dataset", **fields):
    return {"module": "data.step", "version": "1.0.0", "inputs": {"dataset": source}, **fields}


LINE = {"load": LOADED, "b": step(), "c": step("b.dataset"), "d": step("c.dataset"), "side": step()}


def surroundings(**options):
    return {
        "options": PlanOptions(**options),
        "source_folder": None,
        "file_digest": lambda path: f"b3:{path.read_text()}",
        "draw_seed": lambda: 7,
    }


def planned(nodes, *, unfinished=(), has_artifact=None, **options):
    return plan(
        graph_of(nodes),
        fake_catalog(),
        unfinished=unfinished,
        has_artifact=has_artifact,
        **surroundings(**options),
    )


def partly(nodes, **options):
    found = plan_what_can_run(graph_of(nodes), fake_catalog(), **surroundings(**options))
    assert set(found.titles) == {*found.invalid, *found.plan.skipped, *found.plan.waiting}
    return found.plan, found.invalid


def ids(made, *, stored=False):
    return [one.id for one in made.steps if one.stored == stored]


def refused(nodes, **more):
    with pytest.raises(InvalidGraphError) as raised:
        planned(nodes, **more)
    return [one.code for one in raised.value.diagnostics]


def test_a_run_stops_before_a_breakpoint_and_what_is_behind_it_waits():
    made = planned(LINE, stop_before=("c",))
    assert ids(made) == ["load", "b", "side"]
    assert made.waiting == {
        "c": "It waits: it has a breakpoint.",
        "d": "It waits: the run stops before 'Step'.",
    }
    assert made.stopped_before == ("c",)
    assert made.scope.stop_before == ("c",)


def test_of_two_breakpoints_in_a_row_a_run_comes_to_the_first():
    made = planned(LINE, stop_before=("d", "b"))
    assert made.stopped_before == ("b",)
    assert set(made.waiting) == {"b", "c", "d"}


def test_going_on_runs_from_the_breakpoint_and_keeps_what_is_before_it():
    made = planned(LINE, from_=("b",), stop_before=("d",))
    assert (ids(made), ids(made, stored=True)) == (["b", "c"], ["load"])
    assert made.stopped_before == ("d",)


def test_a_breakpoint_outside_the_range_stops_nothing():
    made = planned(LINE, to=("side",), stop_before=("c",))
    assert (ids(made), made.waiting, made.stopped_before) == (["load", "side"], {}, ())


def test_a_run_with_all_of_its_range_behind_breakpoints_has_nothing_to_do():
    assert refused(LINE, stop_before=("load",)) == ["G012"]
    assert refused(LINE, stop_before=("lod",)) == ["L001"]


def test_a_problem_behind_a_breakpoint_does_not_stop_the_run():
    nodes = {**LINE, "d": step("c.dataset", parameters={"count": -1})}
    assert refused(nodes) == ["V003"]
    assert ids(planned(nodes, stop_before=("c",))) == ["load", "b", "side"]


def test_a_bypassed_node_with_a_breakpoint_holds_back_what_reads_through_it():
    nodes = {**LINE, "c": step("b.dataset", state="bypassed")}
    made = planned(nodes, stop_before=("c",))
    assert ids(made) == ["load", "b", "side"]
    assert set(made.waiting) == {"d"}
    assert made.stopped_before == ("c",)


def test_failed_and_downstream_keeps_what_was_done():
    made = planned(LINE, failed=True, unfinished=("c",))
    assert (ids(made), ids(made, stored=True)) == (["c", "d"], ["load", "b"])
    assert made.scope.failed


def test_failed_and_downstream_forgets_nodes_that_are_gone():
    assert ids(planned(LINE, failed=True, unfinished=("gone", "d"))) == ["d"]


def test_failed_and_downstream_is_refused_when_nothing_failed():
    assert refused(LINE, failed=True) == ["L002"]
    assert refused(LINE, failed=True, unfinished=("gone",)) == ["L002"]


def test_ranges_narrow_each_other():
    made = planned(LINE, failed=True, unfinished=("b", "side"), to=("c",))
    assert ids(made) == ["b", "c"]


def test_what_can_run_leaves_out_broken_nodes_and_what_needs_them():
    nodes = {**LINE, "b": step(parameters={"count": -1})}
    made, invalid = partly(nodes)
    assert ids(made) == ["load", "side"]
    assert {name: [one.code for one in found] for name, found in invalid.items()} == {"b": ["V003"]}
    assert made.skipped == {
        "c": "It needs 'Step', which has a problem.",
        "d": "It needs 'Step', which has a problem.",
    }


def test_what_can_run_leaves_out_a_node_whose_file_is_missing():
    nodes = {
        **LINE,
        "read": {"module": "data.read", "version": "1.0.0", "parameters": {"path": "no_such.csv"}},
        "e": step("read.dataset"),
    }
    made, invalid = partly(nodes)
    assert ids(made) == ["load", "b", "c", "d", "side"]
    assert set(invalid) == {"read"} and set(made.skipped) == {"e"}
    assert [one.code for one in made.diagnostics] == ["V005"]


def test_what_can_run_leaves_out_a_knot_and_what_is_behind_it():
    nodes = {"load": LOADED, "a": step("b.dataset"), "b": step("a.dataset"), "c": step("b.dataset")}
    made, invalid = partly(nodes)
    assert ids(made) == ["load"]
    assert set(invalid) | made.skipped.keys() == {"a", "b", "c"}
    assert refused(nodes) == ["G008"]


def test_nothing_of_a_graph_can_run_when_the_graph_itself_is_broken():
    graph = graph_of(LINE, outputs={"end": "gone.dataset"})
    made, invalid, _ = plan_what_can_run(graph, fake_catalog(), **surroundings())
    assert made.steps == () and [one.code for one in invalid[""]] == ["G013"]


def frozen(**artifacts):
    return step(state={"kind": "frozen", "artifacts": artifacts})


def test_a_frozen_output_that_is_gone_stops_the_run_before_it_starts():
    nodes = {**LINE, "b": frozen(dataset="b3:77")}
    assert refused(nodes, has_artifact=lambda _: False) == ["S003"]
    assert ids(planned(nodes, has_artifact=lambda digest: digest == "b3:77")) == [
        "load", "b", "c", "d", "side",
    ]  # fmt: skip


def test_a_node_that_is_frozen_without_what_is_read_from_it_stops_the_run():
    assert refused({**LINE, "b": frozen()}) == ["G014"]
    assert refused({**LINE, "b": frozen(other="b3:77")}) == ["G014"]
