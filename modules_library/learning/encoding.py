"""Features as numbers: fitted on the training table, replayed on every table that is scored.

Numbers pass through, booleans become 0 and 1, categories become one column of 0 and 1 per category
that the training table had, in sort order. Dates and nested values are refused, because there is
no number that they obviously are. The fitted state is plain JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from modules_library.learning.learner import FloatArray
from modules_library.sdk import Roles, Table, require_column, require_numeric
from runtime.errors import DataError

if TYPE_CHECKING:
    import polars as pl

FeatureKind = Literal["numeric", "boolean", "categorical"]

MOST_UNIQUE_SHARE = 0.97
MOST_UNIQUE_VALUES = 1000
"""A text column above both is an identifier, not a feature."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One column of the table and how it becomes numbers.

    Attributes:
        categories: Known categories as text, sorted; None stands for missing values.
    """

    column: str
    kind: FeatureKind
    categories: tuple[str | None, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the encoded columns."""
        if self.kind != "categorical":
            return [self.column]
        return [f"{self.column}={'(missing)' if c is None else c}" for c in self.categories]


@dataclass(frozen=True, kw_only=True)
class FeatureEncoding:
    """Turns tables into matrices of one and the same layout.

    Attributes:
        features: The columns in the order of the training table.
        allow_unknown: Whether a category that training did not know becomes all zeros; otherwise
            it is an error.
        allow_missing: Whether missing values pass as NaN; otherwise they are an error.
        learner: Title of the learner, for messages.
    """

    features: tuple[Feature, ...]
    allow_unknown: bool
    allow_missing: bool
    learner: str

    @property
    def names(self) -> list[str]:
        """Names of the encoded columns in order."""
        return [name for feature in self.features for name in feature.names]

    @property
    def sources(self) -> list[str]:
        """For every encoded column, the column of the table it comes from."""
        return [feature.column for feature in self.features for _ in feature.names]

    def encode(self, frame: pl.DataFrame, port: str = "dataset") -> FloatArray:
        """Encode the rows of a table.

        Args:
            frame: Has at least the feature columns; others are ignored.
            port: The input port, for messages.

        Returns:
            Array of shape (n_rows, n_encoded), float64.

        Raises:
            DataError: D001 when a column is missing, D004 when it holds something else than in
                training, D008 for infinite values and unknown categories, D012 for missing values
                where the learner takes none.
        """
        for feature in self.features:
            require_column(frame, feature.column, port)
        if not self.allow_missing:
            refuse_missing(frame.select(f.column for f in self.features), self.learner, port)
        encoded, start = np.empty((frame.height, len(self.names))), 0
        for feature in self.features:
            block = self._block(feature, frame[feature.column], port)
            encoded[:, start : start + block.shape[1]] = block
            start += block.shape[1]
        return encoded

    def to_json(self) -> list[dict[str, Any]]:
        """The features as JSON values."""
        return [
            {"column": f.column, "kind": f.kind}
            | ({"categories": list(f.categories)} if f.kind == "categorical" else {})
            for f in self.features
        ]

    @classmethod
    def from_json(cls, features: Sequence[Mapping[str, Any]], **settings: Any) -> FeatureEncoding:
        """Read back what `to_json` gave; `settings` are the other attributes."""
        read = (
            Feature(column=f["column"], kind=f["kind"], categories=tuple(f.get("categories", ())))
            for f in features
        )
        return cls(features=tuple(read), **settings)

    def _block(self, feature: Feature, series: pl.Series, port: str) -> FloatArray:
        if feature.kind == "categorical":
            return self._indicators(feature, series, port)
        require_numeric(series.to_frame(), feature.column, port)
        return _numbers(series, port)[:, np.newaxis]

    def _indicators(self, feature: Feature, series: pl.Series, port: str) -> FloatArray:
        import polars as pl

        texts = _texts(series)
        codes = {category: code for code, category in enumerate(feature.categories)}
        distinct = texts.unique().to_list()
        unknown = sorted(v for v in distinct if v is not None and v not in codes)
        if unknown and not self.allow_unknown:
            raise _unknown_category(feature, unknown[0], port)
        found = pl.Series([codes.get(value, -1) for value in distinct], dtype=pl.Int64)
        numbers = _replaced(texts, distinct, found)
        block = np.zeros((len(series), len(feature.categories)))
        rows = np.flatnonzero(numbers >= 0)
        block[rows, numbers[rows]] = 1.0
        return block


def fit_encoding(
    table: Table,
    columns: Sequence[str],
    *,
    learner: str,
    allow_missing: bool,
    allow_unknown: bool = True,
    port: str = "dataset",
) -> FeatureEncoding:
    """Learn how the columns of a training table become numbers.

    Raises:
        DataError: D004 for types that are no features, D012 for columns without any value,
            D013 for text columns that are identifiers.
    """
    features = tuple(_feature(table.frame[name], table.roles, port) for name in columns)
    return FeatureEncoding(
        features=features,
        allow_unknown=allow_unknown,
        allow_missing=allow_missing,
        learner=learner,
    )


def feature_columns(table: Table, label: str | None = None) -> list[str]:
    """The columns that are features: all but the label, labels, scores and ignored ones."""
    return [
        name
        for name in table.columns
        if name != label and table.roles.of(name).kind in ("", "feature")
    ]


def refuse_missing(frame: pl.DataFrame, learner: str, port: str = "dataset") -> None:
    """Refuse columns with missing values, naming each with their number.

    Raises:
        DataError: D012.
    """
    counts = {name: _missing_count(frame[name]) for name in frame.columns}
    missing = {name: count for name, count in counts.items() if count}
    if not missing:
        return
    named = ", ".join(f"{name!r} ({count})" for name, count in list(missing.items())[:5])
    more = f" and {len(missing) - 5} more columns" if len(missing) > 5 else ""
    raise DataError(
        "D012",
        f"'{port}' has missing values in {named}{more}, but '{learner}' needs every value.",
        remedy="Insert 'Clean Missing Data' before this node, or use a decision tree learner.",
        columns=missing,
        port=port,
    )


def _feature(series: pl.Series, roles: Roles, port: str) -> Feature:
    if series.null_count() == len(series):
        raise _all_missing(series.name, port)
    kind = feature_kind(series, roles, port=port)
    if kind == "categorical":
        return _categorical(series, port)
    return Feature(column=series.name, kind=kind)


def feature_kind(series: pl.Series, roles: Roles, *, port: str = "dataset") -> FeatureKind:
    """How a column becomes numbers; told by its type and role alone.

    Raises:
        DataError: D004 for types that are no features.
    """
    import polars as pl

    dtype = series.dtype
    if dtype in (pl.String, pl.Categorical, pl.Enum) or roles.of(series.name).categorical:
        return "categorical"
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_numeric():
        return "numeric"
    raise DataError(
        "D004",
        f"Column {series.name!r} of '{port}' holds {dtype}, which no learner can read.",
        remedy="Make numbers or categories of it with 'Apply SQL Transformation', or leave it out "
        "with 'Select Columns in Dataset'.",
        column=series.name,
        port=port,
    )


def _categorical(series: pl.Series, port: str) -> Feature:
    texts = _texts(series)
    present = texts.drop_nulls()
    distinct = present.n_unique()
    if distinct > MOST_UNIQUE_VALUES and distinct > MOST_UNIQUE_SHARE * len(present):
        raise DataError(
            "D013",
            f"Column {series.name!r} of '{port}' has {distinct} distinct values in "
            f"{len(present)} rows: it names rows instead of describing them.",
            remedy="Leave it out with 'Select Columns in Dataset', or group its values.",
            column=series.name,
            distinct=distinct,
        )
    known = sorted(cast("list[str]", present.unique().to_list()))
    has_missing = len(present) < len(texts)
    categories = (*known, None) if has_missing else tuple(known)
    return Feature(column=series.name, kind="categorical", categories=categories)


def _texts(series: pl.Series) -> pl.Series:
    import polars as pl

    return (
        series.fill_nan(None).cast(pl.String)
        if series.dtype.is_float()
        else (series.cast(pl.String))
    )


def _replaced(texts: pl.Series, distinct: list[str | None], codes: pl.Series) -> Any:
    import polars as pl

    present = [i for i, value in enumerate(distinct) if value is not None]
    missing = next((codes[i] for i, value in enumerate(distinct) if value is None), -1)
    if not present:
        return np.full(len(texts), missing, dtype=np.int64)
    replaced = texts.replace_strict(
        [distinct[i] for i in present], codes[present], return_dtype=pl.Int64, default=None
    )
    return replaced.fill_null(missing).to_numpy()


def _numbers(series: pl.Series, port: str) -> FloatArray:
    import polars as pl

    numbers = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if np.isinf(numbers).any():
        raise DataError(
            "D008",
            f"Column {series.name!r} of '{port}' holds infinite values.",
            remedy="Replace them with 'Apply SQL Transformation', or remove their rows.",
            column=series.name,
            port=port,
        )
    return numbers


def _missing_count(series: pl.Series) -> int:
    count = series.null_count()
    if series.dtype.is_float():
        count += int(series.is_nan().sum() or 0)
    return count


def _all_missing(name: str, port: str) -> DataError:
    return DataError(
        "D012",
        f"Column {name!r} of '{port}' has no values at all.",
        remedy="Leave it out with 'Select Columns in Dataset'.",
        column=name,
        port=port,
    )


def _unknown_category(feature: Feature, value: str, port: str) -> DataError:
    return DataError(
        "D008",
        f"Column {feature.column!r} of '{port}' holds {value!r}, a category that was not in the "
        "training data.",
        remedy="Turn on 'Allow unknown categories' in the learner, or correct the value.",
        column=feature.column,
        value=value,
        port=port,
    )
