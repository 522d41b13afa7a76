"""The designer's database: pipelines, the log of their operations, named versions, comments, marks of runs."""

from designer.store.comment_store import Comment, CommentStore, CommentThread
from designer.store.database import Database
from designer.store.pipeline_store import LoggedOperation, PipelineRecord, PipelineStore
from designer.store.run_mark_store import RunMarks, RunMarkStore
from designer.store.version_store import NamedVersion, VersionStore

__all__ = [
    "Comment",
    "CommentStore",
    "CommentThread",
    "Database",
    "LoggedOperation",
    "NamedVersion",
    "PipelineRecord",
    "PipelineStore",
    "RunMarkStore",
    "RunMarks",
    "VersionStore",
]
