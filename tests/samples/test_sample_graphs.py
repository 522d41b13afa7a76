"""The sample graphs: canonical, valid, laid out without overlaps, and green."""

import functools
import itertools
import json

import polars as pl
import pytest

from designer.foreseeing import foresee_graph
from designer.services.schema_source import open_schema_source
from modules_library.registry import open_catalog
from runtime import run_graph
from runtime.foresight import contradictions
from runtime.model.graph_json import parse_graph, write_graph
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.workspace import Workspace
from runtime.validation import examine, validate
from tests.samples.messy_tables import FOLDER, TABLES
from tests.samples.pins import SAMPLES, pinned

NAMES = ["breast_cancer", "diabetes", "orders_cleaning", "wine_clusters"]
NODE_WIDTH, NODE_HEIGHT, GRID = 200, 64, 20


def graph_of(name):
    return parse_graph((SAMPLES / f"{name}.json").read_bytes())


def test_there_are_four_samples():
    assert sorted(path.stem for path in SAMPLES.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_canonical_text(name):
    text = (SAMPLES / f"{name}.json").read_text(encoding="utf-8")
    assert write_graph(parse_graph(text)) == text


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_valid_without_a_warning_and_says_what_it_does(name):
    catalog = open_catalog(None)
    graph = pinned(graph_of(name), catalog)
    assert validate(graph, catalog) == ()
    assert graph.name and len(graph.description) > 80
    assert all(node.label for node in graph.nodes.values())
    assert graph.outputs


@pytest.mark.parametrize("name", NAMES)
def test_nodes_lie_on_the_grid_and_do_not_touch(name):
    places = json.loads((SAMPLES / f"{name}.json").read_text())["layout"]["nodes"]
    assert set(places) == set(graph_of(name).nodes)
    assert all(p["x"] % GRID == 0 and p["y"] % GRID == 0 for p in places.values())
    for one, other in itertools.combinations(places.values(), 2):
        is_beside = abs(one["x"] - other["x"]) >= NODE_WIDTH + GRID
        assert is_beside or abs(one["y"] - other["y"]) >= NODE_HEIGHT + GRID


@pytest.mark.parametrize("name", NAMES)
def test_wires_run_downwards(name):
    places = json.loads((SAMPLES / f"{name}.json").read_text())["layout"]["nodes"]
    for target, node in graph_of(name).nodes.items():
        for wire in itertools.chain.from_iterable(node.inputs.values()):
            assert places[wire.node]["y"] < places[target]["y"]


@pytest.mark.parametrize("name", TABLES)
def test_the_messy_tables_are_what_their_generator_gives(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == TABLES[name]()


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Runs a sample once for all tests of this file; gives the run and its artifact store."""

    @functools.cache
    def run(name):
        return run_of(name, tmp_path_factory.mktemp(name))

    return run


def run_of(name, folder):
    catalog = open_catalog(None)
    path = folder / f"{name}.json"
    path.write_text(write_graph(pinned(graph_of(name), catalog)), encoding="utf-8")
    (folder / "data").mkdir()
    for table, text in TABLES.items():
        (folder / "data" / table).write_text(text(), encoding="utf-8")
    run = run_graph(path, folder / "workspace", catalog=catalog)
    return run, FolderArtifactStore(Workspace(folder / "workspace").artifacts)


def frame_of(finished_run, step, port):
    run, store = finished_run
    return pl.read_ipc(store.path(run.steps[step].outputs[port].digest))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_runs_green(name, finished):
    run, _ = finished(name)
    assert {step: s.status for step, s in run.steps.items()} == dict.fromkeys(
        graph_of(name).nodes, "completed"
    )
    assert run.status == "completed"


@pytest.mark.slow
def test_breast_cancer_compares_two_good_classifiers(finished):
    metrics = finished("breast_cancer")[0].steps["evaluate"].metrics
    assert metrics["accuracy"] > 0.95 and metrics["accuracy_compared"] > 0.95
    assert metrics["auc"] > 0.99 and metrics["auc_compared"] > 0.98


@pytest.mark.slow
def test_diabetes_is_predicted_better_than_by_the_mean(finished):
    metrics = finished("diabetes")[0].steps["evaluate"].metrics
    assert 0.3 < metrics["r2"] < 0.7 and 0.2 < metrics["r2_compared"] < 0.7
    by_fold = frame_of(finished("diabetes"), "cross_validate", "evaluation_results_by_fold")
    assert by_fold.height == 12


@pytest.mark.slow
def test_wine_groups_are_the_cultivars(finished):
    table = frame_of(finished("wine_clusters"), "compare", "results_dataset")
    best = table.group_by("cluster").max()["wines"].sum()
    assert best / table["wines"].sum() > 0.95
    assert 0 < finished("wine_clusters")[0].steps["evaluate"].metrics["silhouette"] < 1


@pytest.mark.slow
def test_cleaned_orders_have_four_cities_no_gaps_and_no_order_twice(finished):
    joined = frame_of(finished("orders_cleaning"), "join", "results_dataset")
    assert set(joined["city"]) == {"Berlin", "Hamburg", "Zürich", "Wien"}
    assert joined["order_id"].n_unique() == joined.height
    assert joined["quantity"].null_count() == joined["unit_price"].null_count() == 0
    revenue = frame_of(finished("orders_cleaning"), "revenue", "results_dataset")
    kept = joined.filter(joined["state"].str.to_lowercase() != "returned")
    assert revenue["orders"].sum() == kept.height
    expected = (kept["quantity"] * kept["unit_price"]).sum()
    assert revenue["revenue"].sum() == pytest.approx(expected, abs=1)


@pytest.mark.slow
def test_two_workspaces_hold_the_same_artifacts_of_a_sample(finished, tmp_path):
    runs = [finished("breast_cancer")[0], run_of("breast_cancer", tmp_path)[0]]
    one, other = (
        {step: {p: r.digest for p, r in s.outputs.items()} for step, s in run.steps.items()}
        for run in runs
    )
    assert one == other and len(one) == 9


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_is_known_of_a_sample_before_it_runs_is_what_its_run_stores(name, finished, tmp_path):
    catalog = open_catalog(None)
    examination = examine(pinned(graph_of(name), catalog), catalog)
    foresight = foresee_graph(examination, workspace=None, source_folder=SAMPLES)
    assert foresight.diagnostics == ()
    run, store = finished(name)
    source = open_schema_source(None, is_kept=False)
    try:
        for step, known in foresight.nodes.items():
            for port, ref in run.steps[step].outputs.items():
                stored = source.stored(ref, store.path(ref.digest))
                assert (stored is None) == (port not in known.outputs), (step, port)
                if stored is not None:
                    assert contradictions(known.outputs[port], stored) == (), (step, port)
    finally:
        source.close()
