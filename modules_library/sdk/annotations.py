"""Words for signatures: kinds of parameters, and metadata inside `Annotated[…]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Text: TypeAlias = str
"""Parameter kind: text of several lines."""
Code: TypeAlias = str
"""Parameter kind: source code; say which with `Annotated[Code, Language("python")]`."""
Column: TypeAlias = str
"""Parameter kind: the name of one column of an input table."""
Seed: TypeAlias = int | None
"""Parameter kind: a random seed. Blank: drawn when the run is planned, and recorded."""
FilePath: TypeAlias = Path
"""Parameter kind: a file; the function receives an absolute local path."""
Secret: TypeAlias = str
"""Parameter kind: a secret by name; the function receives its value."""


@dataclass(frozen=True)
class Title:
    """What people read beside the field or port instead of its name."""

    text: str


@dataclass(frozen=True)
class Description:
    """Help text; overrides the docstring's."""

    text: str


@dataclass(frozen=True)
class Range:
    """Bounds of a number, both inclusive unless said otherwise; None leaves an end open."""

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False


@dataclass(frozen=True)
class Pattern:
    """A regular expression that the whole text must match."""

    expression: str


@dataclass(frozen=True)
class Unit:
    """The unit of a number, shown behind the field."""

    text: str


@dataclass(frozen=True)
class Language:
    """The language of a code parameter: `python`, `sql`, `r`."""

    name: str


@dataclass(frozen=True)
class FromPort:
    """The input port whose columns a column parameter offers."""

    port: str


@dataclass(frozen=True)
class Required:
    """There is no usable default: the person must set the parameter before running."""


@dataclass(frozen=True)
class Summary:
    """Show the value on the node's face when it differs from the default."""


@dataclass(frozen=True)
class Output:
    """The name of the only output port of a function that returns one bare value."""

    name: str


@dataclass(frozen=True, init=False)
class ShownWhen:
    """Show and check the parameter only while another one has one of these values.

    >>> ShownWhen("mode", "Custom", "Expert").values
    ('Custom', 'Expert')
    """

    parameter: str
    values: tuple[Any, ...]

    def __init__(self, parameter: str, *values: Any) -> None:
        object.__setattr__(self, "parameter", parameter)
        object.__setattr__(self, "values", values)
