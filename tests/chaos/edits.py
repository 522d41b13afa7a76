"""What must hold of edits, files, modules and settings after the program that made them died."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing

from designer.services.services import Services
from modules_library.registry import Registry, open_catalog
from runtime.model import Target
from runtime.model.digest import digest_file
from runtime.model.graph_json import parse_graph
from runtime.targets.target_file import TargetFile
from tests.designer.running import give_database

EDITED = "edited"
MODULE = "custom.double"
TARGET = Target(name="box", kind="ssh", settings={"host": "box.example"})


def editing(workspace, count=12, environment=None):
    """Run the editing program to its end or death; gives what it acknowledged."""
    give_database(workspace)
    command = [sys.executable, "-m", "tests.chaos.editing_program", str(workspace), str(count)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    return done.stdout.splitlines(), done


def check_edits(workspace, acknowledged):
    """Fail unless all that was acknowledged is there and nothing is half."""
    _check_databases(workspace)
    path = workspace / "pipelines" / f"{EDITED}.json"
    in_file = parse_graph(path.read_bytes()).parameters if path.exists() else {}
    document = asyncio.run(_reopened(workspace))
    for line in acknowledged:
        kind, _, name = line.partition(" ")
        if kind == "edit":
            assert name in document.get("parameters", {}), f"the acknowledged {line} is lost"
        elif kind == "file":
            assert name in in_file, f"the acknowledged {line} is not in the file"
        elif kind == "module":
            _check_module(workspace)
        elif kind == "target":
            assert TARGET.name in TargetFile(workspace).targets(), "the acknowledged target is lost"
    TargetFile(workspace).targets()
    if path.exists():
        written = json.loads(path.read_text()).get("parameters", {})
        assert written.keys() == document.get("parameters", {}).keys(), "the file is not the draft"


async def _reopened(workspace):
    """Open the workspace again, as the next start does; gives the draft, its file written anew."""
    services = Services(workspace)
    if EDITED not in await services.pipelines.ids():
        return {}
    await services.files.save(EDITED)
    document = (await services.pipelines.draft(EDITED)).document
    services.database.close()
    return document


def _check_module(workspace):
    Registry(workspace).close()  # a registry that finds its index behind writes it anew
    spec = open_catalog(workspace).find(MODULE, "1.0.0")
    assert spec is not None, "the acknowledged module version is lost"
    assert digest_file(workspace / spec.entry.source) is not None


def _check_databases(workspace):
    for path in workspace.glob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], path
