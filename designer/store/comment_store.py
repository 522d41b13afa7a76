"""Comment threads on nodes and on pipelines."""

from collections import defaultdict

import msgspec
from sqlmodel import Session, col, select

from designer.store.rows import CommentRow, CommentThreadRow
from runtime.errors import RequestError


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """One comment; of a deleted one the text is gone.

    Attributes:
        text: Plain text with a little Markdown in it.
    """

    id: str
    author: str
    text: str
    created_at: float
    edited_at: float | None = None
    deleted_at: float | None = None


class CommentThread(msgspec.Struct, frozen=True, kw_only=True):
    """A thread of comments.

    Attributes:
        scope: The subgraph in which the node was; empty for the pipeline itself.
        node: Id of the node; empty for a thread on the pipeline.
        node_title: What the node was called, for when it is gone.
        resolved_at: When somebody said that it is settled, None while it is open.
        comments: Oldest first.
    """

    id: str
    pipeline_id: str
    scope: str = ""
    node: str = ""
    node_title: str = ""
    created_at: float
    resolved_at: float | None = None
    resolved_by: str = ""
    comments: tuple[Comment, ...] = ()


class CommentStore:
    """What is asked of the tables of comments, inside one transaction of `Database.do`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def threads(self, pipeline_id: str) -> list[CommentThread]:
        """The threads of a pipeline with their comments, oldest first."""
        query = (
            select(CommentThreadRow)
            .where(CommentThreadRow.pipeline_id == pipeline_id)
            .order_by(col(CommentThreadRow.created_at))
        )
        rows = self._session.exec(query).all()
        comments = self._comments([row.id for row in rows])
        return [_thread(row, comments[row.id]) for row in rows]

    def thread(self, pipeline_id: str, thread_id: str) -> CommentThread:
        """One thread. Raises RequestError S009 if there is none."""
        row = self._session.get(CommentThreadRow, thread_id)
        if row is None or row.pipeline_id != pipeline_id:
            raise _gone()
        return _thread(row, self._comments([thread_id])[thread_id])

    def add_thread(self, thread: CommentThread) -> None:
        """A new thread with its comments."""
        values = msgspec.structs.asdict(thread)
        del values["comments"]
        self._session.add(CommentThreadRow(**values))
        for comment in thread.comments:
            self.add(thread.id, comment)

    def add(self, thread_id: str, comment: Comment) -> None:
        """One more comment of a thread."""
        self._session.add(CommentRow(thread_id=thread_id, **msgspec.structs.asdict(comment)))

    def change(self, thread_id: str, comment: Comment) -> None:
        """Write a comment anew. Raises RequestError S009 if it is not there."""
        row = self._session.get(CommentRow, comment.id)
        if row is None or row.thread_id != thread_id:
            raise _gone()
        row.text, row.edited_at = comment.text, comment.edited_at
        row.deleted_at = comment.deleted_at
        self._session.add(row)

    def set_resolved(self, thread_id: str, at: float | None, by: str) -> None:
        """Settle a thread, or open it again with None."""
        row = self._session.get(CommentThreadRow, thread_id)
        if row is None:
            raise _gone()
        row.resolved_at, row.resolved_by = at, by
        self._session.add(row)

    def _comments(self, thread_ids: list[str]) -> dict[str, list[Comment]]:
        query = (
            select(CommentRow)
            .where(col(CommentRow.thread_id).in_(thread_ids))
            .order_by(col(CommentRow.created_at))
        )
        found: dict[str, list[Comment]] = defaultdict(list)
        for row in self._session.exec(query):
            found[row.thread_id].append(_comment(row))
        return found


def _gone() -> RequestError:
    return RequestError(
        "S009", "The comment is not there.", remedy="Load the comments of the pipeline again."
    )


def _comment(row: CommentRow) -> Comment:
    return Comment(
        id=row.id,
        author=row.author,
        text=row.text,
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )


def _thread(row: CommentThreadRow, comments: list[Comment]) -> CommentThread:
    return CommentThread(
        id=row.id,
        pipeline_id=row.pipeline_id,
        scope=row.scope,
        node=row.node,
        node_title=row.node_title,
        created_at=row.created_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        comments=tuple(comments),
    )
