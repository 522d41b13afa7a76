"""Which rows of a table a query asks for, in its order; and where a text occurs among them.

What is kept of it are row numbers, never rows: a mask has a bit for each row, an order four bytes.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.query import Query
from designer.services.read_worker.row_filters import condition, names_of
from designer.services.read_worker.row_order import Flags, Key, Rows, stable_order
from designer.services.read_worker.sort_keys import keys_of
from designer.services.read_worker.stored_table import StoredTable, is_opaque, table_of
from designer.services.read_worker.text_search import TextSearch
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError

AT_ONCE_ROWS = 100_000
"""Tables up to this size are arranged while a page waits; larger ones in a turn of their own."""


class NotArranged(Exception):  # noqa: N818 - not a fault: the order is made first, then asked again
    """The rows asked for are in no known order yet."""


class View(NamedTuple):
    """A table as a query asks for it.

    Attributes:
        order: Row numbers in the order asked for; None for the table as it is.
    """

    table: StoredTable
    order: Rows | None

    @property
    def total(self) -> int:
        """How many rows it has."""
        return self.table.rows if self.order is None else len(self.order)

    def numbers(self, offset: int, limit: int) -> list[int]:
        """The row numbers, in the table, of a part of it."""
        if self.order is None:
            return list(range(offset, min(offset + limit, self.table.rows)))
        return [int(number) for number in self.order[offset : offset + limit]]

    def frame(self, offset: int, limit: int, names: list[str]) -> pl.DataFrame:
        """A part of it."""
        if self.order is None:
            return self.table.slice(offset, limit, names)
        return self.table.take(np.asarray(self.order[offset : offset + limit]), names)


class Search(NamedTuple):
    """A text to find among the rows of a query.

    Attributes:
        start: From which row on the first hit is of interest.
    """

    query: Query
    text: str
    start: int = 0


class Scan(NamedTuple):
    """A test of every row.

    Attributes:
        passed: Which rows of one part of the table pass.
        doing: What it is, for people.
        first: From which row on the first hit is told, as the part `{"first": row}`.
    """

    passed: Callable[[int], Flags]
    doing: str
    first: int | None = None

    def mask(self, table: StoredTable, turn: Turn) -> Flags:
        """Which rows pass, found part by part, from the one with the first row of interest on."""
        mask = np.zeros(table.rows, np.bool_)
        count = len(table.batches)
        start = min(max(self.first or 0, 0), max(table.rows - 1, 0))
        begin = int(np.searchsorted(table.starts, start, side="right")) - 1
        indices = [(begin + step) % count for step in range(count)]
        is_told = self.first is None
        parts = turn.each(indices, self.passed, self.doing)
        for index, passed in zip(indices, parts, strict=True):
            at = int(table.starts[index])
            mask[at : at + len(passed)] = passed
            if (
                not is_told
                and (hit := _hit(passed, max(start - at, 0) if index == begin else 0)) is not None
            ):
                is_told = True
                turn.tell(None, self.doing, {"first": at + hit})
        return mask


def _hit(passed: Flags, start: int) -> int | None:
    places = np.flatnonzero(passed[start:])
    return int(places[0]) + start if len(places) else None


class Arranger:
    """Finds rows for queries, and keeps what it found.

    Args:
        kept: Where.
        at_once_rows: Up to which size a table is arranged without being asked to.
    """

    def __init__(self, kept: KeptRows, *, at_once_rows: int = AT_ONCE_ROWS) -> None:
        self._kept = kept
        self._at_once_rows = at_once_rows

    def view(self, table: StoredTable, path: Path, query: Query, turn: Turn | None = None) -> View:
        """A table as a query asks for it.

        Args:
            table: The table in the file.
            path: The file, whose name is what orders are kept under.
            query: Which rows, in which order.
            turn: Given where there is time to arrange a large table.

        Raises:
            NotArranged: There is no time, and the order is not known.
            DataError: The query does not fit the table.
        """
        check(table, query)
        if query.is_plain:
            return View(table, None)
        name = f"{path.name}.{query.key()}.order"
        order = self._found(name, table, turn)
        if order is None:
            order = self._kept.keep(name, self._order(table, path, query, turn or Turn()))
        return View(table, order)

    def hits(self, view: View, path: Path, search: Search, turn: Turn | None = None) -> Rows:
        """Where in a view the rows are in which some cell contains a text.

        In a table as it is, the first hit is told as soon as it is found.

        Raises:
            NotArranged: There is no time, and they are not known.
        """
        name = f"{path.name}.{search.query.key(search.text)}.hits"
        found = self._found(name, view.table, turn)
        if found is None:
            turn = turn or Turn()
            first = None if view.order is not None else search.start
            mask = self._text_mask(view.table, path, search.text, turn, first)
            inside = mask if view.order is None else mask[view.order]
            found = self._kept.keep(name, np.flatnonzero(inside).astype(np.uint32))
        return found

    def _text_mask(
        self, table: StoredTable, path: Path, text: str, turn: Turn, first: int | None = None
    ) -> Flags:
        scan = Scan(TextSearch(table, text).passed, "Searching", first)
        return self._mask(table, f"{path.name}.{Query(search=text).key()}", scan, turn)

    def _found(self, name: str, table: StoredTable, turn: Turn | None) -> Rows | None:
        found = self._kept.get(name, np.uint32)
        if found is None and turn is None and table.rows > self._at_once_rows:
            raise NotArranged
        return found

    def _order(self, table: StoredTable, path: Path, query: Query, turn: Turn) -> Rows:
        sorts_only = Query(sort=query.sort)
        mask = self._query_mask(table, path, query, turn)
        if mask is None:
            return _sorted(table, query, turn)
        if not query.sort:
            return np.flatnonzero(mask).astype(np.uint32)
        whole = self._kept.get(f"{path.name}.{sorts_only.key()}.order", np.uint32)
        if whole is None and np.count_nonzero(mask) > table.rows * _MOST_KEPT_SHARE:
            whole = self.view(table, path, sorts_only, turn).order
        if whole is not None:
            return np.asarray(whole[mask[whole]])
        return self._sorted_part(table, query, np.flatnonzero(mask).astype(np.uint32), turn)

    def _query_mask(self, table: StoredTable, path: Path, query: Query, turn: Turn) -> Flags | None:
        masks = []
        if query.filters:
            test = pl.all_horizontal([condition(table, one) for one in query.filters])
            scan = Scan(_passed(table, test, names_of(query.filters)), "Filtering")
            name = f"{path.name}.{Query(filters=query.filters).key()}"
            masks.append(self._mask(table, name, scan, turn))
        if query.search:
            masks.append(self._text_mask(table, path, query.search, turn))
        return None if not masks else np.logical_and.reduce(masks)

    def _mask(self, table: StoredTable, name: str, scan: Scan, turn: Turn) -> Flags:
        """Which rows pass a test; its bits are kept."""
        packed = self._kept.get(f"{name}.mask", np.uint8)
        if packed is None:
            packed = np.packbits(scan.mask(table, turn))
            self._kept.keep(f"{name}.mask", packed)
        return np.unpackbits(packed, count=table.rows).view(np.bool_)

    def _sorted_part(self, table: StoredTable, query: Query, rows: Rows, turn: Turn) -> Rows:
        part = table.take(rows, [one.column for one in query.sort])
        return rows[_sorted(table_of(part), query, turn)]


_MOST_KEPT_SHARE = 0.2
"""Above this share of rows, the order of all is as cheap, and serves the next filter too."""


def check(table: StoredTable, query: Query) -> None:
    """Raise DataError D001 or D004 where a query does not fit the table."""
    for one in query.sort:
        dtype = table.check(one.column)
        if is_opaque(dtype):
            raise DataError(
                "D004",
                f"Column '{one.column}' holds {dtype}, which has no order.",
                remedy="Sort by another column.",
            )
    for test in query.filters:
        condition(table, test)


def _passed(table: StoredTable, test: pl.Expr, names: list[str]) -> Callable[[int], Flags]:
    def passed(index: int) -> Flags:
        return table.part(index, names).select(test.alias("kept")).to_series().to_numpy()

    return passed


def _sorted(table: StoredTable, query: Query, turn: Turn) -> Rows:
    return stable_order(table.rows, _keys(table, query, turn))


def _keys(table: StoredTable, query: Query, turn: Turn) -> Iterator[Key]:
    for one in query.sort:
        turn.tell(None, f"Sorting by '{one.column}'")
        for key in keys_of(table, one.column, descending=one.descending):
            turn.check()
            yield key
