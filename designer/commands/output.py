"""What commands print: one JSON document or plain lines on stdout, everything else on stderr."""

import sys
from collections.abc import Iterable, Sequence

import msgspec

from runtime.model import Diagnostic

_MARKS = {"error": "✗", "warning": "!", "info": "·"}


def print_json(document: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(msgspec.json.encode(document).decode() + "\n")


def say(text: str) -> None:
    """Print a line of the answer."""
    sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    """Print a line that is not the answer."""
    sys.stderr.write(text + "\n")


def complain_about(diagnostics: Iterable[Diagnostic]) -> None:
    """Print every diagnostic: what, where, and what to do."""
    for item in diagnostics:
        place = f" ({item.where})" if item.where else ""
        complain(f"{_MARKS[item.severity]} {item.code} {item.message}{place}")
        if item.remedy:
            complain(f"    {item.remedy}")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns as wide as they need, each row on one line."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(cells).rstrip())
