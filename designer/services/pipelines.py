"""Pipelines: opened, edited by operations, named, restored, put into the bin and taken out."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from designer.document.difference import difference
from designer.document.operations import Change, Document, Operation
from designer.services import answers, pipeline_view
from designer.services.draft import Draft, Merged, merge, readable_graph
from designer.services.pipeline_cards import PipelineCards
from designer.services.pipeline_files import IdleSaver
from designer.services.push import PushHub
from designer.services.samples import find_sample, list_samples, with_data
from designer.services.unreadable_files import UnreadableFiles
from designer.store import Database, LoggedOperation, PipelineRecord, PipelineStore
from runtime.crash_points import crash_point
from runtime.errors import InvalidGraphError, RequestError
from runtime.interfaces import ModuleCatalog
from runtime.model import Diagnostic, Graph, Run
from runtime.model.graph_json import graph_to_document, read_graph
from runtime.validation import Examination, examine

MOST_UNSEEN = 2000
"""How far behind an operation's client may be for us to say whose edits it goes over."""


class LatestRuns(Protocol):
    """Where the newest run of a pipeline is asked for."""

    async def latest(self, pipeline_id: str) -> Run | None:
        """The newest run of a pipeline with its steps."""
        ...

    async def latest_of_all(self) -> dict[str, answers.LastRun]:
        """The newest run of every pipeline, for lists."""
        ...


class Catalogs(Protocol):
    """Where the module versions are asked for."""

    @property
    def catalog(self) -> ModuleCatalog:
        """The catalogue as it is now."""
        ...

    @property
    def generation(self) -> int:
        """A number that grows with every change of the catalogue."""
        ...


class PipelineService:
    """The verbs on pipelines. What a verb has answered is durable.

    Args:
        database: Where the log is.
        folder: Where the graph files and their data lie.
        modules: Gives the catalogue.
        runs: Gives the newest run of a pipeline.
        push: Told about every change.
        has_artifact: Whether the workspace holds an artifact.
        author: Who is named in the history.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        modules: Catalogs,
        runs: LatestRuns,
        push: PushHub,
        has_artifact: Callable[[str], bool],
        author: str,
    ) -> None:
        self._has_artifact = has_artifact
        self._database = database
        self._folder = folder
        self._modules = modules
        self._runs = runs
        self._push = push
        self._author = author
        self._drafts: dict[str, Draft] = {}
        self._cards = PipelineCards(self.document_at)
        self._examined: dict[str, tuple[tuple[int, int], Examination]] = {}
        self.file_problems: dict[str, tuple[Diagnostic, ...]] = {}
        self.unreadable = UnreadableFiles(push)
        self.saver: IdleSaver | None = None
        self.foreseen: Callable[[str], tuple[Diagnostic, ...]] = lambda pipeline_id: ()
        self.changed: Callable[[str], None] = lambda pipeline_id: None

    async def list(self) -> answers.PipelineList:
        """All pipelines that are not in the bin."""
        records = await self._database.do(lambda session: PipelineStore(session).records())
        cards = await self._cards.draw(records, await self._runs.latest_of_all())
        return msgspec.structs.replace(cards, problems=self.unreadable.listed())

    async def bin(self) -> answers.PipelineList:
        """What is in the bin."""
        records = await self._database.do(
            lambda session: PipelineStore(session).records(is_deleted=True)
        )
        return await self._cards.draw(records, {})

    async def create(
        self,
        name: str = "",
        *,
        graph: Document | None = None,
        sample: str = "",
        pipeline_id: str = "",
    ) -> answers.Created:
        """A new pipeline: empty, of a given graph, or a copy of a sample.

        Raises:
            RequestError: The graph cannot be read, or there is no such sample (S005).
        """
        if sample:
            graph = await asyncio.to_thread(with_data, find_sample(sample), self._folder)
        document = graph if graph is not None else {"format": 1, "name": "", "nodes": {}}
        if name or not document.get("name"):
            document = {**document, "name": name or "Untitled pipeline"}
        pinned = pipeline_view.with_pins(document, self._modules.catalog)
        document = graph_to_document(readable_graph(pinned))
        created = await self._insert(document, pipeline_id or sample)
        return answers.Created(id=created, diagnostics=await self.diagnostics(created))

    async def import_text(self, text: str | bytes) -> answers.Created:
        """A new pipeline from the text of a graph file.

        Raises:
            InvalidGraphError: With every problem of the text.
        """
        read = await asyncio.to_thread(read_graph, text)
        if read.graph is None:
            raise InvalidGraphError(read.diagnostics)
        return await self.create(graph=graph_to_document(read.graph))

    async def get(self, pipeline_id: str) -> answers.PipelineView:
        """A pipeline with everything the editor starts from."""
        draft = await self.draft(pipeline_id)
        modules = pipeline_view.modules_of(draft.graph, self._modules.catalog)
        return answers.PipelineView(
            id=pipeline_id,
            name=draft.graph.name,
            revision=draft.revision,
            graph=draft.document,
            modules=modules,
            definitions=pipeline_view.definitions_of(modules, self._modules.catalog),
            diagnostics=await self.diagnostics(pipeline_id),
            last_run=await self._runs.latest(pipeline_id),
        )

    async def apply(
        self,
        pipeline_id: str,
        operations: Sequence[Operation],
        *,
        heir_of: Sequence[str] = (),
        author: str = "",
    ) -> answers.OperationsAnswer:
        """Merge a batch of operations; accepted ones are durable when this returns.

        Args:
            pipeline_id: Which pipeline.
            operations: In their client's order.
            heir_of: Clients that are gone and whose operations the present one took over.
            author: Who made them.
        """
        # Whoever asked may be gone before the commit is through; it must not be left half-way.
        merged = await asyncio.shield(
            self._apply(pipeline_id, operations, heir_of, author or self._author)
        )
        tell = self.tell_diagnostics if merged.accepted else self.diagnostics
        diagnostics = await tell(pipeline_id)
        return answers.OperationsAnswer(
            revision=merged.revision, results=merged.results, diagnostics=diagnostics
        )

    async def change_to(
        self,
        pipeline_id: str,
        label: str,
        document: Document,
        *,
        base_revision: int | None = None,
        author: str = "",
    ) -> answers.OperationsAnswer:
        """Merge another state of the document in, as one operation.

        Args:
            pipeline_id: Which pipeline.
            label: What the history says.
            document: The state to go to.
            base_revision: What that state was made from; by default the newest revision.
            author: Who does it.
        """
        draft = await self.draft(pipeline_id)
        base, revision = draft.document, draft.revision
        if base_revision is not None:
            base, revision = await self.document_at(pipeline_id, base_revision), base_revision
        changes = difference(base, document)
        operations = [_operation(label, changes, base=revision)] if changes else []
        return await self.apply(pipeline_id, operations, author=author)

    async def rename(
        self, pipeline_id: str, name: str, *, author: str = ""
    ) -> answers.OperationsAnswer:
        """Give a pipeline another name; its id stays."""
        draft = await self.draft(pipeline_id)
        return await self.change_to(
            pipeline_id, f"Rename to '{name}'", {**draft.document, "name": name}, author=author
        )

    async def delete(self, pipeline_id: str) -> None:
        """Put a pipeline into the bin; its file goes, its history stays."""
        await self.draft(pipeline_id)
        await self._set_deleted(pipeline_id, time.time())

    async def undelete(self, pipeline_id: str) -> None:
        """Take a pipeline out of the bin."""
        await self._set_deleted(pipeline_id, None)
        self._touch(pipeline_id)

    async def duplicate(self, pipeline_id: str) -> answers.Created:
        """A copy with a history of its own."""
        draft = await self.draft(pipeline_id)
        name = f"{draft.graph.name or pipeline_id} (copy)"
        return await self.create(name, graph=draft.document)

    async def operations(self, pipeline_id: str, after: int) -> answers.LogAnswer:
        """The log after a revision."""
        draft = await self.draft(pipeline_id)
        start = max(0, min(after, draft.revision))
        logged = await self._database.do(
            lambda session: PipelineStore(session).operations(pipeline_id, after=start)
        )
        return answers.LogAnswer(
            revision=draft.revision, operations=tuple(log_entry(one) for one in logged)
        )

    async def save_now(self, pipeline_id: str) -> None:
        """Write the file at once."""
        if self.saver is not None:
            self.saver.touch(pipeline_id)
            await self.saver.finish()

    async def document_at(self, pipeline_id: str, revision: int) -> Document:
        """The document as it was. Raises RequestError S006 for a revision it never had."""
        document, _ = await self._database.do(
            lambda session: PipelineStore(session).document(pipeline_id, revision)
        )
        return document

    def samples(self) -> answers.SampleList:
        """The sample pipelines that ship with the designer."""
        return answers.SampleList(samples=tuple(list_samples()))

    async def copy_of_sample(self, sample_id: str) -> answers.SampleCopy:
        """A sample's document, its data files brought in. Raises RequestError S005 if there is none."""
        document = await asyncio.to_thread(with_data, find_sample(sample_id), self._folder)
        return answers.SampleCopy(document=pipeline_view.with_pins(document, self._modules.catalog))

    async def draft(self, pipeline_id: str) -> Draft:
        """The open pipeline. Raises RequestError S005 if there is none or it is in the bin."""
        if (draft := self._drafts.get(pipeline_id)) is not None:
            return draft

        def read(store: PipelineStore) -> tuple[PipelineRecord, Document, int]:
            return store.record(pipeline_id), *store.document(pipeline_id)

        record, document, revision = await self._database.do(
            lambda session: read(PipelineStore(session))
        )
        if record.deleted_at is not None:
            raise RequestError(
                "S005",
                f"The pipeline '{record.name or pipeline_id}' is in the bin.",
                remedy="Take it out of the bin first.",
            )
        return self._drafts.setdefault(pipeline_id, Draft(pipeline_id, document, revision))

    async def diagnostics(self, pipeline_id: str) -> tuple[Diagnostic, ...]:
        """The validation of the newest document, what is foreseen, and problems of its file."""
        examination, _ = await self.examined(pipeline_id)
        return (
            *examination.diagnostics,
            *self.foreseen(pipeline_id),
            *self.file_problems.get(pipeline_id, ()),
        )

    async def examined(self, pipeline_id: str) -> tuple[Examination, int]:
        """The newest document as validation sees it, and its revision."""
        draft = await self.draft(pipeline_id)
        key = (draft.revision, self._modules.generation)
        cached = self._examined.get(pipeline_id)
        if cached is None or cached[0] != key or _has_frozen_nodes(draft.graph):
            found = await asyncio.to_thread(
                examine, draft.graph, self._modules.catalog, has_artifact=self._has_artifact
            )
            cached = self._examined[pipeline_id] = (key, found)
        return cached[1], cached[0][0]

    async def revalidate(self) -> None:
        """Tell the open pages what a changed catalogue means for their pipelines."""
        for pipeline_id in tuple(self._drafts):
            if self._push.count(pipeline_id):
                await self.tell_diagnostics(pipeline_id)
            self.changed(pipeline_id)

    async def tell_diagnostics(self, pipeline_id: str) -> tuple[Diagnostic, ...]:
        """Validate a pipeline and tell its open pages."""
        items = await self.diagnostics(pipeline_id)
        self._push.publish({"kind": "diagnostics", "items": items}, pipeline_id)
        return items

    async def revisions_of_all(self) -> dict[str, int]:
        """The newest revision of every pipeline that is not in the bin."""
        records = await self._database.do(lambda session: PipelineStore(session).records())
        return {record.id: record.revision for record in records}

    async def ids(self) -> set[str]:
        """Every id ever used."""
        return await self._database.do(lambda session: PipelineStore(session).ids())

    async def _apply(
        self, pipeline_id: str, operations: Sequence[Operation], heir_of: Sequence[str], author: str
    ) -> Merged:
        async with self._turn(pipeline_id) as draft:
            merged = await self._merge(draft, operations, heir_of, author)
            if merged.accepted:
                await self._commit(draft, merged)
            return merged

    @asynccontextmanager
    async def _turn(self, pipeline_id: str) -> AsyncIterator[Draft]:
        """The draft, held alone; one that was let go while we waited is read again."""
        while True:
            draft = await self.draft(pipeline_id)
            async with draft.lock:
                if self._drafts.get(pipeline_id) is draft:
                    yield draft
                    return

    async def _merge(
        self, draft: Draft, operations: Sequence[Operation], heir_of: Sequence[str], author: str
    ) -> Merged:
        ids = [operation.id for operation in operations]
        bases = [operation.base for operation in operations if operation.base is not None]
        after = max(min(bases, default=draft.revision), draft.revision - MOST_UNSEEN)

        def read(store: PipelineStore) -> tuple[dict[str, LoggedOperation], list[LoggedOperation]]:
            unseen = store.operations(draft.id, after=after) if after < draft.revision else []
            return store.find_operations(draft.id, ids), unseen

        known, unseen = await self._database.do(lambda session: read(PipelineStore(session)))
        return await asyncio.to_thread(
            merge,
            draft.document,
            draft.revision,
            operations,
            known=known,
            unseen=unseen,
            heir_of=heir_of,
            author=author,
            at=time.time(),
        )

    async def _commit(self, draft: Draft, merged: Merged) -> None:
        try:
            crash_point("revision.before_commit")
            await self._database.do(
                lambda session: PipelineStore(session).append(
                    draft.id, merged.accepted, merged.document
                )
            )
            crash_point("revision.after_commit")
        except BaseException:
            self._drafts.pop(draft.id, None)
            raise
        draft.advance(merged)
        message = {
            "kind": "operations",
            "revision": merged.revision,
            "operations": [log_entry(one) for one in merged.accepted],
        }
        self._push.publish(message, draft.id)
        self._touch(draft.id)
        self.changed(draft.id)

    async def _insert(self, document: Document, wanted_id: str) -> str:
        at = time.time()

        def insert(store: PipelineStore) -> str:
            name = wanted_id or str(document["name"])
            free = pipeline_view.free_pipeline_id(name, store.ids())
            return store.create(free, document, at=at).id

        pipeline_id = await self._database.do(lambda session: insert(PipelineStore(session)))
        self._touch(pipeline_id)
        return pipeline_id

    async def _set_deleted(self, pipeline_id: str, at: float | None) -> None:
        await self._database.do(lambda session: PipelineStore(session).set_deleted(pipeline_id, at))
        self._drafts.pop(pipeline_id, None)
        self._examined.pop(pipeline_id, None)
        if at is not None:
            self._touch(pipeline_id)

    def _touch(self, pipeline_id: str) -> None:
        if self.saver is not None:
            self.saver.touch(pipeline_id)


def log_entry(logged: LoggedOperation) -> answers.LogEntry:
    """An accepted operation as clients see it."""
    operation = logged.operation
    return answers.LogEntry(
        id=operation.id,
        client=operation.client,
        label=operation.label,
        changes=operation.changes,
        revision=logged.revision,
        author=logged.author,
        at=logged.at,
        renamed=logged.renamed,
        conflicts=logged.conflicts,
    )


def _operation(label: str, changes: Sequence[Change], *, base: int) -> Operation:
    return Operation(id=str(uuid.uuid4()), label=label, base=base, changes=tuple(changes))


def _has_frozen_nodes(graph: Graph) -> bool:
    """Whether what is wrong with a graph depends on which artifacts there are."""
    parts = (graph.nodes, *(subgraph.nodes for subgraph in graph.subgraphs.values()))
    return any(
        node.state and node.state.kind == "frozen" for nodes in parts for node in nodes.values()
    )
