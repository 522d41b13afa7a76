"""Executors that write a table as the SDK does, and read one column of it."""

import time

from runtime.model import ArtifactRef, OutputFile, WorkerEvent

_loaded = {}


def make(request, emit):
    """Write the table that lies in memory; the metric says when writing began."""
    from pathlib import Path

    from modules_library.sdk.codecs.arrow_file import write_arrow
    from modules_library.sdk.codecs.table_values import arrow_of

    value = _in_memory(request.parameters["source"], request.parameters["kind"])
    emit(WorkerEvent(kind="metric", data={"name": "in_memory_at", "value": time.time()}))
    path = f"{request.folder}/outputs/table.arrow"
    table, _ = arrow_of(value)
    digest, size = write_arrow(table, Path(path))
    ref = ArtifactRef(type="Table", digest=digest, bytes=size, format="arrow")
    return {"table": OutputFile(ref=ref, path=path)}


def _in_memory(source, kind):
    """The table as a module gives it, its pages touched; columns in one piece as after a sort."""
    import polars as pl
    import pyarrow as pa

    if not _loaded:
        with pa.OSFile(source) as file:
            table = pa.ipc.open_file(file).read_all().combine_chunks()
        _loaded.update(arrow=table, polars=pl.from_arrow(table))
    return _loaded[kind]


def total(request, emit):
    """Map the table and sum one column."""
    from pathlib import Path

    import pyarrow.compute as pc

    from modules_library.sdk.codecs.table_values import read_table

    (artifact,) = request.inputs["table"]
    if request.parameters["kind"] == "polars":
        value = read_table(Path(artifact.path), "polars.DataFrame")["float0"].sum()
    else:
        value = pc.sum(read_table(Path(artifact.path), "pyarrow.Table").column("float0")).as_py()
    emit(WorkerEvent(kind="metric", data={"name": "sum", "value": value}))
    return {}
