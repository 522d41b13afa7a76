"""BLAKE3, the one digest: of bytes, of values, of files, and while writing."""

from pathlib import Path
from typing import Any, BinaryIO

import blake3
import msgspec

PREFIX = "b3:"
_MULTITHREADED_FROM = 1 << 20


def digest_bytes(data: bytes) -> str:
    """Digest of bytes, `b3:` and 64 hexadecimal digits.

    >>> digest_bytes(b"")[:11]
    'b3:af1349b9'
    """
    return PREFIX + blake3.blake3(data).hexdigest()


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


class HashingWriter:
    """A binary file that is hashed while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hasher = blake3.blake3(max_threads=blake3.blake3.AUTO)
        self.bytes = 0

    def write(self, data: bytes | memoryview) -> int:
        """Write and hash; gives the number of bytes."""
        self._hasher.update(data)
        self.bytes += len(data)
        return self._file.write(data)

    @property
    def digest(self) -> str:
        """Digest of everything written so far."""
        return PREFIX + self._hasher.hexdigest()
