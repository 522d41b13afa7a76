"""The rows of `designer.db`; they never leave this package."""

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class PipelineRow(SQLModel, table=True):
    """A pipeline; its document is the newest snapshot plus the operations after it."""

    __tablename__ = "pipeline"

    id: str = Field(primary_key=True)
    name: str
    revision: int = 0
    created_at: float
    modified_at: float
    deleted_at: float | None = None
    file_digest: str = ""
    file_revision: int = 0
    pending_digest: str = ""
    pending_revision: int = 0


class OperationRow(SQLModel, table=True):
    """One accepted operation: the log is only ever appended to."""

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("pipeline_id", "operation_id"),)

    pipeline_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    operation_id: str
    author: str
    at: float
    operation: str = Field(sa_column=Column(Text, nullable=False))
    outcome: str = Field(sa_column=Column(Text, nullable=False))


class SnapshotRow(SQLModel, table=True):
    """The whole document at a revision, so that reading it needs few operations."""

    __tablename__ = "snapshot"

    pipeline_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    document: str = Field(sa_column=Column(Text, nullable=False))


class NamedVersionRow(SQLModel, table=True):
    """A revision that a person gave a name."""

    __tablename__ = "named_version"

    id: int | None = Field(default=None, primary_key=True)
    pipeline_id: str = Field(index=True)
    revision: int
    name: str
    author: str
    at: float
    description: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class CommentThreadRow(SQLModel, table=True):
    """A thread of comments on a node, or on the pipeline where no node is named."""

    __tablename__ = "comment_thread"

    id: str = Field(primary_key=True)
    pipeline_id: str = Field(index=True)
    scope: str
    node: str
    node_title: str
    created_at: float
    resolved_at: float | None = None
    resolved_by: str = ""


class CommentRow(SQLModel, table=True):
    """One comment of a thread; of a deleted one the text is gone."""

    __tablename__ = "comment"

    id: str = Field(primary_key=True)
    thread_id: str = Field(index=True)
    author: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    created_at: float
    edited_at: float | None = None
    deleted_at: float | None = None


class RunTagRow(SQLModel, table=True):
    """A tag of a run; the run itself is in `runs.db`, which the runner writes."""

    __tablename__ = "run_tag"

    run_id: str = Field(primary_key=True)
    tag: str = Field(primary_key=True, index=True)


class RunNoteRow(SQLModel, table=True):
    """What a person wrote about a run."""

    __tablename__ = "run_note"

    run_id: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    author: str
    at: float
