"""A table, or the rows of it that a query asks for, written for other programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from designer.services.read_worker.arranging import Arranger, View
from designer.services.read_worker.cells import as_json
from designer.services.read_worker.query import Query
from designer.services.read_worker.row_filters import text_of
from designer.services.read_worker.stored_table import is_opaque, open_table
from designer.services.read_worker.turns import Turn

Kind = Literal["csv", "parquet", "arrow"]

ROWS_AT_ONCE = 500_000


def export(
    arranger: Arranger, path: Path, *, query: Query, to: str, kind: Kind, turn: Turn
) -> dict[str, Any]:
    """Write the rows that a query asks for as CSV, Parquet or Arrow, a piece at a time."""
    view = arranger.view(open_table(path), path, query, turn)
    write = _write_csv if kind == "csv" else _write_arrow if kind == "arrow" else _write_parquet
    write(Path(to), _pieces(view, turn))
    return {"bytes": Path(to).stat().st_size}


def _pieces(view: View, turn: Turn) -> Iterator[pl.DataFrame]:
    for offset in range(0, max(view.total, 1), ROWS_AT_ONCE):
        turn.tell(offset / max(view.total, 1), "Writing")
        yield view.frame(offset, ROWS_AT_ONCE, view.table.names)


def _write_csv(to: Path, pieces: Iterator[pl.DataFrame]) -> None:
    with to.open("wb") as file:
        for index, piece in enumerate(pieces):
            _printable(piece).write_csv(file, include_header=index == 0)


def _write_parquet(to: Path, pieces: Iterator[pl.DataFrame]) -> None:
    first = next(pieces).to_arrow()
    with pq.ParquetWriter(to, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(piece.to_arrow().cast(first.schema))


def _write_arrow(to: Path, pieces: Iterator[pl.DataFrame]) -> None:
    first = next(pieces).to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_file(str(to), first.schema) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(piece.to_arrow(compat_level=pl.CompatLevel.oldest()))


def _printable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with columns that CSV does not know as text."""
    opaque = [name for name, dtype in frame.schema.items() if is_opaque(dtype)]
    spans = [name for name, dtype in frame.schema.items() if dtype == pl.Duration]
    texts = [pl.col(name).map_elements(_as_text, return_dtype=pl.String) for name in opaque]
    texts += [text_of(pl.col(name), frame.schema[name]).alias(name) for name in spans]
    return frame.with_columns(texts)


def _as_text(value: Any) -> str:
    return msgspec.json.encode(as_json(value)).decode()
