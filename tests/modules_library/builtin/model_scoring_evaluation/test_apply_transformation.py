import polars as pl
import pytest

from modules_library.builtin.model_scoring_evaluation.apply_transformation import (
    apply_transformation,
    example,
)
from modules_library.sdk import ColumnRole, Roles, Table, Transform
from runtime.errors import DataError

SCALE = Transform(
    kind="normalize_data",
    state={"method": "MinMax", "constant": "zero", "columns": {"x": {"min": 0.0, "max": 4.0}}},
    columns=("x",),
)


def test_other_columns_pass_through_and_roles_stay():
    roles = Roles({"t": ColumnRole(kind="label")})
    table = Table(pl.DataFrame({"t": ["a"], "x": [1]}), roles)
    result = apply_transformation(SCALE, table).transformed_dataset
    assert result.frame.row(0) == ("a", 0.25) and result.roles == roles


def test_a_table_without_rows_is_transformed_too():
    frame = pl.DataFrame({"x": []}, schema={"x": pl.Int64})
    result = apply_transformation(SCALE, Table(frame)).transformed_dataset.frame
    assert result.schema == {"x": pl.Float64} and result.height == 0


def test_a_missing_column_is_named_with_close_matches():
    with pytest.raises(DataError, match="'x' is not in 'dataset'") as caught:
        apply_transformation(SCALE, Table(pl.DataFrame({"X": [1]})))
    assert caught.value.code == "D001"


def test_text_where_a_number_must_be_is_d004():
    with pytest.raises(DataError) as caught:
        apply_transformation(SCALE, Table(pl.DataFrame({"x": ["many"]})))
    assert caught.value.code == "D004"


def test_an_unknown_kind_is_d008():
    with pytest.raises(DataError) as caught:
        apply_transformation(Transform(kind="magic"), Table(pl.DataFrame({"x": [1]})))
    assert caught.value.code == "D008" and "normalize_data" in caught.value.record.remedy


def test_the_example_runs():
    inputs = example()["inputs"]
    result = apply_transformation(inputs["transformation"], Table(inputs["dataset"]))
    assert result.transformed_dataset.frame["age"].to_list() == [0, 0.5, 1]
