"""The pages that people open; each is registered with NiceGUI once, when the app is built."""

from nicegui import ui

from designer.services.services import Services

__all__ = ["register_pages"]

_HEAD = """
<link rel="stylesheet" href="/theme/fonts.css">
<link rel="stylesheet" href="/theme/tokens.css">
"""


def register_pages(services: Services) -> None:
    """Register every page."""
    from designer.pages.editor import register_editor

    ui.add_head_html(_HEAD, shared=True)
    register_editor(services)
