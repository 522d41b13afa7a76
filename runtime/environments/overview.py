"""The environments of a workspace as people see them: what is declared, asked for, and built here."""

from collections.abc import Iterator

import msgspec

from runtime.environments.building import Progress
from runtime.environments.built import (
    BuiltEnvironment,
    built_environments,
    progress_of,
    remove_built,
)
from runtime.environments.environment_files import EnvironmentFiles
from runtime.model import Environment

_LEAST_DIGITS = 6


class EnvironmentState(msgspec.Struct, frozen=True, kw_only=True):
    """An environment and what there is of it on this machine.

    Attributes:
        digest: Of its packages.
        built: Absent while it is not built.
        progress: How far its build is, if there is one now.
    """

    environment: Environment
    digest: str
    built: BuiltEnvironment | None = None
    progress: Progress | None = None


def overview(files: EnvironmentFiles) -> list[EnvironmentState]:
    """Those that have a name, then those that requirements of modules ask for."""
    built = built_environments(files.built)
    return [
        EnvironmentState(
            environment=one,
            digest=one.digest,
            built=built.get(one.folder),
            progress=progress_of(files.built, one.folder),
        )
        for one in (*files.declared().values(), *files.implied())
    ]


def find(files: EnvironmentFiles, name: str) -> Environment:
    """The environment of a name, or of the first digits of a digest; ready to be built.

    Raises:
        RequestError: E001 when there is none.
    """
    for one in _all(files):
        digits = name.removeprefix("b3:")
        if one.name == name or (len(digits) >= _LEAST_DIGITS and one.folder.startswith(digits)):
            return _with_source(files, one)
    return files.get(name)


def remove(files: EnvironmentFiles, name: str) -> Environment:
    """Forget an environment, and remove what is built of it here unless another is the same.

    Gives what it was, so that it can be restored.

    Raises:
        RequestError: E001 when there is none, E006 while a step runs in it.
    """
    gone = find(files, name)
    if sum(one.digest == gone.digest for one in _all(files)) == 1:
        remove_built(files.built, gone.folder)
    return files.remove(gone.name) if gone.name else files.forget(gone)


def _all(files: EnvironmentFiles) -> Iterator[Environment]:
    yield from files.declared().values()
    yield from files.implied()


def _with_source(files: EnvironmentFiles, environment: Environment) -> Environment:
    return msgspec.structs.replace(environment, source=files.source_for(environment.source))
