"""Small TOML files that people may read and correct: their values, and writing them whole."""

import os
from pathlib import Path
from typing import Any

import msgspec


def toml_value(value: Any) -> str:
    """A TOML value; its strings are those of JSON, but for the delete character.

    >>> toml_value("a"), toml_value([1, 2])
    ('"a"', '[1,2]')
    """
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def write_private(path: Path, text: str) -> None:
    """Write a file of its owner's alone, so that nobody ever sees half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
