"""The tables of `runs.db` and how an older file becomes the newest: one numbered list."""

import sqlite3

from runtime.errors import InfrastructureError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        pipeline_id TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at REAL NOT NULL,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        first_sequence INTEGER NOT NULL,
        record BLOB NOT NULL,
        settled BLOB NOT NULL,
        plan TEXT NOT NULL
    );
    CREATE TABLE plan (digest TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
    CREATE INDEX run_by_pipeline ON run (pipeline_id, number);
    CREATE INDEX run_unfinished ON run (status) WHERE status IN ('queued', 'preparing', 'running');
    -- Steps that were settled when the run was accepted are in run.settled: they never change.
    CREATE TABLE step (
        run INTEGER NOT NULL,
        position INTEGER NOT NULL,
        step TEXT NOT NULL,
        status TEXT NOT NULL,
        fence INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (run, position)
    ) WITHOUT ROWID;
    CREATE TABLE event (
        last_sequence INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL,
        events BLOB NOT NULL
    );
    CREATE TABLE result (key TEXT PRIMARY KEY, stored BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE quarantine (
        at REAL NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, why TEXT NOT NULL, content BLOB
    );
    """,
    """
    -- Who made an artifact first: for frozen nodes, whose graph holds no more than the digest.
    CREATE TABLE output (digest TEXT PRIMARY KEY, run INTEGER NOT NULL, step TEXT NOT NULL)
        WITHOUT ROWID;
    -- What steps took, for estimates: of each module version and size of input the newest few.
    CREATE TABLE measurement (
        module TEXT NOT NULL,
        size INTEGER NOT NULL,
        slot INTEGER NOT NULL,
        recipe TEXT NOT NULL,
        target TEXT NOT NULL,
        at REAL NOT NULL,
        seconds REAL NOT NULL,
        cpu_seconds REAL,
        memory INTEGER,
        gpu_memory INTEGER,
        PRIMARY KEY (module, size, slot)
    ) WITHOUT ROWID;
    INSERT OR IGNORE INTO output (digest, run, step)
        SELECT json_extract(made.value, '$.digest'), step.run, step.step
        FROM step, json_each(
            CASE WHEN json_valid(CAST(record AS TEXT)) THEN CAST(record AS TEXT) ELSE '{}' END,
            '$.outputs'
        ) AS made
        WHERE step.status = 'completed' ORDER BY step.run
    """,
)
"""Applied in order; `PRAGMA user_version` is the number of those applied. Never edit a released one."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to the newest schema.

    Raises:
        InfrastructureError: S004 when a newer designer wrote the file.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise InfrastructureError(
            "S004",
            f"The run database has schema {version}; this designer knows {len(MIGRATIONS)}.",
            remedy="Install the newer designer, or choose another workspace.",
        )
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(
            f"BEGIN IMMEDIATE;{MIGRATIONS[number]};PRAGMA user_version={number + 1};COMMIT;"
        )
