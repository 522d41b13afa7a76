"""Apply a fitted transformation of any kind."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from modules_library.sdk import Table, Transform, require_column
from modules_library.transforms import cleaning, normalizing
from runtime.errors import DataError

_KINDS: Mapping[str, Callable[[Mapping[str, Any], pl.DataFrame], pl.DataFrame]] = {
    cleaning.KIND: cleaning.apply,
    normalizing.KIND: normalizing.apply,
}


def apply_transform(transform: Transform, table: Table, *, port: str = "dataset") -> Table:
    """Do to a table what was learnt from another one.

    Args:
        transform: A fitted transformation.
        table: The table to transform; it has all columns that the transformation works on.
        port: How errors name the table.

    Raises:
        DataError: D001 when a column is missing, D004 when one has another type than the fitted
            one, D008 when the kind of the transformation is not known.
    """
    apply = _KINDS.get(transform.kind)
    if apply is None:
        raise DataError(
            "D008",
            f"A transformation of kind {transform.kind!r} is not known here.",
            remedy=f"Wire one of kind {' or '.join(map(repr, _KINDS))}.",
        )
    for name in transform.columns:
        require_column(table.frame, name, port)
    frame = apply(transform.state, table.frame)
    return Table(frame, table.roles.keep(frame.columns))
