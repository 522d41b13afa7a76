"""What is asked of a table: which of its rows, in which order. Without any reading library."""

from typing import Any, Literal

import msgspec

from runtime.errors import RequestError
from runtime.model.digest import canonical_json, digest_bytes

MOST_SORTS = 8
MOST_FILTERS = 32
MOST_VALUES = 1000

Test = Literal["equals", "contains", "range", "missing", "one_of"]


class Sort(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column to sort by; missing values come last."""

    column: str
    descending: bool = False


class Filter(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One condition on a column.

    Attributes:
        test: `equals` a value, `contains` a text, lies in a `range` (either end may be open),
            is `missing`, is `one_of` some values (null among them stands for missing).
        negated: Keep exactly the other rows.
    """

    column: str
    test: Test
    value: Any = None
    low: Any = None
    high: Any = None
    values: tuple[Any, ...] = ()
    negated: bool = False


class Query(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Which rows, in which order.

    Attributes:
        sort: Columns to sort by, the first one first; the table's own order without any.
        filters: Conditions that all must hold.
        search: A text that some cell of a row must contain, whatever its case.
    """

    sort: tuple[Sort, ...] = ()
    filters: tuple[Filter, ...] = ()
    search: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it asks for the table as it is."""
        return not (self.sort or self.filters or self.search)

    def key(self, *parts: str) -> str:
        """A name for what belongs to this query, and to these parts of it."""
        return digest_bytes(canonical_json([msgspec.to_builtins(self), *parts]))[3:35]


PLAIN = Query()


def read_query(text: str) -> Query:
    """A query from its JSON. Raises RequestError A004 for one that is none."""
    try:
        query = msgspec.json.decode(text or "{}", type=Query)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise _unfit(f"does not fit: {exc}") from exc
    if len(query.sort) > MOST_SORTS or len(query.filters) > MOST_FILTERS:
        raise _unfit(f"has more than {MOST_SORTS} columns to sort by or {MOST_FILTERS} filters")
    if any(len(one.values) > MOST_VALUES for one in query.filters):
        raise _unfit(f"has a filter of more than {MOST_VALUES} values")
    return query


def simple_query(sort: str, descending: bool, search: str) -> Query:
    """The query of one column to sort by and a text to search for, each where it is given."""
    sorts = (Sort(column=sort, descending=descending),) if sort else ()
    return Query(sort=sorts, search=search)


def _unfit(why: str) -> RequestError:
    return RequestError(
        "A004",
        f"The query of the table {why}.",
        remedy="Send it as the API description says (/api/v1/openapi.json).",
    )
