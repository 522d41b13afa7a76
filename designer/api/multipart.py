"""One file out of a multipart body, streamed: nothing is held in memory or spooled elsewhere."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from runtime.errors import RequestError


class UploadedFile(NamedTuple):
    """The file's name as the browser gave it, a label only, and its bytes as they arrive."""

    name: str
    chunks: AsyncIterator[bytes]


async def uploaded_file(request: Request) -> UploadedFile:
    """The first file of the body.

    Raises:
        RequestError: A004 when the body is no multipart form or holds no file.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise _malformed("The body must be a form with a file (`multipart/form-data`)")
    part = _Part(boundary)
    stream = request.stream()
    async for chunk in stream:
        part.feed(chunk)
        if part.name is not None:
            return UploadedFile(part.name, _rest(part, stream))
    raise _malformed("The form holds no file")


class _Part:
    """Keeps the bytes of the first file; what comes before and after it is passed over."""

    def __init__(self, boundary: bytes) -> None:
        self.name: str | None = None
        self.is_complete = False
        self._data: list[bytes] = []
        self._headers: dict[bytes, bytes] = {}
        self._field = b""
        self._is_file = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._headers.clear,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_part_end": self._on_end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as exc:
            raise _malformed(f"The form cannot be read: {exc}") from exc

    def take(self) -> bytes:
        data, self._data = b"".join(self._data), []
        return data

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field = data[start:end].lower()

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._headers[self._field] = self._headers.get(self._field, b"") + data[start:end]

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if self.name is None and b"filename" in options:
            self.name = options[b"filename"].decode("utf-8", errors="replace")
            self._is_file = True

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._data.append(data[start:end])

    def _on_end(self) -> None:
        if self._is_file:
            self._is_file, self.is_complete = False, True


async def _rest(part: _Part, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield part.take()
    try:
        async for chunk in stream:
            part.feed(chunk)
            if data := part.take():
                yield data
    except ClientDisconnect as exc:
        raise _malformed("The body ended early") from exc
    if not part.is_complete:
        raise _malformed("The body ended early")


def _malformed(what: str) -> RequestError:
    return RequestError("A004", f"{what}.", remedy="Send the file as a form field.")
