"""What Clean Missing Data learns: which value stands in, which rows and columns go.

The state is a list of steps that are applied in order:

    {"action": "fill", "column": "age", "family": "number", "type": "Float64",
     "keeps_type": false, "value": 37.5}
    {"action": "indicate", "column": "age", "into": "age_IsMissing"}
    {"action": "drop_rows", "columns": ["age", "city"]}
    {"action": "drop_column", "column": "notes"}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

import polars as pl

from modules_library.sdk import Transform, require_numeric
from modules_library.tables import unique_name
from runtime.errors import DataError

KIND = "clean_missing_data"

CleaningMode = Literal[
    "Custom substitution value",
    "Replace with mean",
    "Replace with median",
    "Replace with mode",
    "Remove entire row",
    "Remove entire column",
]


@dataclass(frozen=True, kw_only=True)
class CleaningRules:
    """How missing values are treated.

    Attributes:
        minimum_ratio: Columns with a smaller share of missing values are left alone.
        maximum_ratio: Columns with a larger share are left alone.
        replacement: The custom substitution value, as text.
        removes_empty_columns: Drop columns without any value, where there is nothing to learn from.
        has_indicators: Add a boolean column for every cleaned column with missing values.
    """

    mode: CleaningMode
    minimum_ratio: float = 0.0
    maximum_ratio: float = 1.0
    replacement: str = "0"
    removes_empty_columns: bool = True
    has_indicators: bool = False


def fit(frame: pl.DataFrame, columns: Sequence[str], rules: CleaningRules) -> Transform:
    """Learn from a table how to clean it and tables like it.

    Raises:
        DataError: D004 when a mean or median is asked of a column that holds no numbers, D008 when
            the custom value does not fit a column's type.
    """
    in_range = [n for n in columns if _is_in_range(frame[n], rules)]
    if rules.mode == "Remove entire row":
        steps = [{"action": "drop_rows", "columns": in_range}] if in_range else []
    elif rules.mode == "Remove entire column":
        in_range = [n for n in in_range if missing(frame[n]).any()]
        steps = [{"action": "drop_column", "column": name} for name in in_range]
    else:
        steps = [step for name in in_range for step in _replace(frame[name], rules)]
    if rules.has_indicators:
        steps = [*_indicators(frame, in_range, steps), *steps]
    return Transform(kind=KIND, state={"steps": steps}, columns=tuple(in_range))


def apply(state: Mapping[str, Any], frame: pl.DataFrame) -> pl.DataFrame:
    """Clean a table with what was learnt."""
    for step in state["steps"]:
        match step["action"]:
            case "fill":
                frame = frame.with_columns(_filled(frame[step["column"]], step))
            case "indicate":
                frame = frame.with_columns(missing(frame[step["column"]]).alias(step["into"]))
            case "drop_rows":
                masks = [~missing(frame[name]) for name in step["columns"]]
                frame = frame.filter(pl.all_horizontal(masks))
            case "drop_column":
                frame = frame.drop(step["column"])
    return frame


def missing(column: pl.Series) -> pl.Series:
    """Tell for every row whether the value is missing; NaN counts as missing."""
    if column.dtype.is_float():
        return column.is_null() | column.is_nan().fill_null(True)
    return column.is_null()


def _is_in_range(column: pl.Series, rules: CleaningRules) -> bool:
    count = int(missing(column).sum())
    ratio = count / len(column) if len(column) else 0.0
    return rules.minimum_ratio <= ratio <= rules.maximum_ratio


def _indicators(
    frame: pl.DataFrame, columns: Sequence[str], steps: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """One indicator for each column that has missing values and is not dropped."""
    dropped = {step["column"] for step in steps if step["action"] == "drop_column"}
    taken = list(frame.columns)
    found = []
    for name in columns:
        if name not in dropped and missing(frame[name]).any():
            taken.append(unique_name(f"{name}_IsMissing", taken))
            found.append({"action": "indicate", "column": name, "into": taken[-1]})
    return found


def _replace(column: pl.Series, rules: CleaningRules) -> list[dict[str, Any]]:
    """The step that fills a column; none where nothing can be learnt for a complete column."""
    known = column.filter(~missing(column))
    is_complete = len(known) == len(column)
    if family_of(column.dtype) == "other":
        if is_complete:
            return []
        raise _unfillable_error(column)
    if rules.mode == "Custom substitution value":
        if is_complete and not _fits(column, rules.replacement):
            return []
        return [_fill(column, *_custom(column, rules.replacement), is_complete=is_complete)]
    if known.is_empty():
        drops = rules.removes_empty_columns and not is_complete
        return [{"action": "drop_column", "column": column.name}] if drops else []
    if rules.mode == "Replace with mode":
        return [_fill(column, "", _most_frequent(known), is_complete=is_complete)]
    if is_complete and family_of(column.dtype) not in ("number", "boolean"):
        return []
    require_numeric(column.to_frame(), column.name)
    return [_fill(column, "Float64", _average(known, rules.mode), is_complete=is_complete)]


def _fill(column: pl.Series, type_: str, value: Any, *, is_complete: bool) -> dict[str, Any]:
    """A fill step; a column that was complete keeps its type as long as it stays complete."""
    return {
        "action": "fill",
        "column": column.name,
        "family": family_of(column.dtype),
        "type": type_,
        "keeps_type": is_complete,
        "value": value.isoformat() if isinstance(value, (date, time)) else value,
    }


def _filled(column: pl.Series, step: Mapping[str, Any]) -> pl.Series:
    """The column with the learnt value in the place of missing ones."""
    require_family(column, step["family"])
    gaps = missing(column)
    if step["type"] and (gaps.any() or not step["keeps_type"]):
        column = column.cast(_TYPES[step["type"]])
    elif column.dtype == pl.Null and len(column):
        column = column.cast(_TYPES_OF_FAMILIES[step["family"]])
    if not gaps.any():
        return column
    frame = column.to_frame().with_columns(gaps.alias("gap of " + column.name))
    value = pl.lit(_python_value(step["value"], column.dtype)).cast(column.dtype)
    filled = pl.when(pl.nth(1)).then(value).otherwise(pl.nth(0))
    return frame.select(filled.alias(column.name)).to_series()


_TYPES: dict[str, pl.DataType] = {
    "Int64": pl.Int64(),
    "Float64": pl.Float64(),
    "String": pl.String(),
}
_TYPES_OF_FAMILIES: dict[str, pl.DataType] = {
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "text": pl.String(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us"),
    "time": pl.Time(),
    "empty": pl.Null(),
}


def family_of(dtype: pl.DataType) -> str:
    """What a column holds, whatever its width: `number`, `text`, `date`, …, `other`."""
    if dtype.is_numeric():
        return "number"
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    known = {
        pl.Boolean: "boolean",
        pl.Date: "date",
        pl.Datetime: "datetime",
        pl.Time: "time",
        pl.Null: "empty",
    }
    return next((name for type_, name in known.items() if dtype == type_), "other")


def require_family(column: pl.Series, family: str) -> None:
    """Refuse a column that holds something else. Raises DataError D004."""
    found = family_of(column.dtype)
    if found != family and "empty" not in (found, family):
        raise DataError(
            "D004",
            f"Column {column.name!r} holds {column.dtype}, but the transformation was fitted on a "
            f"column of {family}s.",
            remedy="Convert the column with 'Edit Metadata', or fit the transformation again.",
            column=column.name,
        )


def _unfillable_error(column: pl.Series) -> DataError:
    return DataError(
        "D004",
        f"Column {column.name!r} holds {column.dtype}, which no value can stand in for.",
        remedy="Leave the column out, or remove its rows with 'Remove entire row'.",
        column=column.name,
    )


def _most_frequent(known: pl.Series) -> Any:
    """The most frequent value; of several the smallest."""
    if family_of(known.dtype) == "text":
        known = known.cast(pl.String)
    elif known.dtype.is_decimal():
        known = known.cast(pl.Float64)
    return known.mode().sort()[0]


def _average(known: pl.Series, mode: CleaningMode) -> float:
    import numpy as np

    numbers = known.cast(pl.Float64).to_numpy()
    return float(np.mean(numbers) if mode == "Replace with mean" else np.median(numbers))


def type_with(column: pl.Series, text: str) -> str:
    """The type that a column takes for a custom value; empty for its own and for a misfit."""
    try:
        return _custom(column, text)[0]
    except DataError:
        return ""


def _fits(column: pl.Series, text: str) -> bool:
    try:
        _custom(column, text)
    except DataError:
        return False
    return True


def _custom(column: pl.Series, text: str) -> tuple[str, Any]:
    """The custom value for a column and the type to cast to, empty for the column's own."""
    try:
        return _custom_value(column.dtype, text)
    except (ValueError, KeyError) as exc:
        raise DataError(
            "D008",
            f"The replacement value {text!r} does not fit column {column.name!r}, which holds "
            f"{column.dtype}.",
            remedy="Choose a value of the column's type, or leave the column out.",
            column=column.name,
        ) from exc


def _custom_value(dtype: pl.DataType, text: str) -> tuple[str, Any]:
    family = family_of(dtype)
    if family == "text":
        return "String", text
    if family == "boolean":
        return "", {"true": True, "false": False, "1": True, "0": False}[text.strip().lower()]
    if family in ("number", "empty"):
        number = _number(text, is_strict=family == "number")
        if isinstance(number, int) and family == "number":
            return "", number
        return {int: "Int64", float: "Float64", str: "String"}[type(number)], number
    return "", _python_value(text.strip(), dtype)


def _number(text: str, *, is_strict: bool) -> int | float | str:
    """A whole number, else a number, else the text itself unless that is too lax."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        if is_strict:
            raise
        return text


def _python_value(value: Any, dtype: pl.DataType) -> Any:
    """A JSON value as what the column holds; moments are ISO 8601 texts in JSON."""
    if dtype == pl.Date:
        return date.fromisoformat(value)
    if dtype == pl.Datetime:
        moment = datetime.fromisoformat(value)
        zone = getattr(dtype, "time_zone", None)
        return moment if not zone or moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    if dtype == pl.Time:
        return time.fromisoformat(value)
    return value
