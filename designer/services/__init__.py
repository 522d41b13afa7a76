"""What pages and REST ask for: the verbs of the product over one workspace."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from designer.services.services import Services

__all__ = ["get_services", "use_services"]

_running: "list[Services]" = []


def get_services() -> "Services":
    """The services of the running app."""
    return _running[-1]


def use_services(services: "Services") -> None:
    """Make these the services of the running app."""
    _running[:] = [services]
