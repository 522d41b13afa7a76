"""A stored table, memory-mapped: nothing of it is read before it is asked for."""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from runtime.errors import DataError, close_matches

Numbers = npt.NDArray[np.int64]

_ROLES = b"designer.roles"
_TABLES_OPEN = 8


class StoredTable(NamedTuple):
    """A mapped file.

    Attributes:
        batches: Its parts, in order.
        starts: The first row of each part, and at the end the number of rows.
        schema: Names and types of its columns.
        roles: What is known of columns beside their type.
    """

    batches: tuple[pa.RecordBatch, ...]
    starts: Numbers
    schema: pl.Schema
    roles: dict[str, dict[str, Any]]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.starts[-1])

    @property
    def names(self) -> list[str]:
        """Its column names, in order."""
        return self.schema.names()

    def column(self, name: str) -> pl.Series:
        """A whole column; numbers are not copied."""
        return self.frame([name]).get_column(name)

    def frame(self, names: Sequence[str]) -> pl.DataFrame:
        """Some whole columns; numbers are not copied."""
        parts = [_chosen(batch, names) for batch in self.batches]
        return frame_of(pa.Table.from_batches(parts)) if parts else self.nothing(names)

    def part(self, index: int, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of one of its parts."""
        return frame_of(pa.Table.from_batches([_chosen(self.batches[index], names)]))

    def slice(self, offset: int, limit: int, names: Sequence[str]) -> pl.DataFrame:
        """Consecutive rows of some columns."""
        found = []
        for start, batch in zip(self.starts, self.batches, strict=False):
            first, last = max(offset - int(start), 0), offset + limit - int(start)
            if first < batch.num_rows and last > 0:
                found.append(_chosen(batch.slice(first, last - first), names))
        return frame_of(pa.Table.from_batches(found)) if found else self.nothing(names)

    def take(self, rows: npt.NDArray[Any], names: Sequence[str]) -> pl.DataFrame:
        """Any rows of some columns, in the order asked for."""
        wanted = rows.astype(np.int64)
        if len(wanted) == 0:
            return self.nothing(names)
        if bool((wanted[1:] >= wanted[:-1]).all()):
            return self._take_growing(wanted, names)
        order = np.argsort(wanted, kind="stable")
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return self._take_growing(wanted[order], names)[back]

    def _take_growing(self, rows: Numbers, names: Sequence[str]) -> pl.DataFrame:
        cuts = np.searchsorted(rows, self.starts)
        found = [
            _chosen(batch, names).take(pa.array(rows[first:last] - start))
            for batch, start, first, last in zip(
                self.batches, self.starts, cuts, cuts[1:], strict=False
            )
            if last > first
        ]
        return frame_of(pa.Table.from_batches(found))

    def nothing(self, names: Sequence[str]) -> pl.DataFrame:
        """No rows of some columns."""
        return pl.DataFrame(schema={name: self.schema[name] for name in names})

    def check(self, name: str) -> pl.DataType:
        """The type of a column. Raises DataError D001 if there is none of that name."""
        if name not in self.schema:
            raise DataError(
                "D001",
                f"The table has no column '{name}'.{close_matches(name, self.names)}",
                remedy="Choose one of its columns.",
            )
        return self.schema[name]


def open_table(path: Path) -> StoredTable:
    """The table in a file."""
    return _mapped(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=_TABLES_OPEN)
def _mapped(path: str, _stamp: int) -> StoredTable:
    reader = pa.ipc.open_file(pa.memory_map(path))
    batches = tuple(reader.get_batch(index) for index in range(reader.num_record_batches))
    roles = msgspec.json.decode((reader.schema.metadata or {}).get(_ROLES, b"{}"))
    return StoredTable(
        batches=batches,
        starts=np.cumsum([0, *(batch.num_rows for batch in batches)], dtype=np.int64),
        schema=frame_of(reader.schema.empty_table()).schema,
        roles=roles if isinstance(roles, dict) else {},
    )


def table_of(frame: pl.DataFrame) -> StoredTable:
    """A frame as a table, to be looked at in the same ways."""
    batches = tuple(frame.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches())
    starts = np.cumsum([0, *(batch.num_rows for batch in batches)], dtype=np.int64)
    return StoredTable(batches, starts, frame.schema, {})


def frame_of(table: pa.Table) -> pl.DataFrame:
    """An Arrow table as a Polars frame."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def is_opaque(dtype: pl.DataType) -> bool:
    """Whether values of the type have no order and no text of their own."""
    return dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Null)


def is_text(dtype: pl.DataType) -> bool:
    """Whether values of the type are words."""
    return dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum)


def type_name(dtype: pl.DataType) -> str:
    """The type as people say it."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal():
        return "datetime"
    if dtype == pl.Boolean:
        return "boolean"
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return "categorical"
    return "string" if dtype == pl.String else str(dtype).lower()


def describe_column(table: StoredTable, name: str) -> dict[str, Any]:
    """What is known of a column without reading it."""
    role = table.roles.get(name) or {}
    dtype = table.schema[name]
    return {
        "name": name,
        "type": type_name(dtype),
        "dtype": str(dtype),
        "role": role.get("kind", ""),
        "categorical": role.get("categorical"),
    }


def finite(value: Any) -> float | None:
    """A number that JSON can hold, or None."""
    return float(value) if value is not None and math.isfinite(value) else None


def _chosen(batch: pa.RecordBatch, names: Sequence[str]) -> pa.RecordBatch:
    return batch.select(list(names))
