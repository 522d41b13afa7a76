"""Zip archives that are the same bytes whenever the same entries are written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_DATE = (1980, 1, 1, 0, 0, 0)


def write_stored_zip(entries: Mapping[str, bytes]) -> bytes:
    """An uncompressed zip with sorted names and one fixed date.

    >>> write_stored_zip({"b": b"2", "a": b"1"}) == write_stored_zip({"a": b"1", "b": b"2"})
    True
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, date_time=_DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, entries[name])
    return buffer.getvalue()
