"""BLAKE3, the one digest: of bytes, of values and of files."""

from pathlib import Path
from typing import Any

import blake3
import msgspec

PREFIX = "b3:"
_DIGITS = 64
_HEXADECIMAL = frozenset("0123456789abcdef")
_MULTITHREADED_FROM = 1 << 20


def digest_bytes(data: bytes) -> str:
    """Digest of bytes, `b3:` and 64 hexadecimal digits.

    >>> digest_bytes(b"")[:11]
    'b3:af1349b9'
    """
    return PREFIX + blake3.blake3(data).hexdigest()


def is_digest(text: str) -> bool:
    """Whether a text has the form of a digest; one that does is safe in a path.

    >>> is_digest("b3:../../x")
    False
    """
    digits = text.removeprefix(PREFIX)
    return len(digits) == _DIGITS and text.startswith(PREFIX) and _HEXADECIMAL.issuperset(digits)


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the same value gives the same bytes."""
    return msgspec.json.encode(value, order="deterministic")


def digest_value(value: Any) -> str:
    """Digest of a JSON value in canonical form."""
    return digest_bytes(canonical_json(value))


def digest_file(path: Path) -> str:
    """Digest of a file's bytes; large files are mapped and hashed on all cores."""
    hasher = blake3.blake3(
        max_threads=blake3.blake3.AUTO if path.stat().st_size >= _MULTITHREADED_FROM else 1
    )
    hasher.update_mmap(path)
    return PREFIX + hasher.hexdigest()
