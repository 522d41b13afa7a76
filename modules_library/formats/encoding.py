"""Text out of bytes, and what to try when they do not fit."""

import codecs
from typing import Literal

from runtime.errors import DataError

Encoding = Literal[
    "UTF-8", "UTF-8 lossy", "UTF-16", "Latin-1", "Windows-1252", "Shift JIS", "GB 18030"
]

CODECS: dict[Encoding, str] = {
    "UTF-8": "utf-8-sig",
    "UTF-8 lossy": "utf-8-sig",
    "UTF-16": "utf-16",
    "Latin-1": "latin-1",
    "Windows-1252": "cp1252",
    "Shift JIS": "shift_jis",
    "GB 18030": "gb18030",
}
_MAGIC = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
}


def decoded(data: bytes, encoding: Encoding, *, name: str) -> str:
    """The text that the bytes mean; a byte order mark at the beginning is dropped.

    Args:
        data: The bytes.
        encoding: How they are to be read; lossy replaces what is not UTF-8 by the sign `�`.
        name: How errors name the file.

    Raises:
        DataError: D003 when the bytes are no text, D011 when they are not in this encoding, with the
            position of the first byte that does not fit and encodings that do, or when they are
            UTF-8 and the encoding is one that every byte fits.
    """
    if encoding != "UTF-16":
        require_text(data, name=name)
    if encoding in ("Latin-1", "Windows-1252") and looks_like_utf8(data):
        raise _mojibake_error(data, encoding, name)
    errors = "replace" if encoding == "UTF-8 lossy" else "strict"
    try:
        return data.decode(CODECS[encoding], errors)
    except UnicodeDecodeError as exc:
        raise encoding_error(data, encoding, exc.start, name=name) from exc


def require_text(data: bytes, *, name: str) -> None:
    """Refuse bytes that are evidently no text of one byte per letter.

    Raises:
        DataError: D003 for binary files, D011 for UTF-16.
    """
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    if kind is not None:
        raise DataError(
            "D003",
            f"'{name}' is not text: it looks like {kind}.",
            remedy="Choose the file format that fits, or unpack the file first.",
        )
    head = data[:4096]
    place = head.find(b"\0")
    if place < 0:
        return
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or head.count(b"\0") * 3 > len(head):
        raise DataError(
            "D011",
            f"'{name}' looks like UTF-16: byte {place + 1} is zero.",
            remedy="Choose the encoding UTF-16.",
            position=place,
        )
    raise DataError(
        "D003",
        f"'{name}' is not text: byte {place + 1} is zero.",
        remedy="Choose the file format that fits.",
        position=place,
    )


def encoding_error(data: bytes, encoding: Encoding, position: int, *, name: str) -> DataError:
    """The error for a byte that does not fit, with the encodings that fit all of them."""
    fitting = [
        other
        for other in ("Windows-1252", "Latin-1", "Shift JIS", "GB 18030")
        if other != encoding and _fits(data, CODECS[other])
    ]
    line = data.count(b"\n", 0, position) + 1
    if encoding != "UTF-8" and _fits(data, "utf-8"):
        fitting.insert(0, "UTF-8")
    return DataError(
        "D011",
        f"'{name}' is not {encoding}: byte {position + 1} (0x{data[position]:02X}, line {line}) does "
        f"not fit.",
        remedy=f"Choose the encoding {' or '.join([*fitting[:3], 'UTF-8 lossy'])}.",
        position=position,
        line=line,
        try_encodings=fitting,
    )


def _mojibake_error(data: bytes, encoding: Encoding, name: str) -> DataError:
    """The error for UTF-8 that would be read as another encoding without complaint."""
    position = next(place for place, byte in enumerate(data) if byte > 127)
    wrong = data[position : position + 2].decode(CODECS[encoding], "replace")
    right = data[position : position + 4].decode("utf-8", "ignore")[:1]
    return DataError(
        "D011",
        f"'{name}' is UTF-8: read as {encoding}, {right!r} at byte {position + 1} would become "
        f"{wrong!r}.",
        remedy="Choose the encoding UTF-8.",
        position=position,
        try_encodings=["UTF-8"],
    )


def looks_like_utf8(data: bytes) -> bool:
    """Tell whether bytes beyond ASCII occur and all of them are UTF-8.

    >>> looks_like_utf8("Zürich".encode()), looks_like_utf8("Zürich".encode("latin-1"))
    (True, False)
    """
    return not data.isascii() and _fits(data, "utf-8")


def _fits(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
