"""REST: artifacts by digest, files that people bring, and facts of the workspace."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from designer.api.description import described
from designer.api.here import Here
from designer.api.messages import PREFIX, answer
from designer.api.multipart import uploaded_file
from designer.services.artifacts import ExportKind
from runtime.stores.collection import Collection

LARGEST_OFFSET = 2**53

router = APIRouter(prefix=PREFIX, tags=["artifacts"])


@router.get("/artifacts/{digest}", **described(dict))
async def artifact_facts(here: Here, digest: str) -> Response:
    """Size and format."""
    return answer(await asyncio.to_thread(here.artifacts.facts, digest))


@router.get("/artifacts/{digest}/page", **described(dict))
async def table_page(
    here: Here,
    digest: str,
    offset: Annotated[int, Query(ge=0, le=LARGEST_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    sort: str = "",
    descending: bool = False,
    search: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Rows of a table."""
    content = await here.artifacts.page(
        digest, offset=offset, limit=limit, sort=sort, descending=descending, search=search
    )
    return _json(content)


@router.get("/artifacts/{digest}/profile", **described(dict))
async def table_profile(here: Here, digest: str) -> Response:
    """What is in every column of a table."""
    return _json(await here.artifacts.profile(digest))


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
) -> Response:
    """The artifact as a file."""
    found = await here.artifacts.download(digest, format, name)
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
    return answer({"path": await here.uploads.take(name, chunks)}, 201)


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
