"""A table with the roles of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import polars as pl

RoleKind = Literal["feature", "label", "score", "ignored", ""]
ROLE_KINDS: tuple[RoleKind, ...] = get_args(RoleKind)


@dataclass(frozen=True, kw_only=True)
class ColumnRole:
    """What a column means to the modules behind.

    Attributes:
        kind: `feature`, `label`, `score`, `ignored`, or empty when nobody has said.
        categorical: Whether its values are categories; None when nobody has said.
        detail: Which score it is (`scored_labels`, `scored_probabilities`), or of which class.
    """

    kind: RoleKind = ""
    categorical: bool | None = None
    detail: str = ""


class Roles(Mapping[str, ColumnRole]):
    """An immutable mapping from column name to role; columns without an entry have none.

    >>> Roles({"target": ColumnRole(kind="label")}).label
    'target'
    """

    __slots__ = ("_roles",)

    def __init__(self, roles: Mapping[str, ColumnRole] | None = None) -> None:
        self._roles = {name: role for name, role in (roles or {}).items() if role != ColumnRole()}

    def __getitem__(self, name: str) -> ColumnRole:
        return self._roles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._roles)

    def __len__(self) -> int:
        return len(self._roles)

    def __hash__(self) -> int:
        return hash(frozenset(self._roles.items()))

    def __repr__(self) -> str:
        return f"Roles({self._roles!r})"

    def of(self, name: str) -> ColumnRole:
        """The role of a column; the empty role when nobody has said."""
        return self._roles.get(name, ColumnRole())

    def of_kind(self, kind: RoleKind) -> tuple[str, ...]:
        """Names of the columns with this kind of role."""
        return tuple(name for name, role in self._roles.items() if role.kind == kind)

    @property
    def label(self) -> str | None:
        """Name of the first label column, None when there is none."""
        return next(iter(self.of_kind("label")), None)

    def with_role(self, name: str, role: ColumnRole) -> Roles:
        """The same roles with one column's replaced."""
        return Roles({**self._roles, name: role})

    def changed(self, names: Iterable[str], **changes: Any) -> Roles:
        """The same roles with some fields of some columns replaced."""
        return Roles({**self._roles, **{n: replace(self.of(n), **changes) for n in names}})

    def keep(self, names: Iterable[str]) -> Roles:
        """The roles of these columns only."""
        wanted = set(names)
        return Roles({name: role for name, role in self._roles.items() if name in wanted})

    def renamed(self, mapping: Mapping[str, str]) -> Roles:
        """The same roles under new column names."""
        return Roles({mapping.get(name, name): role for name, role in self._roles.items()})


INHERITED = Roles()
"""The roles of a table that says nothing about roles: the input tables' roles are copied to it."""


@dataclass(frozen=True)
class Table:
    """A Polars frame with the roles of its columns.

    Attributes:
        frame: The data.
        roles: Left out, a returned table takes over the roles of the input tables' columns of the
            same name; given, these roles are stored as they are.
    """

    frame: pl.DataFrame
    roles: Roles = INHERITED

    def with_frame(self, frame: pl.DataFrame) -> Table:
        """Another frame with the roles of the columns that stayed."""
        if self.roles is INHERITED:
            return Table(frame)
        return Table(frame, self.roles.keep(frame.columns))

    def with_roles(self, roles: Roles) -> Table:
        """The same frame with other roles."""
        return Table(self.frame, roles)

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return self.frame.columns

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.frame.height
