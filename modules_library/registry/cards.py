"""Cards: what the palette and the library page show of a module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from runtime.model import Diagnostic, ModuleSpec


def card_of(
    module_id: str,
    versions: Sequence[ModuleSpec],
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
    shown = next((spec for spec in versions if spec.version == default), None)
    shown = shown or (versions[0] if versions else None)
    return {
        "id": module_id,
        "title": shown.title if shown else name.replace("_", " ").title(),
        "category": category,
        "icon": shown.icon if shown else "",
        "summary": shown.summary if shown else "",
        "default": default,
        "versions": [_version(spec) for spec in versions],
        "spec": msgspec.to_builtins(shown) if shown else None,
        "error": msgspec.to_builtins(problems[0]) if problems else None,
        "origin": shown.origin if shown else "draft",
    }


def _version(spec: ModuleSpec) -> dict[str, Any]:
    return {
        "version": spec.version,
        "state": spec.state,
        "message": spec.state_message,
        "replacement": spec.replacement,
        "digest": spec.digest,
        "published_at": spec.published_at,
        "author": spec.author,
        "changelog": spec.changelog,
    }
