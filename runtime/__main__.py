"""`python -m runtime run GRAPH` and `python -m runtime runner WORKSPACE`: the engine alone.

    python -m runtime run GRAPH --catalog INDEX.json [--catalog …] --workspace DIR [--json]
    python -m runtime runner WORKSPACE [--leave-after SECONDS]

Exit status: 0 done, 1 the run failed, 2 the request is wrong, 3 infrastructure.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from runtime.model import Run, RunEvent

USAGE = (__doc__ or "").split("\n\n")[1]
_MARKS = {"completed": "✓", "failed": "✗", "skipped": "–", "cancelled": "–"}


def main(arguments: "Sequence[str]") -> int:
    """Carry out one command; gives the exit status."""
    match list(arguments):
        case ["run", *rest] if (wanted := _parsed(rest)) is not None:
            return _run(*wanted)
        case ["runner", workspace, *rest] if rest[:1] in ([], ["--leave-after"]):
            return _runner(workspace, rest)
        case ["--help" | "-h"]:
            _say(USAGE)
            return 0
    _complain(USAGE)
    return 2


def _run(graph: str, catalogs: list[str], workspace: str, as_json: bool) -> int:
    _start_lean()
    from runtime.errors import DesignerError

    try:
        run = _execute(graph, catalogs, workspace, quiet=as_json)
    except DesignerError as exc:
        return _refuse(exc, as_json)
    if as_json:
        import msgspec

        from runtime.execution.report import run_document

        _say(msgspec.json.encode(run_document(run)).decode())
    else:
        _complain(f"run {run.number} {run.status} in {run.seconds or 0:.2f} s")
    return 0 if run.status == "completed" else 1


def _execute(graph: str, catalogs: list[str], workspace: str, *, quiet: bool) -> "Run":
    from pathlib import Path

    from runtime.execution.submission import run_graph
    from runtime.index_catalog import IndexCatalog

    catalog = IndexCatalog(*map(Path, catalogs))
    show = None if quiet else _show
    return run_graph(Path(graph), workspace, catalog=catalog, on_event=show, ends_program=True)


def _runner(workspace: str, rest: list[str]) -> int:
    from runtime.errors import DesignerError
    from runtime.execution.runner import run_runner
    from runtime.log import log_to

    log_to()
    try:
        return run_runner(workspace, leave_after_s=float(rest[1]) if len(rest) > 1 else None)
    except DesignerError as exc:
        _complain(str(exc))
        return exc.exit_status


def _start_lean() -> None:
    """What makes a fresh program reach its first step sooner."""
    import gc

    from runtime.lean_start import import_msgspec
    from runtime.targets.spawning import processors, spawn_ahead

    gc.set_threshold(100_000)
    spawn_ahead(processors())
    import_msgspec()


def _leave(status: int) -> None:
    """End the program without taking the interpreter apart."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _refuse(exc: "Any", as_json: bool) -> int:
    if as_json:
        import msgspec

        from runtime.execution.report import error_document

        _say(msgspec.json.encode(error_document(exc)).decode())
    else:
        _complain(str(exc))
    return int(exc.exit_status)


def _show(event: "RunEvent") -> None:
    if event.kind == "step" and event.status in _MARKS:
        note = event.error.message if event.error else str(event.data.get("reason", ""))
        _complain(f"{_MARKS[event.status]} {event.step}  {note}")


def _parsed(rest: list[str]) -> "tuple[str, list[str], str, bool] | None":
    graphs: list[str] = []
    catalogs: list[str] = []
    workspace = os.environ.get("DESIGNER_WORKSPACE", "")
    as_json = False
    words = iter(rest)
    for word in words:
        if word == "--json":
            as_json = True
        elif word == "--catalog":
            catalogs.append(next(words, ""))
        elif word == "--workspace":
            workspace = next(words, "")
        else:
            graphs.append(word)
    if len(graphs) != 1 or graphs[0].startswith("-") or not all([workspace, *catalogs]):
        return None
    return graphs[0], catalogs, workspace, as_json


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _complain(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    _leave(main(sys.argv[1:]))
