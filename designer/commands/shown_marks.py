"""Tags and notes for commands that show runs; what they need is loaded only where there are some."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from runtime.stores.workspace import Workspace

if TYPE_CHECKING:
    from designer.store.run_mark_store import RunMarks, RunMarkStore

Found = TypeVar("Found")


def marks_of(workspace: Workspace, run_ids: Sequence[str]) -> "dict[str, RunMarks]":
    """The marks of runs; those that have none are left out."""
    return _ask(workspace, lambda store: store.of(run_ids), {})


def tagged(workspace: Workspace, tags: Sequence[str]) -> list[str] | None:
    """The ids of the runs that have all of these tags; None where no tag is asked for."""
    if not tags:
        return None
    none: list[str] = []
    return _ask(workspace, lambda store: store.tagged([tag.lower() for tag in tags]), none)


def _ask(workspace: Workspace, ask: "Callable[[RunMarkStore], Found]", otherwise: Found) -> Found:
    if not workspace.designer_db.exists():
        return otherwise
    from designer.store.database import Database
    from designer.store.run_mark_store import RunMarkStore

    with closing(Database(workspace.designer_db)) as database:
        return database.do_now(lambda session: ask(RunMarkStore(session)))
