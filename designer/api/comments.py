"""REST: comment threads on nodes and on pipelines."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from designer.api import bodies
from designer.api.description import described
from designer.api.here import Author, Here
from designer.api.messages import PREFIX, answer, read_body
from designer.services import answers
from designer.store import CommentThread

router = APIRouter(prefix=f"{PREFIX}/pipelines/{{pipeline_id}}/comments", tags=["comments"])


@router.get("", **described(answers.CommentList))
async def list_comments(here: Here, pipeline_id: str) -> Response:
    """The comment threads of a pipeline, oldest first."""
    return answer(await here.comments.list(pipeline_id))


@router.post("", **described(CommentThread, takes=bodies.NewThread, status=201))
async def start_thread(here: Here, author: Author, pipeline_id: str, request: Request) -> Response:
    """A new thread on a node, or on the pipeline."""
    body = await read_body(request, bodies.NewThread)
    thread = await here.comments.start(
        pipeline_id, body.text, author=author, node=body.node, scope=body.scope
    )
    return answer(thread, 201)


@router.post("/{thread_id}", **described(CommentThread, takes=bodies.CommentText, status=201))
async def reply(
    here: Here, author: Author, pipeline_id: str, thread_id: str, request: Request
) -> Response:
    """One more comment of a thread; one that was settled is open again."""
    body = await read_body(request, bodies.CommentText)
    thread = await here.comments.reply(pipeline_id, thread_id, body.text, author=author)
    return answer(thread, 201)


@router.patch("/{thread_id}", **described(CommentThread, takes=bodies.Resolution))
async def resolve_thread(
    here: Here, author: Author, pipeline_id: str, thread_id: str, request: Request
) -> Response:
    """Settle a thread, or open it again."""
    body = await read_body(request, bodies.Resolution)
    thread = await here.comments.resolve(
        pipeline_id, thread_id, author=author, is_resolved=body.is_resolved
    )
    return answer(thread)


@router.patch("/{thread_id}/{comment_id}", **described(CommentThread, takes=bodies.CommentText))
async def edit_comment(
    here: Here,
    author: Author,
    pipeline_id: str,
    thread_id: str,
    comment_id: str,
    request: Request,
) -> Response:
    """Write one's own comment anew."""
    body = await read_body(request, bodies.CommentText)
    thread = await here.comments.change(
        pipeline_id, thread_id, comment_id, body.text, author=author
    )
    return answer(thread)


@router.delete("/{thread_id}/{comment_id}", **described(CommentThread))
async def delete_comment(
    here: Here, author: Author, pipeline_id: str, thread_id: str, comment_id: str
) -> Response:
    """Delete one's own comment; the thread stays."""
    thread = await here.comments.change(pipeline_id, thread_id, comment_id, None, author=author)
    return answer(thread)
