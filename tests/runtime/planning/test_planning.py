import msgspec
import pytest

from runtime.errors import InvalidGraphError
from runtime.model import TargetResources
from runtime.model.graph_json import flatten, parse_graph
from runtime.planning import PlanOptions, explain, fingerprint, plan, remember
from tests.runtime.fake_catalog import (
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


def planned(
    nodes,
    *,
    catalog=None,
    folder=None,
    python_version="3.11",
    seeds=(41, 42),
    rest=None,
    offers=lambda target: None,
    **options,
):
    drawn = iter(seeds)
    graph = nodes if not isinstance(nodes, dict) else graph_of(nodes, **(rest or {}))
    return plan(
        graph,
        catalog or fake_catalog(),
        options=PlanOptions(**options),
        source_folder=folder,
        file_digest=lambda path: f"b3:{path.read_text()}",
        draw_seed=lambda: next(drawn),
        python_version=python_version,
        targets=("local", "box", "gpu-box"),
        offers=offers,
    )


def ids(made):
    return [one.id for one in made.steps]


def refused(nodes, **options):
    with pytest.raises(InvalidGraphError) as raised:
        planned(nodes, **options)
    return [(one.code, one.where) for one in raised.value.diagnostics]


LINE = {"load": LOADED, "b": step(), "c": step("b.dataset"), "side": step()}


def test_steps_come_in_order_with_ties_by_id():
    nodes = {"z": LOADED, "a": step("z.dataset"), "b": LOADED, "c": step("a.dataset")}
    assert ids(planned(nodes)) == ["b", "z", "a", "c"]


def test_a_step_holds_every_parameter_with_references_resolved():
    nodes = {"load": LOADED, "b": step(parameters={"factor": {"$parameter": "f"}})}
    rest = {"parameters": {"f": {"type": "float", "default": 2}}}
    assert planned(nodes, rest=rest).steps[1].parameters == {"factor": 2.0, "count": 3}
    overridden = planned(nodes, rest=rest, parameters={"f": 4})
    assert overridden.steps[1].parameters["factor"] == 4.0
    assert overridden.parameters == {"f": 4}


def test_values_set_for_a_run_are_checked():
    rest = {"parameters": {"f": {"type": "float", "default": 2, "maximum": 5}}}
    assert refused({"load": LOADED}, rest=rest, parameters={"f": 6}) == [("V003", "/parameters/f")]
    assert refused({"load": LOADED}, rest=rest, parameters={"g": 6}) == [("G011", "/parameters/g")]


def test_the_default_version_is_resolved_and_recorded():
    newer = spec("data.step", "2.0.0", inputs=[table_in()], outputs=[table_out()])
    nodes = {"load": LOADED, "b": step(version="default")}
    made = planned(nodes, catalog=fake_catalog(newer))
    assert (made.steps[1].version, made.steps[1].digest) == ("2.0.0", newer.digest)


def test_the_graph_as_submitted_and_its_hash_are_in_the_plan():
    graph = chain(3)
    made = planned(graph)
    assert parse_graph(made.graph_json) == graph
    assert made.graph_hash.startswith("b3:")


def test_an_invalid_graph_is_refused_with_every_diagnostic():
    nodes = {"load": LOADED, "b": step("gone.x", parameters={"count": 0})}
    assert refused(nodes) == [
        ("G009", "/nodes/b/inputs/dataset"),
        ("V003", "/nodes/b/parameters/count"),
    ]


def test_a_graph_with_nothing_to_run_is_refused():
    assert refused({}) == [("G012", "")]
    assert refused({"load": {**LOADED, "state": "disabled"}}) == [("G012", "")]


def test_a_disabled_module_version_stops_planning_and_a_deprecated_one_warns():
    assert refused({"load": LOADED, "b": step(version="0.8.0")}) == [("M003", "/nodes/b/version")]
    made = planned({"load": LOADED, "b": step(version="0.9.0")})
    assert [one.code for one in made.diagnostics] == ["M004"]


def test_to_runs_a_node_and_what_it_needs():
    assert ids(planned(LINE, to=("b",))) == ["load", "b"]


def test_from_runs_a_node_and_what_follows_and_leaves_what_is_before_as_it_was():
    made = planned(LINE, from_=("b",))
    assert [(one.id, one.stored) for one in made.steps] == [
        ("load", True),
        ("b", False),
        ("c", False),
    ]


def test_only_runs_just_the_named_nodes():
    made = planned(LINE, only=("c",))
    assert [(one.id, one.stored) for one in made.steps] == [
        ("load", True),
        ("b", True),
        ("c", False),
    ]


def test_a_range_that_names_no_node_is_refused():
    assert refused(LINE, to=("lod",)) == [("L001", "")]


def test_problems_outside_the_range_do_not_stop_a_run():
    nodes = {**LINE, "bad": step("gone.x")}
    assert ids(planned(nodes, to=("c",))) == ["load", "b", "c"]
    assert [code for code, _ in refused(nodes)] == ["G009"]


def test_a_disabled_node_is_skipped_with_all_that_needs_it():
    nodes = {**LINE, "b": step(state="disabled")}
    made = planned(nodes, rest={"outputs": {"end": "c.dataset", "aside": "side.dataset"}})
    assert ids(made) == ["load", "side"]
    assert made.skipped == {
        "b": "It is disabled.",
        "c": "It needs 'Step', which does not run.",
    }
    assert made.outputs == {"aside": "side.dataset"}


def test_a_bypassed_node_hands_its_input_on():
    nodes = {**LINE, "b": step(state="bypassed")}
    made = planned(nodes, rest={"outputs": {"through": "b.dataset"}})
    (wire,) = next(one for one in made.steps if one.id == "c").inputs
    assert (wire.step, wire.output) == ("load", "dataset")
    assert made.outputs == {"through": "load.dataset"}


def test_a_frozen_node_carries_its_artifacts_and_waits_for_nothing():
    frozen = {"kind": "frozen", "artifacts": {"dataset": "b3:aa"}}
    made = planned({**LINE, "b": step(state=frozen)}, to=("c",))
    assert ids(made) == ["b", "c"]
    assert made.steps[0].frozen["dataset"].digest == "b3:aa"
    assert made.steps[0].inputs == ()


def test_run_settings_come_from_the_node_then_the_run_then_the_module():
    heavy = spec("data.heavy", outputs=[table_out()], resources={"gpus": 1, "cpus": 4})
    nodes = {
        "a": {"module": "data.heavy", "version": "1.0.0"},
        "b": {
            "module": "data.heavy",
            "version": "1.0.0",
            "run": {"gpus": 0, "target": "gpu-box", "timeout_s": 9, "retries": 2},
        },
    }
    first, second = planned(nodes, catalog=fake_catalog(heavy), target="box").steps
    assert (first.target, first.gpus, first.cpus, first.retries) == ("box", 1, 4, 0)
    assert (second.target, second.gpus, second.timeout_s, second.retries) == ("gpu-box", 0, 9, 2)


BOX = TargetResources(cpus=4, memory_gib=8, gpus=1)


def heavy_node(**run):
    return {"a": {"module": "data.heavy", "version": "1.0.0", "run": {"target": "box", **run}}}


def heavy_catalog(**resources):
    return fake_catalog(spec("data.heavy", outputs=[table_out()], resources=resources))


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ({"gpus": 2}, "'Heavy' asks for 2 GPUs, but 'box' has 1 GPU."),
        ({"memory_gib": 9.5}, "'Heavy' asks for 9.5 GiB of memory, but 'box' has 8 GiB of memory."),
        ({"cpus": 5}, "'Heavy' asks for 5 processors, but 'box' has 4 processors."),
    ],
)
def test_what_a_target_can_never_give_is_an_error_before_anything_runs(run, message):
    with pytest.raises(InvalidGraphError) as caught:
        planned(heavy_node(**run), catalog=heavy_catalog(), offers=lambda _: BOX)
    assert (caught.value.code, caught.value.record.message) == ("L004", message)
    assert caught.value.record.where == "/nodes/a/run" and caught.value.record.remedy


def test_what_fits_or_is_not_known_is_no_error():
    for resources in (BOX, None, TargetResources(cpus=4, gpus=1)):
        nodes = heavy_node(gpus=1, memory_gib=8, cpus=4)
        assert planned(nodes, catalog=heavy_catalog(), offers=lambda _, r=resources: r).steps
    unknown = TargetResources(cpus=4)
    assert planned(heavy_node(memory_gib=500), catalog=heavy_catalog(), offers=lambda _: unknown)


def test_a_module_that_would_like_many_processors_still_runs_on_a_small_machine():
    (step,) = planned(heavy_node(), catalog=heavy_catalog(cpus=64), offers=lambda _: BOX).steps
    assert (step.cpus, step.threads) == (64, 64)
    (plain,) = planned(heavy_node(), catalog=heavy_catalog(), offers=lambda _: BOX).steps
    assert (plain.cpus, plain.threads) == (1, 0), "its threads are the engine's choice"


def test_a_target_is_not_asked_what_it_has_for_steps_that_ask_for_little():
    asked = []
    planned(heavy_node(), catalog=heavy_catalog(), offers=asked.append)
    assert asked == []


def split(**parameters):
    return {
        "load": LOADED,
        "split": {
            "module": "data.split_data",
            "version": "1.0.0",
            "inputs": {"dataset": "load.dataset"},
            "parameters": parameters,
        },
    }


def test_a_blank_seed_is_drawn_recorded_and_makes_the_step_not_reusable():
    made = planned(split(seed=None)).steps[1]
    assert (made.seed, made.parameters["seed"], made.reuse) == (41, 41, False)
    assert made.fresh_because == "the seed was left blank"
    assert made.lineage == ""


def test_zero_is_a_seed_like_any_other():
    made = planned(split(seed=0)).steps[1]
    assert (made.seed, made.reuse) == (0, True)


@pytest.mark.parametrize(
    ("node", "options", "words"),
    [
        ({"run": {"reuse": False}}, {}, "reuse is switched off on this node"),
        ({}, {"regenerate": True}, "'Regenerate' was asked for"),
        ({"module": "data.clock"}, {}, "the module's result may change by itself"),
    ],
)
def test_reuse_can_be_switched_off_and_the_step_says_by_whom(node, options, words):
    made = planned({"a": {**LOADED, **node}}, **options).steps[0]
    assert (made.reuse, made.fresh_because) == (False, words)
    assert explain(None, made, {}) == words


def reading(path):
    return {"read": {"module": "data.read", "version": "1.0.0", "parameters": {"path": path}}}


def test_a_file_parameter_is_resolved_and_its_content_is_part_of_the_recipe(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    first = planned(reading("a.csv"), folder=tmp_path).steps[0]
    assert first.parameters["path"] == str(tmp_path / "a.csv")
    assert first.files == {"path": "b3:1"}
    (tmp_path / "a.csv").write_text("2")
    assert planned(reading("a.csv"), folder=tmp_path).steps[0].recipe != first.recipe


def test_a_module_that_regenerates_its_output_is_not_reused(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    nodes = reading("a.csv")
    assert planned(nodes, folder=tmp_path).steps[0].reuse is True
    nodes["read"]["parameters"]["regenerate_output"] = True
    made = planned(nodes, folder=tmp_path).steps[0]
    assert (made.reuse, made.fresh_because) == (False, "'Regenerate output' is on")


def test_the_same_file_in_another_place_is_the_same_work(tmp_path):
    recipes = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text("1")
        recipes.add(planned(reading("a.csv"), folder=tmp_path / name).steps[0].recipe)
    assert len(recipes) == 1


def test_a_folder_is_digested_by_the_content_of_its_files(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.csv").write_text("1")
    first = planned(reading("in"), folder=tmp_path).steps[0].files
    (tmp_path / "in" / "b.csv").write_text("2")
    assert planned(reading("in"), folder=tmp_path).steps[0].files != first


@pytest.mark.parametrize("path", ["missing.csv", "a\x00b"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, path):
    assert refused(reading(path), folder=tmp_path) == [("V005", "/nodes/read/parameters/path")]


def test_the_recipe_follows_module_bytes_parameters_and_python_and_nothing_else():
    base = planned(LINE).steps[1].recipe
    moved = planned(LINE, rest={"layout": {"nodes": {"b": {"x": 5}}}}).steps[1].recipe
    labelled = planned({**LINE, "b": step(label="Mine")}).steps[1].recipe
    explicit = planned({**LINE, "b": step(parameters={"count": 3, "factor": 1})}).steps[1].recipe
    assert base == moved == labelled == explicit
    changed = planned({**LINE, "b": step(parameters={"count": 4})}).steps[1].recipe
    python = planned(LINE, python_version="3.12").steps[1].recipe
    version = planned({**LINE, "b": step(version="0.9.0")}).steps[1].recipe
    assert len({base, changed, python, version}) == 4


def test_a_fingerprint_depends_on_each_input_at_its_port():
    made = planned(LINE).steps[1]
    one = fingerprint(made, {"a": ["b3:1"], "b": ["b3:2"]})
    assert one == fingerprint(made, {"b": ["b3:2"], "a": ["b3:1"]})
    assert one != fingerprint(made, {"a": ["b3:2"], "b": ["b3:1"]})


def test_lineage_follows_what_is_before_and_ends_behind_what_is_not_reusable():
    before = {one.id: one.lineage for one in planned(LINE).steps}
    after = {
        one.id: one.lineage for one in planned({**LINE, "b": step(parameters={"count": 9})}).steps
    }
    assert before["load"] == after["load"]
    assert before["side"] == after["side"]
    assert before["b"] != after["b"]
    assert before["c"] != after["c"]
    fresh = planned({**LINE, "b": step(run={"reuse": False})}).steps
    assert [one.id for one in fresh if not one.lineage] == ["b", "c"]


def test_order_without_data_is_kept_for_the_steps_of_the_plan():
    nodes = {"a": {**LOADED, "after": ["load"]}, "load": LOADED}
    made = planned(nodes)
    assert ids(made) == ["load", "a"]
    assert made.steps[1].after == ("load",)


SUBGRAPHS = {
    "twice": {
        "nodes": {"one": step("x.y", inputs={}), "two": step("one.dataset")},
        "inputs": {"raw": "one.dataset"},
        "outputs": {"clean": "two.dataset"},
    },
    "outer": {
        "nodes": {"inner": {"subgraph": "twice"}},
        "inputs": {"raw": "inner.raw"},
        "outputs": {"clean": "inner.clean"},
    },
}


def test_a_subgraph_gives_the_same_plan_as_its_nodes():
    nodes = {
        "load": LOADED,
        "prep": {"subgraph": "outer", "inputs": {"raw": "load.dataset"}},
        "end": step("prep.clean", after=["prep"]),
    }
    graph = graph_of(nodes, subgraphs=SUBGRAPHS, outputs={"out": "prep.clean"})
    made = planned(graph)
    assert ids(made) == ["load", "prep__inner__one", "prep__inner__two", "end"]
    assert made.outputs == {"out": "prep__inner__two.dataset"}
    assert unlabelled(planned(flatten(graph))) == unlabelled(made)
    assert ids(planned(graph, to=("prep",))) == ["load", "prep__inner__one", "prep__inner__two"]
    assert ids(planned(graph, only=("prep__inner__two",)))[-1] == "prep__inner__two"


def unlabelled(made):
    """The steps without what they are called: in a subgraph that is said in full."""
    return [msgspec.structs.replace(one, label="") for one in made.steps]


def test_a_step_inside_a_subgraph_is_called_after_it():
    subgraphs = {
        "twice": {**SUBGRAPHS["twice"], "label": "Prepare data"},
        "outer": SUBGRAPHS["outer"],
    }
    nodes = {
        "load": LOADED,
        "a": {"subgraph": "twice", "inputs": {"raw": "load.dataset"}},
        "b": {"subgraph": "outer", "label": "Later", "inputs": {"raw": "a.clean"}},
    }
    made = planned(graph_of(nodes, subgraphs=subgraphs))
    assert [one.label for one in made.steps] == [
        "Load",
        "Prepare data / Step",
        "Prepare data / Step",
        "Later / Prepare data / Step",
        "Later / Prepare data / Step",
    ]


def test_a_problem_in_one_subgraph_does_not_stop_a_run_of_another():
    wrong = {
        "nodes": {"one": step("x.y", inputs={}, parameters={"count": 0})},
        "inputs": {"raw": "one.dataset"},
    }
    nodes = {
        "load": LOADED,
        "good": {"subgraph": "twice", "inputs": {"raw": "load.dataset"}},
        "bad": {"subgraph": "wrong", "inputs": {"raw": "load.dataset"}},
    }
    graph = graph_of(nodes, subgraphs={**SUBGRAPHS, "wrong": wrong})
    assert ids(planned(graph, to=("good",))) == ["load", "good__one", "good__two"]
    assert refused(graph) == [("V003", "/subgraphs/wrong/nodes/one/parameters/count")]


@pytest.mark.parametrize(
    ("node", "code"),
    [
        ({"subgraph": "gone"}, "G009"),
        ({"subgraph": "round"}, "G008"),
        ({"subgraph": "twice", "inputs": {"rwa": "load.dataset"}}, "P001"),
        ({"subgraph": "twice", "parameters": {"a": 1}}, "V001"),
    ],
)
def test_a_subgraph_that_cannot_be_expanded_is_a_diagnostic(node, code):
    subgraphs = {**SUBGRAPHS, "round": {"nodes": {"again": {"subgraph": "round"}}}}
    graph = graph_of({"load": LOADED, "prep": node}, subgraphs=subgraphs)
    with pytest.raises(InvalidGraphError) as raised:
        flatten(graph)
    assert raised.value.code == code
    with pytest.raises(InvalidGraphError):
        planned(graph)


@pytest.mark.slow
def test_subgraphs_that_multiply_without_end_are_refused():
    subgraphs = {
        f"s{level}": {"nodes": {f"u{i}": {"subgraph": f"s{level + 1}"} for i in range(10)}}
        for level in range(6)
    }
    subgraphs["s6"] = {"nodes": {"a": LOADED}}
    graph = graph_of({"top": {"subgraph": "s0"}}, subgraphs=subgraphs)
    with pytest.raises(InvalidGraphError) as raised:
        flatten(graph)
    assert raised.value.code == "G006"


def test_a_first_run_and_lost_outputs_are_explained():
    made = planned(LINE).steps[1]
    assert explain(None, made, {}) == "first run of this module version"
    assert explain(remember(made, {}), made, {}) == "its stored outputs are gone"
    other = planned(LINE, python_version="3.12").steps[1]
    assert explain(remember(made, {}), other, {}) == "Python or a required package changed"


def test_what_changed_is_explained_in_words(tmp_path):
    made = planned({**LINE, "b": step(parameters={"count": 6})}).steps[1]
    before = remember(made, {"dataset": ["b3:1"]})
    assert msgspec.json.decode(msgspec.json.encode(before), type=type(before)) == before
    changed = planned({**LINE, "b": step(parameters={"count": 8})}).steps[1]
    assert explain(before, changed, {"dataset": ["b3:1"]}) == (
        "parameter 'count' changed from 6 to 8"
    )
    assert explain(before, made, {"dataset": ["b3:2"]}) == "input 'dataset' changed"
    older = planned({**LINE, "b": step(version="0.9.0")}).steps[1]
    assert explain(before, older, {"dataset": ["b3:1"]}).startswith("module version 1.0.0 to 0.9.0")
    (tmp_path / "a.csv").write_text("1")
    read = planned(reading("a.csv"), folder=tmp_path).steps[0]
    (tmp_path / "a.csv").write_text("2")
    again = planned(reading("a.csv"), folder=tmp_path).steps[0]
    assert explain(remember(read, {}), again, {}) == "the content of file 'path' changed"


def test_ten_thousand_steps_in_a_row_are_planned():
    made = planned(chain(10_000))
    assert len(made.steps) == 10_000
    assert made.steps[-1].digest == STEP.digest


def test_a_compute_target_that_does_not_exist_is_refused_at_the_node_and_for_the_run():
    nodes = {"load": {**LOADED, "run": {"target": "locl"}}}
    assert refused(nodes) == [("T001", "/nodes/load/run/target")]
    assert refused({"load": LOADED}, target="bix") == [("T001", "")]
    assert ids(planned({"load": LOADED}, target="box")) == ["load"]


def test_the_pipeline_says_how_nodes_run_that_do_not_say_so_themselves():
    nodes = {
        "a": {**LOADED, "run": {"retries": 1}},
        "b": {**LOADED, "run": {"target": "local"}},
    }
    general = {"run": {"target": "box", "retries": 3, "timeout_s": 60, "reuse": False}}
    first, second = planned(nodes, rest=general).steps
    assert (first.target, first.retries, first.timeout_s) == ("box", 1, 60)
    assert (second.target, second.retries, second.reuse) == ("local", 3, False)
    first, second = planned(nodes, rest=general, target="gpu-box").steps
    assert (first.target, second.target) == ("gpu-box", "local")


def test_the_pipelines_own_target_must_exist_unless_no_node_needs_it():
    general = {"run": {"target": "bix"}}
    assert refused({"load": LOADED}, rest=general) == [("T001", "/run/target")]
    assert ids(planned({"load": LOADED}, rest=general, target="box")) == ["load"]
    placed = {"load": {**LOADED, "run": {"target": "box"}}}
    assert ids(planned(placed, rest=general)) == ["load"]
