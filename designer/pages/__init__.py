"""The pages that people open; each is registered with NiceGUI once, when the app is built."""

from designer.services.services import Services

__all__ = ["register_pages"]


def register_pages(services: Services) -> None:
    """Register every page."""
    from designer.pages.editor import register_editor

    register_editor(services)
