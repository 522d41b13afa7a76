"""Locking: from requirements to exact versions, by uv. Nothing is installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from runtime.environments.floor import FLOOR_REQUIREMENTS
from runtime.errors import InfrastructureError, RequestError
from runtime.model import PackageSource

_PATIENCE_S = 300.0


def lock(requirements: Sequence[str], *, python: str, source: PackageSource) -> tuple[str, ...]:
    """Exact versions of what is required, of what that needs, and of what every worker needs.

    Args:
        requirements: As `pip` reads them, `lightgbm>=4`.
        python: Minor version.
        source: Where packages are looked for.

    Raises:
        RequestError: E003 with the resolver's own words when there is no solution.
        InfrastructureError: E003 when there is no resolver.
    """
    wishes = "\n".join((*requirements, *FLOOR_REQUIREMENTS))
    words = [find_uv(), "pip", "compile", "-", "--no-header", "--no-annotate", "--no-progress"]
    words += ["--python", sys.executable, "--python-version", python, *source_words(source)]
    try:
        done = subprocess.run(
            words,
            input=wishes,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            env={**os.environ, "NO_COLOR": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise _unresolved(requirements, f"no answer within {_PATIENCE_S:.0f} s") from exc
    if done.returncode:
        raise _unresolved(requirements, _reason(done.stderr))
    return tuple(line for line in done.stdout.splitlines() if line and line[0] not in "#-")


def source_words(source: PackageSource) -> list[str]:
    """How uv is told where packages come from."""
    if source.wheels:
        folder = os.path.expanduser(source.wheels)
        return ["--no-index", "--offline", "--find-links", folder]
    extra = ["--index", source.extra_index] if source.extra_index else []
    return [*extra, *(["--default-index", source.index] if source.index else [])]


def find_uv() -> str:
    """The program uv: that of our own environment, or one on the path.

    Raises:
        InfrastructureError: E003 when there is none.
    """
    beside = os.path.join(os.path.dirname(sys.executable), "uv")
    found = beside if os.access(beside, os.X_OK) else shutil.which("uv")
    if found is None:
        raise InfrastructureError(
            "E003",
            "Requirements cannot be resolved: the program 'uv' is missing.",
            remedy="Install it beside the designer: `pip install uv`.",
        )
    return found


def _unresolved(requirements: Sequence[str], reason: str) -> RequestError:
    return RequestError(
        "E003",
        f"The requirements {', '.join(requirements) or 'of every worker'} cannot be resolved: "
        f"{reason.rstrip('.')}.",
        remedy="Change the versions that are asked for, or where packages come from.",
    )


def _reason(said: str) -> str:
    """The cause in a resolver's words; its headlines and hints are left out."""
    lines = " ".join(said.split())
    _, cause, rest = lines.partition("cause: ")
    return (rest if cause else lines.removeprefix("error: ")).partition(" hint: ")[0]
