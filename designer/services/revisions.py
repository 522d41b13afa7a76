"""The history of a pipeline: its edits, named versions, conflicts, and what differs between states."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from designer.document.comparison import compare
from designer.document.comparison_words import NodeTitle, in_words
from designer.document.operations import Document, same, value_at
from designer.services import answers, pipeline_view
from designer.services.pipelines import Catalogs, PipelineService
from designer.services.push import PushHub
from designer.services.references import Reference, parse_reference, usable_name
from designer.services.runs import RunService
from designer.store import (
    Database,
    LoggedOperation,
    NamedVersion,
    PipelineStore,
    VersionStore,
)
from runtime.interfaces import ModuleCatalog
from runtime.model.graph_json import parse_graph, write_graph

SHOWN = 500
MOST_CONFLICTS = 100


class RevisionService:
    """The verbs on the history of pipelines.

    Args:
        database: Where the log is.
        pipelines: The drafts.
        runs: Where the graphs of runs are asked for.
        modules: Gives the catalogue, for what people call things.
        push: Told when a version gets a name.
        author: Who is named where nobody else is.
    """

    def __init__(
        self,
        database: Database,
        pipelines: PipelineService,
        *,
        runs: RunService,
        modules: Catalogs,
        push: PushHub,
        author: str,
    ) -> None:
        self._database = database
        self._pipelines = pipelines
        self._runs = runs
        self._modules = modules
        self._push = push
        self._author = author

    async def list(self, pipeline_id: str, before: int | None = None) -> answers.RevisionList:
        """The history, newest first: 500 operations, and every named version.

        Args:
            pipeline_id: Which pipeline.
            before: Only what is older than this revision.
        """
        draft = await self._pipelines.draft(pipeline_id)
        end = None if before is None else max(0, min(before, draft.revision + 1))

        def read(
            store: PipelineStore, versions: VersionStore
        ) -> tuple[Sequence[LoggedOperation], Sequence[NamedVersion]]:
            logged = store.latest_operations(pipeline_id, SHOWN, before=end)
            return logged, versions.all(pipeline_id)

        logged, named = await self._database.do(
            lambda session: read(PipelineStore(session), VersionStore(session))
        )
        entries = [_named(version) for version in named if before is None]
        entries += [_edit(one) for one in logged]
        entries.sort(key=lambda entry: (-entry.revision, not entry.name))
        return answers.RevisionList(revisions=tuple(entries))

    async def name(
        self,
        pipeline_id: str,
        name: str,
        *,
        description: str = "",
        revision: int | None = None,
        author: str = "",
    ) -> answers.Revision:
        """Give a revision a name, by default the newest one, and write the file at once.

        Raises:
            RequestError: S006 for a revision it never had, S008 for a name that is taken.
        """
        draft = await self._pipelines.draft(pipeline_id)
        if revision is not None:
            await self._pipelines.document_at(pipeline_id, revision)
        version = NamedVersion(
            revision=draft.revision if revision is None else revision,
            name=usable_name(name),
            author=author or self._author,
            at=time.time(),
            description=description.strip(),
        )
        added = await self._database.do(
            lambda session: VersionStore(session).add(pipeline_id, version)
        )
        self._tell(pipeline_id)
        await self._pipelines.save_now(pipeline_id)
        return _named(added)

    async def describe(
        self, pipeline_id: str, version_id: int, *, name: str, description: str
    ) -> answers.Revision:
        """Give a named version another name and description.

        Raises:
            RequestError: S006 for a version that is not there, S008 for a name that is taken.
        """
        tidy = usable_name(name)
        changed = await self._database.do(
            lambda session: VersionStore(session).change(
                pipeline_id, version_id, name=tidy, description=description.strip()
            )
        )
        self._tell(pipeline_id)
        return _named(changed)

    async def restore(
        self, pipeline_id: str, reference: str, *, author: str = ""
    ) -> answers.OperationsAnswer:
        """Go back to an earlier state, as one more operation."""
        state = await self.state(pipeline_id, reference)
        return await self._pipelines.change_to(
            pipeline_id, f"Restore {state.title}", state.graph, author=author
        )

    async def file_text(self, pipeline_id: str, reference: str) -> str:
        """The canonical text of a state's graph file."""
        state = await self.state(pipeline_id, reference)
        return write_graph(parse_graph(msgspec.json.encode(state.graph)))

    async def conflicts(self, pipeline_id: str) -> answers.ConflictList:
        """Where somebody's edit went over another's and nobody has changed it since."""
        draft = await self._pipelines.draft(pipeline_id)
        logged = await self._database.do(
            lambda session: PipelineStore(session).conflicts(pipeline_id, MOST_CONFLICTS)
        )
        return answers.ConflictList(conflicts=tuple(_standing(logged, draft.document)))

    async def state(self, pipeline_id: str, reference: str) -> answers.State:
        """A state of a pipeline.

        Raises:
            RequestError: S005, S006 or R006 when there is none.
        """
        wanted = parse_reference(reference)
        if wanted.kind == "run":
            return await self._state_of_run(wanted)
        draft = await self._pipelines.draft(pipeline_id)
        if wanted.kind == "now":
            return answers.State(
                title="now", reference="now", revision=draft.revision, graph=draft.document
            )
        revision, title = wanted.revision, f"revision {wanted.revision}"
        if wanted.kind == "version":
            version = await self._database.do(
                lambda session: VersionStore(session).find(pipeline_id, wanted.name)
            )
            revision, title = version.revision, f"'{version.name}'"
        document = await self._pipelines.document_at(pipeline_id, revision)
        return answers.State(title=title, reference=reference, revision=revision, graph=document)

    async def compare(self, pipeline_id: str, before: str, after: str) -> answers.ComparisonView:
        """What differs between two states, in words, with what is needed to draw both."""
        old = await self.state(pipeline_id, before)
        new = await self.state(pipeline_id, after)
        catalog = self._modules.catalog
        comparison = compare(old.graph, new.graph)
        return answers.ComparisonView(
            before=old,
            after=new,
            comparison=in_words(comparison, old.graph, new.graph, titles(catalog)),
            modules={
                key: spec
                for state in (old, new)
                for key, spec in pipeline_view.modules_of(
                    parse_graph(msgspec.json.encode(state.graph)), catalog
                ).items()
            },
        )

    async def _state_of_run(self, wanted: Reference) -> answers.State:
        run = await self._runs.named(wanted.name)
        plan = await self._runs.plan_of(run.id)
        document: Document = msgspec.json.decode(plan.graph_json)
        return answers.State(
            title=f"run {run.number}",
            reference=f"run:{run.id}",
            revision=run.revision,
            graph=document,
        )

    def _tell(self, pipeline_id: str) -> None:
        self._push.publish({"kind": "versions"}, pipeline_id)


def titles(catalog: ModuleCatalog) -> NodeTitle:
    """What people call a use of a module that has no label."""

    def title(node: Mapping[str, Any]) -> str:
        module, version = str(node.get("module", "")), str(node.get("version", ""))
        spec = catalog.find(module, version) or catalog.default(module)
        return spec.title if spec is not None else module.rpartition(".")[2]

    return title


def _standing(log: Iterable[LoggedOperation], document: Document) -> Iterator[answers.ConflictView]:
    for logged in log:
        for one in logged.conflicts:
            if same(value_at(document, one.path), one.yours):
                yield answers.ConflictView(
                    operation=logged.operation.id,
                    label=logged.operation.label,
                    revision=logged.revision,
                    path=one.path,
                    yours=one.yours,
                    theirs=one.theirs,
                    author=logged.author,
                    client=logged.operation.client,
                    at=logged.at,
                    theirs_author=one.author,
                    theirs_client=one.client,
                    theirs_at=one.at,
                )


def _named(version: NamedVersion) -> answers.Revision:
    return answers.Revision(
        revision=version.revision,
        label=version.name,
        author=version.author,
        at=version.at,
        name=version.name,
        description=version.description,
        version_id=version.id,
    )


def _edit(logged: LoggedOperation) -> answers.Revision:
    return answers.Revision(
        revision=logged.revision,
        label=logged.operation.label,
        author=logged.author,
        at=logged.at,
        client=logged.operation.client,
    )
