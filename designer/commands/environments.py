"""`designer environment`: list, add, build, remove, and where packages come from."""

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec

from designer.commands.output import complain, print_json, print_table, say
from designer.commands.place import workspace_of
from runtime.environments.building import Progress, build, words
from runtime.environments.environment_files import EnvironmentFiles
from runtime.environments.overview import EnvironmentState, find, overview, remove
from runtime.environments.ready import READY
from runtime.errors import RequestError
from runtime.model import LOCAL, PackageSource
from runtime.stores.workspace import Workspace
from runtime.targets.target_file import TargetFile


def list_environments(chosen: argparse.Namespace) -> int:
    """The environments of the workspace, and what there is of them here or on a target."""
    states = overview(EnvironmentFiles(workspace_of(chosen)))
    there = _there(chosen) if chosen.target not in (None, LOCAL) else None
    if chosen.json:
        facts = [{**msgspec.to_builtins(one), **_built_there(one, there)} for one in states]
        print_json({"environments": facts, "ready": list(READY.values())})
        return 0
    where = "HERE" if there is None else f"ON {chosen.target}"
    rows = [_row(one, there) for one in states]
    print_table([("NAME", "PYTHON", "PACKAGES", where, "ASKED FOR"), *rows])
    left = [name for name in READY if name not in {one.environment.name for one in states}]
    if left:
        complain(f"Ready to be added: {', '.join(left)}.")
    return 0


def add(chosen: argparse.Namespace) -> int:
    """Lock requirements under a name; nothing is installed yet."""
    source = PackageSource(extra_index=chosen.extra_index, wheels=_absolute(chosen.wheels))
    files = EnvironmentFiles(Workspace(workspace_of(chosen)).path)
    wanted = _wanted(chosen)
    environment = files.add(chosen.name, wanted, python=chosen.python, source=source)
    if chosen.json:
        print_json(_state(files, chosen.name))
        return 0
    say(f"'{environment.name}' is locked: {len(environment.locked)} packages.")
    if chosen.name in READY and (note := READY[chosen.name].note):
        complain(note)
    return 0


def build_here(chosen: argparse.Namespace) -> int:
    """Build an environment on this machine, unless it is there."""
    files = EnvironmentFiles(workspace_of(chosen))
    environment = find(files, chosen.name)
    python = build(environment, files.built, _Teller(environment.title))
    if chosen.json:
        print_json(_state(files, chosen.name))
    else:
        say(f"'{environment.title}' is built: {python}")
    return 0


def remove_environment(chosen: argparse.Namespace) -> int:
    """Forget an environment and remove what is built of it here."""
    gone = remove(EnvironmentFiles(workspace_of(chosen)), chosen.name)
    if chosen.json:
        print_json({"removed": gone.title, "digest": gone.digest})
    else:
        complain(f"'{gone.title}' is removed.")
    return 0


def source(chosen: argparse.Namespace) -> int:
    """Say, or choose, where packages come from."""
    files = EnvironmentFiles(workspace_of(chosen))
    if chosen.index is not None or chosen.wheels is not None:
        Workspace(workspace_of(chosen))
        files.set_source(
            PackageSource(index=chosen.index or "", wheels=_absolute(chosen.wheels or ""))
        )
    now = files.source()
    if chosen.json:
        print_json({"index": now.index, "wheels": now.wheels})
    elif now.wheels:
        say(f"Packages come from the folder '{now.wheels}'; no network is used.")
    else:
        say(f"Packages come from {now.index or 'the usual index'}.")
    return 0


def _wanted(chosen: argparse.Namespace) -> list[str]:
    wanted = list(chosen.requirement)
    for path in chosen.file:
        wanted += _listed(path)
    if not wanted:
        if chosen.name not in READY:
            raise RequestError(
                "A004",
                f"Nothing is asked for, and no ready environment is called '{chosen.name}'.",
                remedy=f"Name packages, or one of: {', '.join(READY)}.",
            )
        wanted = list(READY[chosen.name].requirements)
    return wanted


def _listed(path: Path) -> list[str]:
    """The requirements of a file, without comments."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise RequestError(
            "A004", f"'{path}' cannot be read: {exc}.", remedy="Give a file of requirements."
        ) from exc
    return [text for line in lines if (text := line.partition("#")[0].strip())]


def _state(files: EnvironmentFiles, name: str) -> EnvironmentState:
    digest = find(files, name).digest
    return next(one for one in overview(files) if one.digest == digest)


def _row(state: EnvironmentState, there: frozenset[str] | None) -> tuple[str, ...]:
    one = state.environment
    name = one.name or one.folder[:12]
    asked = ", ".join(one.requirements) or "nothing more"
    return name, one.python, str(len(one.locked)), _where(state, there), asked


def _where(state: EnvironmentState, there: frozenset[str] | None) -> str:
    if there is not None:
        return "built" if state.environment.folder in there else "not built"
    if state.progress is not None:
        return words("", state.progress)
    if state.built is None:
        return "not built"
    return f"{state.built.bytes / 1e6:.0f} MB"


def _there(chosen: argparse.Namespace) -> frozenset[str]:
    """The folders of the environments that a target has."""
    from runtime.targets.declaring import examine

    report = asyncio.run(examine(TargetFile(workspace_of(chosen)).get(chosen.target)))
    return frozenset(report.environments)


def _built_there(state: EnvironmentState, there: frozenset[str] | None) -> dict[str, bool]:
    return {} if there is None else {"built_there": state.environment.folder in there}


class _Teller:
    """Prints how far a build is, on one line where that can be."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._said = ""

    def __call__(self, progress: Progress) -> None:
        text = words(self._title, progress)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
        elif progress.package != self._said or not self._said:
            self._said = progress.package or " "
            complain(text)


def _absolute(folder: str) -> str:
    return str(Path(folder).expanduser().absolute()) if folder else ""
