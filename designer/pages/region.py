"""One element that draws markup and tells what people do in it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from designer.pages.markup import Markup

__all__ = ["Act", "Handler", "Region"]


class Act(NamedTuple):
    """What a person did: a click on, a change of or a submitted form with a `data-action`.

    Attributes:
        value: The element's `data-value`, or what was typed into it.
        fields: A form's fields by name.
    """

    action: str
    value: str = ""
    fields: Mapping[str, str] = {}


Handler = Callable[[Act], Awaitable[None] | None]


class Region(Element, component="region.js"):
    """A part of a page, drawn from markup; a new drawing keeps focus, scrolling and open dialogs.

    Args:
        handler: Called with everything people do in it.
    """

    def __init__(self, handler: Handler | None = None) -> None:
        super().__init__()
        self._props["html"] = ""
        self._props["address"] = ""
        if handler is not None:
            self.on("act", lambda event: handler(read_act(event)))

    @property
    def html(self) -> str:
        """What it draws."""
        return str(self._props["html"])

    def show(self, content: Markup, *, address: str = "") -> None:
        """Draw something else.

        Args:
            content: What to draw.
            address: What the address bar shall say from now on, so that a link leads back here.
        """
        if content != self._props["html"] or address != self._props["address"]:
            self._props["html"] = str(content)
            self._props["address"] = address
            self.update()


def read_act(event: GenericEventArguments) -> Act:
    """What the browser sent; everything in it is text, whatever it claims to be."""
    sent: Any = event.args if isinstance(event.args, dict) else {}
    fields = sent.get("fields")
    return Act(
        str(sent.get("action", "")),
        str(sent.get("value") or ""),
        {str(k): str(v) for k, v in fields.items()} if isinstance(fields, dict) else {},
    )
