"""Google-style docstrings: summary, and what each argument and result is."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(
    r"(Args|Arguments|Attributes|Returns|Raises|Yields|Example|Examples|Note|Notes|Source|References|Ports|Outputs):\s*"
)
_ENTRY = re.compile(r"(\w+)(?:\s*\([^)]*\))?:\s*(.*)")
_NAMED = ("Args", "Arguments", "Attributes", "Returns", "Outputs", "Ports")


@dataclass(frozen=True)
class Docstring:
    """A docstring taken apart.

    Attributes:
        text: The whole, with its indentation removed.
        entries: Descriptions by name, from `Args:`, `Attributes:` and `Returns:`.
        returns: The `Returns:` section as running text.
    """

    text: str = ""
    entries: dict[str, str] = field(default_factory=dict)
    returns: str = ""

    @property
    def summary(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0].strip()


def parse_docstring(text: str | None) -> Docstring:
    """Take a docstring apart; anything unusual stays in `text`.

    >>> parse_docstring("Add.\\n\\nArgs:\\n    a: First\\n        number.").entries
    {'a': 'First number.'}
    """
    clean = inspect.cleandoc(text or "")
    entries: dict[str, str] = {}
    returns = ""
    for section, lines in _sections(clean):
        if section in _NAMED:
            entries |= _entries(lines)
        if section == "Returns":
            returns = " ".join(line.strip() for line in lines if line.strip())
    return Docstring(text=clean, entries=entries, returns=returns)


def _sections(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        match = _SECTION.fullmatch(line)
        if match:
            found.append((match[1], []))
        elif line and not line[0].isspace() and found[-1][0]:
            found.append(("", [line]))
        else:
            found[-1][1].append(line)
    return found


def _entries(lines: list[str]) -> dict[str, str]:
    """Names at the section's own indentation; deeper lines continue the one above."""
    entries: dict[str, str] = {}
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    name = ""
    for line in lines:
        match = _ENTRY.fullmatch(line.strip())
        if match and len(line) - len(line.lstrip()) == indent:
            name = match[1]
            entries[name] = match[2]
        elif name and line.strip():
            entries[name] = f"{entries[name]} {line.strip()}".strip()
    return entries
