"""Pipelines, the log of their operations, snapshots and named versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "pipeline",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("modified_at", sa.Float, nullable=False),
        sa.Column("deleted_at", sa.Float),
        sa.Column("file_digest", sa.String, nullable=False),
        sa.Column("file_revision", sa.Integer, nullable=False),
        sa.Column("pending_digest", sa.String, nullable=False),
        sa.Column("pending_revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "operation",
        sa.Column("pipeline_id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("operation_id", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.UniqueConstraint("pipeline_id", "operation_id"),
    )
    op.create_table(
        "snapshot",
        sa.Column("pipeline_id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "named_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pipeline_id", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_named_version_pipeline_id", "named_version", ["pipeline_id"])


def downgrade() -> None:
    """Remove them."""
    for table in ("named_version", "snapshot", "operation", "pipeline"):
        op.drop_table(table)
