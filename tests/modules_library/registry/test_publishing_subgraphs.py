"""A subgraph published as a module version: frozen, pinned, listed without being read, expanded."""

from pathlib import Path

import msgspec
import pytest

from modules_library.registry import Registry, open_catalog
from modules_library.registry.subgraph_module import SOURCE
from runtime.errors import InvalidGraphError, RequestError
from runtime.model.graph_flattening import flatten
from runtime.model.graph_json import graph_from_document
from runtime.planning import plan
from runtime.validation import validate
from runtime.validation.view import published_subgraphs
from tests.modules_library.registry.sources import no_example, write

SPLIT = "data_transformation.split_data"
CLEAN = "data_transformation.clean_missing_data"
LOAD = {
    "module": "data_input_output.sample_dataset",
    "version": "1.0.0",
    "parameters": {"name": "breast_cancer"},
}


def definition(**changed):
    return {
        "label": "Prepare data",
        "description": "Clean the rows and part them.\n\nFor every project.",
        "nodes": {
            "clean": {"module": CLEAN, "version": "default"},
            "split": {
                "module": SPLIT,
                "version": "1.0.0",
                "inputs": {"dataset": "clean.cleaned_dataset"},
                "parameters": {"fraction": 0.8},
            },
        },
        "inputs": {"raw": "clean.dataset"},
        "outputs": {"train": "split.results_dataset1", "rest": "split.results_dataset2"},
        "parameters": {"fraction": "split.fraction", "random_seed": "split.seed"},
        "layout": {"ports": {"outputs": ["train", "rest"]}},
        **changed,
    }


def pipeline(subgraph=None, **rest):
    nodes = {
        "load": LOAD,
        "use": {
            "subgraph": "prepare",
            "inputs": {"raw": "load.dataset"},
            "parameters": {"fraction": 0.7},
        },
    }
    subgraphs = {"prepare": subgraph or definition(), **rest.pop("more", {})}
    read = graph_from_document({"format": 1, "nodes": nodes, "subgraphs": subgraphs, **rest})
    assert read.graph is not None, read.diagnostics
    return read.graph


@pytest.fixture
def registry(tmp_path):
    registry = Registry(tmp_path, clock=lambda: 0.0)
    yield registry
    registry.close()


def using(spec, **fields):
    """A pipeline with a node of the published version in place of the subgraph."""
    node = {
        "module": spec.id,
        "version": spec.version,
        "digest": spec.digest,
        "inputs": {"raw": "load.dataset"},
        "parameters": {"fraction": 0.7},
        **fields,
    }
    return graph_from_document({"format": 1, "nodes": {"load": LOAD, "use": node}}).graph


def planned(graph, catalog):
    return plan(
        graph, catalog, source_folder=None, file_digest=lambda path: "b3:0", draw_seed=lambda: 1
    ).steps


def test_the_ports_and_promoted_parameters_are_those_of_the_module(registry):
    spec = registry.publish_subgraph(pipeline(), "prepare", author="ada", changelog="First.")
    assert (spec.id, spec.version, spec.kind) == ("custom.prepare", "1.0.0", "subgraph")
    assert (spec.title, spec.summary) == ("Prepare data", "Clean the rows and part them.")
    assert [(port.name, port.type, port.optional) for port in spec.inputs] == [
        ("raw", "Table", False)
    ]
    assert [port.name for port in spec.outputs] == ["train", "rest"]
    fraction, seed = spec.parameters
    assert (fraction.name, fraction.kind, fraction.default, fraction.maximum) == (
        "fraction",
        "float",
        0.8,
        1,
    )
    assert (seed.name, seed.kind, seed.title) == ("random_seed", "seed", "Random seed")
    assert (spec.author, spec.changelog) == ("ada", "First.")


def test_the_file_is_canonical_and_pins_every_version_inside(registry):
    spec = registry.publish_subgraph(pipeline(), "prepare")
    catalog = open_catalog(registry.workspace)
    document = catalog.definition("custom.prepare", "1")
    clean = document.subgraphs["prepare"].nodes["clean"]
    current = catalog.default(CLEAN)
    assert (clean.version, clean.digest) == (current.version, current.digest)
    assert catalog.definition(SPLIT, "1.0.0") is None
    assert Path(spec.entry.source).name == SOURCE


def test_the_same_definition_drawn_elsewhere_is_the_same_version_and_another_one_the_next(registry):
    first = registry.publish_subgraph(pipeline(), "prepare")
    moved = definition(layout={"nodes": {"clean": {"x": 800, "y": 80}}})
    assert registry.publish_subgraph(pipeline(moved), "prepare") == first
    other = registry.publish_subgraph(pipeline(definition(parameters={})), "prepare")
    assert (other.version, other.digest != first.digest) == ("1.1.0", True)
    assert open_catalog(registry.workspace).default("custom.prepare").version == "1.0.0"
    with pytest.raises(RequestError) as refused:
        registry.publish_subgraph(pipeline(definition(label="x")), "prepare", version="1.0.0")
    assert refused.value.code == "M011"


def test_a_pipeline_with_the_published_version_plans_and_reuses_the_inner_steps(registry):
    spec = registry.publish_subgraph(pipeline(), "prepare", module_id="team.prepare")
    catalog = open_catalog(registry.workspace)
    drawn, published = planned(pipeline(), catalog), planned(using(spec), catalog)
    assert [one.id for one in published] == ["load", "use__clean", "use__split"]
    assert [one.recipe for one in published] == [one.recipe for one in drawn]
    assert [one.lineage for one in published] == [one.lineage for one in drawn]
    assert published[2].label == "Prepare data / Split Data"
    follows = planned(using(spec, version="default", digest=None), catalog)
    assert [one.recipe for one in follows] == [one.recipe for one in drawn]
    flat = flatten(using(spec), published_subgraphs(catalog))
    assert [one.recipe for one in planned(flat, catalog)] == [one.recipe for one in drawn]


def test_a_published_subgraph_may_be_part_of_another_one(registry):
    inner = registry.publish_subgraph(pipeline(), "prepare")
    wrapping = {
        "nodes": {"prepare": {"module": inner.id, "version": inner.version}},
        "inputs": {"raw": "prepare.raw"},
        "outputs": {"train": "prepare.train"},
        "parameters": {"share": "prepare.fraction"},
    }
    graph = pipeline(more={"outer": wrapping})
    outer = registry.publish_subgraph(graph, "outer")
    assert [port.type for port in (*outer.inputs, *outer.outputs)] == ["Table", "Table"]
    assert (outer.parameters[0].name, outer.parameters[0].default) == ("share", 0.8)
    catalog = open_catalog(registry.workspace)
    steps = planned(using(outer, parameters={"share": 0.7}), catalog)
    assert [one.id for one in steps] == ["load", "use__prepare__clean", "use__prepare__split"]
    assert [one.recipe for one in steps] == [one.recipe for one in planned(pipeline(), catalog)]


def refused(registry, graph, name="prepare"):
    with pytest.raises(InvalidGraphError) as raised:
        registry.publish_subgraph(graph, name)
    assert open_catalog(registry.workspace).versions("custom.prepare") == ()
    return [(one.code, one.where) for one in raised.value.diagnostics]


def test_what_other_pipelines_do_not_have_keeps_a_subgraph_from_being_published(registry):
    tied = definition()
    tied["nodes"]["split"]["parameters"] = {"fraction": {"$parameter": "share"}}
    parameters = {"share": {"type": "float", "default": 0.5}}
    assert refused(registry, pipeline(tied, parameters=parameters)) == [
        ("M015", "/subgraphs/prepare/nodes/split/parameters/fraction")
    ]
    write(registry.workspace)
    own = definition()
    own["nodes"]["own"] = {"module": "custom.double", "version": "draft"}
    assert ("M015", "/subgraphs/prepare/nodes/own/version") in refused(registry, pipeline(own))


def test_a_subgraph_with_a_fault_inside_is_not_published_and_the_place_is_told(registry):
    broken = definition()
    broken["nodes"]["split"]["parameters"] = {"fraction": 7}
    assert refused(registry, pipeline(broken)) == [
        ("V003", "/subgraphs/prepare/nodes/split/parameters/fraction")
    ]
    with pytest.raises(RequestError) as unknown:
        registry.publish_subgraph(pipeline(), "prepar")
    assert unknown.value.code == "G009" and "Did you mean 'prepare'?" in str(unknown.value)
    with pytest.raises(RequestError) as unusable:
        registry.publish_subgraph(pipeline(), "prepare", module_id="Team")
    assert unusable.value.code == "M007"


def test_a_version_that_is_disabled_later_is_told_at_the_node_inside_or_outside(registry):
    write(registry.workspace)
    source = registry.draft_source("custom.double")
    registry.publish(source, run_example=no_example)
    twice = {
        "nodes": {"double": {"module": "custom.double", "version": "1.0.0"}},
        "inputs": {"raw": "double.dataset"},
    }
    spec = registry.publish_subgraph(pipeline(twice), "prepare")
    registry.disable("custom.double", reason="It overflows.")
    catalog = open_catalog(registry.workspace)

    def told():
        graph = using(spec, parameters={})
        return [(one.code, one.where) for one in validate(graph, catalog)]

    assert told() == [("M003", "/nodes/use")]
    registry.enable("custom.double")
    registry.disable(spec.id, reason="Use another.")
    catalog.reload()
    assert told() == [("M003", "/nodes/use/version")]
    with pytest.raises(RequestError) as used:
        registry.delete("custom.double", "1.0.0", lambda *_: ())
    assert used.value.code == "M012" and "custom.prepare" in str(used.value)


def test_a_damaged_definition_is_told_and_never_executed(registry):
    spec = registry.publish_subgraph(pipeline(), "prepare")
    Path(spec.entry.source).write_text("{}")
    catalog = open_catalog(registry.workspace)
    (problem,) = validate(using(spec), catalog)
    assert (problem.code, problem.where) == ("M007", "/nodes/use/version")


def test_listing_reads_no_definition(registry):
    spec = registry.publish_subgraph(pipeline(), "prepare")
    Path(spec.entry.source).unlink()
    (card,) = [one for one in open_catalog(registry.workspace).cards() if one["id"] == spec.id]
    assert card["title"] == "Prepare data"
    assert msgspec.json.encode(card)
