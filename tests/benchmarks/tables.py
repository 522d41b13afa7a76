"""Executors that write a table as the SDK does, and read one column of it."""

import time

from runtime.model import ArtifactRef, OutputFile, WorkerEvent

_loaded = {}


def make(request, emit):
    """Write the table that lies in memory; the metric says when writing began."""
    from pathlib import Path

    import pyarrow as pa

    from modules_library.sdk.codecs.arrow_file import write_arrow

    source = request.parameters["source"]
    if source not in _loaded:
        with pa.OSFile(source) as file:
            _loaded[source] = pa.ipc.open_file(file).read_all()
    emit(WorkerEvent(kind="metric", data={"name": "in_memory_at", "value": time.time()}))
    path = f"{request.folder}/outputs/table.arrow"
    digest, size = write_arrow(_loaded[source], Path(path))
    ref = ArtifactRef(type="Table", digest=digest, bytes=size, format="arrow")
    return {"table": OutputFile(ref=ref, path=path)}


def total(request, emit):
    """Map the table and sum one column."""
    from pathlib import Path

    import pyarrow.compute as pc

    from modules_library.sdk.codecs.arrow_file import open_arrow

    (artifact,) = request.inputs["table"]
    table = open_arrow(Path(artifact.path))
    emit(
        WorkerEvent(
            kind="metric",
            data={"name": "sum", "value": pc.sum(table.column("float0")).as_py()},
        )
    )
    return {}
