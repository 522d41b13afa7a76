"""The values of small TOML files that people may read and correct."""

from typing import Any

import msgspec


def toml_value(value: Any) -> str:
    """A TOML value; its strings are those of JSON, but for the delete character.

    >>> toml_value("a"), toml_value([1, 2])
    ('"a"', '[1,2]')
    """
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
