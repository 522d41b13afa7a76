"""A program that collects everything that is not in use; it may die at any moment."""

import sys
import time

from runtime.stores import FolderArtifactStore, Retention, SqliteRunStore, Workspace, collect

if __name__ == "__main__":
    place = Workspace(sys.argv[1])
    collect(
        place,
        SqliteRunStore(place.runs_db),
        FolderArtifactStore(place.artifacts),
        now=time.time() + 1,
        retention=Retention(newest_runs=0, youngest_s=0, grace_s=0),
    )
