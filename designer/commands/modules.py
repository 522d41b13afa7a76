"""`designer module`: list, show, new, test, publish and steer modules."""

import argparse
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from designer.commands.output import complain, print_json, print_table, say
from designer.commands.place import workspace_of
from modules_library.programs import DECLARATION
from modules_library.programs.start import start_of
from modules_library.registry import Catalog, open_catalog
from runtime.errors import RequestError, close_matches
from runtime.model import Graph, ModuleSpec
from runtime.stores.workspace import Workspace

if TYPE_CHECKING:
    from modules_library.registry import Registry

PROGRAMS = "modules_library.programs.conformance"
"""What checks scripts, commands and notebooks."""

_NAME = re.compile(r"(?:(?P<category>[a-z][a-z0-9_]*)\.)?(?P<name>[a-z][a-z0-9_]*)")


def list_modules(chosen: argparse.Namespace) -> int:
    """All modules with their default versions and states."""
    cards = open_catalog(_workspace(chosen)).cards()
    if chosen.json:
        print_json({"modules": cards})
        return 0
    print_table([("MODULE", "DEFAULT", "VERSIONS", "TITLE"), *map(_row, cards)])
    return 0


def show(chosen: argparse.Namespace) -> int:
    """One module, or one of its versions."""
    spec = _spec(open_catalog(_workspace(chosen)), chosen.module, chosen.version)
    if chosen.json:
        print_json(spec)
        return 0
    say(f"{spec.title}  {spec.id} {spec.version}  {spec.kind}  {spec.state}")
    say(f"{spec.documentation or spec.summary}\n")
    rows = [("in", port.name, port.type, port.description) for port in spec.inputs]
    rows += [("out", port.name, port.type, port.description) for port in spec.outputs]
    rows += [("parameter", p.name, p.kind, p.description) for p in spec.parameters]
    print_table(rows)
    return 0


def new(chosen: argparse.Namespace) -> int:
    """Write the start of a module into the workspace's `modules` folder."""
    match = _NAME.fullmatch(chosen.name)
    if match is None:
        raise RequestError(
            "M007",
            f"'{chosen.name}' is not usable as a module's name.",
            remedy="Write it as keep_large or cleaning.keep_large.",
        )
    folder = _workspace(chosen) / "modules" / (match["category"] or "")
    if chosen.kind == "function":
        path, files = folder / f"{match['name']}.py", {"": _start_of(match["name"])}
    else:
        path, files = folder / match["name"], start_of(chosen.kind, match["name"])
    if path.exists():
        raise RequestError(
            "M007",
            f"'{path}' exists already.",
            remedy="Choose another name, or edit what is there.",
        )
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    module_id = f"{match['category'] or 'custom'}.{match['name']}"
    if chosen.json:
        print_json({"module": module_id, "path": str(path)})
    else:
        say(f"{module_id} is at {path}")
    return 0


def test(chosen: argparse.Namespace) -> int:
    """Check a draft against the rules of modules, in a process of its own."""
    from modules_library.sdk.conformance import check_apart

    spec = _spec(open_catalog(_workspace(chosen)), chosen.module, "draft")
    findings = check_apart(spec) if spec.kind == "function" else check_apart(spec, program=PROGRAMS)
    if chosen.json:
        status = "failed" if findings else "completed"
        print_json(
            {"module": spec.id, "version": spec.version, "status": status, "findings": findings}
        )
    for finding in findings if not chosen.json else ():
        complain(f"✗ {finding.rule}: {finding.message}")
    if not findings and not chosen.json:
        complain(f"✓ {spec.id} keeps to every rule, and works with its example.")
    return 1 if findings else 0


def publish(chosen: argparse.Namespace) -> int:
    """Freeze a draft, or the definition of a subgraph, as a version."""
    facts = {
        "version": chosen.version,
        "make_default": chosen.make_default,
        "changelog": chosen.changelog,
    }
    with closing(_registry(chosen)) as registry:
        if chosen.subgraph:
            graph, name = _subgraph(chosen)
            spec = registry.publish_subgraph(graph, name, module_id=chosen.module or "", **facts)
        elif chosen.module:
            spec = registry.publish(_source(registry, chosen.module), **facts)
        else:
            raise RequestError(
                "A004", "No module is named.", remedy="Name a draft or a folder, or use --subgraph."
            )
    if chosen.json:
        print_json(spec)
    else:
        complain(f"✓ {spec.id} {spec.version} is published as {spec.digest[:15]}….")
    return 0


def deprecate(chosen: argparse.Namespace) -> int:
    """Warn wherever it is used."""
    with closing(_registry(chosen)) as registry:
        registry.deprecate(
            chosen.module, chosen.version, chosen.message, replacement=chosen.replacement
        )
    return _say_state(chosen)


def disable(chosen: argparse.Namespace) -> int:
    """Refuse new runs of it."""
    with closing(_registry(chosen)) as registry:
        registry.disable(chosen.module, chosen.version, chosen.message)
    return _say_state(chosen)


def enable(chosen: argparse.Namespace) -> int:
    """Take a deprecation or a disabling back."""
    with closing(_registry(chosen)) as registry:
        registry.enable(chosen.module, chosen.version)
    return _say_state(chosen)


def set_default(chosen: argparse.Namespace) -> int:
    """Move the pointer that a fresh drop uses."""
    with closing(_registry(chosen)) as registry:
        registry.set_default(chosen.module, chosen.version)
    return _say_state(chosen)


def delete(chosen: argparse.Namespace) -> int:
    """Delete a version that nothing uses."""
    workspace = Workspace(_workspace(chosen))
    with closing(_registry(chosen)) as registry:
        registry.delete(
            chosen.module,
            chosen.version,
            lambda module_id, version: _users(workspace, module_id, version),
        )
    if chosen.json:
        print_json({"module": chosen.module, "version": chosen.version, "deleted": True})
    else:
        complain(f"✓ {chosen.module} {chosen.version} is deleted.")
    return 0


def _subgraph(chosen: argparse.Namespace) -> tuple[Graph, str]:
    """The graph and the name in `PIPELINE:NAME`; a pipeline is named by its id or by its file."""
    from runtime.model.graph_json import parse_graph

    pipeline, colon, name = chosen.subgraph.rpartition(":")
    if not colon or not pipeline or not name:
        raise RequestError(
            "A004",
            f"'--subgraph {chosen.subgraph}' is not PIPELINE:NAME.",
            remedy="Write --subgraph churn:prepare, for example.",
        )
    stored = Workspace(_workspace(chosen)).pipelines / f"{pipeline}.json"
    path = Path(pipeline) if Path(pipeline).is_file() else stored
    try:
        return parse_graph(path.read_bytes()), name
    except OSError as exc:
        raise RequestError(
            "S005",
            f"There is no pipeline '{pipeline}' and no such file.",
            remedy="Give the id of a pipeline or the path of a graph file.",
        ) from exc


def _source(registry: "Registry", named: str) -> Path:
    """The source that is published: a draft's by its id, or the one at a path."""
    path = Path(named)
    is_path = path.suffix == ".py" or (path / DECLARATION).is_file()
    return path if is_path and path.exists() else registry.draft_source(named)


def _users(workspace: Workspace, module_id: str, version: str) -> list[str]:
    from designer.store import Database, PipelineStore
    from runtime.stores.run_store import SqliteRunStore

    with closing(Database(workspace.designer_db)) as database:
        users = database.do_now(lambda session: PipelineStore(session).users_of(module_id, version))
    with closing(SqliteRunStore(workspace.runs_db)) as store:
        users += [
            f"run {run.number}"
            for run in store.runs(limit=1000)
            if any(
                (step.module, step.version) == (module_id, version)
                for step in store.step_runs(run.id).values()
            )
        ]
    return users


def _say_state(chosen: argparse.Namespace) -> int:
    card = open_catalog(_workspace(chosen)).card(chosen.module)
    if chosen.json:
        print_json({key: card[key] for key in ("id", "default", "versions")})
        return 0
    for version in card["versions"]:
        mark = " (default)" if version["version"] == card["default"] else ""
        complain(f"{chosen.module} {version['version']}  {version['state']}{mark}")
    return 0


def _workspace(chosen: argparse.Namespace) -> Path:
    return Workspace(workspace_of(chosen)).path


def _registry(chosen: argparse.Namespace) -> "Registry":
    from modules_library.registry import Registry

    return Registry(_workspace(chosen))


def _spec(catalog: Catalog, module_id: str, version: str | None) -> ModuleSpec:
    versions = catalog.versions(module_id)
    problem = catalog.card(module_id)["error"]
    if problem and (version == "draft" or not versions):
        raise RequestError(problem["code"], problem["message"], remedy=problem["remedy"])
    if not versions:
        known = close_matches(module_id, catalog.module_ids())
        raise RequestError(
            "M001",
            f"There is no module '{module_id}'.{known}",
            remedy="Choose one from `designer module list`.",
        )
    found = (
        catalog.find(module_id, version) if version else catalog.default(module_id) or versions[0]
    )
    if found is None:
        raise RequestError(
            "M002",
            f"'{module_id}' has no version '{version}'.",
            remedy=f"Choose one of {', '.join(one.version for one in versions)}.",
        )
    return found


def _row(card: dict[str, Any]) -> tuple[str, str, str, str]:
    states = [
        f"{one['version']}{'' if one['state'] == 'active' else ' ' + one['state']}"
        for one in card["versions"]
    ]
    problem = msgspec.to_builtins(card["error"]) if card["error"] else None
    title = f"{card['title']}  ✗ {problem['message']}" if problem else card["title"]
    return card["id"], card["default"] or "–", ", ".join(states), title


def _start_of(name: str) -> str:
    title = name.replace("_", " ").title()
    return f'''from typing import Any, NamedTuple

import polars as pl

from modules_library.sdk import module


class Result(NamedTuple):
    """What it gives.

    Attributes:
        result: The first rows.
    """

    result: pl.DataFrame


@module(version="1.0.0", title="{title}")
def {name}(dataset: pl.DataFrame, *, rows: int = 10) -> Result:
    """Keep the first rows of a table.

    Args:
        dataset: The rows.
        rows: How many are kept.
    """
    return Result(dataset.head(rows))


def example() -> dict[str, Any]:
    """A small run of this module."""
    frame = pl.DataFrame({{"a": [1, 2, 3]}})
    return {{"inputs": {{"dataset": frame}}, "parameters": {{"rows": 2}}}}
'''
