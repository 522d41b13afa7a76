"""The environments of a workspace: one readable file each, `environments/<name>.toml`."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from runtime.durable_files import replace_durably
from runtime.environments.floor import FLOOR_REQUIREMENTS, PYTHON
from runtime.environments.locking import lock
from runtime.errors import InfrastructureError, RequestError, close_matches
from runtime.model import DESIGNER, Environment, PackageSource
from runtime.model.digest import digest_value
from runtime.stores.toml_text import toml_value

ENVIRONMENTS = "environments"
BUILT = "built"
IMPLIED = "implied"
PACKAGES_FILE = "packages.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_PYTHON = re.compile(r"3\.\d{1,2}")


class EnvironmentFiles:
    """Reads and writes the environments of one workspace.

    Args:
        workspace: The workspace's folder; it needs not exist to be read.

    Attributes:
        built: The folder of those that are built on this machine.
    """

    def __init__(self, workspace: Path | str) -> None:
        self._workspace = Path(workspace)
        self._folder = self._workspace / ENVIRONMENTS
        self.built = self._folder / BUILT

    def declared(self) -> dict[str, Environment]:
        """Those that have a name, by it.

        Raises:
            InfrastructureError: E002 when a file cannot be read.
        """
        files = sorted(self._folder.glob("*.toml"))
        return {path.stem: _read(path, path.stem) for path in files if _NAME.fullmatch(path.stem)}

    def get(self, name: str) -> Environment:
        """One of them.

        Raises:
            RequestError: E001 when there is none of that name.
        """
        path = self._path(name)
        if not _NAME.fullmatch(name) or not path.exists():
            known = list(self.declared())
            raise RequestError(
                "E001",
                f"There is no environment '{name}'.{close_matches(name, known)}",
                remedy=f"Choose one of: {', '.join([DESIGNER, *known])}; or declare it with "
                "`designer environment add`.",
            )
        return _read(path, name)

    def add(
        self,
        name: str,
        requirements: Sequence[str],
        *,
        python: str = "",
        source: PackageSource | None = None,
    ) -> Environment:
        """Lock requirements and keep them under a name.

        Args:
            name: What nodes call it.
            requirements: As `pip` reads them.
            python: Minor version; that of the designer when empty.
            source: Where its packages come from; the workspace's own choice when absent.

        Raises:
            RequestError: E002 for a name, Python or source that is not usable, E003 when there is
                no solution, E005 when the name is taken.
        """
        self._check_new(name, python)
        wanted = [one for text in requirements if (one := text.strip())]
        python, own = python or PYTHON, source or PackageSource()
        _refuse_credentials(own)
        locked = lock(wanted, python=python, source=self.source_for(own))
        environment = Environment(
            name=name, python=python, requirements=tuple(wanted), locked=locked, source=own
        )
        self.restore(environment)
        return environment

    def restore(self, environment: Environment) -> None:
        """Keep an environment that is locked already."""
        path = self._path(environment.name) if environment.name else self._implied(environment)
        replace_durably(path, _text(environment).encode())

    def remove(self, name: str) -> Environment:
        """Forget an environment; what is built of it stays. Gives what it was.

        Raises:
            RequestError: E001 when there is none of that name.
        """
        environment = self.get(name)
        self._path(name).unlink()
        return environment

    def implied(self) -> list[Environment]:
        """Those that requirements of modules asked for so far."""
        return [_read(path, "") for path in sorted((self._folder / IMPLIED).glob("*.toml"))]

    def imply(self, requirements: Sequence[str]) -> Environment:
        """The environment that just these requirements ask for; locked when first asked.

        Raises:
            RequestError: E003 when there is no solution.
        """
        wanted = tuple(sorted(requirements))
        wish = Environment(python=PYTHON, requirements=wanted, locked=())
        path = self._implied(wish)
        if path.exists():
            return _read(path, "")
        locked = lock(wanted, python=PYTHON, source=self.source())
        environment = msgspec.structs.replace(wish, locked=locked)
        if self._workspace.is_dir():
            replace_durably(path, _text(environment).encode())
        return environment

    def forget(self, environment: Environment) -> Environment:
        """Let go of one that requirements asked for; it is locked anew when they do again."""
        self._implied(environment).unlink(missing_ok=True)
        return environment

    def source(self) -> PackageSource:
        """Where packages come from unless an environment says otherwise.

        Raises:
            InfrastructureError: E002 when the file cannot be read.
        """
        path = self._workspace / PACKAGES_FILE
        return msgspec.convert(_document(path), PackageSource) if path.exists() else PackageSource()

    def set_source(self, source: PackageSource) -> None:
        """Say where packages come from.

        Raises:
            RequestError: E002 for a folder of wheels that is not there, or an index with a password.
        """
        _refuse_credentials(source)
        wheels = os.path.expanduser(source.wheels)
        if wheels and not os.path.isdir(wheels):
            raise RequestError(
                "E002",
                f"There is no folder of wheels at '{source.wheels}'.",
                remedy="Give the path of a folder on this machine.",
            )
        text = _lines(msgspec.structs.asdict(source))
        replace_durably(self._workspace / PACKAGES_FILE, text.encode())

    def source_for(self, own: PackageSource) -> PackageSource:
        """An environment's own source, and the workspace's where it says nothing."""
        given = {name: value for name, value in msgspec.structs.asdict(own).items() if value}
        return msgspec.structs.replace(self.source(), **given)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.toml"

    def _implied(self, environment: Environment) -> Path:
        key = digest_value([environment.python, environment.requirements, FLOOR_REQUIREMENTS])
        return self._folder / IMPLIED / f"{key[3:35]}.toml"

    def _check_new(self, name: str, python: str) -> None:
        if not _NAME.fullmatch(name) or name == DESIGNER:
            raise RequestError(
                "E002",
                f"'{name}' cannot be the name of an environment.",
                remedy=f"Use small letters, digits, '-' and '_', at most 63, and not '{DESIGNER}'.",
            )
        if python and not _PYTHON.fullmatch(python):
            raise RequestError(
                "E002", f"'{python}' is no minor version of Python.", remedy="Write 3.12, say."
            )
        if self._path(name).exists():
            raise RequestError(
                "E005",
                f"There is an environment '{name}' already.",
                remedy="Choose another name, or remove that one first.",
            )


def _refuse_credentials(source: PackageSource) -> None:
    """A source is written down in files, records and logs, where no password belongs."""
    for index in (source.index, source.extra_index):
        if "@" in urlsplit(index).netloc:
            raise RequestError(
                "E002",
                f"The address of the index on '{urlsplit(index).hostname}' holds a user or password.",
                remedy="Put them into ~/.netrc, where uv and pip look for them.",
            )


def _read(path: Path, name: str) -> Environment:
    facts = _document(path)
    own = {key: facts.pop(key) for key in PackageSource.__struct_fields__ if key in facts}
    try:
        return msgspec.convert({**facts, "name": name, "source": own}, Environment)
    except msgspec.ValidationError as exc:
        raise _unreadable(path, exc) from exc


def _document(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise _unreadable(path, exc) from exc


def _unreadable(path: Path, exc: Exception) -> InfrastructureError:
    return InfrastructureError(
        "E002",
        f"The file '{path}' cannot be read: {exc}.",
        remedy="Correct the file, or move it away and add the environment again.",
    )


def _text(environment: Environment) -> str:
    own = {key: value for key, value in msgspec.structs.asdict(environment.source).items() if value}
    return _lines(
        {
            "python": environment.python,
            "requirements": environment.requirements,
            **own,
            "locked": environment.locked,
        }
    )


def _lines(facts: dict[str, Any]) -> str:
    """One line per key, and one per item of a list: what changes shows in a difference."""
    lines: list[str] = []
    for key, value in facts.items():
        if isinstance(value, tuple):
            lines += [f"{key} = [", *(f"  {toml_value(one)}," for one in value), "]"]
        else:
            lines.append(f"{key} = {toml_value(value)}")
    return "\n".join(lines) + "\n"
