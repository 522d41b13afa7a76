"""Graph files outside the workspace whose frozen nodes hold artifacts of it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from runtime.durable_files import SHARED, replace_durably

LIST = "frozen_graphs.txt"


def remember_file(workspace: Path, graph: Path) -> None:
    """Keep in mind that a graph file holds artifacts, so that collecting leaves them.

    The files of the workspace's own pipelines are known anyway.
    """
    path = str(graph.resolve())
    known = _paths(workspace)
    is_own = (workspace / "pipelines").resolve() in graph.resolve().parents
    if path not in known and "\n" not in path and not is_own:
        text = "".join(f"{one}\n" for one in (*known, path))
        replace_durably(workspace / LIST, text.encode(), mode=SHARED)


def remembered_documents(workspace: Path) -> Iterator[dict[str, Any]]:
    """The documents of those files as they are now; one that is gone or broken holds nothing."""
    for path in _paths(workspace):
        try:
            document = msgspec.json.decode(Path(path).read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue
        if isinstance(document, dict) and isinstance(document.get("nodes"), dict):
            yield document


def _paths(workspace: Path) -> list[str]:
    try:
        return os.fsdecode((workspace / LIST).read_bytes()).splitlines()
    except OSError:
        return []
