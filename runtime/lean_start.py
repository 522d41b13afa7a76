"""Importing msgspec without what it only needs on older Pythons: a fifth of a cold start."""

import sys


def import_msgspec() -> None:
    """Import msgspec while `typing_extensions` cannot be found.

    msgspec prefers it to `typing` for two names that `typing` has too; it would bring `inspect` and
    `ast` along. Programs that import it themselves afterwards get the real one.
    """
    name = "typing_extensions"
    if name in sys.modules or "msgspec" in sys.modules:
        return
    # None is how Python marks a module that cannot be found; its stubs do not say so.
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules[name]
