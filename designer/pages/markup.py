"""HTML from values: every text is escaped, and what could run is refused.

Pages are built as one string and drawn by one element (`region.py`), so that a list of a thousand
rows costs a string and not thousands of widgets. Names, labels, columns and log lines come from
people and files; they reach the page only as children or attribute values of `tag`.
"""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias, Union

__all__ = ["Child", "Markup", "markup", "tag"]

Child: TypeAlias = Union["Markup", str, int, float, Iterable["Child"], None]
Attribute: TypeAlias = str | int | float | bool | None

_EMPTY = frozenset({"input", "br", "hr", "img"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction"})
_LOCAL = ("/", "#", "?")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """An element; `name` may carry classes, attributes write `_` for `-`.

    >>> tag("a.name", "<b>", href="/runs", aria_label="x")
    '<a class="name" href="/runs" aria-label="x">&lt;b&gt;</a>'

    Raises:
        ValueError: For an event handler or an address that leads out of the product.
    """
    element, *classes = name.split(".")
    if extra := attributes.pop("class_", None):
        classes.append(str(extra))
    parts = [element]
    if classes:
        parts.append(f'class="{escape(" ".join(classes))}"')
    parts += [_attribute(key, value) for key, value in attributes.items() if _is_set(value)]
    opening = f"<{' '.join(parts)}>"
    if element in _EMPTY:
        return Markup(opening)
    return Markup(f"{opening}{markup(children)}</{element}>")


def markup(child: Child) -> Markup:
    """A child as HTML: text escaped, markup as it is, None as nothing, the rest one by one."""
    if child is None:
        return Markup("")
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return Markup(escape(child))
    if isinstance(child, int | float):
        return Markup(child)
    return Markup("".join(map(markup, child)))


def _is_set(value: Attribute) -> bool:
    return value is not None and value is not False


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name.startswith("on"):
        raise ValueError(f"attribute '{name}' would run code")
    if name in _ADDRESSES and not (str(value).startswith(_LOCAL) and str(value)[:2] != "//"):
        raise ValueError(f"address {value!r} leads out of the product")
    return name if value is True else f'{name}="{escape(str(value))}"'
