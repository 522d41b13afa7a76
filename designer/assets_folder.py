"""Where the passive files lie: in a checkout beside the packages, in a wheel inside this one."""

from pathlib import Path


def assets_folder() -> Path:
    """The folder with `theme`, `icons`, `samples` and `schemas`."""
    packaged = Path(__file__).parent / "_assets"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "assets"
