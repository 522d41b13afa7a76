"""Semantic versions: order and normal form. Source: semver.org, version 2.0.0, §9 to §11."""

from __future__ import annotations

import re
from functools import total_ordering

_FORM = re.compile(
    r"(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?(?:\.(0|[1-9]\d*))?(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?"
)


@total_ordering
class SemanticVersion:
    """A version that compares as semantic versioning says; missing parts are zero.

    >>> str(SemanticVersion("2")), SemanticVersion("1.0.0-rc.1") < SemanticVersion("1.0.0")
    ('2.0.0', True)
    """

    __slots__ = ("_key", "_text")

    def __init__(self, text: str) -> None:
        """Read a version.

        Raises:
            ValueError: The text is not a semantic version.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a semantic version such as 1.0.0")
        numbers = tuple(int(part or 0) for part in match.groups()[:3])
        before, build = match[4], match[5]
        self._text = ".".join(map(str, numbers)) + (f"-{before}" if before else "")
        self._text += f"+{build}" if build else ""
        self._key = (*numbers, before is None, _identifiers(before or ""), build or "")

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"SemanticVersion({self._text!r})"

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SemanticVersion) and self._key == other._key

    def __lt__(self, other: SemanticVersion) -> bool:
        return self._key < other._key


def _identifiers(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Numeric identifiers come before others and compare as numbers."""
    parts = text.split(".") if text else []
    return tuple((not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts)


def normal_version(text: str) -> str:
    """The normal form of a version; text that is none (`draft`, `default`) stays as it is."""
    try:
        return str(SemanticVersion(text))
    except ValueError:
        return text


def newest_first(version: str) -> tuple[int, SemanticVersion]:
    """Sort key for `sorted(…, reverse=True)`; a draft is newer than every published version."""
    try:
        return 0, SemanticVersion(version)
    except ValueError:
        return 1, SemanticVersion("0")
