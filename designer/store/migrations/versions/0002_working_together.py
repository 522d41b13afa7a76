"""Named versions have a description; comment threads on nodes and on the pipeline."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column and the tables."""
    with op.batch_alter_table("named_version") as batch:
        batch.add_column(sa.Column("description", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "comment_thread",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("pipeline_id", sa.String, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("node", sa.String, nullable=False),
        sa.Column("node_title", sa.String, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("resolved_at", sa.Float),
        sa.Column("resolved_by", sa.String, nullable=False),
    )
    op.create_index("ix_comment_thread_pipeline_id", "comment_thread", ["pipeline_id"])
    op.create_table(
        "comment",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("thread_id", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("edited_at", sa.Float),
        sa.Column("deleted_at", sa.Float),
    )
    op.create_index("ix_comment_thread_id", "comment", ["thread_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("comment")
    op.drop_table("comment_thread")
    with op.batch_alter_table("named_version") as batch:
        batch.drop_column("description")
