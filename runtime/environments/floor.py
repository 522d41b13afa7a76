"""What every environment holds besides what was asked for, and whether a set of packages is enough."""

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from typing import TYPE_CHECKING

from runtime.targets.remote.found import FLOOR

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
TABLES = {"polars": "1.30"}
"""What modules are handed their tables with."""

FLOOR_REQUIREMENTS = tuple(f"{name}>={least}" for name, least in {**FLOOR, **TABLES}.items())
Versions = Callable[[str], str | None]
"""Gives the version of a package by its name; None where it is missing."""


def installed(name: str) -> str | None:
    """The version of a package in the designer's own environment."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def locked_versions(locked: Iterable[str]) -> Versions:
    """The versions of a locked list.

    >>> locked_versions(["light-gbm==4.6.0"])("Light_GBM")
    '4.6.0'
    """
    known = {
        canonical(name): version.partition(";")[0].strip()
        for name, _, version in (line.partition("==") for line in locked)
    }
    return lambda name: known.get(canonical(name))


def canonical(name: str) -> str:
    """A package's name in its one spelling, without extras."""
    return name.partition("[")[0].strip().lower().replace("_", "-").replace(".", "-")


def unmet(requirements: Sequence[str], versions: Versions) -> tuple[str, ...]:
    """Those requirements that a set of packages does not meet.

    Raises:
        ValueError: One of them is no requirement.

    >>> unmet(["msgspec>=0.19", "no-such-package"], installed)
    ('no-such-package',)
    """
    from packaging.requirements import Requirement

    return tuple(text for text in requirements if not _is_met(Requirement(text), versions))


def _is_met(requirement: "Requirement", versions: Versions) -> bool:
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    version = versions(requirement.name)
    if version is None or requirement.url:
        return False
    fits = requirement.specifier.contains(version, prereleases=True)
    return fits and all(
        _has_extra(requirement.name, extra, versions) for extra in requirement.extras
    )


def _has_extra(name: str, extra: str, versions: Versions) -> bool:
    """Whether what an extra brings along is there; as the package that is installed here says."""
    from packaging.requirements import Requirement

    try:
        needed = map(Requirement, metadata.requires(name) or ())
    except metadata.PackageNotFoundError:
        return False
    return all(
        _is_met(Requirement(f"{one.name}{one.specifier}"), versions)
        for one in needed
        if one.marker is not None
        and one.marker.evaluate({"extra": extra})
        and not one.marker.evaluate({"extra": ""})
    )
