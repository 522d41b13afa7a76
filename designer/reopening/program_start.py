"""How the program of a reopened step is started: `run.sh`, and a debugger's way in."""

import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from designer.reopening.readme import launch
from modules_library.programs.declaration import ProgramKind
from modules_library.programs.metrics import METRICS
from modules_library.programs.outputs import MADE


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """A command line with absolute paths, and what is around it.

    Attributes:
        words: The program and its arguments; a mark stands for each secret.
        environment: The variables that the step set.
        folder: The folder of the reopened step.
        work: Its working directory.
        empty: Folders that have to be there, with nothing in them.
        secrets: The variables that give its secrets.
        processes: How many are started at a time.
    """

    kind: ProgramKind
    words: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    work: Path
    empty: Sequence[Path]
    secrets: Sequence[str]
    processes: int

    @staticmethod
    def mark(variable: str) -> str:
        """What stands for a secret; no argument can hold these bytes."""
        return f"\0{variable}\0"

    @property
    def can_be_debugged(self) -> bool:
        """Whether a Python debugger can start it."""
        return self.kind == "script" and self.processes == 1


def run_script(start: Start, heading: Iterable[str]) -> str:
    """The text of `run.sh`."""
    return "\n".join(_lines(start, heading)) + "\n"


def debugging(start: Start) -> str:
    """The text of `.vscode/launch.json` for a script."""
    here = "${workspaceFolder}"
    stand = {str(start.folder): here} | {
        start.mark(name): f"${{env:{name}}}" for name in start.secrets
    }
    python, program, *arguments = start.words
    return launch(
        python,
        program=f"{here}/{start.work.name}/{program}",
        work=f"{here}/{start.work.name}",
        arguments=[_replaced(word, stand) for word in arguments],
        environment={name: _replaced(text, stand) for name, text in start.environment.items()},
    )


def _lines(start: Start, heading: Iterable[str]) -> Iterator[str]:
    stand = {str(start.folder): '"$here"'} | {
        start.mark(name): f'"${name}"' for name in start.secrets
    }

    def quoted(text: str) -> str:
        return _replaced(text, stand, shlex.quote) or "''"

    yield "#!/usr/bin/env bash"
    yield from (f"# {line}" for line in heading)
    yield "set -eu"
    yield 'here=$(cd "$(dirname "$0")" && pwd)'
    yield from (f': "${{{name}:?Set it first: it is a secret}}"' for name in start.secrets)
    yield ""
    yield f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"'
    for name, text in start.environment.items():
        yield f"export {name}={quoted(text)}"
    yield ""
    yield f'rm -rf "$here/{MADE}"'
    yield f'mkdir -p "$here/{MADE}"{"".join(f" {quoted(str(one))}" for one in start.empty)}'
    yield f': > "${METRICS}"'
    yield f"cd {quoted(str(start.work))}"
    words = [quoted(word) for word in start.words]
    if start.kind != "notebook":
        words.insert(1 if start.kind == "script" else 0, '"$@"')
    yield from _alone(words) if start.processes == 1 else _ranked(words, start.processes)


def _alone(words: Sequence[str]) -> Iterator[str]:
    yield f"exec {' '.join(words)}"


def _ranked(words: Sequence[str], count: int) -> Iterator[str]:
    """All of them at a time; the first that fails ends the others, and its status is the script's."""
    yield f"for rank in $(seq 0 {count - 1}); do"
    yield f"    RANK=$rank LOCAL_RANK=$rank {' '.join(words)} &"
    yield "done"
    yield "status=0"
    yield f"for rank in $(seq 0 {count - 1}); do"
    yield "    ended=0"
    yield "    wait -n || ended=$?"
    yield "    if [ $ended -ne 0 ] && [ $status -eq 0 ]; then"
    yield "        status=$ended"
    yield "        kill $(jobs -pr) 2> /dev/null || true"
    yield "    fi"
    yield "done"
    yield "exit $status"


def _replaced(
    text: str, stand: Mapping[str, str], other: Callable[[str], str] = lambda part: part
) -> str:
    """The text with expressions for what they stand for, and the rest as a function gives it."""
    pattern = "|".join(map(re.escape, stand))
    parts = re.split(f"({pattern})", text)
    return "".join(stand[part] if part in stand else other(part) for part in parts if part)
