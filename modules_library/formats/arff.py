"""Tables in ARFF, the format of Weka."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from modules_library.sdk import ColumnRole, Roles, Table
from modules_library.tables import unique_names
from runtime.errors import DataError


@dataclass(frozen=True)
class Attribute:
    """A declared column.

    Attributes:
        kind: `number`, `integer`, `text`, `nominal` or `date`.
        values: The values of a nominal column.
        date_format: Python's notation.
    """

    name: str
    kind: str
    values: tuple[str, ...] = ()
    date_format: str = ""


def read_arff(text: str, *, name: str = "data") -> Table:
    """Read declared columns and their rows, dense or sparse.

    Nominal columns become categorical text, `?` is a missing value; in sparse rows (`{0 1.5, 3 x}`)
    what is left out is 0, or the first declared value of a nominal column.

    Raises:
        DataError: D003 with the line that cannot be read.

    Source:
        Attribute-Relation File Format, Weka manual.
    """
    lines = _lines(text)
    attributes: list[Attribute] = []
    rows: list[list[object]] = []
    in_data = False
    for number, line in lines:
        try:
            if in_data:
                rows.append(_row(line, attributes))
            elif line.lower().startswith("@attribute"):
                attributes.append(_attribute(line))
            elif line.lower().startswith("@data"):
                in_data = True
            elif not line.lower().startswith("@relation"):
                raise ValueError("it is neither @relation, @attribute nor @data")
        except ValueError as exc:
            raise _line_error(str(exc), number, name) from exc
    if not attributes or not in_data:
        raise DataError(
            "D003",
            f"'{name}' has no {'@data' if attributes else '@attribute'} line.",
            remedy="Declare every column with @attribute, and begin the rows with @data.",
        )
    return _table(attributes, rows)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("%"):
            yield number, line.strip()


_NAMED = re.compile(
    r"@attribute\s+('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+)\s+(.+)", re.IGNORECASE
)
_KINDS = {"numeric": "number", "real": "number", "integer": "integer", "string": "text"}


def _attribute(line: str) -> Attribute:
    match = _NAMED.fullmatch(line)
    if match is None:
        raise ValueError("an attribute has a name and a type")
    name, type_ = _unquoted(match.group(1)), match.group(2).strip()
    if type_.startswith("{") and type_.endswith("}"):
        return Attribute(name, "nominal", tuple(_values(type_[1:-1])))
    word, _, rest = type_.partition(" ")
    if word.lower() == "date":
        return Attribute(name, "date", date_format=_python_format(_unquoted(rest.strip())))
    if type_.lower() not in _KINDS:
        raise ValueError(f"{type_!r} is no attribute type")
    return Attribute(name, _KINDS[type_.lower()])


_JAVA = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "'T'": "T"}


def _python_format(java: str) -> str:
    text = java or "yyyy-MM-dd'T'HH:mm:ss"
    for old, new in _JAVA.items():
        text = text.replace(old, new)
    return text


def _row(line: str, attributes: list[Attribute]) -> list[object]:
    if line.startswith("{") and line.endswith("}"):
        return _sparse_row(line[1:-1], attributes)
    values = _values(line)
    if len(values) != len(attributes):
        raise ValueError(f"it has {len(values)} values, but {len(attributes)} are declared")
    return [_value(text, column) for text, column in zip(values, attributes, strict=True)]


def _sparse_row(inside: str, attributes: list[Attribute]) -> list[object]:
    row: list[object] = [_DEFAULTS[a.kind](a) for a in attributes]
    for entry in _entries(inside):
        position, _, text = entry.strip().partition(" ")
        if not position.isdigit() or int(position) >= len(attributes):
            raise ValueError(f"{position!r} is no position of a declared column")
        row[int(position)] = _value(_unquoted(text.strip()), attributes[int(position)])
    return row


_DEFAULTS: dict[str, Callable[[Attribute], object]] = {
    "number": lambda column: 0.0,
    "integer": lambda column: 0,
    "text": lambda column: "",
    "nominal": lambda column: column.values[0],
    "date": lambda column: None,
}


def _value(text: str, column: Attribute) -> object:
    if text == "?":
        return None
    if column.kind == "number":
        return float(text)
    if column.kind == "integer":
        return int(text)
    if column.kind == "date":
        return datetime.strptime(text, column.date_format)
    if column.kind == "nominal" and text not in column.values:
        raise ValueError(f"{text!r} is no declared value of {column.name!r}")
    return text


_QUOTED = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^,]*))\s*(?:,|$)")


def _values(text: str) -> list[str]:
    """Values between commas, single or double quotes taken off."""
    found, place = [], 0
    text = text.rstrip()
    while True:
        match = _QUOTED.match(text, place)
        if match is None:
            raise ValueError(f"a quote at character {place + 1} is not closed")
        quoted = match.group(1) if match.group(1) is not None else match.group(2)
        found.append(match.group(3).strip() if quoted is None else _unescaped(quoted))
        place = match.end()
        if place >= len(text):
            return [*found, ""] if text.endswith(",") and match.group(0).endswith(",") else found


def _entries(inside: str) -> list[str]:
    return (
        next(csv.reader([inside], quotechar="'", skipinitialspace=True), [])
        if inside.strip()
        else []
    )


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return _unescaped(text[1:-1])
    return text


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _table(attributes: list[Attribute], rows: list[list[object]]) -> Table:
    types: dict[str, pl.DataType] = {
        "number": pl.Float64(),
        "integer": pl.Int64(),
        "date": pl.Datetime("us"),
    }
    names = unique_names(column.name for column in attributes)
    series = [
        pl.Series(name, [row[i] for row in rows], dtype=types.get(column.kind, pl.String()))
        for i, (name, column) in enumerate(zip(names, attributes, strict=True))
    ]
    categories = {
        name: ColumnRole(categorical=True)
        for name, column in zip(names, attributes, strict=True)
        if column.kind == "nominal"
    }
    return Table(pl.DataFrame(series), Roles(categories))


def _line_error(what: str, number: int, name: str) -> DataError:
    return DataError(
        "D003",
        f"Line {number} of '{name}' is not ARFF: {what}.",
        remedy="Correct the line.",
        line=number,
    )
