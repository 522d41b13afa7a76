"""Tables in SVMLight text: a label, then `position:value` pairs of what is not zero."""

import re

import polars as pl

from modules_library.sdk import ColumnRole, Roles, Table
from runtime.errors import DataError

_PAIR = re.compile(r"(\d+):(\S+)")


def read_svmlight(text: str, *, name: str = "data") -> Table:
    """Read rows such as `1 3:0.5 7:2 # note`.

    The label is the column `Label` with the role label; positions count from 1 and are the columns
    `Col1`, `Col2`, … up to the highest one; what a row leaves out is 0. `qid:` pairs are passed over.

    Raises:
        DataError: D003 with the line that cannot be read, or when there is none.

    Source:
        The input format of SVMlight, https://www.cs.cornell.edu/people/tj/svm_light/.
    """
    rows = [
        _row(line, number, name)
        for number, whole in enumerate(text.splitlines(), start=1)
        if (line := whole.partition("#")[0].strip())
    ]
    if not rows:
        raise DataError("D003", f"'{name}' is empty.", remedy="Give at least one row.", file=name)
    width = max((position for _, values in rows for position in values), default=0)
    columns = {
        f"Col{position}": [values.get(position, 0.0) for _, values in rows]
        for position in range(1, width + 1)
    }
    labels = pl.Series("Label", [label for label, _ in rows], dtype=pl.Float64)
    if (labels == labels.round()).all():
        labels = labels.cast(pl.Int64)
    frame = pl.DataFrame([labels, *(pl.Series(n, v) for n, v in columns.items())])
    return Table(frame, Roles({"Label": ColumnRole(kind="label")}))


def _row(line: str, number: int, name: str) -> tuple[float, dict[int, float]]:
    label, *pairs = line.split()
    try:
        return float(label), dict(_pair(text) for text in pairs if not text.startswith("qid:"))
    except ValueError as exc:
        raise DataError(
            "D003",
            f"Line {number} of '{name}' is not SVMLight: {exc}.",
            remedy="Write a label and pairs, such as 1 3:0.5 7:2.",
            line=number,
        ) from exc


def _pair(text: str) -> tuple[int, float]:
    match = _PAIR.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no pair of position and value")
    if int(match.group(1)) == 0:
        raise ValueError("positions count from 1")
    return int(match.group(1)), float(match.group(2))
