"""Pages, cells and hits of stored tables: what a screen needs of them at a time."""

from pathlib import Path
from typing import Any

import numpy as np

from designer.services.read_worker.arranging import Arranger, Search, View
from designer.services.read_worker.cells import LONGEST_CELL, LONGEST_TEXT, as_json, as_short_json
from designer.services.read_worker.query import Query
from designer.services.read_worker.stored_table import describe_column, open_table, table_of
from designer.services.read_worker.text_search import TextSearch
from designer.services.read_worker.turns import Turn
from runtime.errors import RequestError

MOST_ROWS = 1000


def columns(path: Path) -> dict[str, Any]:
    """Names and types of a table's columns, and how many rows it has."""
    table = open_table(path)
    described = [describe_column(table, name) for name in table.names]
    return {"rows": table.rows, "columns": described}


def page(
    arranger: Arranger,
    path: Path,
    *,
    query: Query,
    offset: int = 0,
    limit: int = 100,
    first_column: int = 0,
    column_limit: int = 0,
    longest: int = 0,
) -> dict[str, Any]:
    """Some rows of a table.

    Args:
        arranger: Finds the rows that the query asks for.
        path: The table's file.
        query: Which rows, in which order.
        offset: The first of them to give.
        limit: How many.
        first_column: The first column to give.
        column_limit: How many of them; 0 for all.
        longest: Texts beyond this many characters are given as `{"$cut", "length"}`; without it
            they end in an ellipsis after 10,000.

    Returns:
        `columns`, `rows` (one list each), `numbers` of the rows in the table, `total`, `offset`.
    """
    table = open_table(path)
    last_column = first_column + column_limit if column_limit else None
    names = table.names[first_column:last_column]
    offset, limit = max(0, offset), max(0, min(limit, MOST_ROWS))
    view = arranger.view(table, path, query)
    part = view.frame(offset, limit, names)
    return {
        "columns": [describe_column(table, name) for name in names],
        "rows": [[_shown(value, longest) for value in row] for row in part.iter_rows()],
        "numbers": view.numbers(offset, limit),
        "total": view.total,
        "offset": offset,
    }


def cell(arranger: Arranger, path: Path, *, query: Query, row: int, column: str) -> dict[str, Any]:
    """One value as a whole, up to a million characters."""
    table = open_table(path)
    table.check(column)
    view = arranger.view(table, path, query)
    if not 0 <= row < view.total:
        raise RequestError(
            "A004",
            f"There is no row {row}: the table has {view.total:,} here.",
            remedy="Choose a row that is shown.",
        )
    value = view.frame(row, 1, [column]).item()
    return {"value": as_json(value, longest=LONGEST_CELL), "number": view.numbers(row, 1)[0]}


def arrange(arranger: Arranger, path: Path, *, query: Query, turn: Turn) -> dict[str, Any]:
    """Bring a table into the order that a query asks for; its pages are quick from then on."""
    return {"total": arranger.view(open_table(path), path, query, turn).total}


def find(
    arranger: Arranger,
    path: Path,
    *,
    query: Query,
    text: str,
    start: int = 0,
    backwards: bool = False,
    turn: Turn | None = None,
) -> dict[str, Any]:
    """The next row of a view that has a text in some cell, going on at the other end.

    Returns:
        `hits` in all; and where there are any: `hit`, the place among them, `row` in the view,
        `number` in the table, and the `columns` whose cells have it.
    """
    table = open_table(path)
    view = arranger.view(table, path, query, turn)
    hits = arranger.hits(view, path, Search(query, text, start), turn)
    if len(hits) == 0:
        return {"hits": 0}
    place = int(np.searchsorted(hits, start, side="right" if backwards else "left"))
    hit = (place - 1 if backwards else place) % len(hits)
    row = int(hits[hit])
    return {
        "hits": len(hits),
        "hit": hit,
        "row": row,
        "number": view.numbers(row, 1)[0],
        "columns": _columns_with(view, row, text),
    }


def _columns_with(view: View, row: int, text: str) -> list[str]:
    cells = table_of(view.frame(row, 1, view.table.names))
    return TextSearch(cells, text).columns_with(0)


def _shown(value: Any, longest: int) -> Any:
    return as_short_json(value, longest) if longest else as_json(value, longest=LONGEST_TEXT)
