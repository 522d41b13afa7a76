import json
import math
import statistics

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules_library.builtin.data_transformation.normalize_data import example, normalize_data
from modules_library.builtin.model_scoring_evaluation.apply_transformation import (
    apply_transformation,
)
from modules_library.sdk import ColumnRole, ColumnSelection, Roles, Table, Transform
from runtime.errors import DataError

NAN = float("nan")


def normalized(values, method, **parameters):
    frame = pl.DataFrame({"x": pl.Series(values, strict=False)})
    result = normalize_data(Table(frame), transformation_method=method, **parameters)
    return result.transformed_dataset.frame["x"].to_list()


def zscores(values):
    mean, sd = statistics.fmean(values), statistics.pstdev(values)
    return [(v - mean) / sd for v in values]


def log_normal(values):
    logs = [math.log(v) for v in values]
    mu, sigma = statistics.fmean(logs), statistics.pstdev(logs)
    return [statistics.NormalDist(mu, sigma).cdf(v) for v in logs]


FORMULAS = {
    "ZScore": zscores,
    "MinMax": lambda v: [(x - min(v)) / (max(v) - min(v)) for x in v],
    "Logistic": lambda v: [1 / (1 + math.exp(-x)) for x in v],
    "LogNormal": log_normal,
    "TanH": lambda v: [0.5 * (math.tanh(0.01 * z) + 1) for z in zscores(v)],
}


@pytest.mark.parametrize("method", FORMULAS)
@given(
    st.lists(st.integers(1, 500).map(lambda n: n / 4), min_size=2, max_size=40).filter(
        lambda v: len(set(v)) > 1
    )
)
@settings(deadline=None, max_examples=40)
def test_every_method_is_its_formula(method, values):
    assert normalized(values, method) == pytest.approx(FORMULAS[method](values), abs=1e-9)


def test_z_scores_of_known_numbers():
    assert normalized([2, 4, 4, 4, 5, 5, 7, 9], "ZScore") == [
        -1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2,
    ]  # fmt: skip


@pytest.mark.parametrize("method", FORMULAS)
def test_missing_values_stay_missing_and_do_not_count(method):
    known = [1.0, 2.0, 4.0]
    result = normalized([1.0, None, 2.0, NAN, 4.0], method)
    assert result[1] is None and result[3] is None
    assert [v for v in result if v is not None] == pytest.approx(FORMULAS[method](known))


@pytest.mark.parametrize("method", ["ZScore", "MinMax", "LogNormal", "TanH"])
def test_a_constant_column_becomes_0_or_missing(method):
    constant = [0.1] * 3 + [None]
    assert normalized(constant, method) == [0, 0, 0, None]
    assert normalized(constant, method, use_0_for_constant_columns=False) == [None] * 4


def test_booleans_count_as_0_and_1():
    columns = ColumnSelection.names("x")
    assert normalized([True, False], "MinMax", columns=columns) == [1, 0]


def test_text_stays_as_it_is_and_roles_too():
    roles = Roles({"n": ColumnRole(kind="label")})
    table = Table(pl.DataFrame({"n": [1, 2], "t": ["a", "b"]}), roles)
    result = normalize_data(table).transformed_dataset
    assert result.frame["t"].to_list() == ["a", "b"] and result.roles == roles


def test_text_among_the_columns_is_d004():
    with pytest.raises(DataError) as caught:
        normalized(["a", "b"], "ZScore", columns=ColumnSelection.all())
    assert caught.value.code == "D004" and "'x'" in str(caught.value)


@pytest.mark.parametrize("method", ["ZScore", "MinMax", "TanH", "LogNormal"])
def test_an_infinite_value_is_named_with_its_row(method):
    with pytest.raises(DataError) as caught:
        normalized([1.0, None, float("inf")], method)
    assert caught.value.code == "D008" and caught.value.record.details["row"] == 3


def test_a_log_normal_needs_positive_values():
    with pytest.raises(DataError) as caught:
        normalized([3.0, 0.0], "LogNormal")
    assert caught.value.code == "D008" and caught.value.record.details["row"] == 2


@pytest.mark.parametrize("method", FORMULAS)
def test_the_function_replays_from_json_exactly(method):
    frame = pl.DataFrame({"x": [1.1, 2.7, None, 9.3], "t": ["a"] * 4})
    result = normalize_data(Table(frame), transformation_method=method)
    fitted = result.transformation_function
    stored = Transform(
        kind=fitted.kind, state=json.loads(json.dumps(fitted.state)), columns=fitted.columns
    )
    again = apply_transformation(stored, Table(frame)).transformed_dataset.frame
    assert again.equals(result.transformed_dataset.frame, null_equal=True)


def test_another_table_is_put_on_the_learnt_scale():
    fitted = normalize_data(
        Table(pl.DataFrame({"x": [0, 10]})), transformation_method="MinMax"
    ).transformation_function
    other = Table(pl.DataFrame({"x": [5, 20, -10]}))
    assert apply_transformation(fitted, other).transformed_dataset.frame["x"].to_list() == [
        0.5, 2, -1,
    ]  # fmt: skip


def test_the_example_runs():
    case = example()
    result = normalize_data(Table(case["inputs"]["dataset"]), **case["parameters"])
    assert result.transformed_dataset.frame["age"].to_list() == [0, 0.5, 1]
