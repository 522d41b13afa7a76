"""Tables in Parquet and Arrow files."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from runtime.errors import DataError


def read_parquet(path: Path, *, name: str) -> pl.DataFrame:
    """Read a Parquet file.

    Raises:
        DataError: D003 when it is none.
    """
    return _read(lambda: pl.read_parquet(path, glob=False), "Parquet", path, name)


def read_arrow(path: Path, *, name: str) -> pl.DataFrame:
    """Read an Arrow IPC file, or an Arrow stream.

    Raises:
        DataError: D003 when it is neither.
    """

    def read() -> pl.DataFrame:
        with path.open("rb") as file:
            is_file = file.read(6) == b"ARROW1"
        return pl.read_ipc(path) if is_file else pl.read_ipc_stream(path)

    return _read(read, "Arrow", path, name)


def _read(read: Callable[[], pl.DataFrame], kind: str, path: Path, name: str) -> pl.DataFrame:
    if path.stat().st_size == 0:
        raise DataError(
            "D003", f"'{name}' is empty.", remedy="Choose a file that holds a table.", file=name
        )
    try:
        return read()
    except (pl.exceptions.PolarsError, OSError) as exc:
        raise DataError(
            "D003",
            f"'{name}' cannot be read as {kind}: {exc}.",
            remedy="Choose the file format that fits, or write the file again.",
            file=name,
        ) from exc
