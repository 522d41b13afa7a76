"""Which Python runs a module's code outside a run: ours, or that of the environment it asks for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from runtime.model import LOCAL, ModuleSpec

_ROOT = Path(__file__).parents[2]
_EXECUTOR = "modules_library.sdk.execution:execute"
_MARKER = "workspace.toml"


def interpreter_of(spec: ModuleSpec) -> tuple[str, str]:
    """The Python, and what it needs as `PYTHONPATH` to find our packages.

    An environment is built now where the module's requirements need one and it is not there.

    Args:
        spec: The module; its workspace is the one around `entry.source`.

    Raises:
        RequestError: E003 for requirements without a solution.
        InfrastructureError: T009 when the environment cannot be built.
    """
    workspace = _workspace(Path(spec.entry.source)) if spec.requirements else None
    if workspace is not None:
        from runtime.environments.building import build
        from runtime.environments.choice import EnvironmentChoice
        from runtime.environments.environment_files import EnvironmentFiles
        from runtime.targets.package_links import package_links

        environment = EnvironmentChoice(workspace).find(
            "", spec.requirements, module=spec.title, target=LOCAL
        )
        if environment is not None:
            home = EnvironmentFiles(workspace).built
            return build(environment, home), package_links(f"{home}/packages", _EXECUTOR)
    own = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])
    return sys.executable, own.rstrip(os.pathsep)


def _workspace(source: Path) -> Path | None:
    """The workspace around a source, if there is one."""
    return next((one for one in source.resolve().parents if (one / _MARKER).exists()), None)
