"""`designer runs compare`: what differs between two runs, or in one output of theirs."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from designer.commands.output import print_json, print_table, say
from designer.commands.place import workspace_of
from designer.commands.runs import find_run
from designer.services.compared_runs import RunComparison, compare_runs
from runtime.errors import RequestError, close_matches
from runtime.execution.environment_lock import read_lock
from runtime.model import ArtifactRef, Run
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.stores.run_store import SqliteRunStore
from runtime.stores.workspace import Workspace


def compare(chosen: argparse.Namespace) -> int:
    """Say what differs: of the runs, or of one output its columns and rows, or its values."""
    if (chosen.step is None) != (chosen.port is None):
        raise RequestError(
            "A004",
            "An output is named by its step and its port.",
            remedy="Give --step and --port, or none of them to compare the runs.",
        )
    if chosen.step is None:
        return _compare_runs(chosen)
    workspace = Workspace(workspace_of(chosen))
    store = SqliteRunStore(workspace.runs_db)
    runs = [find_run(store, name) for name in (chosen.before, chosen.after)]
    before, after = (_output(run, chosen.step, chosen.port) for run in runs)
    difference = asyncio.run(_difference(workspace, before, after))
    if chosen.json:
        names = {"before": before.digest, "after": after.digest}
        print_json({**names, "difference": difference})
        return 0
    titles = [f"run {run.number}" for run in runs]
    say(f"{chosen.step}.{chosen.port}: {' → '.join(titles)}")
    if before.digest == after.digest:
        say("Nothing differs.")
    elif difference["kind"] == "tables":
        _say_tables(difference)
    else:
        _say_documents(difference)
    return 0


def _compare_runs(chosen: argparse.Namespace) -> int:
    workspace = Workspace(workspace_of(chosen))
    store = SqliteRunStore(workspace.runs_db)
    before, after = (find_run(store, name) for name in (chosen.before, chosen.after))
    locks = (
        read_lock(workspace.path, before.packages),
        read_lock(workspace.path, after.packages),
    )
    comparison = compare_runs(before, after, locks)
    if chosen.json:
        print_json(comparison)
        return 0
    say(f"Run {before.number} → run {after.number}: {before.status} → {after.status}")
    rows = list(_differences(comparison))
    if rows:
        print_table([("WHAT", "BEFORE", "AFTER"), *rows])
    else:
        say("Nothing differs.")
    return 0


def _differences(found: RunComparison) -> Iterator[tuple[str, ...]]:
    if found.has_other_graph:
        yield "graph", *(f"run:{one.number}" for one in (found.before, found.after))
    for name, pair in found.parameters.items():
        yield f"parameter {name}", *map(_text, pair)
    if found.commits is not None:
        yield "commit", *found.commits
    for step in found.steps:
        for what, words in (("module", step.module), ("status", step.status)):
            if words is not None:
                yield f"{step.step}: {what}", *(str(one or "absent") for one in words)
        for name, pair in step.metrics.items():
            yield f"{step.step}: {name}", *map(_text, pair)
        for port, digests in step.outputs.items():
            yield f"{step.step}.{port}", *((one or "none")[:15] for one in digests)
    for name, versions in found.packages.items():
        yield f"package {name}", *(version or "absent" for version in versions)


def _output(run: Run, step: str, port: str) -> ArtifactRef:
    """What a step of a run made for a port. Raises RequestError R006 where there is none."""
    if step not in run.steps:
        raise RequestError(
            "R006",
            f"Run {run.number} has no step '{step}'.{close_matches(step, run.steps)}",
            remedy="Choose one of its steps.",
        )
    outputs = run.steps[step].outputs
    if port not in outputs:
        raise RequestError(
            "R006",
            f"Step '{step}' of run {run.number} has no output '{port}'."
            f"{close_matches(port, outputs)}",
            remedy=f"Choose one of its outputs: {', '.join(outputs) or 'there is none'}.",
        )
    return outputs[port]


async def _difference(workspace: Workspace, before: ArtifactRef, after: ArtifactRef) -> Any:
    from designer.services.reader import Reader

    store = FolderArtifactStore(workspace.artifacts)
    for ref in (before, after):
        if not store.has(ref.digest):
            raise RequestError(
                "S003",
                "The artifact is not stored here any more.",
                remedy="Run the pipeline again to make it.",
            )
    tables = {ref.format == "arrow" for ref in (before, after)}
    if len(tables) > 1:
        raise RequestError(
            "S003",
            "A table cannot be compared with a document.",
            remedy="Choose a run in which the output has the same type.",
        )
    was, is_ = store.path(before.digest), str(store.path(after.digest))
    with tempfile.TemporaryDirectory(prefix="designer-rows-") as folder:
        reader = Reader(Path(folder) / "rows")
        try:
            if tables == {True}:
                content = await reader.work("difference", was, after=is_, keys=None)
            else:
                content = await reader.work("document_difference", was, after=is_)
        finally:
            await reader.stop()
    return msgspec.json.decode(content)


def _say_tables(difference: dict[str, Any]) -> None:
    rows = difference["rows"]
    say(f"Rows: {rows['before']:,} before, {rows['after']:,} after")
    say(f"      {rows['added']:,} added, {rows['removed']:,} removed, {rows['changed']:,} changed")
    how = ", ".join(rows["keys"]) or "their place"
    say(f"      matched by {how}")
    for line in _schema_lines(difference["schema"]):
        say(line)
    if difference["cells"]:
        cells = sorted(difference["cells"], key=lambda cell: -cell["changed"])
        table = [(cell["name"], f"{cell['changed']:,}") for cell in cells]
        print_table([("COLUMN", "CHANGED"), *table])


def _schema_lines(schema: dict[str, Any]) -> Iterator[str]:
    for what in ("added", "removed"):
        for column in schema[what]:
            yield f"Column {what}: {column['name']} ({column['type']})"
    for column in schema["retyped"]:
        was, is_ = column["before"], column["after"]
        yield f"Column retyped: {column['name']} ({_exact(was)} → {_exact(is_)})"
    for column in schema["roles"]:
        was, is_ = (column[side] or "none" for side in ("before", "after"))
        yield f"Role changed: {column['name']} ({was} → {is_})"


def _exact(column: dict[str, Any]) -> str:
    return str(column.get("dtype") or column["type"])


def _say_documents(difference: dict[str, Any]) -> None:
    metrics = [
        (" ".join(filter(None, (one["model"], one["name"]))), one["before"], one["after"])
        for one in difference["metrics"]
    ]
    changes = [
        (".".join(one["path"]), one["before"], one["after"]) for one in difference["changes"]
    ]
    rows = [(name, _text(was), _text(is_)) for name, was, is_ in [*metrics, *changes]]
    if not rows:
        say("Nothing differs in what the documents say.")
        return
    print_table([("VALUE", "BEFORE", "AFTER"), *rows])
    if difference["more"]:
        say(f"{difference['more']:,} more values differ.")


def _text(value: Any) -> str:
    if value == {"$absent": True}:
        return "absent"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else text[:59] + "…"
