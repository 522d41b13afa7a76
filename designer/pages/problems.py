"""Pages for what is not there and what went wrong, in our words, with a way back."""

import logging

from fastapi import Request
from fastapi.exception_handlers import http_exception_handler
from nicegui import Client, app, ui
from starlette.exceptions import HTTPException
from starlette.responses import Response

from designer.pages.elements import empty, link_button
from designer.pages.markup import tag
from designer.pages.shell import open_page
from designer.services import get_services
from runtime.errors import DesignerError, RequestError

__all__ = ["register_problems", "show_problem"]

logger = logging.getLogger(__name__)

_GONE = {"S003": "artifact", "S005": "pipeline", "R006": "run", "M001": "module", "M002": "version"}
_BACK = {
    "S005": ("All pipelines", "/pipelines"),
    "R006": ("All runs", "/runs"),
    "M001": ("The library", "/library"),
    "M002": ("The library", "/library"),
}


def register_problems() -> None:
    """Replace the framework's own pages for errors."""
    app.on_page_exception(show_problem)
    app.add_exception_handler(404, _not_found)


def show_problem(error: Exception) -> None:
    """Draw the page for an error in place of what was drawn so far."""
    client = ui.context.client
    client.content.clear()
    with client.content:
        _draw_problem(error)


def _draw_problem(error: Exception) -> None:
    ui.context.client.status_code = 404 if isinstance(error, RequestError) else 500
    workspace = get_services().workspace.path.name
    page = open_page("", "Something is missing", workspace)
    if not isinstance(error, DesignerError):
        page.show(
            empty(
                "report",
                "This page could not be made",
                "The fault is ours, and it is written to the designer's log. Nothing of yours is "
                "lost. Try it again; if it stays, send the log.",
                actions=link_button("All pipelines", "/pipelines", kind="primary"),
            )
        )
        return
    label, href = _BACK.get(error.record.code, ("All pipelines", "/pipelines"))
    page.show(
        empty(
            "search_off" if error.record.code in _GONE else "report",
            error.record.message,
            (error.record.remedy, " ", tag("code", error.record.code)),
            actions=link_button(label, href, kind="primary"),
        )
    )


async def _not_found(request: Request, error: Exception) -> Response:
    is_page = "text/html" in request.headers.get("accept", "text/html")
    if isinstance(error, HTTPException) and (
        request.url.path.startswith("/_nicegui") or not is_page
    ):
        return await http_exception_handler(request, error)
    with Client(ui.page(""), request=request) as client:
        page = open_page("", "Nothing here", get_services().workspace.path.name)
        page.show(
            empty(
                "explore_off",
                "There is nothing at this address",
                (tag("code", request.url.path), " leads nowhere. Go on from one of the lists."),
                actions=(
                    link_button("All pipelines", "/pipelines", kind="primary"),
                    link_button("All runs", "/runs"),
                    link_button("The library", "/library"),
                ),
            )
        )
    return client.build_response(request, 404)
