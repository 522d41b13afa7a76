"""Which row of one table is which row of another: by key columns where there are any, else by place."""

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from designer.services.read_worker.differences.schema import comparable_columns
from designer.services.read_worker.row_order import Keys, Rows, order_of
from designer.services.read_worker.stored_table import StoredTable, is_opaque, is_text
from designer.services.read_worker.turns import Turn
from runtime.errors import DataError

MOST_CANDIDATES = 6
LOOKED_AT_FIRST = 10_000
_NAMED_AS_KEY = re.compile(r"(^|[_ .-])(id|key|uuid|guid|index|code|no|number|name)s?$", re.I)


class Matches(NamedTuple):
    """Rows of two tables that belong together.

    Attributes:
        keys: The columns by which they were matched; none where by place.
        before: Row numbers in the former table, of each pair.
        after: Row numbers in the latter table, of each pair, growing.
        removed: Rows of the former that have no partner.
        added: Rows of the latter that have none.
        repeated: Rows whose key another row before them has; they are matched in their order.
    """

    keys: tuple[str, ...]
    before: Rows
    after: Rows
    removed: Rows
    added: Rows
    repeated: int = 0

    @property
    def is_in_place(self) -> bool:
        """Whether the pairs are the first rows of both tables, one after the other."""
        pairs = len(self.before)
        return pairs == 0 or (
            int(self.after[-1]) == pairs - 1 and bool((self.before == self.after).all())
        )

    @property
    def is_reordered(self) -> bool:
        """Whether rows that belong together come in another order."""
        return bool((self.before[1:] < self.before[:-1]).any())


def find_key(before: StoredTable, after: StoredTable, turn: Turn) -> tuple[str, ...]:
    """A column that tells all rows apart in both tables; none where there is no such."""
    names = [name for name in comparable_columns(before, after) if _can_be_key(before, name)]
    ranked = sorted(names, key=lambda name: _NAMED_AS_KEY.search(name) is None)
    tried = 0
    for name in ranked:
        if not all(_looks_unique(table, name) for table in (before, after)):
            continue
        turn.tell(None, f"Looking whether '{name}' tells rows apart")
        if all(_is_unique(table, name) for table in (before, after)):
            return (name,)
        tried += 1
        if tried == MOST_CANDIDATES:
            break
    return ()


def match_rows(
    before: StoredTable, after: StoredTable, keys: tuple[str, ...], turn: Turn
) -> Matches:
    """The rows that belong together.

    Raises:
        DataError: D001 or D004 for key columns that cannot be compared.
    """
    if not keys:
        return _by_place(before.rows, after.rows)
    for name in keys:
        _check_key(before, after, name)
    turn.tell(None, f"Matching rows by {', '.join(keys)}")
    return _by_keys(key_numbers(before, keys), key_numbers(after, keys), keys, turn)


def key_numbers(table: StoredTable, keys: tuple[str, ...]) -> Keys:
    """A number for each row that is the same where the keys are: the key itself, or its hash."""
    column = table.column(keys[0])
    if len(keys) == 1 and column.dtype.is_integer() and not column.null_count():
        return column.cast(pl.Int64, strict=False).fill_null(0).to_numpy().view(np.uint64)
    return table.frame(keys).hash_rows().to_numpy()


def _by_place(before: int, after: int) -> Matches:
    both = min(before, after)
    pairs = np.arange(both, dtype=np.uint32)
    return Matches(
        keys=(),
        before=pairs,
        after=pairs,
        removed=np.arange(both, before, dtype=np.uint32),
        added=np.arange(both, after, dtype=np.uint32),
    )


def _by_keys(before: Keys, after: Keys, keys: tuple[str, ...], turn: Turn) -> Matches:
    order_before, order_after = _order(before), _order(after)
    turn.check()
    sorted_before, sorted_after = before[order_before], after[order_after]
    times_before, times_after = _times_before(sorted_before), _times_before(sorted_after)
    turn.check()
    partner = np.searchsorted(sorted_before, sorted_after, side="left") + times_after
    partner = np.minimum(partner, max(0, len(sorted_before) - 1))
    has_partner = np.zeros(len(sorted_after), np.bool_)
    if len(sorted_before):
        has_partner = (sorted_before[partner] == sorted_after) & (
            times_before[partner] == times_after
        )
    pairs_before = order_before[partner[has_partner]]
    pairs_after = order_after[has_partner]
    turn.check()
    by_place = _order(pairs_after.astype(np.uint64))
    is_left = np.ones(len(before), np.bool_)
    is_left[pairs_before] = False
    return Matches(
        keys=keys,
        before=pairs_before[by_place],
        after=pairs_after[by_place],
        removed=np.flatnonzero(is_left).astype(np.uint32),
        added=np.sort(order_after[~has_partner]),
        repeated=int(np.count_nonzero(times_before) + np.count_nonzero(times_after)),
    )


def _order(keys: Keys) -> Rows:
    return order_of(keys) if len(keys) else np.empty(0, np.uint32)


def _times_before(values: Keys) -> npt.NDArray[np.int64]:
    """For each of some sorted values how often it occurs before it."""
    places = np.arange(len(values))
    starts = np.ones(len(values), np.bool_)
    starts[1:] = values[1:] != values[:-1]
    times: npt.NDArray[np.int64] = places - np.maximum.accumulate(np.where(starts, places, 0))
    return times


def _can_be_key(table: StoredTable, name: str) -> bool:
    dtype = table.schema[name]
    return dtype.is_integer() or is_text(dtype) or dtype in (pl.Date, pl.Datetime)


def _looks_unique(table: StoredTable, name: str) -> bool:
    first = table.slice(0, LOOKED_AT_FIRST, [name]).get_column(name)
    return first.null_count() == 0 and first.n_unique() == first.len()


def _is_unique(table: StoredTable, name: str) -> bool:
    if table.column(name).null_count():
        return False
    numbers = np.sort(key_numbers(table, (name,)))
    return not (numbers[1:] == numbers[:-1]).any()


def _check_key(before: StoredTable, after: StoredTable, name: str) -> None:
    kinds = (before.check(name), after.check(name))
    if kinds[0] != kinds[1] or is_opaque(kinds[0]):
        raise DataError(
            "D004",
            f"Rows cannot be matched by '{name}', which holds {kinds[0]} before and {kinds[1]} after.",
            remedy="Choose key columns that have the same simple type in both tables.",
        )
