"""Summarize Data."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import polars as pl

from modules_library.sdk import Foreseen, Roles, Table, TableSchema, module

STATISTICS = (
    "Min",
    "Max",
    "Mean",
    "Mean Deviation",
    "1st Quartile",
    "Median",
    "3rd Quartile",
    "Mode",
    "Range",
    "Sample Variance",
    "Sample Standard Deviation",
    "Sample Skewness",
    "Sample Kurtosis",
    "P0.5",
    "P1",
    "P5",
    "P95",
    "P99.5",
)
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


class SummarizeData(NamedTuple):
    """What Summarize Data gives.

    Attributes:
        results_dataset: One row for each column of the table.
    """

    results_dataset: Table


def _schema(dataset: Table, known: dict[str, TableSchema]) -> Foreseen:
    """One row for each column, so the number of rows is known where the columns are."""
    table = known["dataset"]
    is_known = not table.more and all(column.is_certain for column in table.columns)
    summary = summarize_data(dataset).results_dataset
    return Foreseen(summary, rows=len(table.columns) if is_known else None)


@module(
    version="1.0.0",
    title="Summarize Data",
    icon="functions",
    schema=_schema,
    tags=("describe", "statistics", "mean", "quantile", "profile", "missing"),
)
def summarize_data(dataset: Table) -> SummarizeData:
    """Describe every column with the usual statistics, one row for each column.

    The columns of the result: `Feature` (the name), `Count` (all rows), `Unique Value Count`,
    `Missing Value Count`, `Min`, `Max`, `Mean`, `Mean Deviation` (mean distance from the mean),
    `1st Quartile`, `Median`, `3rd Quartile`, `Mode` (the most frequent value, of several the
    smallest), `Range`, `Sample Variance`, `Sample Standard Deviation`, `Sample Skewness`, `Sample
    Kurtosis` (excess, 0 for the normal distribution), `P0.5`, `P1`, `P5`, `P95`, `P99.5`
    (percentiles).

    Missing values and NaN count as missing and enter no statistic. Numbers have all statistics;
    booleans have `Min` (1 when all are true) and `Max` (1 when any is); text, dates and times have
    counts only. What is not defined for so few or so equal values is missing.

    Args:
        dataset: The table.

    Returns:
        The statistics.

    Source:
        Quantiles by linear interpolation: Hyndman, Fan, "Sample quantiles in statistical packages"
        (1996), definition 7. Skewness G1 and kurtosis G2: Joanes, Gill, "Comparing measures of
        sample skewness and kurtosis" (1998).
    """
    rows = [_described(column) for column in dataset.frame]
    schema: dict[str, Any] = {
        "Feature": pl.String,
        "Count": pl.Int64,
        "Unique Value Count": pl.Int64,
        "Missing Value Count": pl.Int64,
        **dict.fromkeys(STATISTICS, pl.Float64),
    }
    return SummarizeData(results_dataset=Table(pl.DataFrame(rows, schema=schema), Roles()))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({"age": [31, None, 45], "city": ["Bern", "Rome", "Bern"]})
    return {"inputs": {"dataset": frame}, "parameters": {}}


def _described(column: pl.Series) -> dict[str, Any]:
    known = column.drop_nulls()
    if known.dtype.is_float():
        known = known.drop_nans()
    return {
        "Feature": column.name,
        "Count": len(column),
        "Unique Value Count": known.n_unique(),
        "Missing Value Count": len(column) - len(known),
        **_statistics(known),
    }


def _statistics(known: pl.Series) -> dict[str, float | None]:
    if known.is_empty():
        return {}
    if known.dtype == pl.Boolean:
        return {"Min": float(known.all()), "Max": float(known.any())}
    if not known.dtype.is_numeric():
        return {}
    values = np.sort(known.cast(pl.Float64).to_numpy())
    with np.errstate(all="ignore"):
        found = _places(values) | _moments(values)
    return {name: value if np.isfinite(value) else None for name, value in found.items()}


def _places(values: Numbers) -> dict[str, float]:
    """Order statistics of ascending values."""
    distinct, counts = np.unique(values, return_counts=True)
    shares = {
        "P0.5": 0.005,
        "P1": 0.01,
        "P5": 0.05,
        "1st Quartile": 0.25,
        "Median": 0.5,
        "3rd Quartile": 0.75,
        "P95": 0.95,
        "P99.5": 0.995,
    }
    quantiles = np.quantile(values, list(shares.values()))
    return {
        "Min": float(values[0]),
        "Max": float(values[-1]),
        "Range": float(values[-1] - values[0]),
        "Mode": float(distinct[counts.argmax()]),
        **dict(zip(shares, quantiles.tolist(), strict=True)),
    }


def _moments(values: Numbers) -> dict[str, float]:
    """Mean and what is computed from the distances to it."""
    n = len(values)
    is_constant = values[0] == values[-1]
    mean = float(values[0] if is_constant else values.mean())
    distances = values - mean
    found = {"Mean": mean, "Mean Deviation": float(np.abs(distances).mean())}
    if n >= 2:
        variance = float((distances**2).sum() / (n - 1))
        found["Sample Variance"] = variance
        found["Sample Standard Deviation"] = variance**0.5
    if is_constant:
        return found
    m2, m3, m4 = ((distances**k).mean() for k in (2, 3, 4))
    if n >= 3:
        found["Sample Skewness"] = float(m3 / m2**1.5 * (n * (n - 1)) ** 0.5 / (n - 2))
    if n >= 4:
        excess = m4 / m2**2 - 3
        found["Sample Kurtosis"] = float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6))
    return found
