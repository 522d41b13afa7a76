"""Whether a file is a notebook that can be executed with parameters; told by reading it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def fault_of_notebook(file: Path) -> str | None:
    """Why a file cannot be executed as a notebook that takes parameters; None when it can."""
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError) as exc:
        return f"is no notebook that can be read: {exc}"
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list) or document.get("nbformat") != 4:
        return "is no notebook of format 4"
    language = _at(document, "metadata", "kernelspec", "language") or "python"
    if language != "python":
        return f"is written in {language}; only Python is executed"
    if not any("parameters" in (_at(cell, "metadata", "tags") or ()) for cell in cells):
        return "has no cell tagged 'parameters'"
    return None


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
