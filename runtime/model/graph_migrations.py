"""Older formats of the graph file, brought up to date one format at a time.

A migration is a pure function from the parsed document of format n to that of format n + 1. It
needs no registry and has frozen fixtures in the tests. There is one format so far, so the chain
is empty.
"""

from collections.abc import Callable, Mapping
from typing import Any

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = {}


def migrate(
    document: dict[str, Any], to: int, *, migrations: Mapping[int, Migration] = MIGRATIONS
) -> dict[str, Any]:
    """Bring a document to format `to`; formats without a migration are left as they are.

    >>> migrate({"format": 1, "a": 0}, 2, migrations={1: lambda old: {"b": old["a"]}})
    {'b': 0, 'format': 2}
    """
    version = document["format"]
    while version < to and version in migrations:
        document = {**migrations[version](document), "format": version + 1}
        version += 1
    return document
