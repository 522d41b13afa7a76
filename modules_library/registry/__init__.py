"""The registry: which module versions there are, in which state, and which one is the default."""

from typing import TYPE_CHECKING, Any

from modules_library.registry.catalog import Catalog, open_catalog

if TYPE_CHECKING:
    from modules_library.registry.registry import Registry
    from modules_library.registry.watching import ModuleWatch, watch_modules

__all__ = ["Catalog", "ModuleWatch", "Registry", "open_catalog", "watch_modules"]


def __getattr__(name: str) -> Any:
    """Load the parts that need a database or a folder watcher when they are asked for."""
    if name == "Registry":
        from modules_library.registry.registry import Registry

        return Registry
    if name in ("watch_modules", "ModuleWatch"):
        from modules_library.registry import watching

        return getattr(watching, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
