"""Schemas are told over the whole graph, node by node, as a run would go through it."""

import msgspec
import pytest

from runtime.foresight.files import file_stamp
from tests.runtime.foresight.fakes import FakeModules, foreseen, table

LOAD = {"module": "load"}


def keep(source="load.dataset", **node):
    return {"module": "keep", "inputs": {"dataset": source}, **node}


def columns(found, node, port="dataset"):
    schema = found.nodes[node].outputs.get(port)
    return None if schema is None else schema.names


def test_what_a_node_gives_reaches_the_nodes_behind_it():
    found, modules = foreseen({"keep2": keep("keep1.dataset"), "keep1": keep(), "load": LOAD})
    assert columns(found, "keep2") == ("a", "b")
    assert modules.asked == ["known.load", "known.keep", "known.keep"]
    assert found.diagnostics == ()


def test_parameters_of_the_pipeline_are_resolved_before_a_module_is_asked():
    found, _ = foreseen(
        {"load": {"module": "load", "parameters": {"columns": ["x"]}}, "keep": keep()},
        parameters={"seed": {"type": "int", "default": 1}},
    )
    assert columns(found, "keep") == ("x",)


def test_an_error_becomes_a_diagnostic_on_the_parameter_and_what_is_behind_is_unknown():
    found, modules = foreseen(
        {"load": LOAD, "wrong": keep(parameters={"columns": ["z"]}), "after": keep("wrong.dataset")}
    )
    (diagnostic,) = found.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("D001", "error")
    assert diagnostic.where == "/nodes/wrong/parameters/columns"
    assert columns(found, "wrong") is None and columns(found, "after") is None
    assert modules.requests[-1].inputs == {"dataset": (None,)}


def test_the_place_is_the_parameter_of_the_port_that_lacks_the_column():
    node = keep(parameters={"columns": ["a"], "others": ["a"]})
    node["inputs"]["other"] = "second.dataset"
    second = {"module": "load", "parameters": {"columns": ["x"]}}
    found, _ = foreseen({"load": LOAD, "second": second, "both": node})
    assert [item.where for item in found.diagnostics] == ["/nodes/both/parameters/others"]


def test_what_a_bypassed_node_takes_in_goes_on():
    state = {"state": {"kind": "bypassed"}}
    found, modules = foreseen({"load": LOAD, "by": keep(**state), "after": keep("by.dataset")})
    assert columns(found, "by") == columns(found, "after") == ("a", "b")
    assert modules.asked == ["known.load", "known.keep"]


def test_a_node_that_is_switched_off_and_those_that_need_it_are_not_looked_at():
    state = {"state": {"kind": "disabled"}}
    found, modules = foreseen({"load": LOAD, "off": keep(**state), "after": keep("off.dataset")})
    assert set(found.nodes) == {"load"}
    assert modules.asked == ["known.load"]


def test_a_wire_that_is_switched_off_carries_nothing():
    node = keep()
    node["inputs"]["other"] = {"from": "load.dataset", "disabled": True}
    _, modules = foreseen({"load": LOAD, "keep": node})
    assert set(modules.requests[-1].inputs) == {"dataset"}


def test_a_frozen_node_gives_what_was_frozen():
    digest = "b3:" + "1" * 64
    frozen = keep(state={"kind": "frozen", "artifacts": {"dataset": digest}})
    stored = {digest: table("kept", rows=3)}
    found, modules = foreseen(
        {"load": LOAD, "frozen": frozen, "after": keep("frozen.dataset")},
        stored=lambda ref: stored.get(ref.digest),
    )
    assert columns(found, "after") == ("kept",)
    assert modules.asked == ["known.load", "known.keep"]


def test_a_node_with_a_problem_is_not_asked_and_neither_is_it_said_twice():
    found, modules = foreseen({"keep": {"module": "keep"}, "after": keep("keep.dataset")})
    assert modules.asked == ["known.keep"]
    assert found.diagnostics == () and columns(found, "after") is None


def test_a_graph_with_a_circle_is_told_as_far_as_it_can_run():
    found, _ = foreseen({"load": LOAD, "one": keep("two.dataset"), "two": keep("one.dataset")})
    assert set(found.nodes) == {"load"}


def test_nodes_inside_subgraphs_have_the_ids_of_the_flat_graph_and_errors_their_own_place():
    inner = {
        "nodes": {
            "first": {"module": "known.keep", "version": "1.0.0", "parameters": {"columns": ["a"]}},
            "second": {
                "module": "known.keep",
                "version": "1.0.0",
                "inputs": {"dataset": "first.dataset"},
                "parameters": {"columns": ["z"]},
            },
        },
        "inputs": {"dataset": ["first.dataset"]},
        "outputs": {"dataset": "second.dataset"},
    }
    use = {"subgraph": "prepare", "inputs": {"dataset": "load.dataset"}}
    found, _ = foreseen({"load": LOAD, "prepare": use}, subgraphs={"prepare": inner})
    assert columns(found, "prepare__first") == ("a", "b")
    assert found.nodes["prepare__first"].inputs == {"dataset": ("load.dataset",)}
    assert columns(found, "prepare") is None
    (diagnostic,) = found.diagnostics
    assert diagnostic.where == "/subgraphs/prepare/nodes/second/parameters/columns"


def test_a_subgraph_gives_what_its_inner_nodes_give_however_deep():
    inner = {
        "nodes": {"keep": {"module": "known.keep", "version": "1.0.0"}},
        "inputs": {"in_": ["keep.dataset"]},
        "outputs": {"out": "keep.dataset"},
    }
    outer = {
        "nodes": {"use": {"subgraph": "inner"}},
        "inputs": {"table": ["use.in_"]},
        "outputs": {"kept": "use.out"},
    }
    graph = {
        "load": LOAD,
        "first": {"subgraph": "outer", "inputs": {"table": "load.dataset"}},
        "after": keep("first.kept"),
    }
    found, _ = foreseen(graph, subgraphs={"inner": inner, "outer": outer})
    assert columns(found, "first__use", "out") == columns(found, "first", "kept") == ("a", "b")
    assert found.nodes["after"].inputs == {"dataset": ("first__use__keep.dataset",)}


def test_a_fault_inside_a_definition_that_is_used_twice_is_told_once():
    inner = {
        "nodes": {
            "keep": {"module": "known.keep", "version": "1.0.0", "parameters": {"columns": ["z"]}}
        },
        "inputs": {"in_": ["keep.dataset"]},
        "outputs": {"out": "keep.dataset"},
    }
    use = {"subgraph": "inner", "inputs": {"in_": "load.dataset"}}
    found, _ = foreseen({"load": LOAD, "one": use, "two": use}, subgraphs={"inner": inner})
    assert len(found.diagnostics) == 1


def test_what_feeds_a_port_is_told_through_bypassed_nodes():
    state = {"state": {"kind": "bypassed"}}
    found, _ = foreseen({"load": LOAD, "by": keep(**state), "after": keep("by.dataset")})
    assert found.nodes["after"].inputs == {"dataset": ("load.dataset",)}


def test_no_code_of_a_draft_or_of_the_graph_is_asked():
    script = {"module": "script", "inputs": {"dataset": "load.dataset"}}
    found, modules = foreseen(
        {
            "load": LOAD,
            "script": script,
            "draft": {"module": "draft"},
            "after": keep("draft.dataset"),
        }
    )
    assert sorted(modules.asked) == ["known.keep", "known.load"]
    assert found.nodes["script"].outputs == {} and found.nodes["draft"].outputs == {}
    assert found.nodes["script"].why == "Its code is not run before you press Run."
    assert found.nodes["draft"].why == "A draft is not run before you press Run."


def test_a_file_that_is_not_there_is_what_a_run_would_say(tmp_path):
    found, modules = foreseen(
        {"read": {"module": "read", "parameters": {"path": "gone.csv"}}}, source_folder=tmp_path
    )
    (diagnostic,) = found.diagnostics
    assert (diagnostic.code, diagnostic.where) == ("V005", "/nodes/read/parameters/path")
    assert modules.asked == []


def test_a_request_changes_with_the_file_it_depends_on(tmp_path):
    path = tmp_path / "data.csv"
    graph = {"read": {"module": "read", "parameters": {"path": "data.csv"}}}

    def request():
        _, modules = foreseen(graph, source_folder=tmp_path)
        return modules.requests[0]

    path.write_text("a\n1\n")
    first = request()
    assert first == request() and first.files == {"path": str(path)}
    path.write_text("b\n1\n")
    assert request().stamps != first.stamps


def test_the_stamp_of_a_folder_tells_of_every_file_in_it(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    before = file_stamp(tmp_path)
    assert file_stamp(tmp_path).text == before.text
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.csv").write_text("2")
    assert file_stamp(tmp_path).text != before.text


def test_the_stamp_of_a_large_file_reads_its_ends_only(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"a" * 1_000_000)
    before = file_stamp(path)
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"b")
    assert file_stamp(path).text != before.text


def test_what_is_asked_can_be_sent_as_json():
    _, modules = foreseen({"load": LOAD, "keep": keep()}, modules=FakeModules())
    for request in modules.requests:
        line = msgspec.json.encode(request)
        assert msgspec.json.decode(line, type=type(request)) == request


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_stamp_of_nothing_is_an_error(tmp_path, kind):
    with pytest.raises(OSError):
        file_stamp(tmp_path / kind)
