"""Limits of the graph file, and the scan that finds what no JSON value in it may hold."""

import math
from collections.abc import Iterator
from typing import Any

from runtime.model.diagnostic import Diagnostic, pointer

MAX_BYTES = 64 * 1024 * 1024
MAX_NODES = 100_000
MAX_NESTING = 64
MAX_STRING = 1_000_000
MAX_INTEGER = 2**53 - 1
MAX_PROBLEMS = 1_000


class DuplicateKeys(dict[str, Any]):
    """An object of the text that holds a key twice; the last value counts."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.duplicates = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]


def scan(document: object) -> Iterator[Diagnostic]:
    """Give every value that breaks a limit: depth, length, size, NaN, duplicate keys, surrogates.

    Iterative, so a document of any depth is safe.
    """
    pending: list[tuple[object, tuple[str | int, ...]]] = [(document, ())]
    while pending:
        value, path = pending.pop()
        kind = type(value)
        if isinstance(value, dict | list | tuple):
            if len(path) >= MAX_NESTING:
                yield too_deep(pointer(*map(readable, path)))
                continue
            yield from _scan_keys(value, path)
            items = value.items() if isinstance(value, dict) else enumerate(value)
            children = [(item, (*path, key)) for key, item in items if isinstance(key, str | int)]
            pending.extend(reversed(children))
        elif value is not None and kind is not bool:
            problem = _scalar_problem(value)
            if problem:
                code, message, remedy = problem
                where = pointer(*map(readable, path))
                yield Diagnostic(code=code, message=message, remedy=remedy, where=where)


def too_deep(where: str = "") -> Diagnostic:
    """The diagnostic for a document that is nested too deeply."""
    return Diagnostic(
        code="G006",
        message=f"The graph is nested more than {MAX_NESTING} levels deep.",
        remedy="Make the value flatter.",
        where=where,
    )


def readable(part: object) -> str:
    """Text that can be shown and encoded: lone surrogates are replaced, long texts are cut."""
    text = str(part)
    if len(text) > 200:
        text = text[:199] + "…"
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def words_of(value: object) -> str:
    """A value in words, short enough for a message.

    >>> words_of([1]), words_of("a"), words_of(None)
    ('a list', "the text 'a'", 'null')
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}" if abs(value) < 1e300 else "a very large number"
        case str():
            text = readable(value)
            return f"the text '{text if len(text) <= 60 else text[:59] + '…'}'"
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


def _scan_keys(value: object, path: tuple[str | int, ...]) -> Iterator[Diagnostic]:
    if not isinstance(value, dict):
        return
    where = pointer(*map(readable, path))
    for key in getattr(value, "duplicates", ()):
        yield Diagnostic(
            code="G004",
            message=f"Key '{readable(key)}' appears more than once.",
            remedy="Keep one of them.",
            where=f"{where}{pointer(readable(key))}",
        )
    for key in value:
        problem = _scalar_problem(key) if isinstance(key, str) else _not_json(key)
        if problem:
            code, message, remedy = problem
            yield Diagnostic(code=code, message=message, remedy=remedy, where=where)


def _scalar_problem(value: object) -> tuple[str, str, str] | None:
    if isinstance(value, str):
        return _text_problem(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return None
        return "G007", f"The number {value} is not finite.", "Write a finite number or null."
    if isinstance(value, int):
        if -MAX_INTEGER <= value <= MAX_INTEGER:
            return None
        return (
            "G006",
            "A whole number is beyond 2^53 and would not survive every program that reads it.",
            "Write it as text or as a smaller number.",
        )
    return _not_json(value)


def _text_problem(text: str) -> tuple[str, str, str] | None:
    if len(text) > MAX_STRING:
        return (
            "G006",
            f"A text is {len(text):,} characters long; {MAX_STRING:,} are allowed.",
            "Put long content into a file and name the file.",
        )
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return (
                "G005",
                "A text holds half of a surrogate pair, which is not a character.",
                "Remove the broken \\u escape.",
            )
    return None


def _not_json(value: object) -> tuple[str, str, str]:
    return (
        "G005",
        f"A value of type {type(value).__name__} has no place in JSON.",
        "Use text, numbers, true, false, null, lists and objects with text keys.",
    )
