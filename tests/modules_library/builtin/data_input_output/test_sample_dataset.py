import polars as pl
import pytest

from modules_library.builtin.data_input_output.sample_dataset import example, sample_dataset
from modules_library.sdk import ColumnRole


@pytest.mark.parametrize(
    ("name", "rows", "columns", "counts"),
    [
        ("breast_cancer", 569, 31, {"malignant": 212, "benign": 357}),
        ("iris", 150, 5, {"setosa": 50, "versicolor": 50, "virginica": 50}),
        ("wine", 178, 14, {"class_0": 59, "class_1": 71, "class_2": 48}),
    ],
)
def test_classes_are_named_and_counted_as_published(name, rows, columns, counts):
    table = sample_dataset(name=name).dataset
    assert table.frame.shape == (rows, columns)
    assert dict(table.frame["target"].value_counts().iter_rows()) == counts
    assert table.roles.of("target") == ColumnRole(kind="label", categorical=True)


def test_the_breast_cancer_means_are_the_published_ones():
    frame = sample_dataset(name="breast_cancer").dataset.frame
    assert frame["mean_radius"].mean() == pytest.approx(14.127, abs=5e-4)
    assert frame["worst_area"].max() == 4254.0
    first = frame.row(0, named=True)
    assert (first["mean_radius"], first["mean_texture"], first["target"]) == (
        17.99,
        10.38,
        "malignant",
    )


def test_diabetes_keeps_the_units_of_its_columns():
    table = sample_dataset(name="diabetes").dataset
    assert table.frame.shape == (442, 11)
    assert table.frame.row(0)[:3] == (59.0, 2.0, 32.1)
    assert (table.frame["target"].min(), table.frame["target"].max()) == (25.0, 346.0)
    assert table.roles.of("target") == ColumnRole(kind="label")


def test_digits_are_whole_numbers():
    frame = sample_dataset(name="digits").dataset.frame
    assert frame.shape == (1797, 65)
    assert set(frame.dtypes) == {pl.Int64}
    assert frame["pixel_0_0"].sum() == 0 and frame["target"].n_unique() == 10


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "iris", "wine", "digits"])
def test_column_names_are_plain_words(name):
    columns = sample_dataset(name=name).dataset.columns
    assert all(column.isidentifier() and column == column.lower() for column in columns)
    assert columns[-1] == "target"


def test_the_example_runs():
    assert sample_dataset(**example()["parameters"]).dataset.height == 150
