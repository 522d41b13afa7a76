"""`designer runs logs`: what steps printed: whole, the end, what fits, or as it comes."""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from designer.commands.output import complain, print_json
from designer.commands.place import workspace_of
from designer.commands.runs import find_run
from designer.services.read_worker.log_query import LogQuery
from designer.services.runs import log_place, no_step
from runtime.errors import RequestError
from runtime.model import TERMINAL, Run
from runtime.stores.log_file import LogFile
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace

_PIECE_BYTES = 1 << 20
_LOOK_S = 0.2


def logs(chosen: argparse.Namespace) -> int:
    """The log of a step, or of all steps."""
    workspace = Workspace(workspace_of(chosen))
    store = SqliteRunStore(workspace.runs_db)
    run = find_run(store, chosen.run)
    if chosen.step is not None and chosen.step not in run.steps:
        raise no_step(run, chosen.step)
    if chosen.follow:
        return _follow(workspace, store, run, chosen)
    wanted = [chosen.step] if chosen.step else list(run.steps)
    places = {
        step: log_place(workspace, store, run.id, run.steps[step], chosen.attempt)
        for step in wanted
    }
    if chosen.json:
        texts = {step: _text(place, chosen) for step, place in places.items()}
        print_json({"run_id": run.id, "logs": texts})
        return 0
    for step, place in places.items():
        if len(places) > 1 and place.exists():
            complain(f"── {step}")
        for piece in _pieces(place, chosen):
            sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return 0


def _text(place: Path, chosen: argparse.Namespace) -> str:
    return b"".join(_pieces(place, chosen)).decode("utf-8", "replace")


def _pieces(place: Path, chosen: argparse.Namespace) -> Iterator[bytes]:
    """What is wanted of a log."""
    if not place.exists():
        return
    with LogFile(place) as log:
        if chosen.search is not None:
            yield from _found(log, chosen)
            return
        start = 0 if chosen.tail is None else log.start_of_last(chosen.tail)
    with place.open("rb") as file:
        file.seek(start)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _found(log: LogFile, chosen: argparse.Namespace) -> Iterator[bytes]:
    from collections import deque

    from designer.services.read_worker.log_search import matching

    log.count()
    query = LogQuery(chosen.search, is_regex=chosen.regex, has_case=chosen.case)
    lines = (b"%d:%s\n" % (number + 1, line) for number, line in matching(log, query))
    yield from lines if chosen.tail is None else deque(lines, chosen.tail)


def _follow(
    workspace: Workspace, store: SqliteRunStore, run: Run, chosen: argparse.Namespace
) -> int:
    """Print what a step prints until it has ended; a later attempt's log follows the one before."""
    if chosen.step is None or chosen.search is not None or chosen.json:
        raise RequestError(
            "A004",
            "What is followed is the log of one step, as it is.",
            remedy="Name the step, and leave --search and --json away.",
        )
    following, offset = None, 0
    while True:
        state = store.step_run(run.number, chosen.step)
        assert state is not None
        place = log_place(workspace, store, run.id, state, chosen.attempt)
        if place != following:
            following, offset = place, 0
            if chosen.tail is not None and place.exists():
                with LogFile(place) as log:
                    offset = log.start_of_last(chosen.tail)
        offset = _print_from(place, offset)
        if state.status in TERMINAL:
            return 0
        time.sleep(_LOOK_S)


def _print_from(place: Path, offset: int) -> int:
    try:
        with place.open("rb") as file:
            file.seek(offset)
            while piece := file.read(_PIECE_BYTES):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return file.tell()
    except FileNotFoundError:
        return offset
