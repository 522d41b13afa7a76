"""What Normalize Data learns: the scale of each column, and how a value is mapped onto it.

The state is `{"method": "ZScore", "constant": "zero", "columns": {"age": {"mean": 40, "sd": 12}}}`.

Source:
    z-score, min-max, logistic function and log-normal distribution function as in any textbook; the
    maximum-likelihood estimates of the log-normal's parameters are mean and population standard
    deviation of the logarithms. TanH: the estimator of Hampel as simplified in Jain, Nandakumar,
    Ross, "Score normalization in multimodal biometric systems" (2005), 0.5 (tanh(0.01 z) + 1).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import polars as pl

from modules_library.sdk import Transform, require_numeric
from runtime.errors import DataError

KIND = "normalize_data"

Method = Literal["ZScore", "MinMax", "Logistic", "LogNormal", "TanH"]
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


def fit(
    frame: pl.DataFrame, columns: Sequence[str], method: Method, *, zero_for_constant: bool
) -> Transform:
    """Learn the scale of each column; missing values and NaN are left out.

    Raises:
        DataError: D004 when a column holds no numbers, D008 when one holds an infinite value or,
            for LogNormal, one that is not positive.
    """
    require_numeric(frame, columns)
    state = {
        "method": method,
        "constant": "zero" if zero_for_constant else "missing",
        "columns": {name: _learn(frame[name], method) for name in columns},
    }
    return Transform(kind=KIND, state=state, columns=tuple(columns))


def apply(state: Mapping[str, Any], frame: pl.DataFrame) -> pl.DataFrame:
    """Map the columns onto the learnt scale; missing values stay missing."""
    require_numeric(frame, state["columns"])
    constant = 0.0 if state["constant"] == "zero" else None
    return frame.with_columns(
        _mapped(frame[name], state["method"], learnt, constant)
        for name, learnt in state["columns"].items()
    )


def _learn(column: pl.Series, method: Method) -> dict[str, float]:
    if method == "Logistic":
        return {}
    values = _known(column)
    _refuse(column, ~np.isfinite(values), values, "is infinite", "Clean the column first.")
    if method == "LogNormal":
        remedy = "Leave the column out, or choose another method."
        _refuse(column, values <= 0, values, "has no logarithm", remedy)
        values = np.log(values)
    if len(values) == 0:
        return {"mean": 0.0, "sd": 0.0} if method != "MinMax" else {"min": 0.0, "max": 0.0}
    if method == "MinMax":
        return {"min": float(values.min()), "max": float(values.max())}
    is_constant = bool((values == values[0]).all())
    return {
        "mean": float(values[0] if is_constant else values.mean()),
        "sd": 0.0 if is_constant else float(values.std()),
    }


def _mapped(
    column: pl.Series, method: Method, learnt: Mapping[str, float], constant: float | None
) -> pl.Series:
    is_constant = learnt.get("sd") == 0 or (method == "MinMax" and learnt["min"] == learnt["max"])
    known = column.is_not_null()
    if is_constant:
        values = pl.repeat(constant, len(column), dtype=pl.Float64, eager=True)
    else:
        numbers = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        values = pl.Series(_scaled(numbers, method, learnt))
    masked = pl.DataFrame([values.alias("value"), known.alias("known")])
    return masked.select(
        pl.when("known").then(pl.col("value").fill_nan(None)).alias(column.name)
    ).to_series()


def _scaled(x: Numbers, method: Method, learnt: Mapping[str, float]) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        match method:
            case "ZScore":
                return (x - learnt["mean"]) / learnt["sd"]
            case "MinMax":
                return (x - learnt["min"]) / (learnt["max"] - learnt["min"])
            case "Logistic":
                return 1 / (1 + np.exp(-x))
            case "LogNormal":
                from scipy.special import ndtr

                positive = np.where(x > 0, x, np.where(np.isnan(x), np.nan, 0.0))
                return np.asarray(ndtr((np.log(positive) - learnt["mean"]) / learnt["sd"]))
            case "TanH":
                return 0.5 * (np.tanh(0.01 * (x - learnt["mean"]) / learnt["sd"]) + 1)


def _known(column: pl.Series) -> Numbers:
    numbers = column.cast(pl.Float64).drop_nulls()
    return np.asarray(numbers.drop_nans().to_numpy())


def _refuse(
    column: pl.Series,
    mask: "np.ndarray[Any, np.dtype[np.bool_]]",
    values: Numbers,
    why: str,
    remedy: str,
) -> None:
    if not mask.any():
        return
    value = float(values[mask.argmax()])
    row = int((column.cast(pl.Float64) == value).arg_max() or 0) + 1
    raise DataError(
        "D008",
        f"Column {column.name!r} has the value {value:g} in row {row}, which {why}.",
        remedy=remedy,
        column=column.name,
        row=row,
    )
