"""The arguments of a program: words with placeholders such as `{input.dataset}`.

Each placeholder becomes one argument or a part of one; no shell ever sees them. Braces that hold
nothing of this form stay as they are, and a doubled pair, `{{input.dataset}}`, is not replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

_PLACEHOLDER = re.compile(r"\{\{(\w+\.\w+)\}\}|\{(\w+\.\w+)\}")


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Arguments that are there only while something has a value.

    Attributes:
        when: `input.validation` that is wired, `parameter.limit` that is set, or is true.
        then: The arguments.
    """

    when: str
    then: tuple[str, ...]


Argument = str | When


class Use(NamedTuple):
    """A name that arguments use.

    Attributes:
        name: `input.dataset`.
        is_alone: It is the whole argument.
        conditions: The `when`s around it.
    """

    name: str
    is_alone: bool
    conditions: tuple[str, ...]


def uses(arguments: Iterable[Argument]) -> Iterator[Use]:
    """Every placeholder of the arguments, in order."""
    for argument in arguments:
        words = argument.then if isinstance(argument, When) else (argument,)
        conditions = (argument.when,) if isinstance(argument, When) else ()
        for word in words:
            for found in _PLACEHOLDER.finditer(word):
                if found[2]:
                    yield Use(found[2], found[0] == word, conditions)


def filled(arguments: Iterable[Argument], values: Mapping[str, list[str]]) -> list[str]:
    """The arguments with every placeholder replaced.

    Args:
        arguments: As they are declared.
        values: Texts by name; no text for what has no value, several for a port with many wires.

    >>> filled(["--in", "{input.a}", "--n={parameter.n}"], {"input.a": ["x"], "parameter.n": ["2"]})
    ['--in', 'x', '--n=2']
    """
    words: list[str] = []
    for argument in arguments:
        if not isinstance(argument, When):
            words += _filled(argument, values)
        elif values.get(argument.when, []) not in ([], ["false"]):
            words += [word for one in argument.then for word in _filled(one, values)]
    return words


def _filled(word: str, values: Mapping[str, list[str]]) -> list[str]:
    whole = _PLACEHOLDER.fullmatch(word)
    if whole and whole[2]:
        return values[whole[2]]

    def text(found: re.Match[str]) -> str:
        return f"{{{found[1]}}}" if found[1] else "".join(values[found[2]])

    return [_PLACEHOLDER.sub(text, word)]
