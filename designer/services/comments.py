"""Comment threads on nodes and on pipelines: written, answered, settled, opened again."""

import time
import uuid

import msgspec

from designer.document.operations import ABSENT, value_at
from designer.services.answers import CommentList
from designer.services.pipelines import Catalogs, PipelineService
from designer.services.push import PushHub
from designer.services.revisions import titles
from designer.store import Comment, CommentStore, CommentThread, Database
from runtime.errors import RequestError

LONGEST = 10_000


class CommentService:
    """The verbs on comments. They are no part of the graph, and no run sees them.

    Args:
        database: Where they lie.
        pipelines: The drafts, for what nodes are called.
        modules: Gives the catalogue, for the same.
        push: Told about every change.
    """

    def __init__(
        self, database: Database, pipelines: PipelineService, modules: Catalogs, push: PushHub
    ) -> None:
        self._database = database
        self._pipelines = pipelines
        self._modules = modules
        self._push = push

    async def list(self, pipeline_id: str) -> CommentList:
        """The threads of a pipeline."""
        await self._pipelines.draft(pipeline_id)
        threads = await self._database.do(
            lambda session: CommentStore(session).threads(pipeline_id)
        )
        return CommentList(threads=tuple(threads))

    async def start(
        self, pipeline_id: str, text: str, *, author: str, node: str = "", scope: str = ""
    ) -> CommentThread:
        """A new thread on a node, or on the pipeline.

        Raises:
            RequestError: G009 when there is no such node, A004 for a text that is empty or too long.
        """
        thread = CommentThread(
            id=str(uuid.uuid4()),
            pipeline_id=pipeline_id,
            scope=scope,
            node=node,
            node_title=await self._title_of(pipeline_id, scope, node),
            created_at=time.time(),
            comments=(_comment(text, author),),
        )
        await self._database.do(lambda session: CommentStore(session).add_thread(thread))
        return self._told(thread)

    async def reply(
        self, pipeline_id: str, thread_id: str, text: str, *, author: str
    ) -> CommentThread:
        """One more comment of a thread; one that was settled is open again."""
        comment = _comment(text, author)

        def write(store: CommentStore) -> CommentThread:
            store.thread(pipeline_id, thread_id)
            store.add(thread_id, comment)
            store.set_resolved(thread_id, None, "")
            return store.thread(pipeline_id, thread_id)

        return self._told(await self._database.do(lambda session: write(CommentStore(session))))

    async def change(
        self, pipeline_id: str, thread_id: str, comment_id: str, text: str | None, *, author: str
    ) -> CommentThread:
        """Write one's own comment anew, or delete it with None; the thread stays.

        Raises:
            RequestError: S009 when it is not there, A008 when somebody else wrote it.
        """
        tidy = "" if text is None else _tidy(text)

        def write(store: CommentStore) -> CommentThread:
            comment = _own(store.thread(pipeline_id, thread_id), comment_id, author)
            now = time.time()
            changed = msgspec.structs.replace(
                comment,
                text=tidy,
                edited_at=comment.edited_at if text is None else now,
                deleted_at=now if text is None else None,
            )
            store.change(thread_id, changed)
            return store.thread(pipeline_id, thread_id)

        return self._told(await self._database.do(lambda session: write(CommentStore(session))))

    async def resolve(
        self, pipeline_id: str, thread_id: str, *, author: str, is_resolved: bool
    ) -> CommentThread:
        """Settle a thread, or open it again."""

        def write(store: CommentStore) -> CommentThread:
            store.thread(pipeline_id, thread_id)
            at = time.time() if is_resolved else None
            store.set_resolved(thread_id, at, author if is_resolved else "")
            return store.thread(pipeline_id, thread_id)

        return self._told(await self._database.do(lambda session: write(CommentStore(session))))

    async def _title_of(self, pipeline_id: str, scope: str, node: str) -> str:
        draft = await self._pipelines.draft(pipeline_id)
        if not node:
            return ""
        root = ("subgraphs", scope) if scope else ()
        found = value_at(draft.document, (*root, "nodes", node))
        if found is ABSENT:
            raise RequestError(
                "G009", f"There is no node '{node}'.", remedy="Comment on a node that is there."
            )
        return str(found.get("label") or titles(self._modules.catalog)(found) or node)

    def _told(self, thread: CommentThread) -> CommentThread:
        self._push.publish({"kind": "comments", "threads": [thread]}, thread.pipeline_id)
        return thread


def _comment(text: str, author: str) -> Comment:
    return Comment(id=str(uuid.uuid4()), author=author, text=_tidy(text), created_at=time.time())


def _tidy(text: str) -> str:
    tidy = text.strip()
    if not tidy or len(tidy) > LONGEST:
        raise RequestError(
            "A004",
            "A comment without a text says nothing." if not tidy else "The comment is too long.",
            remedy=f"Write between 1 and {LONGEST:,} characters.",
        )
    return tidy


def _own(thread: CommentThread, comment_id: str, author: str) -> Comment:
    found = next((one for one in thread.comments if one.id == comment_id), None)
    if found is None or found.deleted_at is not None:
        raise RequestError("S009", "The comment is not there.", remedy="Load the comments again.")
    if found.author != author:
        raise RequestError(
            "A008",
            f"The comment was written by {found.author}.",
            remedy="Answer it instead.",
        )
    return found
