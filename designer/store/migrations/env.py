"""Runs the migrations on the database that the configuration names."""

import sqlalchemy
from alembic import context


def migrate() -> None:
    """Apply what is missing, each migration in a transaction."""
    engine = sqlalchemy.create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        context.configure(connection=connection, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


migrate()
