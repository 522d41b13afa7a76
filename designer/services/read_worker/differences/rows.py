"""Which rows and cells differ between two tables, and pages of them side by side."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl

from designer.services.read_worker.arranging import NotArranged
from designer.services.read_worker.cells import as_short_json
from designer.services.read_worker.differences.matching import Matches, find_key, match_rows
from designer.services.read_worker.differences.schema import (
    comparable_columns,
    schema_difference,
    shared_columns,
)
from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.row_order import Flags
from designer.services.read_worker.stored_table import StoredTable, describe_column, open_table
from designer.services.read_worker.turns import Turn
from runtime.model.digest import digest_value

Which = Literal["changed", "added", "removed"]
PAIRS_AT_ONCE = 500_000
COLUMNS_AT_ONCE = 16
MOST_ROWS = 500


class Pair(NamedTuple):
    """Two tables, and by which columns their rows are matched.

    Attributes:
        keys: None to look for a column that tells rows apart; none at all to match by place.
    """

    before: Path
    after: Path
    keys: tuple[str, ...] | None = None

    def name(self, which: Which) -> str:
        """What the row numbers of a kind are kept under."""
        asked = digest_value([self.before.name, self.after.name, self.keys])
        return f"{asked[3:35]}.{which}"


def table_difference(kept: KeptRows, pair: Pair, turn: Turn) -> dict[str, Any]:
    """Schema, rows and cells that differ; the row numbers of those are kept for pages.

    Raises:
        DataError: D001 or D004 for key columns that cannot be compared.
    """
    before, after = open_table(pair.before), open_table(pair.after)
    schema = schema_difference(before, after)
    turn.tell(None, "Comparing columns", {"schema": schema})
    is_key_found = pair.keys is None
    keys = find_key(before, after, turn) if pair.keys is None else pair.keys
    matches = match_rows(before, after, keys, turn)
    changed, counts = _changed_cells(before, after, matches, turn)
    pairs = np.stack([matches.before[changed], matches.after[changed]], axis=1)
    kept.keep(pair.name("changed"), pairs)
    kept.keep(pair.name("added"), matches.added)
    kept.keep(pair.name("removed"), matches.removed)
    return {
        "kind": "tables",
        "schema": schema,
        "rows": {
            "before": before.rows,
            "after": after.rows,
            "matched": len(matches.after),
            "changed": len(pairs),
            "added": len(matches.added),
            "removed": len(matches.removed),
            "keys": list(matches.keys),
            "is_key_found": is_key_found and bool(keys),
            "repeated": matches.repeated,
            "is_reordered": matches.is_reordered,
        },
        "cells": [{"name": name, "changed": count} for name, count in counts.items() if count],
        "candidates": [
            name
            for name in comparable_columns(before, after)
            if not before.schema[name].is_nested()
        ],
    }


def difference_rows(
    kept: KeptRows,
    pair: Pair,
    *,
    which: Which,
    offset: int = 0,
    limit: int = 100,
    longest: int = 256,
) -> dict[str, Any]:
    """Some of the rows that changed, came or went.

    Returns:
        `columns`; `rows`, of changed ones as pairs of what they were and what they are, with the
        places of the cells that differ; `numbers` of the rows in their tables; `total`.

    Raises:
        NotArranged: They are not known, or no longer.
    """
    numbers = kept.get(pair.name(which), np.uint32)
    if numbers is None:
        raise NotArranged
    before, after = open_table(pair.before), open_table(pair.after)
    limit = max(0, min(limit, MOST_ROWS))
    if which != "changed":
        table = after if which == "added" else before
        some = np.asarray(numbers[offset : offset + limit])
        part = table.take(some, table.names)
        return {
            "columns": [describe_column(table, name) for name in table.names],
            "rows": _as_lists(part, longest),
            "numbers": some.tolist(),
            "total": len(numbers),
            "offset": offset,
        }
    return _changed_rows(before, after, numbers.reshape(-1, 2), offset, limit, longest)


def _changed_rows(
    before: StoredTable, after: StoredTable, pairs: Any, offset: int, limit: int, longest: int
) -> dict[str, Any]:
    names = shared_columns(before, after)
    some = np.asarray(pairs[offset : offset + limit])
    was, is_ = before.take(some[:, 0], names), after.take(some[:, 1], names)
    compared = comparable_columns(before, after)
    differs = {name: _differs(was.get_column(name), is_.get_column(name)) for name in compared}
    marks = [
        [at for at, name in enumerate(names) if name in differs and differs[name][row]]
        for row in range(len(some))
    ]
    return {
        "columns": [describe_column(after, name) for name in names],
        "rows": [
            {"before": old, "after": new, "cells": cells}
            for old, new, cells in zip(
                _as_lists(was, longest), _as_lists(is_, longest), marks, strict=True
            )
        ],
        "numbers": some.tolist(),
        "total": len(pairs),
        "offset": offset,
    }


def _changed_cells(
    before: StoredTable, after: StoredTable, matches: Matches, turn: Turn
) -> tuple[Flags, dict[str, int]]:
    """Which pairs differ in some column, and in how many each column does."""
    names = comparable_columns(before, after)
    changed = np.zeros(len(matches.after), np.bool_)
    counts = dict.fromkeys(names, 0)
    in_place = matches.is_in_place
    starts = range(0, len(matches.after), PAIRS_AT_ONCE)

    def compare(start: int) -> dict[str, Flags]:
        span = slice(start, start + PAIRS_AT_ONCE)
        found: dict[str, Flags] = {}
        for at in range(0, len(names), COLUMNS_AT_ONCE):
            turn.check()
            some = names[at : at + COLUMNS_AT_ONCE]
            if in_place:
                count = len(matches.after[span])
                was, is_ = (table.slice(start, count, some) for table in (before, after))
            else:
                was = before.take(matches.before[span], some)
                is_ = after.take(matches.after[span], some)
            found |= {name: _differs(was.get_column(name), is_.get_column(name)) for name in some}
        return found

    for start, found in zip(starts, turn.each(starts, compare, "Comparing cells"), strict=True):
        for name, differs in found.items():
            changed[start : start + len(differs)] |= differs
            counts[name] += int(np.count_nonzero(differs))
    return changed, counts


def _differs(was: pl.Series, is_: pl.Series) -> Flags:
    """Where two columns differ; two missing values are alike, and so are two NaN."""
    differs: Flags = was.ne_missing(is_).to_numpy()
    return differs


def _as_lists(part: pl.DataFrame, longest: int) -> list[list[Any]]:
    return [[as_short_json(value, longest) for value in row] for row in part.iter_rows()]
