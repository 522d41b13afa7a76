"""Everything that people see: the canvas, the pages, REST and the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runtime.environments.building import Tell
    from runtime.environments.overview import EnvironmentState
    from runtime.interfaces import EventSink
    from runtime.model import (
        Diagnostic,
        Environment,
        Graph,
        PackageSource,
        Run,
        Setting,
        Target,
        TargetKind,
        TargetReport,
    )
    from runtime.model.preview import Preview
    from runtime.planning import PlanOptions

__all__ = [
    "add_environment",
    "add_target",
    "build_environment",
    "environments",
    "preview_graph",
    "remove_environment",
    "remove_target",
    "run_graph",
    "targets",
    "test_target",
    "tidy",
    "validate_graph",
]


def run_graph(
    graph: "Graph | dict[str, Any] | str | Path",
    workspace: "Path | str",
    *,
    options: "PlanOptions | None" = None,
    on_event: "EventSink | None" = None,
) -> "Run":
    """Run a graph to its end with the built-in modules and those of the workspace.

    The engine works in this process; where the page is open on the workspace, its runner does the
    work, and the run appears there too.

    Args:
        graph: A graph, a graph document, its JSON text, or the path of a graph file.
        workspace: Folder for artifacts and runs; made when absent.
        options: What to run and how; all of it by default.
        on_event: Called with every event, in order.

    Raises:
        InvalidGraphError: The graph has errors; all of them are in `diagnostics`.
        InfrastructureError: R007 when another program keeps the workspace.

    >>> import designer
    >>> run = designer.run_graph("assets/samples/breast_cancer.json", "workspace")  # doctest: +SKIP
    >>> run.status  # doctest: +SKIP
    'completed'
    """
    from modules_library.registry import open_catalog
    from runtime import run_graph as run
    from runtime.stores.workspace import Workspace

    place = Workspace(workspace).path
    catalog = open_catalog(place)
    return run(graph, place, catalog=catalog, options=options, on_event=on_event)


def preview_graph(
    graph: "Graph | dict[str, Any] | str | Path",
    workspace: "Path | str",
    *,
    options: "PlanOptions | None" = None,
) -> "Preview":
    """Say what a run would do: what runs and why, what is reused, and what it would take.

    Nothing is executed and nothing is written. A graph with errors is previewed too: its
    diagnostics are in the preview, and `can_run` is false.

    Args:
        graph: A graph, a graph document, its JSON text, or the path of a graph file.
        workspace: The folder whose earlier runs count; it need not exist.
        options: What would run and how; all of it by default.

    Raises:
        InvalidGraphError: The graph cannot be read.

    >>> import designer
    >>> preview = designer.preview_graph("assets/samples/breast_cancer.json", "workspace")
    >>> preview.can_run
    True
    """
    from modules_library.registry import open_catalog
    from runtime.execution.submission import preview_graph as preview

    place = Path(workspace).expanduser()
    catalog = open_catalog(place if place.is_dir() else None)
    return preview(graph, place, catalog=catalog, options=options)[1]


def validate_graph(
    graph: "Graph | dict[str, Any] | str | Path",
    workspace: "Path | str | None" = None,
    *,
    schemas: bool = True,
) -> "tuple[Diagnostic, ...]":
    """List every problem of a graph, a missing or wrongly typed column included; nothing runs.

    Args:
        graph: A graph, a graph document, its JSON text, or the path of a graph file.
        workspace: Whose modules and earlier runs count; only the built-in modules without one.
        schemas: Also find out which columns every node gets, in a process of its own.

    Raises:
        InvalidGraphError: The graph cannot be read; all of its problems are in `diagnostics`.

    >>> import designer
    >>> designer.validate_graph({"format": 1, "nodes": {}}, schemas=False)
    ()
    """
    from designer.foreseeing import validate_with_schemas
    from modules_library.registry import open_catalog
    from runtime.execution.submission import read_graph_of
    from runtime.validation import validate

    read, folder = read_graph_of(graph)
    place = Path(workspace).expanduser().absolute() if workspace is not None else None
    catalog = open_catalog(place)
    if not schemas:
        return validate(read, catalog)
    return validate_with_schemas(read, catalog, workspace=place, source_folder=folder)


def tidy(
    graph: "Graph | dict[str, Any] | str | Path", workspace: "Path | str | None" = None
) -> "Graph":
    """Lay out a graph afresh: rows from top to bottom, few crossings, frames kept together.

    Args:
        graph: A graph, a graph document, its JSON text, or the path of a graph file.
        workspace: Where modules are besides the built-in ones; they tell how many ports nodes have.

    Returns:
        The graph with new places; `runtime.model.graph_json.write_graph` makes a file's text of it.

    Raises:
        InvalidGraphError: The graph cannot be read; all reasons are in `diagnostics`.

    >>> import designer
    >>> laid_out = designer.tidy("assets/samples/wine_clusters.json")  # doctest: +SKIP
    >>> laid_out.layout["nodes"]["load"]  # doctest: +SKIP
    {'x': 320, 'y': 40}
    """
    from designer.document.arrangement import tidied
    from modules_library.registry import open_catalog
    from runtime.execution.submission import read_graph_of

    catalog = open_catalog(Path(workspace) if workspace is not None else None)
    return tidied(read_graph_of(graph)[0], catalog)


def targets(workspace: "Path | str") -> "dict[str, Target]":
    """The compute targets that steps of a workspace can name, this machine first.

    Args:
        workspace: The folder; it need not exist.

    >>> import designer
    >>> list(designer.targets("workspace"))
    ['local']
    """
    from runtime.targets.target_file import TargetFile

    return TargetFile(Path(workspace).expanduser()).targets()


def add_target(
    workspace: "Path | str",
    name: str,
    *,
    kind: "TargetKind" = "ssh",
    fingerprint: str = "",
    **settings: "Setting",
) -> "Target":
    """Reach a host, an engine or a cluster for the first time, and keep it as a compute target.

    Args:
        workspace: Whose target it becomes.
        name: What nodes call it.
        kind: `ssh` for a host, whose key is pinned; `docker` for an engine; `ray` for a cluster.
        fingerprint: Of the key that the host must have; whatever it shows is pinned when empty.
        settings: The fields of `runtime.model.SshSettings`: `host`, `user`, `python`, …; or of
            `runtime.model.DockerSettings`: `url`, `image`, `network`, …; or of
            `runtime.model.RaySettings`: `address`, `folder`, …

    Raises:
        RequestError: T002 for a name or settings that are not usable, T008 for a name that is
            taken.
        InfrastructureError: T003 to T006 when there is no way in; nothing is kept then.
    """
    import asyncio

    from runtime.model import Target
    from runtime.stores.workspace import Workspace
    from runtime.targets.declaring import declare

    target = Target(name=name, kind=kind, settings=settings)
    place = Workspace(workspace).path
    return asyncio.run(declare(place, target, fingerprint=fingerprint)).target


def test_target(workspace: "Path | str", name: str) -> "TargetReport":
    """Connect to a compute target and say what it offers, and whether a step can run there.

    Args:
        workspace: Whose target it is.
        name: What it is called.

    Raises:
        RequestError: T001 when there is none of that name.
        InfrastructureError: T003 to T006 when there is no way in.
    """
    import asyncio

    from runtime.targets.declaring import examine
    from runtime.targets.target_file import TargetFile

    return asyncio.run(examine(TargetFile(Path(workspace).expanduser()).get(name)))


def remove_target(workspace: "Path | str", name: str) -> None:
    """Forget a compute target; what runs there ends as it would.

    Args:
        workspace: Whose target it is.
        name: What it is called.

    Raises:
        RequestError: T001 when there is none of that name, T002 for `local`.
    """
    from runtime.targets.target_file import TargetFile

    TargetFile(Path(workspace).expanduser()).remove(name)


def environments(workspace: "Path | str") -> "list[EnvironmentState]":
    """The environments that steps of a workspace can run in, and what is built of them here.

    Args:
        workspace: The folder; it need not exist.

    >>> import designer
    >>> designer.environments("workspace")
    []
    """
    from runtime.environments.environment_files import EnvironmentFiles
    from runtime.environments.overview import overview

    return overview(EnvironmentFiles(Path(workspace).expanduser()))


def add_environment(
    workspace: "Path | str",
    name: str,
    requirements: "Sequence[str]" = (),
    *,
    python: str = "",
    source: "PackageSource | None" = None,
) -> "Environment":
    """Lock requirements and keep them as an environment; nothing is installed yet.

    Args:
        workspace: Whose environment it becomes.
        name: What nodes call it.
        requirements: As `pip` reads them; those of the ready environment of that name when empty.
        python: Minor version; that of the designer when empty.
        source: Where its packages come from; the workspace's own choice when absent.

    Raises:
        RequestError: E002 for a name or a Python that is not usable, E003 when there is no
            solution, E005 when the name is taken.
    """
    from runtime.environments.environment_files import EnvironmentFiles
    from runtime.environments.ready import READY
    from runtime.stores.workspace import Workspace

    wanted = requirements or (READY[name].requirements if name in READY else ())
    files = EnvironmentFiles(Workspace(workspace).path)
    return files.add(name, wanted, python=python, source=source)


def build_environment(
    workspace: "Path | str", name: str, *, on_progress: "Tell" = lambda _: None
) -> str:
    """Build an environment on this machine unless it is there; gives the path of its Python.

    Args:
        workspace: Whose environment it is.
        name: What it is called, or the first digits of its digest.
        on_progress: Called with how far it is.

    Raises:
        RequestError: E001 when there is none of that name.
        InfrastructureError: T009 with the end of the log.
    """
    from runtime.environments.building import build
    from runtime.environments.environment_files import EnvironmentFiles
    from runtime.environments.overview import find

    files = EnvironmentFiles(Path(workspace).expanduser())
    return build(find(files, name), files.built, on_progress)


def remove_environment(workspace: "Path | str", name: str) -> None:
    """Forget an environment, and remove what is built of it on this machine.

    Args:
        workspace: Whose environment it is.
        name: What it is called, or the first digits of its digest.

    Raises:
        RequestError: E001 when there is none of that name, E006 while a step runs in it.
    """
    from runtime.environments.environment_files import EnvironmentFiles
    from runtime.environments.overview import remove

    remove(EnvironmentFiles(Path(workspace).expanduser()), name)
