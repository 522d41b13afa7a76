"""The designer's connection to the runner: started when absent, taken up again when it dies."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable

from runtime.errors import InfrastructureError
from runtime.execution.client import RunnerClient, ensure_runner
from runtime.model import Plan, Run, RunEvent
from runtime.stores.workspace import Workspace

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 2.0
_LOST = (OSError, EOFError, InfrastructureError)


class RunnerLink:
    """Follows the runner of a workspace for as long as the designer runs.

    Args:
        workspace: Whose runner.
        take: Called with every event, in order and each once.
        after: Sequence number of the last event that is known already.
    """

    def __init__(
        self, workspace: Workspace, take: Callable[[RunEvent], Awaitable[None]], *, after: int
    ) -> None:
        self._workspace = workspace
        self._take = take
        self._after = after
        self._task: asyncio.Task[None] | None = None
        self._warmed: set[tuple[str, ...]] = set()
        self.is_connected = False

    def start(self) -> None:
        """Begin to follow, starting a runner if none holds the workspace."""
        self._task = asyncio.create_task(self._follow_for_ever())

    async def stop(self) -> None:
        """Stop following; the runner goes on."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def submit(self, plan: Plan) -> Run:
        """Hand a plan over; starts the runner again if it is gone."""
        client = await self._client()
        try:
            return await client.submit(plan)
        finally:
            await client.close()

    async def cancel(self, run_id: str) -> None:
        """Ask for a run to end."""
        client = await self._client()
        try:
            await client.cancel(run_id)
        finally:
            await client.close()

    async def warm(self, families: Iterable[tuple[str, ...]]) -> None:
        """Have the libraries loaded that steps of an open pipeline will need; once per runner."""
        missing = set(families) - self._warmed
        if not missing or not self.is_connected:
            return
        self._warmed |= missing
        client = await self._client()
        try:
            for preload in sorted(missing):
                await client.warm(preload)
        finally:
            await client.close()

    async def _client(self) -> RunnerClient:
        await asyncio.to_thread(ensure_runner, self._workspace.path)
        return await RunnerClient.connect(self._workspace.path)

    async def _follow_for_ever(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            before = self._after
            try:
                await self._follow()
            except _LOST as exc:
                logger.info("the runner is not there: %s", exc)
            except Exception:
                logger.exception("following the runner failed")
            self.is_connected = False
            pause = FIRST_PAUSE_S if self._after != before else min(pause * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(pause)

    async def _follow(self) -> None:
        client = await self._client()
        self._warmed.clear()
        self.is_connected = True
        try:
            async for event in client.follow(after=self._after):
                if self._is_new(event):
                    await self._take(event)
        finally:
            await client.close()

    def _is_new(self, event: RunEvent) -> bool:
        """Whether an event was not seen before; what was on its way while catching up comes twice.

        Only changes of a status have numbers of their own. That a run waits for the disk cannot be
        written down, and comes with the number of the last thing that was.
        """
        if event.kind not in {"run", "step"}:
            return True
        is_blocked_run = event.kind == "run" and event.sequence == self._after
        is_new = event.sequence > self._after or is_blocked_run
        self._after = max(self._after, event.sequence)
        return is_new
