"""Freezing a node: its outputs are given by artifacts that are there already."""

from collections.abc import Iterable, Mapping
from typing import Any

from designer.document.operations import ABSENT, Document, set_value


def with_frozen(document: Document, outputs: Mapping[str, Mapping[str, str]]) -> Document:
    """The document with these nodes frozen.

    Args:
        document: The graph.
        outputs: For each node the digests of its outputs by port.
    """
    for node, artifacts in outputs.items():
        state: dict[str, Any] = {"kind": "frozen", "artifacts": dict(artifacts)}
        document = set_value(document, ("nodes", node, "state"), state)
    return document


def without_frozen(document: Document, nodes: Iterable[str]) -> Document:
    """The document with these nodes running again; nodes in another state stay in it."""
    for node in nodes:
        state = document["nodes"][node].get("state")
        if isinstance(state, dict) and state.get("kind") == "frozen":
            document = set_value(document, ("nodes", node, "state"), ABSENT)
    return document
