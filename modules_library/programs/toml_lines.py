"""At which line of a TOML file something is declared; its parser does not tell."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
_QUOTES = ('"""', "'''")


class TomlLines:
    """Lines of tables and keys by their dotted names, `parameters.rows.default`."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._known: dict[str, int] = {}
        table, quote = "", ""
        for number, line in enumerate(self._lines, start=1):
            if quote:
                quote = "" if quote in line else quote
                continue
            if header := _HEADER.match(line):
                table = _plain(header[1])
                self._note(table, number)
            elif key := _KEY.match(line):
                self._note(f"{table}.{_plain(key[1])}".lstrip("."), number)
            quote = next((one for one in _QUOTES if line.count(one) % 2), "")

    def of(self, *names: str, word: str = "") -> int:
        """The line of the longest known beginning of a name, and from there on that of a word."""
        for end in range(len(names), 0, -1):
            start = self._known.get(".".join(names[:end]))
            if start is not None:
                return self._with(word, start) if word else start
        return 1

    def _note(self, full: str, number: int) -> None:
        parts = full.split(".")
        for end in range(1, len(parts) + 1):
            self._known.setdefault(".".join(parts[:end]), number)

    def _with(self, word: str, start: int) -> int:
        found = (n for n, line in enumerate(self._lines, start=1) if n >= start and word in line)
        return next(found, start)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
