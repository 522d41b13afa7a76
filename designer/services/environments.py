"""Environments: listed with what uses them, added, built, removed; and where packages come from."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

from sqlmodel import Session

from designer.document.operations import Document
from designer.services.answers import EnvironmentAnswer, EnvironmentList, EnvironmentUse
from designer.store import Database, PipelineStore
from runtime.environments.building import build
from runtime.environments.environment_files import EnvironmentFiles
from runtime.environments.floor import PYTHON
from runtime.environments.overview import EnvironmentState, find, overview, remove
from runtime.environments.ready import READY
from runtime.errors import DesignerError
from runtime.interfaces import ModuleCatalog
from runtime.model import Environment, ErrorRecord, PackageSource

Uses = dict[str, list[EnvironmentUse]]
Modules = dict[str, list[str]]


class EnvironmentService:
    """The verbs on the environments of one workspace.

    Args:
        workspace: The workspace's folder.
        database: Where the pipelines are that may use them.
        catalog: Gives the modules that may ask for them.
    """

    def __init__(
        self, workspace: Path, database: Database, catalog: Callable[[], ModuleCatalog]
    ) -> None:
        self._files = EnvironmentFiles(workspace)
        self._database = database
        self._catalog = catalog
        self._failures: dict[str, ErrorRecord] = {}
        self._building: dict[str, asyncio.Task[None]] = {}

    async def list(self) -> EnvironmentList:
        """All of them, with what is built of them here and what uses them."""
        states, uses = await asyncio.gather(
            asyncio.to_thread(overview, self._files), self._database.do(_uses)
        )
        modules = await asyncio.to_thread(self._modules)
        return EnvironmentList(
            environments=tuple(self._answer(one, uses, modules) for one in states),
            ready=tuple(READY.values()),
            source=await asyncio.to_thread(self._files.source),
            python=PYTHON,
            packages=await asyncio.to_thread(_installed),
        )

    async def add(
        self, name: str, requirements: Sequence[str], *, python: str, source: PackageSource
    ) -> EnvironmentAnswer:
        """Lock requirements under a name; those of a ready environment when none are given.

        Raises:
            RequestError: E002, E003 or E005 for what cannot be.
        """
        wanted = requirements or (READY[name].requirements if name in READY else ())
        environment = await asyncio.to_thread(
            self._files.add, name, wanted, python=python, source=source
        )
        return _bare(environment)

    async def build(self, name: str) -> EnvironmentAnswer:
        """Begin to build an environment here; the list says how far it is.

        Raises:
            RequestError: E001 when there is none of that name.
        """
        environment = await asyncio.to_thread(find, self._files, name)
        if environment.digest not in self._building:
            self._failures.pop(environment.digest, None)
            task = asyncio.create_task(self._build(environment))
            self._building[environment.digest] = task
            task.add_done_callback(lambda _: self._building.pop(environment.digest, None))
        return _bare(environment)

    async def remove(self, name: str) -> EnvironmentAnswer:
        """Forget an environment. Raises RequestError E001, or E006 while a step runs in it."""
        gone = await asyncio.to_thread(remove, self._files, name)
        self._failures.pop(gone.digest, None)
        return _bare(gone)

    async def restore(self, environment: Environment) -> None:
        """Take a removal back; it is built again when it is next needed."""
        await asyncio.to_thread(self._files.restore, environment)

    async def set_source(self, source: PackageSource) -> None:
        """Say where packages come from. Raises RequestError E002 for a folder that is not there."""
        await asyncio.to_thread(self._files.set_source, source)

    async def _build(self, environment: Environment) -> None:
        try:
            await asyncio.to_thread(build, environment, self._files.built)
        except DesignerError as exc:
            self._failures[environment.digest] = exc.record

    def _answer(self, state: EnvironmentState, uses: Uses, modules: Modules) -> EnvironmentAnswer:
        name = state.environment.name
        return EnvironmentAnswer(
            environment=state.environment,
            digest=state.digest,
            built=state.built,
            progress=state.progress,
            is_building=state.progress is not None or state.digest in self._building,
            failure=self._failures.get(state.digest),
            nodes=tuple(uses.get(name, ())) if name else (),
            modules=()
            if name
            else tuple(modules.get(" ".join(state.environment.requirements), ())),
        )

    def _modules(self) -> Modules:
        """The modules by what they ask for."""
        found = Modules()
        catalog = self._catalog()
        for module in catalog.module_ids():
            for spec in catalog.versions(module):
                if spec.requirements:
                    key = " ".join(sorted(spec.requirements))
                    found.setdefault(key, []).append(f"{spec.title} {spec.version}")
        return found


def _bare(environment: Environment) -> EnvironmentAnswer:
    return EnvironmentAnswer(environment=environment, digest=environment.digest)


def _uses(session: Session) -> Uses:
    """The nodes of all pipelines that name an environment, by its name."""
    store, found = PipelineStore(session), Uses()
    for record in store.records():
        for name, node, label in _named(store.document(record.id)[0]):
            use = EnvironmentUse(
                pipeline_id=record.id, pipeline=record.name, node=node, label=label
            )
            found.setdefault(name, []).append(use)
    return found


def _named(document: Document) -> Iterator[tuple[str, str, str]]:
    """The environments that a document names, with the node; no node for the pipeline's own."""
    if name := _environment(document):
        yield name, "", ""
    for node, facts in (document.get("nodes") or {}).items():
        if name := _environment(facts):
            yield name, node, facts.get("label") or node
    for definition in (document.get("subgraphs") or {}).values():
        yield from _named(definition)


def _environment(facts: object) -> str:
    run = facts.get("run") if isinstance(facts, dict) else None
    name = run.get("environment") if isinstance(run, dict) else None
    return name if isinstance(name, str) else ""


def _installed() -> int:
    return len({one.name for one in metadata.distributions()})
