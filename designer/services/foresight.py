"""What the open pipelines will give: found out in the background, told to their pages."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

from designer.services.answers import Schemas
from designer.services.push import PushHub
from designer.services.schema_source import open_schema_source, stored_reader
from runtime.errors import RequestError
from runtime.foresight import EarlierRun, Foresight, foresee
from runtime.model import Diagnostic, NodeForesight, SchemaAnswer, SchemaRequest
from runtime.stores.workspace import Workspace
from runtime.targets.schema_source import SchemaSource
from runtime.targets.schema_worker import NoAnswerError
from runtime.validation import Examination

logger = logging.getLogger(__name__)

WARM_AFTER_S = 1.5
IDLE_S = 600.0
"""After how long without a question the schema worker is ended."""

WAIT_S = 1.0
"""How long an answer waits for what is being found out; the rest is pushed."""

Result = TypeVar("Result")
Examined = Callable[[str], Awaitable[tuple[Examination, int]]]
Earlier = Callable[[str], Awaitable[Sequence[EarlierRun]]]


class _Known(NamedTuple):
    """What is known of a pipeline, and of which of its revisions."""

    foresight: Foresight
    revision: int


class _SupersededError(Exception):
    """The pipeline has changed meanwhile."""


class ForesightService:
    """Knows the schemas on the wires of the pipelines that somebody looks at.

    Args:
        workspace: Whose pipelines.
        examined: Gives a pipeline's newest document, validated, and its revision.
        earlier: Gives a pipeline's newest runs.
        push: Told what changed.
    """

    def __init__(
        self, workspace: Workspace, *, examined: Examined, earlier: Earlier, push: PushHub
    ) -> None:
        self._workspace = workspace
        self._examined = examined
        self._earlier = earlier
        self._push = push
        self._known: dict[str, _Known] = {}
        self._wanted: dict[str, list[asyncio.Event]] = {}
        self._current = ""
        self._stop_current = threading.Event()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="schemas")
        self._source: SchemaSource | None = None
        self.changed: Callable[[str], Awaitable[object]] | None = None

    def start(self) -> None:
        """Begin to find out what is wanted."""
        self._task = asyncio.create_task(self._work_for_ever())

    async def stop(self) -> None:
        """End the worker."""
        self._stop_current.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._run(self._close)
        self._thread.shutdown(wait=True)

    def touch(self, pipeline_id: str | None = None) -> None:
        """A pipeline has changed, or something that all of them build on."""
        ids = [pipeline_id] if pipeline_id is not None else list(self._known)
        for one in ids:
            if one in self._known or one in self._wanted:
                self._want(one)

    def forget(self, pipeline_id: str) -> None:
        """A pipeline is gone."""
        self._known.pop(pipeline_id, None)

    def diagnostics(self, pipeline_id: str) -> tuple[Diagnostic, ...]:
        """What is known to go wrong; of the last revision that was looked at."""
        known = self._known.get(pipeline_id)
        return known.foresight.diagnostics if known else ()

    async def schemas(self, pipeline_id: str) -> Schemas:
        """What is known of every node, as far as it can be found out within a second."""
        _, revision = await self._examined(pipeline_id)
        done = self._want(pipeline_id)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), WAIT_S)
        known = self._known.get(pipeline_id)
        if known is None:
            return Schemas(revision=revision, nodes={}, is_current=False)
        return Schemas(
            revision=known.revision,
            nodes=known.foresight.nodes,
            is_current=known.revision >= revision,
        )

    def _want(self, pipeline_id: str) -> asyncio.Event:
        if pipeline_id == self._current:
            self._stop_current.set()
        done = asyncio.Event()
        self._wanted.setdefault(pipeline_id, []).append(done)
        self._wake.set()
        return done

    async def _work_for_ever(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), IDLE_S)
            except TimeoutError:
                await self._run(self._rest)
                continue
            self._wake.clear()
            while self._wanted:
                await self._find_out(next(iter(self._wanted)))
            await self._warm_up()

    async def _warm_up(self) -> None:
        """Have the worker ready for the first edit; the page that was just opened comes first."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), WARM_AFTER_S)
            return
        with contextlib.suppress(NoAnswerError):
            await self._run(lambda: self._opened().worker.start())

    async def _find_out(self, pipeline_id: str) -> None:
        done = self._wanted.pop(pipeline_id)
        self._current, self._stop_current = pipeline_id, threading.Event()
        try:
            await self._look_at(pipeline_id)
        except _SupersededError:
            self._wanted.setdefault(pipeline_id, []).extend(done)
            return
        except RequestError:
            self.forget(pipeline_id)
        except Exception:
            logger.exception("what '%s' will give could not be found out", pipeline_id)
        finally:
            self._current = ""
        for event in done:
            event.set()

    async def _look_at(self, pipeline_id: str) -> None:
        examination, revision = await self._examined(pipeline_id)
        earlier = await self._earlier(pipeline_id)
        stop = self._stop_current
        found = await self._run(lambda: self._foresee(examination, earlier, stop))
        before = self._known.get(pipeline_id)
        self._known[pipeline_id] = _Known(found, revision)
        self._tell(pipeline_id, before.foresight if before else None, found, revision)
        if self.changed is not None and (
            found.diagnostics != (before.foresight.diagnostics if before else ())
        ):
            await self.changed(pipeline_id)

    def _tell(
        self, pipeline_id: str, before: Foresight | None, now: Foresight, revision: int
    ) -> None:
        """Push the nodes of which something else is known than before."""
        old = before.nodes if before else {}
        changed: list[tuple[str, NodeForesight | None]] = [
            (name, known) for name, known in now.nodes.items() if old.get(name) != known
        ]
        changed += [(name, None) for name in old.keys() - now.nodes.keys()]
        if changed:
            message = {"kind": "schemas", "revision": revision, "nodes": changed}
            self._push.publish(message, pipeline_id)

    def _foresee(
        self, examination: Examination, earlier: Sequence[EarlierRun], stop: threading.Event
    ) -> Foresight:
        source = self._opened()

        def ask(request: SchemaRequest) -> SchemaAnswer:
            if stop.is_set():
                raise _SupersededError
            return source.ask(request)

        return foresee(
            examination,
            ask=ask,
            stored=stored_reader(source, self._workspace),
            earlier=earlier,
            source_folder=self._source_folder,
        )

    @property
    def _source_folder(self) -> Path:
        return self._workspace.pipelines

    def _opened(self) -> SchemaSource:
        if self._source is None:
            self._source = open_schema_source(self._workspace.path)
        return self._source

    def _rest(self) -> None:
        if self._source is not None:
            self._source.worker.close()

    def _close(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
