"""`designer runs tag` and `designer runs note`."""

import argparse
from contextlib import closing

from designer.commands.output import print_json, say
from designer.commands.place import workspace_of
from designer.commands.runs import find_run
from designer.services.run_marks import change_marks
from designer.services.services import whoami
from designer.store import Database, RunMarks, RunMarkStore
from runtime.errors import RequestError
from runtime.model import Run
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


def change_tags(chosen: argparse.Namespace) -> int:
    """Give a run tags with `+tag` and take others away with `-tag`; say which it has."""
    chosen, changes = _split(chosen)
    for change in changes:
        if change[:1] not in ("+", "-") or change.startswith("--"):
            raise RequestError(
                "A004",
                f"'{change}' is neither +TAG nor -TAG.",
                remedy="Put + before a tag to add it, - before one to take it away.",
            )
    add, remove = ([c[1:] for c in changes if c[0] == sign] for sign in "+-")
    run, marks = _change(chosen, add=add, remove=remove)
    if chosen.json:
        print_json({"run_id": run.id, "tags": marks.tags})
    else:
        say(" ".join(marks.tags))
    return 0


def write_note(chosen: argparse.Namespace) -> int:
    """Write a run's note, take it away with an empty text, or say it."""
    run, marks = _change(chosen, note=chosen.text)
    if chosen.json:
        print_json({"run_id": run.id, "note": marks.note, "by": marks.note_by})
    else:
        say(marks.note)
    return 0


def _split(chosen: argparse.Namespace) -> tuple[argparse.Namespace, list[str]]:
    """The options among the changes, for `-tag` looks like an option as well."""
    options = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    options.add_argument("--json", action="store_true", default=chosen.json)
    options.add_argument("--workspace", default=argparse.SUPPRESS)
    return options.parse_known_args(chosen.changes, namespace=chosen)


def _change(
    chosen: argparse.Namespace,
    *,
    add: list[str] | None = None,
    remove: list[str] | None = None,
    note: str | None = None,
) -> tuple[Run, RunMarks]:
    workspace = Workspace(workspace_of(chosen))
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        run = find_run(store, chosen.run)
    with closing(Database(workspace.designer_db)) as database:
        marks = database.do_now(
            lambda session: change_marks(
                RunMarkStore(session),
                run,
                add=add or (),
                remove=remove or (),
                note=note,
                author=whoami(),
            )
        )
    return run, marks
