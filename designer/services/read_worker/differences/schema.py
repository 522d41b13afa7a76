"""Which columns came, went or changed their type between two tables."""

from typing import Any

from designer.services.read_worker.stored_table import StoredTable, describe_column


def schema_difference(before: StoredTable, after: StoredTable) -> dict[str, Any]:
    """Added, removed and retyped columns, and whether the common ones stand in another order."""
    common = shared_columns(before, after)
    retyped = [name for name in common if before.schema[name] != after.schema[name]]
    return {
        "added": [describe_column(after, n) for n in after.names if n not in before.schema],
        "removed": [describe_column(before, n) for n in before.names if n not in after.schema],
        "retyped": [
            {
                "name": name,
                "before": describe_column(before, name),
                "after": describe_column(after, name),
            }
            for name in retyped
        ],
        "roles": [
            {"name": name, "before": role(before, name), "after": role(after, name)}
            for name in common
            if role(before, name) != role(after, name)
        ],
        "common": len(common),
        "is_reordered": common != [name for name in after.names if name in before.schema],
    }


def shared_columns(before: StoredTable, after: StoredTable) -> list[str]:
    """The columns that both tables have, in the order of the former one."""
    return [name for name in before.names if name in after.schema]


def comparable_columns(before: StoredTable, after: StoredTable) -> list[str]:
    """The columns that both tables have with the same type."""
    shared = shared_columns(before, after)
    return [name for name in shared if before.schema[name] == after.schema[name]]


def role(table: StoredTable, name: str) -> str:
    """What a column is for, as the table says."""
    return str(describe_column(table, name)["role"])
