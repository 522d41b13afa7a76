"""Keeps `pipelines/<id>.json` and the database together: our edits out, other people's in."""

import asyncio
import logging
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from designer.services.pipeline_files import (
    FolderWatcher,
    IdleSaver,
    remove_leftovers,
)
from designer.services.pipelines import PipelineService
from designer.store import Database, PipelineRecord, PipelineStore
from runtime.durable_files import SHARED, replace_durably
from runtime.errors import DesignerError
from runtime.model import Diagnostic
from runtime.model.digest import digest_bytes
from runtime.model.graph_json import graph_to_document, read_graph, write_graph

logger = logging.getLogger(__name__)


class FileSync:
    """Writes a pipeline's file when its draft has settled, and merges the file when it changed.

    Args:
        folder: The workspace's `pipelines` folder.
        database: Where it is kept which file stands for which revision.
        pipelines: The drafts.
    """

    def __init__(self, folder: Path, database: Database, pipelines: PipelineService) -> None:
        self._folder = folder
        self._database = database
        self._pipelines = pipelines
        self._watcher: FolderWatcher | None = None
        self._turn = asyncio.Lock()
        pipelines.saver = IdleSaver(self.save)

    async def start(self) -> None:
        """Take over what changed while nobody looked, then watch."""
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(self._folder)
        for path in sorted(self._folder.glob("*.json")):
            await _attempt(self.take_over(path), path.name)
        for record in await self._records():
            if record.file_revision < record.revision or not self._path(record.id).exists():
                await _attempt(self.save(record.id), record.id)
        self._watcher = FolderWatcher(self._folder, self.take_over)
        self._watcher.start()

    async def stop(self) -> None:
        """Write what still waits and stop watching."""
        if self._watcher is not None:
            await asyncio.to_thread(self._watcher.stop)
        if self._pipelines.saver is not None:
            await self._pipelines.saver.finish()

    async def save(self, pipeline_id: str) -> None:
        """Write the newest document; for a pipeline in the bin, remove the file.

        What somebody else wrote there since is merged first, never written over.
        """
        async with self._turn:
            found = await self._take_over(self._path(pipeline_id))
            await self._write(pipeline_id, found)

    async def take_over(self, path: Path) -> None:
        """Merge a file that somebody else wrote; a broken one is reported and left alone."""
        async with self._turn:
            if not await self._take_over(path):
                self._pipelines.unreadable.note(path.name)

    async def _take_over(self, path: Path) -> str:
        """Merge a file if it is not ours; gives the digest of what is there now."""
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError:
            return ""
        digest = digest_bytes(content)
        known = await self._pipelines.ids()
        if path.stem not in known:
            await self._add(path, content, digest)
            return digest
        record = await self._record(path.stem)
        if digest == record.pending_digest:
            await self._remember(record.id, digest, record.pending_revision)
        elif digest != record.file_digest:
            return await self._merge(record, content, digest)
        elif record.deleted_at is not None:
            await self._write(record.id, digest)
        else:
            self._pipelines.file_problems.pop(record.id, None)
        return digest

    async def _write(self, pipeline_id: str, found: str) -> str:
        """Write the newest document where something else was found; gives the digest of it."""
        record = await self._record(pipeline_id)
        path = self._path(pipeline_id)
        if record.deleted_at is not None:
            path.unlink(missing_ok=True)
            await self._remember(pipeline_id, "", record.file_revision)
            return ""
        draft = await self._pipelines.draft(pipeline_id)
        graph, revision = draft.graph, draft.revision
        text = await asyncio.to_thread(write_graph, graph)
        digest = digest_bytes(text.encode())
        if digest != found:
            await self._announce(pipeline_id, digest, revision)
            await asyncio.to_thread(self._replace, path, text, pipeline_id)
        await self._remember(pipeline_id, digest, revision)
        return digest

    async def _add(self, path: Path, content: bytes, digest: str) -> None:
        read = await asyncio.to_thread(read_graph, content)
        if read.graph is None:
            logger.warning("%s is not a readable graph and was left alone", path.name)
            self._pipelines.unreadable.note(path.name, read.diagnostics)
            return
        document = graph_to_document(read.graph)
        created = await self._pipelines.create(graph=document, pipeline_id=path.stem)
        if created.id != path.stem:
            path.replace(self._path(created.id))
        await self._remember(created.id, digest, 0)
        self._pipelines.unreadable.note(path.name)
        self._pipelines.unreadable.tell()

    async def _merge(self, record: PipelineRecord, content: bytes, digest: str) -> str:
        read = await asyncio.to_thread(read_graph, content)
        if read.graph is None:
            await self._report(record.id, read.diagnostics)
            return digest
        if record.deleted_at is not None:
            await self._pipelines.undelete(record.id)
        await self._pipelines.change_to(
            record.id,
            "Change of the file",
            graph_to_document(read.graph),
            base_revision=record.file_revision,
        )
        self._pipelines.file_problems.pop(record.id, None)
        # The file may lack edits made here since: it stands for no revision until it is written.
        return await self._write(record.id, digest)

    async def _report(self, pipeline_id: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = next(item for item in diagnostics if item.severity == "error")
        problem = Diagnostic(
            code=first.code,
            severity="warning",
            message=f"'pipelines/{pipeline_id}.json' was changed outside and cannot be read: "
            f"{first.message} The pipeline here is unchanged.",
            remedy="Repair the file; the next edit here moves it aside and writes a new one.",
        )
        self._pipelines.file_problems[pipeline_id] = (problem,)
        await self._pipelines.tell_diagnostics(pipeline_id)

    def _replace(self, path: Path, text: str, pipeline_id: str) -> None:
        if self._pipelines.file_problems.pop(pipeline_id, None) and path.exists():
            shutil.copyfile(path, path.with_name(f"{path.name}.broken"))
        replace_durably(path, text.encode(), mode=SHARED)

    async def _announce(self, pipeline_id: str, digest: str, revision: int) -> None:
        await self._database.do(
            lambda session: PipelineStore(session).set_pending_file(
                pipeline_id, digest=digest, revision=revision
            )
        )

    async def _remember(self, pipeline_id: str, digest: str, revision: int) -> None:
        await self._database.do(
            lambda session: PipelineStore(session).set_file(
                pipeline_id, digest=digest, revision=revision
            )
        )

    async def _record(self, pipeline_id: str) -> PipelineRecord:
        return await self._database.do(lambda session: PipelineStore(session).record(pipeline_id))

    async def _records(self) -> list[PipelineRecord]:
        return await self._database.do(lambda session: PipelineStore(session).records())

    def _path(self, pipeline_id: str) -> Path:
        return self._folder / f"{pipeline_id}.json"


async def _attempt(work: Coroutine[Any, Any, None], name: str) -> None:
    """Do it; what is wrong with one pipeline must not keep the others from opening."""
    try:
        await work
    except DesignerError as exc:
        logger.warning("%s was left as it is: %s", name, exc)
