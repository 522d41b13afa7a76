"""All of `/api/v1` put together, with one form for every error."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from designer.api import (
    artifacts,
    comments,
    differences,
    environments,
    layouts,
    modules,
    pipelines,
    push,
    revisions,
    runs,
    targets,
)
from designer.api.description import describe
from designer.api.login import login_routes
from designer.api.messages import PREFIX, answer, error_response, fault
from designer.api.sessions import Sessions
from designer.services.services import Services
from runtime.errors import DesignerError, RequestError


def add_api(app: FastAPI, services: Services, sessions: Sessions) -> None:
    """Put every route of REST into an app, and the answers for errors."""
    app.state.services = services
    app.include_router(login_routes(sessions))
    for room in (
        pipelines,
        revisions,
        comments,
        modules,
        runs,
        artifacts,
        differences,
        layouts,
        push,
        targets,
        environments,
    ):
        app.include_router(room.router)
    app.include_router(_about(app))
    app.add_exception_handler(DesignerError, _designer_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)


def _about(app: FastAPI) -> APIRouter:
    router = APIRouter()

    @router.get("/health", include_in_schema=False)
    async def health() -> Response:
        return answer({"status": "ok"})

    @router.get(f"{PREFIX}/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return answer(describe(app))

    @router.api_route(
        "/api/{rest:path}",
        methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        include_in_schema=False,
    )
    async def nothing(rest: str) -> Response:
        raise nothing_here(f"/api/{rest}")

    return router


def nothing_here(path: str) -> RequestError:
    """The error for an address that does not exist."""
    return RequestError(
        "A005",
        f"There is nothing at '{path}' for this method.",
        remedy="Look the address up in /api/v1/openapi.json.",
    )


async def _designer_error(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, DesignerError)
    return error_response(exc)


async def _malformed(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    problems = "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
        for problem in exc.errors()
    )
    error = RequestError(
        "A004",
        f"The request does not fit: {problems}.",
        remedy="Send it as the API description says (/api/v1/openapi.json).",
    )
    return error_response(error, status=422)


async def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    return error_response(nothing_here(request.url.path), status=exc.status_code)


async def _fault(_: Request, exc: Exception) -> Response:
    return error_response(fault(exc))
