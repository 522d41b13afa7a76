"""A choice of columns by rules: names, types, patterns, positions, roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from modules_library.sdk.table import ROLE_KINDS, Roles, Table
from runtime.errors import DataError, RequestError, close_matches

if TYPE_CHECKING:
    import polars as pl

Start = Literal["none", "all"]
Action = Literal["include", "exclude"]
By = Literal["names", "types", "pattern", "indexes", "roles"]
ColumnType = Literal["numeric", "string", "boolean", "datetime", "categorical"]


@dataclass(frozen=True)
class ColumnRule:
    """One rule: take in or leave out the columns that it describes."""

    action: Action
    by: By
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ColumnSelection:
    """Which columns a module works on; rules apply one after the other.

    >>> ColumnSelection.names("a", "b").to_json()
    ['a', 'b']
    """

    start: Start = "none"
    rules: tuple[ColumnRule, ...] = ()

    def resolve(
        self, frame: pl.DataFrame | Table, roles: Roles | None = None, *, port: str = "dataset"
    ) -> list[str]:
        """Names of the selected columns: in the order of the rules, then of the table.

        Raises:
            DataError: D001 when a named column or position does not exist, D008 when a rule
                cannot be understood.
        """
        if isinstance(frame, Table):
            return self.resolve(frame.frame, frame.roles if roles is None else roles, port=port)
        schema = dict(frame.schema)
        selected = list(schema) if self.start == "all" else []
        for rule in self.rules:
            found = _MATCHERS[rule.by](rule.values, schema, roles or Roles(), port)
            if rule.action == "include":
                selected += [name for name in found if name not in set(selected)]
            else:
                dropped = set(found)
                selected = [name for name in selected if name not in dropped]
        return selected

    @classmethod
    def all(cls) -> ColumnSelection:
        """Every column."""
        return cls(start="all")

    @classmethod
    def none(cls) -> ColumnSelection:
        """No column."""
        return cls()

    @classmethod
    def names(cls, *names: str) -> ColumnSelection:
        """The columns of these names, in this order."""
        return cls(rules=(ColumnRule("include", "names", names),)) if names else cls()

    @classmethod
    def types(cls, *types: ColumnType) -> ColumnSelection:
        """The columns of these types."""
        return cls(rules=(ColumnRule("include", "types", types),))

    @classmethod
    def from_json(cls, value: Any) -> ColumnSelection:
        """Read the value of a `columns` parameter: a list of names, or start and rules.

        Raises:
            RequestError: V002 when it is neither.
        """
        if isinstance(value, ColumnSelection):
            return value
        if value is None:
            return cls()
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return cls.names(*value)
        if isinstance(value, Mapping):
            return _from_mapping(value)
        raise _invalid(f"{value!r} is not a column selection.")

    def to_json(self) -> list[str] | dict[str, Any]:
        """The value as the graph file holds it."""
        if self.start == "none" and not self.rules:
            return []
        if self.start == "none" and [(r.action, r.by) for r in self.rules] == [
            ("include", "names")
        ]:
            return list(self.rules[0].values)
        rules = [{"action": r.action, "by": r.by, "values": list(r.values)} for r in self.rules]
        return {"start": self.start, "rules": rules}


Columns: TypeAlias = ColumnSelection
"""Parameter kind: a choice of columns."""

ALL_COLUMNS = ColumnSelection.all()
NO_COLUMNS = ColumnSelection.none()
NUMERIC_COLUMNS = ColumnSelection.types("numeric")

NAMED_SELECTIONS: dict[str, ColumnSelection] = {
    "ALL_COLUMNS": ALL_COLUMNS,
    "NO_COLUMNS": NO_COLUMNS,
    "NUMERIC_COLUMNS": NUMERIC_COLUMNS,
}
"""The constants that a signature's default may name."""


def _from_mapping(value: Mapping[str, Any]) -> ColumnSelection:
    unknown = set(value) - {"start", "rules"}
    start, rules = value.get("start", "none"), value.get("rules", [])
    if unknown or start not in get_args(Start) or not isinstance(rules, (list, tuple)):
        raise _invalid("A column selection has 'start' ('none' or 'all') and a list of 'rules'.")
    return ColumnSelection(start=start, rules=tuple(_rule_from(rule) for rule in rules))


def _rule_from(value: Any) -> ColumnRule:
    if (
        not isinstance(value, Mapping)
        or set(value) != {"action", "by", "values"}
        or value["action"] not in get_args(Action)
        or value["by"] not in get_args(By)
        or not isinstance(value["values"], (list, tuple))
    ):
        raise _invalid(f"{value!r} is not a rule of a column selection.")
    return ColumnRule(value["action"], value["by"], tuple(value["values"]))


def _invalid(message: str) -> RequestError:
    return RequestError(
        "V002", message, remedy='Give a list of column names, or {"start": …, "rules": […]}.'
    )


Schema: TypeAlias = "Mapping[str, pl.DataType]"


def _by_names(values: Iterable[Any], schema: Schema, roles: Roles, port: str) -> list[str]:
    for name in values:
        if name not in schema:
            raise DataError(
                "D001",
                f"Column {name!r} is not in '{port}'.{close_matches(str(name), schema)}",
                remedy=f"Choose one of the columns of '{port}'.",
                column=name,
                port=port,
            )
    return list(values)


def _by_types(values: Iterable[Any], schema: Schema, roles: Roles, port: str) -> list[str]:
    wanted = set(values)
    unknown = wanted - set(get_args(ColumnType))
    if unknown:
        raise DataError(
            "D008",
            f"{sorted(map(str, unknown))[0]!r} is not a column type.",
            remedy=f"Choose from {', '.join(get_args(ColumnType))}.",
        )
    return [n for n, dtype in schema.items() if wanted & column_types(dtype, roles.of(n))]


def column_types(dtype: Any, role: Any) -> set[str]:
    """The column types that a column counts as: its own, and `categorical` by type or role."""
    import polars as pl

    found: set[str] = set()
    if dtype in (pl.Categorical, pl.Enum) or role.categorical:
        found.add("categorical")
    if dtype.is_numeric():
        found.add("numeric")
    elif dtype == pl.String:
        found.add("string")
    elif dtype == pl.Boolean:
        found.add("boolean")
    elif dtype.is_temporal():
        found.add("datetime")
    return found


def _by_pattern(values: Iterable[Any], schema: Schema, roles: Roles, port: str) -> list[str]:
    try:
        patterns = [re.compile(str(value)) for value in values]
    except re.error as exc:
        raise DataError(
            "D008",
            f"The column pattern {exc.pattern!r} is not a regular expression: {exc}.",
            remedy="Correct the pattern.",
        ) from exc
    return [name for name in schema if any(pattern.search(name) for pattern in patterns)]


def _by_indexes(values: Iterable[Any], schema: Schema, roles: Roles, port: str) -> list[str]:
    names = list(schema)
    found: list[str] = []
    for value in values:
        first, last = _positions(value)
        if not 1 <= first <= last <= len(names):
            raise DataError(
                "D001",
                f"Position {value!r} is not in '{port}', which has {len(names)} columns.",
                remedy=f"Choose positions from 1 to {len(names)}.",
                port=port,
            )
        found += names[first - 1 : last]
    return found


def _positions(value: Any) -> tuple[int, int]:
    first, dash, last = str(value).partition("-")
    try:
        return int(first), int(last if dash else first)
    except ValueError as exc:
        raise DataError(
            "D008",
            f"{value!r} is not a column position.",
            remedy="Write positions as 3 or as a range 2-5, counted from 1.",
        ) from exc


def _by_roles(values: Iterable[Any], schema: Schema, roles: Roles, port: str) -> list[str]:
    """Columns that nobody gave a role count as features, as the learners take them."""
    wanted = set(values)
    unknown = wanted - set(ROLE_KINDS)
    if unknown:
        raise DataError(
            "D008",
            f"{sorted(map(str, unknown))[0]!r} is not a column role.",
            remedy="Choose from feature, label, score, ignored.",
        )
    return [name for name in schema if (roles.of(name).kind or "feature") in wanted]


_MATCHERS: dict[str, Callable[[Iterable[Any], Schema, Roles, str], list[str]]] = {
    "names": _by_names,
    "types": _by_types,
    "pattern": _by_pattern,
    "indexes": _by_indexes,
    "roles": _by_roles,
}
