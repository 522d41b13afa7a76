"""The Ray runtime environment of steps: none of its own, or the packages that run here."""

from typing import Any

from runtime.model import RaySettings
from runtime.targets.remote.environment import pinned


def runtime_environment(settings: RaySettings) -> dict[str, Any]:
    """What Ray makes on every node before the first step; empty for the nodes' own Python."""
    if not settings.builds:
        return {}
    options = ["--no-deps", "--disable-pip-version-check"]
    if settings.wheels:
        options += ["--no-index", "--find-links", settings.wheels]
    return {"pip": {"packages": list(pinned()), "pip_check": False, "pip_install_options": options}}
