"""Bodies in, answers out: the nouns of the model as JSON, and every error in one form."""

import logging
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from runtime.errors import (
    DesignerError,
    InfrastructureError,
    InternalError,
    InvalidGraphError,
    RequestError,
)
from runtime.model import Diagnostic

logger = logging.getLogger(__name__)

Body = TypeVar("Body")

PREFIX = "/api/v1"
SMALL_BYTES = 1 << 20
OPERATIONS_BYTES = 4 << 20
GRAPH_BYTES = 5 << 20
IN_PARTS = "Send it in smaller parts."
AS_FILE = (
    "Put the graph as a file into the workspace's 'pipelines' folder; it becomes a pipeline there."
)
_STATUSES = {
    "A001": 401,
    "A002": 403,
    "A003": 413,
    "A004": 400,
    "A005": 404,
    "A007": 409,
    "A008": 403,
    "M001": 404,
    "M002": 404,
    "M011": 409,
    "M012": 409,
    "M014": 409,
    "R006": 404,
    "R007": 409,
    "T001": 404,
    "E001": 404,
    "E005": 409,
    "E006": 409,
    "T004": 409,
    "T008": 409,
    "S001": 507,
    "S003": 404,
    "S005": 404,
    "S006": 404,
    "S007": 507,
    "S008": 409,
    "S009": 404,
}


class ErrorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong, and what to do about it."""

    code: str
    message: str
    remedy: str = ""
    where: str = ""


class ErrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every error."""

    error: ErrorFacts
    diagnostics: tuple[Diagnostic, ...] = ()


def answer(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def error_response(error: DesignerError, *, status: int | None = None) -> Response:
    """The answer for an error."""
    diagnostics = error.diagnostics if isinstance(error, InvalidGraphError) else ()
    return answer(
        ErrorAnswer(error=facts_of(error), diagnostics=diagnostics), status or status_of(error)
    )


def facts_of(error: DesignerError) -> ErrorFacts:
    """What is said about an error to people and programs."""
    record = error.record
    return ErrorFacts(
        code=record.code, message=record.message, remedy=record.remedy, where=record.where
    )


def status_of(error: DesignerError) -> int:
    """The HTTP status of an error; a graph with errors is 422, whichever is the first of them."""
    if isinstance(error, InvalidGraphError):
        return 422
    if error.code in _STATUSES:
        return _STATUSES[error.code]
    if isinstance(error, InfrastructureError):
        return 503
    return 500 if isinstance(error, InternalError) else 422


async def read_body(
    request: Request, kind: type[Body], *, limit: int = SMALL_BYTES, remedy: str = IN_PARTS
) -> Body:
    """Decode the JSON body.

    Raises:
        RequestError: A003 for one that is too large, A004 for one that does not fit.
    """
    data = await read_bytes(request, limit=limit, remedy=remedy)
    try:
        return msgspec.json.decode(data or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise RequestError(
            "A004",
            f"The body does not fit: {exc}.",
            remedy="Send JSON as the API description says (/api/v1/openapi.json).",
        ) from exc


async def read_bytes(request: Request, *, limit: int, remedy: str = IN_PARTS) -> bytes:
    """The body, up to a limit. Raises RequestError A003 above it."""
    data = bytearray()
    try:
        async for chunk in request.stream():
            data += chunk
            if len(data) > limit:
                raise too_large(limit, remedy)
    except ClientDisconnect as exc:
        raise RequestError("A004", "The body ended early.", remedy="Send it again.") from exc
    return bytes(data)


def too_large(limit: int, remedy: str = IN_PARTS) -> RequestError:
    """The error for a body above a limit."""
    return RequestError(
        "A003",
        f"The request is larger than {limit:,} bytes.",
        remedy=remedy,
    )


def fault(exc: Exception) -> DesignerError:
    """What people are told about a fault of ours; the log has the traceback."""
    logger.error("a request failed", exc_info=exc)
    return InternalError(
        "A006",
        f"The designer failed on this request ({type(exc).__name__}).",
        remedy="Try again; the server's log has the details.",
    )
