"""What every page stands in: the top bar, the notices, and words for what went wrong."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

from nicegui import background_tasks, ui
from nicegui.element import Element

from designer.pages.elements import icon
from designer.pages.markup import Child, Markup, tag
from designer.pages.region import Act, Handler, Region
from runtime.errors import DesignerError

__all__ = ["HEAD", "Page", "open_page", "shown_error", "top_bar"]

logger = logging.getLogger(__name__)

Place = Literal["", "pipelines", "runs", "library", "targets", "environments", "settings"]
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

NOTICE_S = 6.0
UNDO_S = 12.0
PLACES: tuple[tuple[Place, str, str], ...] = (
    ("pipelines", "Pipelines", "account_tree"),
    ("runs", "Runs", "history"),
    ("library", "Library", "widgets"),
    ("targets", "Targets", "dns"),
    ("environments", "Environments", "inventory_2"),
    ("settings", "Settings", "settings"),
)
HEAD = f"""
<link rel="stylesheet" href="/theme/fonts.css">
<link rel="stylesheet" href="/theme/tokens.css">
<link rel="stylesheet" href="/theme/pages.css">
<script>{(Path(__file__).parent / "theme.js").read_text(encoding="utf-8")}</script>
"""


class Page:
    """One open page: its region, and the notices in the corner.

    Args:
        place: Which entry of the top bar is marked.
        workspace: Name of the workspace.
        handler: Called with what people do in the page.
    """

    def __init__(self, place: Place, workspace: str, handler: Handler | None = None) -> None:
        with ui.element("div").classes("pg"):
            Region().show(top_bar(place, workspace))
            with ui.element("main").classes("pg-main").props('id="content"') as self._main:
                self.region = Region(self._guarded(handler) if handler else None)
            self._notices = Region(self._notice_act)
        self._undo: Callable[[], Awaitable[None]] | None = None
        self._turn = 0

    def show(self, content: Markup, *, address: str = "") -> None:
        """Draw the page's content."""
        self.region.show(content, address=address)

    def adopt(self, element: Element) -> None:
        """Put an element of another kind below the page's content."""
        element.move(self._main)

    def go(self, path: str) -> None:
        """Open another page of the product."""
        with self.region:
            ui.navigate.to(path)

    def notice(
        self,
        text: str,
        *,
        remedy: str = "",
        kind: Literal["done", "error"] = "done",
        undo: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Say something once, with an undo where something was taken away."""
        self._turn += 1
        self._undo = undo
        self._notices.show(_notice(text, remedy, kind, has_undo=undo is not None))
        if kind != "error":
            wait = self._hide_after(UNDO_S if undo else NOTICE_S, self._turn)
            background_tasks.create(wait, name="hide a notice")

    def _guarded(self, handler: Handler) -> Callable[[Act], Awaitable[None]]:
        async def handle(act: Act) -> None:
            try:
                done = handler(act)
                if done is not None:
                    await done
            except DesignerError as exc:
                self.notice(exc.record.message, remedy=exc.record.remedy, kind="error")
            except Exception:
                logger.exception("'%s' on a page failed", act.action)
                self.notice(
                    "This did not work, and the fault is ours.",
                    remedy="Try it again; if it stays, send the designer's log.",
                    kind="error",
                )

        return handle

    async def _hide_after(self, seconds: float, turn: int) -> None:
        await asyncio.sleep(seconds)
        if turn == self._turn:
            self._notices.show(Markup(""))

    async def _notice_act(self, act: Act) -> None:
        undo, self._undo = self._undo, None
        self._notices.show(Markup(""))
        if act.action == "undo" and undo is not None:
            await undo()


def open_page(place: Place, title: str, workspace: str, handler: Handler | None = None) -> Page:
    """A page in the shell."""
    ui.page_title(f"{title} · Designer")
    return Page(place, workspace, handler)


def top_bar(place: Place, workspace: str) -> Markup:
    """The bar that leads everywhere; aligned with the editor's."""
    places = (
        tag(
            "a",
            icon(symbol),
            tag("span", title),
            href=f"/{name}",
            aria_current="page" if name == place else None,
        )
        for name, title, symbol in PLACES
    )
    return tag(
        "header.pg-top",
        tag("a.pg-skip", "Skip to content", href="#content"),
        tag("a.pg-logo", _logo(), href="/pipelines", aria_label="Designer"),
        tag("nav.pg-nav", places, aria_label="Designer"),
        tag("span.pg-spacer"),
        tag("span.pg-brand", "Designer"),
        tag("span.pg-workspace", tag("span", workspace), title="Workspace"),
        tag(
            "button.pg-icon-button.pg-quiet",
            icon("brightness_auto"),
            type="button",
            data_keeps="designer.theme",
            aria_label="Theme",
        ),
    )


def shown_error(
    function: Callable[Parameters, Awaitable[Result]],
) -> Callable[Parameters, Awaitable[Result | None]]:
    """A page that says in our words why it cannot be shown."""

    @wraps(function)
    async def page(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result | None:
        try:
            return await function(*args, **kwargs)
        except DesignerError as exc:
            from designer.pages.problems import show_problem

            show_problem(exc)
            return None

    return page


def heading(title: Child, *actions: Child, count: str = "", lead: Child = None) -> Markup:
    """A page's title line: what it is, how much of it, what can be done."""
    return tag(
        "div.pg-heading",
        tag("h1", title),
        tag("span.pg-count", count) if count else None,
        tag("span.pg-spacer"),
        tag("div.pg-row", actions) if any(actions) else None,
        tag("p.pg-lead", lead) if lead else None,
    )


def _notice(text: str, remedy: str, kind: str, *, has_undo: bool) -> Markup:
    undo: Any = None
    if has_undo:
        undo = tag("button.pg-link", "Undo", type="button", data_action="undo")
    close = tag(
        "button.pg-icon-button.pg-quiet",
        icon("close"),
        type="button",
        data_action="dismiss",
        aria_label="Dismiss",
    )
    words = tag("div.pg-notice-text", tag("p", text), tag("p.pg-hint", remedy) if remedy else None)
    symbol = icon("error" if kind == "error" else "check_circle")
    box = tag(f"div.pg-notice.pg-notice-{kind}", symbol, words, undo, close)
    return tag("div.pg-notices", box, role="alert" if kind == "error" else "status")


def _logo() -> Markup:
    dot = {"fill": "currentColor", "r": "2.6", "cx": "5.5"}
    return tag(
        "svg",
        tag(
            "path",
            d="M7 7.5h5.5a4.5 4.5 0 0 1 0 9H7",
            fill="none",
            stroke="currentColor",
            stroke_width="2",
        ),
        tag("circle", cy="7.5", **dot),
        tag("circle", cy="16.5", **dot),
        tag(
            "circle",
            cx="17.5",
            cy="12",
            r="2.6",
            fill="var(--surface)",
            stroke="currentColor",
            stroke_width="2",
        ),
        viewBox="0 0 24 24",
        aria_hidden="true",
    )
