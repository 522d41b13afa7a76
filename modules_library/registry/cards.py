"""Cards: what the palette and the library page show of a module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from modules_library.registry.known_version import KnownVersion
from runtime.model import Diagnostic


def card_of(
    module_id: str,
    versions: Sequence[KnownVersion],
    *,
    default: str | None,
    problems: Sequence[Diagnostic] = (),
) -> dict[str, Any]:
    """The JSON card of a module: its versions, and the spec of the default or newest one.

    Args:
        module_id: The module.
        versions: All of them, newest first.
        default: The default version's number.
        problems: Why the module's draft cannot be read.
    """
    category, _, name = module_id.partition(".")
    chosen = next((known for known in versions if known.facts.version == default), None)
    chosen = chosen or (versions[0] if versions else None)
    shown = chosen.spec if chosen else None
    return {
        "id": module_id,
        "title": shown.title if shown else name.replace("_", " ").title(),
        "category": category,
        "icon": shown.icon if shown else "",
        "summary": shown.summary if shown else "",
        "default": default,
        "versions": [_version(known) for known in versions],
        "spec": msgspec.to_builtins(shown) if shown else None,
        "error": msgspec.to_builtins(problems[0]) if problems else None,
        "origin": shown.origin if shown else "draft",
    }


def _version(known: KnownVersion) -> dict[str, Any]:
    return {
        "version": known.facts.version,
        "state": known.state.state,
        "message": known.state.message,
        "replacement": known.state.replacement,
        "digest": known.facts.digest,
        "published_at": known.facts.published_at,
        "author": known.facts.author,
        "changelog": known.facts.changelog,
    }
