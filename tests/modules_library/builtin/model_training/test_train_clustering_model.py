"""Train Clustering Model and Assign Data to Clusters: k-means on points whose groups are known."""

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import MinMaxScaler

from modules_library.builtin.classification.two_class_decision_forest import (
    two_class_decision_forest,
)
from modules_library.builtin.clustering.k_means_clustering import k_means_clustering
from modules_library.builtin.data_input_output.sample_dataset import sample_dataset
from modules_library.builtin.model_scoring_evaluation.assign_data_to_clusters import (
    assign_data_to_clusters,
)
from modules_library.builtin.model_training.train_clustering_model import train_clustering_model
from modules_library.learning import train
from modules_library.sdk import ColumnRole, ColumnSelection, Model, Roles, StepContext, Table
from runtime.errors import DataError

LABEL = Roles({"kind": ColumnRole(kind="label")})
POINTS = pl.DataFrame(
    {
        "x": [0.0, 1.0, 0.0, 10.0, 11.0, 10.0],
        "y": [0.0, 0.0, 1.0, 10.0, 10.0, 11.0],
        "kind": ["a", "a", None, "b", None, "c"],
    }
)
OVERWRITE = "Overwrite from closest to center"


def clustered(frame=POINTS, roles=LABEL, *, columns=None, append=True, **settings):
    untrained = k_means_clustering(**settings).untrained_model
    selection = ColumnSelection.all() if columns is None else ColumnSelection.names(*columns)
    return train_clustering_model(
        untrained,
        Table(frame, roles),
        column_set=selection,
        append=append,
        context=StepContext(),
    )


def refused(function, *arguments, **settings):
    with pytest.raises(DataError) as caught:
        function(*arguments, **settings)
    assert caught.value.record.remedy
    return caught.value.record


def groups(table):
    return table.frame["Assignments"].to_list()


def test_two_groups_are_found_and_the_distances_are_those_to_their_means():
    result = clustered(normalize_features=False).results_dataset
    first = groups(result)[0]
    assert groups(result) == [first] * 3 + [1 - first] * 3
    assert result.columns == [
        "x",
        "y",
        "kind",
        "Assignments",
        "DistancesToClusterCenter no.0",
        "DistancesToClusterCenter no.1",
    ]
    own = result.frame[f"DistancesToClusterCenter no.{first}"].to_list()
    center = np.array([1 / 3, 1 / 3])
    expected = np.linalg.norm(POINTS.select("x", "y").to_numpy() - center, axis=1)
    assert own == pytest.approx(expected)


def test_the_new_columns_are_scores_and_the_label_stays_one():
    roles = clustered().results_dataset.roles
    assert len(roles.of_kind("score")) == 3 and roles.label == "kind"


def test_result_only_gives_the_new_columns_only():
    assert clustered(append=False).results_dataset.columns[0] == "Assignments"


def test_normalized_features_give_the_clusters_of_scikit_learn_on_scaled_columns():
    wine = sample_dataset(name="wine").dataset
    result = clustered(wine.frame, wine.roles, number_of_centroids=3, seed=5)
    scaled = MinMaxScaler().fit_transform(wine.frame.drop("target").to_numpy())
    reference = KMeans(3, n_init=1, random_state=5).fit(scaled)
    assert groups(result.results_dataset) == reference.labels_.tolist()
    distances = result.results_dataset.frame.select(pl.col("^Distances.*$")).to_numpy()
    assert distances == pytest.approx(reference.transform(scaled))


def test_centers_are_described_in_the_units_of_the_table():
    facts = clustered().trained_model.facts()
    xs = sorted(center["x"] for center in facts["cluster_centers"])
    assert xs == pytest.approx([1 / 3, 31 / 3])


def test_first_n_starts_from_the_first_rows():
    frame = pl.DataFrame({"x": [0.0, 5.0, 9.0, 100.0]})
    found = clustered(
        frame, Roles(), initialization="First N", iterations=1, normalize_features=False
    )
    reference = KMeans(2, init=np.array([[0.0], [5.0]]), n_init=1, max_iter=1)
    assert groups(found.results_dataset) == reference.fit_predict(frame.to_numpy()).tolist()


@pytest.mark.parametrize("start", ["First N", "Random", "K-Means++"])
def test_every_start_finds_two_obvious_groups(start):
    found = groups(clustered(initialization=start, seed=3).results_dataset)
    assert found[:3] == [found[0]] * 3 and found[3:] == [1 - found[0]] * 3


def test_more_iterations_move_the_centers_further():
    wine = sample_dataset(name="wine").dataset
    one, many = (
        clustered(wine.frame, wine.roles, initialization="First N", iterations=count)
        for count in (1, 100)
    )
    assert (
        one.trained_model.facts()["cluster_centers"]
        != many.trained_model.facts()["cluster_centers"]
    )


def test_of_a_range_of_centroids_the_first_is_used():
    found = clustered(
        create_trainer_mode="Parameter Range", number_of_centroids_range=[3, 2]
    ).trained_model
    assert found.facts()["parameters"]["number_of_centroids"] == 3


def test_the_chosen_columns_are_used_and_no_others():
    found = clustered(columns=["x"]).trained_model
    assert [feature["column"] for feature in found.facts()["features"]] == ["x"]


def test_the_label_is_ignored_by_default():
    found = clustered().trained_model
    assert [feature["column"] for feature in found.facts()["features"]] == ["x", "y"]


def test_missing_labels_are_filled_from_the_nearest_labelled_row():
    result = clustered(label_mode="Fill missing values", number_of_centroids=2)
    kinds = result.results_dataset.frame["kind"].to_list()
    assert kinds == ["a", "a", "a", "b", kinds[4], "c"]
    assert kinds[4] in ("b", "c")
    features = [feature["column"] for feature in result.trained_model.facts()["features"]]
    assert features == ["x", "y", "kind"]


def test_a_clustering_that_uses_labels_assigns_rows_without_one():
    model = clustered(label_mode="Fill missing values").trained_model
    new = pl.DataFrame({"x": [0.5, 10.5], "y": [0.5, 10.5]})
    found = assign_data_to_clusters(model, Table(new)).results_dataset
    assert found.frame["kind"].to_list()[0] == "a"
    assert len(set(groups(found))) == 2


def test_numeric_labels_are_filled_with_the_mean_of_the_cluster():
    frame = POINTS.with_columns(kind=pl.Series([1.0, 2.0, None, 8.0, 9.0, 10.0]))
    model = clustered(frame, label_mode="Fill missing values").trained_model
    new = pl.DataFrame({"x": [10.5], "y": [10.5]})
    found = assign_data_to_clusters(model, Table(new)).results_dataset
    assert found.frame["kind"].to_list() == [9.0]


def test_labels_are_overwritten_with_that_of_the_row_closest_to_the_center():
    frame = pl.DataFrame({"x": [0.0, 1.0, 3.0, 10.0, 11.0], "kind": ["far", "near", "x", "b", "c"]})
    result = clustered(frame, label_mode=OVERWRITE, initialization="First N")
    kinds = result.results_dataset.frame["kind"].to_list()
    assert kinds[:3] == ["near"] * 3 and kinds[3] == kinds[4] != "x"
    assert result.results_dataset.roles.label == "kind"


def test_rows_of_another_table_go_to_the_nearest_center_also_after_saving(tmp_path):
    model = clustered(normalize_features=False).trained_model
    model.save(tmp_path / "a.model")
    read = Model.load(tmp_path / "a.model")
    new = pl.DataFrame({"x": [1.0, 9.0], "y": [1.0, 9.0]})
    found = assign_data_to_clusters(read, Table(new)).results_dataset
    assert groups(found) == groups(assign_data_to_clusters(model, Table(new)).results_dataset)
    assert len(set(groups(found))) == 2


def test_assigning_again_replaces_the_columns():
    model = clustered().trained_model
    once = assign_data_to_clusters(model, Table(POINTS, LABEL)).results_dataset
    assert assign_data_to_clusters(model, once).results_dataset.frame.equals(once.frame)


def test_a_table_without_rows_is_assigned_without_rows():
    found = assign_data_to_clusters(clustered().trained_model, Table(POINTS.clear()))
    assert found.results_dataset.height == 0


def test_more_centroids_than_distinct_rows_are_refused():
    frame = pl.DataFrame({"x": [1.0, 1.0, 2.0]})
    record = refused(clustered, frame, Roles(), number_of_centroids=3)
    assert record.code == "D008" and "2 distinct rows" in record.message


def test_missing_values_are_refused():
    frame = POINTS.with_columns(x=pl.Series([None, 1.0, 2.0, 3.0, 4.0, 5.0]))
    assert refused(clustered, frame).code == "D012"


def test_filling_a_label_that_has_no_value_is_refused():
    frame = POINTS.with_columns(kind=pl.lit(None, dtype=pl.String))
    record = refused(clustered, frame, label_mode="Fill missing values")
    assert record.code == "D005"


def test_a_table_with_nothing_to_cluster_by_is_refused():
    assert refused(clustered, columns=["kind"]).code == "D001"
    assert refused(clustered, POINTS.clear()).code == "D002"


def test_learners_that_predict_are_sent_to_train_model():
    untrained = two_class_decision_forest().untrained_model
    record = refused(train_clustering_model, untrained, Table(POINTS, LABEL), context=StepContext())
    assert record.code == "D010" and "'Train Model'" in record.remedy


def test_models_that_predict_are_sent_to_score_model():
    frame = pl.DataFrame({"x": [1.0, 2.0], "label": ["a", "b"]})
    untrained = two_class_decision_forest().untrained_model
    model = train(untrained, Table(frame), label_column="label")
    record = refused(assign_data_to_clusters, model, Table(frame))
    assert record.code == "D010" and "'Score Model'" in record.remedy
    assert refused(assign_data_to_clusters, Model(), Table(frame)).code == "D010"
