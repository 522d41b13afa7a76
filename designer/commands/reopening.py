"""`designer runs open`."""

import argparse
from pathlib import Path

from designer.commands.output import print_json, say
from designer.commands.place import workspace_of
from designer.commands.runs import find_run
from designer.reopening import free_place, reopen, stored_subject
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


def open_step(chosen: argparse.Namespace) -> int:
    """A step of a run in a folder of its own; nothing is executed."""
    workspace = Workspace(workspace_of(chosen))
    store = SqliteRunStore(workspace.runs_db)
    subject = stored_subject(store, find_run(store, chosen.run), chosen.step)
    folder = chosen.output or free_place(Path.cwd(), subject.folder_name)
    made = reopen(subject, FolderArtifactStore(workspace.artifacts), folder)
    if chosen.json:
        print_json(made)
        return 0
    say(f"{made.folder}")
    say(f"Run it there with: {made.command}")
    return 0
