"""Between stored tables and the class that a function wants or gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modules_library.sdk.table import INHERITED, Roles, Table

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


def read_table(path: Path, annotation: str) -> Any:
    """The stored table as the annotated class; memory-mapped, copied only where it must be."""
    if annotation == "polars.LazyFrame":
        import polars as pl

        return pl.scan_ipc(path, glob=False)
    from modules_library.sdk.codecs.arrow_file import open_arrow, roles_of

    stored = open_arrow(path)
    roles = roles_of(stored.schema)
    return _CLASSES[annotation](stored.replace_schema_metadata(None), roles)


def as_annotated(table: Table, annotation: str) -> Any:
    """A table in memory as the annotated class, as it would come out of a file."""
    from modules_library.sdk.codecs.arrow_file import canonical

    found = arrow_of(table)
    assert found is not None
    return _CLASSES[annotation](canonical(found[0])[0], table.roles)


def frame_of_arrow(stored: pa.Table) -> pl.DataFrame:
    """A stored table as a Polars frame."""
    import polars as pl

    frame = pl.from_arrow(stored.replace_schema_metadata(None))
    assert isinstance(frame, pl.DataFrame)
    return frame


def arrow_of(value: Any) -> tuple[pa.Table, Roles | None] | None:
    """Any table-like value as Arrow, with the roles it brings; None when it is no table.

    Raises:
        ValueError: It is a table that cannot be stored; the text says why.
    """
    import polars as pl
    import pyarrow as pa

    if isinstance(value, Table):
        found = arrow_of(value.frame)
        return (found[0], None if value.roles is INHERITED else value.roles) if found else None
    if isinstance(value, pl.LazyFrame):
        value = value.collect()
    if isinstance(value, pl.DataFrame):
        return _arrow_of_polars(value), None
    if isinstance(value, pa.Table):
        return _unique(value), None
    if isinstance(value, pa.RecordBatch):
        return _unique(pa.Table.from_batches([value])), None
    return _arrow_of_foreign(value)


def _arrow_of_foreign(value: Any) -> tuple[pa.Table, Roles | None] | None:
    """Pandas and NumPy, recognised without importing them."""
    package = type(value).__module__.partition(".")[0]
    if package == "pandas" and type(value).__name__ == "DataFrame":
        return _arrow_of_pandas(value), None
    if package == "numpy" and type(value).__name__ == "ndarray":
        return _arrow_of_numpy(value), None
    return None


def _arrow_of_polars(frame: pl.DataFrame) -> pa.Table:
    import polars as pl

    for name, dtype in frame.schema.items():
        if dtype == pl.Object:
            raise ValueError(f"column {name!r} holds Python objects")
    wide = [name for name, dtype in frame.schema.items() if str(dtype) in ("Int128", "UInt128")]
    if wide:
        frame = frame.with_columns(pl.col(wide).cast(pl.Decimal(38, 0)))
    half = [name for name, dtype in frame.schema.items() if str(dtype) == "Float16"]
    frame = frame.with_columns(pl.col(half).cast(pl.Float32)) if half else frame
    return frame.to_arrow(compat_level=None if _is_layered(frame) else pl.CompatLevel.newest())


def _is_layered(frame: pl.DataFrame) -> bool:
    """Whether a column's values have an inner type; Arrow does not convert all new ones of those."""
    import polars as pl

    return any(
        dtype.is_nested() or isinstance(dtype, pl.Categorical | pl.Enum) for dtype in frame.dtypes
    )


def _arrow_of_pandas(frame: Any) -> pa.Table:
    import pyarrow as pa

    names = [str(name) for name in frame.columns]
    renamed = frame.set_axis(names, axis=1)
    _refuse_doubles(names)
    try:
        return pa.Table.from_pandas(renamed, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as exc:
        raise ValueError(f"a column mixes types: {exc}") from exc


def _arrow_of_numpy(array: Any) -> pa.Table:
    """A structured array by its fields, a matrix as `column_1`, `column_2`, …"""
    import pyarrow as pa

    if array.dtype.names:
        return pa.table({name: pa.array(array[name]) for name in array.dtype.names})
    if array.ndim not in (1, 2):
        raise ValueError(f"an array of {array.ndim} dimensions is not a table")
    columns = array.reshape(len(array), -1).T
    return pa.table({f"column_{i + 1}": pa.array(column) for i, column in enumerate(columns)})


def _unique(table: pa.Table) -> pa.Table:
    _refuse_doubles(table.column_names)
    return table


def _refuse_doubles(names: list[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"the column name {doubled[0]!r} appears more than once")


def _as_pandas(stored: pa.Table, roles: Roles) -> Any:
    """Copied, because Pandas changes frames in place and the mapped pages cannot be written."""
    return stored.to_pandas(split_blocks=True).copy()


def _as_numpy(stored: pa.Table, roles: Roles) -> Any:
    """A matrix of all columns, one row per row; a single column stays a matrix."""
    import numpy as np

    columns = [column.to_numpy() for column in stored.columns]
    return np.column_stack(columns) if columns else np.empty((0, 0))


_CLASSES: dict[str, Callable[[pa.Table, Roles], Any]] = {
    "Table": lambda stored, roles: Table(frame_of_arrow(stored), roles),
    "polars.DataFrame": lambda stored, roles: frame_of_arrow(stored),
    "polars.LazyFrame": lambda stored, roles: frame_of_arrow(stored).lazy(),
    "pyarrow.Table": lambda stored, roles: stored,
    "pandas.DataFrame": _as_pandas,
    "numpy.ndarray": _as_numpy,
    "AnyArtifact": lambda stored, roles: Table(frame_of_arrow(stored), roles),
}
