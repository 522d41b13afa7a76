"""The sample graphs: canonical, valid, laid out without overlaps, and green."""

import itertools
import json

import pytest

from modules_library.registry import open_catalog
from runtime import run_graph
from runtime.model.graph_json import parse_graph, write_graph
from runtime.validation import validate
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


def run_of(name, workspace):
    catalog = open_catalog(None)
    graph = pinned(graph_of(name), catalog)
    path = workspace.parent / f"{name}.json"
    path.write_text(write_graph(graph), encoding="utf-8")
    data = path.parent / "data"
    data.mkdir()
    for table, text in TABLES.items():
        (data / table).write_text(text(), encoding="utf-8")
    return run_graph(path, workspace, catalog=catalog)


def frame_of(run, workspace, step, port):
    import polars as pl

    from runtime.stores.artifact_store import FolderArtifactStore
    from runtime.stores.workspace import Workspace

    store = FolderArtifactStore(Workspace(workspace).artifacts)
    return pl.read_ipc(store.path(run.steps[step].outputs[port].digest))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_runs_green(name, tmp_path):
    run = run_of(name, tmp_path / "workspace")
    assert {step: s.status for step, s in run.steps.items()} == dict.fromkeys(
        graph_of(name).nodes, "completed"
    )
    assert run.status == "completed"


@pytest.mark.slow
def test_breast_cancer_compares_two_good_classifiers(tmp_path):
    metrics = run_of("breast_cancer", tmp_path / "workspace").steps["evaluate"].metrics
    assert metrics["accuracy"] > 0.95 and metrics["accuracy_compared"] > 0.95
    assert metrics["auc"] > 0.99 and metrics["auc_compared"] > 0.98


@pytest.mark.slow
def test_wine_groups_are_the_cultivars(tmp_path):
    workspace = tmp_path / "workspace"
    run = run_of("wine_clusters", workspace)
    table = frame_of(run, workspace, "compare", "results_dataset")
    best = table.group_by("cluster").max()["wines"].sum()
    assert best / table["wines"].sum() > 0.95
    assert 0 < run.steps["evaluate"].metrics["silhouette"] < 1


@pytest.mark.slow
def test_cleaned_orders_have_four_cities_no_gaps_and_no_order_twice(tmp_path):
    workspace = tmp_path / "workspace"
    run = run_of("orders_cleaning", workspace)
    joined = frame_of(run, workspace, "join", "results_dataset")
    assert set(joined["city"]) == {"Berlin", "Hamburg", "Zürich", "Wien"}
    assert joined["order_id"].n_unique() == joined.height
    assert joined["quantity"].null_count() == joined["unit_price"].null_count() == 0
    revenue = frame_of(run, workspace, "revenue", "results_dataset")
    kept = joined.filter(joined["state"].str.to_lowercase() != "returned")
    assert revenue["orders"].sum() == kept.height
    expected = (kept["quantity"] * kept["unit_price"]).sum()
    assert revenue["revenue"].sum() == pytest.approx(expected, abs=1)


@pytest.mark.slow
def test_two_workspaces_hold_the_same_artifacts_of_a_sample(tmp_path):
    digests = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        run = run_of("breast_cancer", tmp_path / name / "workspace")
        outputs = {step: s.outputs for step, s in run.steps.items()}
        digests.append({s: {p: ref.digest for p, ref in o.items()} for s, o in outputs.items()})
    assert digests[0] == digests[1] and len(digests[0]) == 9
