"""REST: artifacts by digest, files that people bring, and facts of the workspace."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import PREFIX, answer, read_body
from designer.api.multipart import uploaded_file
from designer.api.waiting import WaitingResponse
from designer.services.artifacts import ExportKind, Part
from designer.services.read_process import Tell
from designer.services.read_worker.chart_request import read_chart
from designer.services.read_worker.query import read_query, simple_query
from runtime.model import Origin
from runtime.stores.collection import Collection

LARGEST_OFFSET = 2**53

Offset = Annotated[int, Query(ge=0, le=LARGEST_OFFSET)]
QueryText = Annotated[str, Query(max_length=32_000)]
View = Annotated[str, Query(max_length=64)]

router = APIRouter(prefix=PREFIX, tags=["artifacts"])


@router.post("/artifacts/origins", **described(dict[str, Origin], takes=bodies.Digests))
async def artifact_origins(here: Here, request: Request) -> Response:
    """Which step made each artifact first, when, and what it is; unknown ones are left out."""
    body = await read_body(request, bodies.Digests)
    return answer(await here.runs.origins(body.digests))


@router.get("/artifacts/{digest}", **described(dict))
async def artifact_facts(here: Here, digest: str) -> Response:
    """Size and format."""
    return answer(await asyncio.to_thread(here.artifacts.facts, digest))


@router.get("/artifacts/{digest}/columns", **described(dict))
async def table_columns(here: Here, digest: str) -> Response:
    """Names and types of a table's columns, and how many rows it has."""
    return _json(await here.artifacts.columns(digest))


@router.get("/artifacts/{digest}/page", **described(dict))
async def table_page(
    here: Here,
    request: Request,
    digest: str,
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    first_column: Offset = 0,
    column_limit: Annotated[int, Query(ge=0, le=LARGEST_OFFSET)] = 0,
    longest: Annotated[int, Query(ge=0, le=10_000)] = 0,
    query: QueryText = "",
    sort: str = "",
    descending: bool = False,
    search: Annotated[str, Query(max_length=500)] = "",
    view: View = "",
) -> Response:
    """Rows of a table.

    `query` is the JSON of what rows are looked at: `{"sort": [{"column", "descending"}],
    "filters": [{"column", "test", …}], "search": "text"}`; `sort`, `descending` and `search` are
    short for a simple one. A large table is arranged once,
    with progress for a client that accepts `application/x-ndjson`; a newer query of the same
    `view` takes the place of an older one.
    """
    asked = read_query(query) if query else simple_query(sort, descending, search)
    part = Part(
        offset=offset,
        limit=limit,
        first_column=first_column,
        column_limit=column_limit,
        longest=longest,
    )
    return WaitingResponse(
        request, lambda tell: here.artifacts.page(digest, part, query=asked, view=view, tell=tell)
    )


@router.get("/artifacts/{digest}/cell", **described(dict))
async def table_cell(
    here: Here, digest: str, column: str, row: Offset = 0, query: QueryText = ""
) -> Response:
    """One value as a whole; `row` counts in what `query` asks for."""
    return _json(await here.artifacts.cell(digest, row, column, query=read_query(query)))


@router.get("/artifacts/{digest}/find", **described(dict))
async def find_in_table(
    here: Here,
    request: Request,
    digest: str,
    text: Annotated[str, Query(min_length=1, max_length=500)],
    start: Offset = 0,
    backwards: bool = False,
    query: QueryText = "",
    view: View = "",
) -> Response:
    """The next row, from `start` on, that has a text in some cell; and how many there are."""

    def work(tell: Tell) -> Coroutine[Any, Any, bytes]:
        return here.artifacts.find(
            digest, text, start=start, backwards=backwards, query=asked, view=view, tell=tell
        )

    asked = read_query(query)
    return WaitingResponse(request, work)


@router.get("/artifacts/{digest}/profile", **described(dict))
async def table_profile(here: Here, request: Request, digest: str) -> Response:
    """What is in every column of a table; each column is told as a part of the progress."""
    return WaitingResponse(request, lambda tell: here.artifacts.profile(digest, tell=tell))


@router.get("/artifacts/{digest}/chart", **described(dict))
async def table_chart(
    here: Here,
    request: Request,
    digest: str,
    chart: Annotated[str, Query(max_length=32_000)],
    query: QueryText = "",
    view: View = "",
) -> Response:
    """What is drawn of some columns of a table.

    `chart` is JSON: `{"kind": "distribution", "x": …, "by": …, "bars": …}`,
    `{"kind": "scatter", "x", "y", "by", "points"}`, `{"kind": "box", "x", "y"}`,
    `{"kind": "time_line", "x", "y", "by", "aggregate"}` or
    `{"kind": "correlation", "columns", "measure"}`.
    """
    asked, drawn = read_query(query), read_chart(chart)
    return WaitingResponse(
        request,
        lambda tell: here.artifacts.chart(digest, drawn, query=asked, view=view, tell=tell),
    )


@router.get("/artifacts/{digest}/document", **described(dict))
async def artifact_document(here: Here, digest: str) -> Response:
    """The JSON of a report, a value, a learner, a transformation, or of a model's facts."""
    return _json(await here.artifacts.document(digest))


@router.get("/artifacts/{digest}/download", **described(media_type="application/octet-stream"))
async def download_artifact(
    here: Here,
    digest: str,
    format: ExportKind = "original",
    name: Annotated[str, Query(max_length=200)] = "",
    query: QueryText = "",
) -> Response:
    """The artifact as a file; of a table the rows that `query` asks for."""
    found = await here.artifacts.download(digest, format, name, query=read_query(query))
    done = BackgroundTask(found.path.unlink, missing_ok=True) if found.is_temporary else None
    return FileResponse(
        found.path,
        filename=found.name,
        media_type="application/octet-stream",
        background=done,
    )


@router.post("/files", **described(dict, status=201))
async def upload_file(here: Here, request: Request) -> Response:
    """Take a file into the workspace; its path starts from the pipeline files."""
    name, chunks = await uploaded_file(request)
    path = await here.uploads.take(name, chunks)
    here.foresight.touch()
    return answer({"path": path}, 201)


@router.get("/workspace", **described(dict))
async def workspace_facts(here: Here) -> Response:
    """Where the workspace lies, what it takes, and in which versions we run."""
    return answer(await asyncio.to_thread(here.workspace_facts))


@router.post("/workspace/collect", **described(Collection))
async def collect(here: Here) -> Response:
    """Remove artifacts and logs that nobody needs any more."""
    return answer(await here.collect())


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
