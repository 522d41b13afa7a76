"""Which environment a step runs in: the one its node names, or one that its module asks for."""

import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from runtime.errors import RequestError
from runtime.model import DESIGNER, LOCAL, Environment, PackageSource

if TYPE_CHECKING:
    from runtime.environments.environment_files import EnvironmentFiles
    from runtime.environments.floor import Versions

_FORGET_AFTER_S = 30.0
_Wish = tuple[str, tuple[str, ...], PackageSource]
_refused: dict[_Wish, tuple[float, RequestError]] = {}


class EnvironmentChoice:
    """Chooses for the steps of one plan.

    Args:
        workspace: Whose environments can be named.
    """

    def __init__(self, workspace: Path | str) -> None:
        self._workspace = str(workspace)

    @cached_property
    def _files(self) -> "EnvironmentFiles":
        from runtime.environments.environment_files import EnvironmentFiles

        return EnvironmentFiles(self._workspace)

    def find(
        self, name: str, requirements: Sequence[str], *, module: str, target: str
    ) -> Environment | None:
        """The environment of a step; None for the designer's own.

        Args:
            name: What the node asks for; empty when it does not.
            requirements: What its module asks for.
            module: The module as messages name it.
            target: Where the step runs.

        Raises:
            RequestError: E001 for a name that does not exist, E003 for requirements without a
                solution, E004 for an environment that lacks what the module requires.
        """
        from runtime.environments.floor import unmet

        try:
            if name and name != DESIGNER:
                return self._named(name, requirements, module)
            missing = unmet(requirements, _own_versions(target)) if requirements else ()
        except ValueError as exc:
            raise RequestError(
                "E003",
                f"'{module}' requires something that is no requirement: {exc}.",
                remedy="Correct what its line `requires` says.",
            ) from exc
        if not missing:
            return None
        if name:
            _lacks(DESIGNER, missing, module)
        return self._with_source(self._implied(tuple(requirements)))

    def _named(self, name: str, requirements: Sequence[str], module: str) -> Environment:
        from runtime.environments.floor import locked_versions, unmet

        environment = self._files.get(name)
        if missing := unmet(requirements, locked_versions(environment.locked)):
            _lacks(name, missing, module)
        return self._with_source(environment)

    def _with_source(self, environment: Environment) -> Environment:
        source = self._files.source_for(environment.source)
        return msgspec.structs.replace(environment, source=source)

    def _implied(self, requirements: tuple[str, ...]) -> Environment:
        """The environment for these; that there is no solution is not asked again at once."""
        key = (self._workspace, requirements, self._files.source())
        at, error = _refused.get(key, (0.0, None))
        if error is not None and time.monotonic() - at < _FORGET_AFTER_S:
            raise error
        try:
            return self._files.imply(requirements)
        except RequestError as exc:
            _refused[key] = (time.monotonic(), exc)
            raise


def _own_versions(target: str) -> "Versions":
    """What the designer's own environment has, here or as it is made on another machine."""
    from runtime.environments.floor import installed, locked_versions

    if target == LOCAL:
        return installed
    from runtime.targets.remote.environment import pinned

    return locked_versions(pinned())


def _lacks(name: str, missing: Sequence[str], module: str) -> NoReturn:
    raise RequestError(
        "E004",
        f"The environment '{name}' lacks {', '.join(missing)}, which '{module}' requires.",
        remedy="Choose another environment, or add that to what it asks for.",
    )
