"""What a schema rule gives where a table without rows does not say it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modules_library.sdk.table import Table

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, kw_only=True)
class _Doubts:
    """What is not certain of a table, or more than its columns say."""

    rows: int | None = None
    other_types: Mapping[str, Collection[str]] = field(default_factory=dict)
    uncertain: Collection[str] = ()
    more: Collection[str] = ()


@dataclass(frozen=True)
class Foreseen(_Doubts):
    """A table before it exists.

    Attributes:
        table: It, without rows.
        rows: How many rows it will have, where that is known for sure.
        other_types: Types that a column may have instead, by name, as Polars writes them; an empty
            collection means that its type is not known at all.
        uncertain: Columns that may be missing.
        more: How the names of columns begin that may come besides; `""` for any name.
    """

    table: Table | pl.DataFrame


class UnknownUntilRun(Exception):  # noqa: N818 - a rule says so with it, nothing is wrong
    """Raised by a rule: only a run tells. The text says why, as a sentence for people."""
