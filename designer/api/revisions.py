"""REST: a pipeline's history, its named versions, conflicts, and what differs between states."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Author, Here
from designer.api.messages import PREFIX, answer, read_body
from designer.services import answers

router = APIRouter(prefix=f"{PREFIX}/pipelines/{{pipeline_id}}", tags=["revisions"])


@router.get("/revisions", **described(answers.RevisionList))
async def list_revisions(here: Here, pipeline_id: str, before: int | None = None) -> Response:
    """The history, newest first; of the edits only those before a revision."""
    return answer(await here.revisions.list(pipeline_id, before))


@router.post("/revisions", **described(answers.Revision, takes=bodies.NewVersion, status=201))
async def name_revision(here: Here, author: Author, pipeline_id: str, request: Request) -> Response:
    """Give a revision a name, by default the newest."""
    body = await read_body(request, bodies.NewVersion)
    named = await here.revisions.name(
        pipeline_id,
        body.name,
        description=body.description,
        revision=body.revision,
        author=author,
    )
    return answer(named, 201)


@router.patch("/versions/{version_id}", **described(answers.Revision, takes=bodies.VersionWords))
async def describe_version(
    here: Here, pipeline_id: str, version_id: int, request: Request
) -> Response:
    """Give a named version another name and description."""
    body = await read_body(request, bodies.VersionWords)
    changed = await here.revisions.describe(
        pipeline_id, version_id, name=body.name, description=body.description
    )
    return answer(changed)


@router.post("/restore", **described(answers.OperationsAnswer, takes=bodies.Restore))
async def restore_revision(
    here: Here, author: Author, pipeline_id: str, request: Request
) -> Response:
    """Go back to an earlier state, as one more operation."""
    body = await read_body(request, bodies.Restore)
    reference = body.version or str(body.revision)
    return answer(await here.revisions.restore(pipeline_id, reference, author=author))


@router.get("/states/{reference}", **described(answers.State))
async def get_state(here: Here, pipeline_id: str, reference: str) -> Response:
    """A state: `now`, a revision's number, a version's name, or `run:` and a run's id or number."""
    return answer(await here.revisions.state(pipeline_id, reference))


@router.get("/compare", **described(answers.ComparisonView))
async def compare_states(here: Here, pipeline_id: str, before: str, after: str = "now") -> Response:
    """What differs between two states."""
    return answer(await here.revisions.compare(pipeline_id, before, after))


@router.get("/conflicts", **described(answers.ConflictList))
async def list_conflicts(here: Here, pipeline_id: str) -> Response:
    """Where somebody's edit went over another's and nobody has changed it since."""
    return answer(await here.revisions.conflicts(pipeline_id))
