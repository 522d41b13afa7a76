"""The label: which column it is, and how its values become class numbers or targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from modules_library.learning.learner import FloatArray, Task
from modules_library.sdk import Table
from runtime.errors import DataError, close_matches

if TYPE_CHECKING:
    import polars as pl

ClassValue = str | int | float | bool
LabelKind = Literal["string", "integer", "float", "boolean"]


@dataclass(frozen=True, kw_only=True)
class Label:
    """The label column of a trained model.

    Attributes:
        column: Its name.
        kind: `string`, `integer`, `float` or `boolean`: what scored labels are given as.
        classes: Class values in sort order (text by code point, False before True); empty for
            regression. Of two classes the second, the greater one, is the positive class.
    """

    column: str
    kind: str
    classes: tuple[ClassValue, ...] = ()

    @property
    def class_names(self) -> list[str]:
        """The classes as text."""
        return [class_name(value) for value in self.classes]

    def encode(self, series: pl.Series) -> FloatArray:
        """Class numbers or target values of a column without missing values."""
        import polars as pl

        if not self.classes:
            return series.cast(pl.Float64).to_numpy()
        codes = pl.Series(range(len(self.classes)), dtype=pl.Float64)
        values = _as_kind(series, self.kind)
        known = pl.Series(self.classes, dtype=values.dtype)
        return values.replace_strict(known, codes, return_dtype=pl.Float64).to_numpy()

    def decode(self, codes: Any, name: str) -> pl.Series:
        """Class values of class numbers."""
        import polars as pl

        return pl.Series(name, self.classes, dtype=label_type(self.kind)).gather(codes)

    def to_json(self) -> dict[str, Any]:
        """The label as JSON values."""
        return {"column": self.column, "kind": self.kind, "classes": list(self.classes)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Label:
        """Read back what `to_json` gave."""
        return cls(
            column=value["column"], kind=value["kind"], classes=tuple(value.get("classes", ()))
        )


def find_label(table: Table, name: str | None = None, *, port: str = "dataset") -> str:
    """The name of the label column: the chosen one, else the one with the role of a label.

    Raises:
        DataError: D005 when there is none, or when several are marked.
    """
    if name:
        if name in table.columns:
            return name
        raise DataError(
            "D005",
            f"The label column {name!r} is not in '{port}'.{close_matches(name, table.columns)}",
            remedy=f"Choose one of the columns of '{port}'.",
            column=name,
            port=port,
        )
    marked = [column for column in table.columns if table.roles.of(column).kind == "label"]
    if len(marked) == 1:
        return marked[0]
    found = f"marks {', '.join(map(repr, marked))} as labels" if marked else "marks no label column"
    raise DataError(
        "D005",
        f"'{port}' {found}, so the label column is not known.",
        remedy="Choose the label column here, or mark one column with 'Edit Metadata'.",
        port=port,
    )


def fit_label(series: pl.Series, task: Task, *, learner: str) -> Label:
    """Learn the classes of a label column without missing values.

    Raises:
        DataError: D004, D005, D006, D008 or D010 when the values do not fit the task.
    """
    kind = label_kind(series, task, learner=learner)
    if task == "regression":
        _require_finite(series)
        return Label(column=series.name, kind=kind)
    values = _as_kind(series, kind)
    distinct = values.n_unique()
    _require_class_count(series, distinct, task, learner)
    if kind == "float" and task == "multiclass" and bool((values != values.floor()).any()):
        raise _unfit(
            series.name, f"holds fractions, but {learner!r} learns classes", "a regression learner"
        )
    return Label(column=series.name, kind=kind, classes=tuple(values.unique().sort().to_list()))


def label_kind(series: pl.Series, task: Task, *, learner: str) -> LabelKind:
    """What scored labels are given as; told by the type of the column alone.

    Raises:
        DataError: D004, D005 or D010 when the type does not fit the task.
    """
    if task != "regression":
        return _kind(series)
    _require_targets(series, learner)
    return "float"


def class_name(value: ClassValue) -> str:
    """A class as text: `True` is `true`, `1.0` is `1`.

    >>> class_name(1.0), class_name(True), class_name("a")
    ('1', 'true', 'a')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_missing(series: pl.Series) -> pl.Series:
    """Which values are null or NaN."""
    missing = series.is_null()
    return missing | series.is_nan().fill_null(True) if series.dtype.is_float() else missing


def _require_targets(series: pl.Series, learner: str) -> None:
    import polars as pl

    if series.dtype == pl.Boolean:
        raise _unfit(
            series.name, f"holds true and false, but {learner!r} predicts numbers", "a classifier"
        )
    if not series.dtype.is_numeric():
        raise DataError(
            "D004",
            f"The label column {series.name!r} holds {series.dtype}, but {learner!r} predicts "
            "numbers.",
            remedy="Choose a numeric label column, or use a classifier.",
            column=series.name,
        )


def _require_finite(series: pl.Series) -> None:
    import polars as pl

    if not np.isfinite(series.cast(pl.Float64).to_numpy()).all():
        raise DataError(
            "D008",
            f"The label column {series.name!r} holds infinite values.",
            remedy="Remove those rows with 'Split Data' or 'Apply SQL Transformation'.",
            column=series.name,
        )


def _require_class_count(series: pl.Series, distinct: int, task: Task, learner: str) -> None:
    if distinct < 2:
        raise DataError(
            "D006",
            f"The label column {series.name!r} has only the class {series[0]!r}.",
            remedy="Give rows of at least two classes; look at what the split before leaves.",
            column=series.name,
        )
    if task == "binary" and distinct > 2:
        raise _unfit(
            series.name,
            f"has {distinct} classes, but {learner!r} takes two",
            "a multiclass learner",
        )
    if distinct > 1000 and distinct > 0.5 * len(series):
        raise _unfit(
            series.name,
            f"has {distinct} distinct values in {len(series)} rows, which are no classes",
            "a regression learner, or choose another label column",
        )


def _kind(series: pl.Series) -> LabelKind:
    import polars as pl

    dtype = series.dtype
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "string"
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "float"
    raise DataError(
        "D005",
        f"The label column {series.name!r} holds {dtype}, which is neither class nor number.",
        remedy="Choose another label column, or convert it with 'Edit Metadata'.",
        column=series.name,
    )


def label_type(kind: str) -> Any:
    """The column type of scored labels of a kind."""
    import polars as pl

    return {"string": pl.String, "boolean": pl.Boolean, "integer": pl.Int64, "float": pl.Float64}[
        kind
    ]


def _as_kind(series: pl.Series, kind: str) -> pl.Series:
    return series.cast(label_type(kind))


def _unfit(column: str, fault: str, instead: str) -> DataError:
    return DataError(
        "D010",
        f"The label column {column!r} {fault}.",
        remedy=f"Use {instead}.",
        column=column,
    )
