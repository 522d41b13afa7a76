"""Tables in JSON lines: one object per line."""

import json
from pathlib import Path

import polars as pl

from modules_library.formats.encoding import decoded
from runtime.errors import DataError


def read_json_lines(source: Path | bytes, *, name: str) -> pl.DataFrame:
    """Read one row per line; keys are columns, a key that a line lacks is a missing value.

    Types hold for all lines; where lines disagree, the column is text. Lists and objects inside a
    value become their JSON text. A file that is one JSON list of objects is read, too.

    Raises:
        DataError: D003 when the file is empty or a line is no JSON object, with the line; D011 when
            it is not UTF-8.
    """
    data = source.read_bytes() if isinstance(source, Path) else source
    text = decoded(data, "UTF-8", name=name)
    if not text.strip():
        raise DataError(
            "D003", f"'{name}' is empty.", remedy="Choose a file that holds a table.", file=name
        )
    if text.lstrip().startswith("["):
        return _table(_listed(text, name))
    try:
        frame = pl.read_ndjson(text.encode(), infer_schema_length=None)
    except pl.exceptions.PolarsError:
        frame = _by_line(text, name)
    if any(dtype.is_nested() for dtype in frame.dtypes):
        frame = _by_line(text, name)
    return frame


def _by_line(text: str, name: str) -> pl.DataFrame:
    """The slow way, which knows the line and keeps what lists and objects look like."""
    rows = [
        _row(line, number, name)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    return _table(rows)


def _listed(text: str, name: str) -> list[dict[str, object]]:
    """The objects of one JSON list."""
    try:
        rows = json.loads(text)
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _line_error("begins a list, which is no JSON list of objects", 1, name)
    return rows


def _table(rows: list[dict[str, object]]) -> pl.DataFrame:
    names = list(dict.fromkeys(key for row in rows for key in row))
    return pl.DataFrame([_column(key, [row.get(key) for row in rows]) for key in names])


def _row(line: str, number: int, name: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise _line_error(f"is no JSON: {exc}", number, name) from exc
    if not isinstance(row, dict):
        raise _line_error("is no JSON object", number, name)
    return row


def _line_error(what: str, number: int, name: str) -> DataError:
    return DataError(
        "D003",
        f"Line {number} of '{name}' {what}.",
        remedy='Write one object per line, such as {"name": "Ada", "born": 1815}.',
        file=name,
        line=number,
    )


def _column(name: str, values: list[object]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} or (len(kinds) <= 1 and not kinds & {dict, list}):
        dtype = pl.Float64 if float in kinds else None
        return pl.Series(name, values, dtype=dtype or (pl.String if not kinds else None))
    texts = [
        value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
    ]
    return pl.Series(name, texts, dtype=pl.String)
