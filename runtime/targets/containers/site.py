"""The site of a target that is a Docker engine: what all steps there share."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from runtime.errors import DesignerError
from runtime.model import DockerSettings, Environment, StepRequest, Target
from runtime.stores.artifact_store import FolderArtifactStore
from runtime.targets.containers.carrier import ContainerCarrier
from runtime.targets.containers.engine import Engine
from runtime.targets.containers.environment import Image, image_for
from runtime.targets.containers.luggage import Copied, Luggage, Mounted
from runtime.targets.containers.meter import ContainerMeter
from runtime.targets.containers.snapshots import Snapshot, snapshots_of
from runtime.targets.kinds import settings_of
from runtime.targets.remote.messages import Forget, Measured, Message
from runtime.targets.remote.site import Ear

WORKSPACE = "designer.workspace"
_MEASURE_S = 1.0
_UNUSED = timedelta(days=14)
_APART = ("name=rootless", "name=userns", "name=selinux")
"""Security options under which a container's user or label is not ours, so that mounts don't do."""
_Result = TypeVar("_Result")


class Ready(NamedTuple):
    """An engine that steps can be sent to."""

    image: Image
    cpus: int
    luggage: Luggage


class EngineSite:
    """Serves one engine.

    Args:
        target: Which it is.
        ear: The agent.
        mounts: What every container sees besides, in the engine's own words.
    """

    def __init__(self, target: Target, ear: Ear, *, mounts: Sequence[dict[str, Any]] = ()) -> None:
        self.settings = settings_of(target, DockerSettings)
        self.engine = Engine(target.name, self.settings)
        self.workspace = ear.workspace
        self.artifacts = FolderArtifactStore(Path(ear.artifacts))
        self._packages = Path(ear.artifacts, "packages")
        self.mounts = mounts
        self._ear = ear
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._ready: Ready | None = None
        self._building = threading.Lock()
        self._images: dict[str, Image] = {}
        self._carriers: dict[int, ContainerCarrier] = {}
        self._measuring: asyncio.Task[None] | None = None

    # -- for the agent ---------------------------------------------------------------------------

    def carrier(self, key: int, request: StepRequest, *, is_started: bool) -> ContainerCarrier:
        """Who brings an attempt into a container and back."""
        made = ContainerCarrier(self, key, request, is_started=is_started)
        self._carriers[key] = made
        if self._measuring is None:
            self._measuring = asyncio.create_task(self._measure())
        return made

    def forget(self, message: Forget) -> None:
        """Remove an attempt's container."""
        carrier = self._carriers.pop(message.id, None)
        if carrier is not None:
            self.soon(carrier.remove)

    async def close(self) -> None:
        """Hang up; containers go on."""
        if self._measuring is not None:
            self._measuring.cancel()
        self.engine.close()

    # -- for its carriers ------------------------------------------------------------------------

    def ready(self, notice: Callable[[str], None]) -> Ready:
        """Reach the engine, and let it have the image; both once. Blocks.

        Raises:
            InfrastructureError: T003, T005, T006 or T009.
        """
        with self._lock:
            if self._ready is None:
                self.engine.connect()
                info = self.engine.info()
                image = image_for(self.engine, self.settings, None, notice)
                self._ready = Ready(image, int(info["NCPU"]), self._luggage(info, image))
                self._drop_unused()
            return self._ready

    def image(self, environment: Environment | None, notice: Callable[[str], None]) -> Image:
        """The image for steps of an environment; built now where it is not there. Blocks.

        Raises:
            InfrastructureError: T003, T005, T006 or T009.
        """
        ready = self.ready(notice)
        if environment is None:
            return ready.image
        made = self._images.get(environment.digest)
        if made is not None:
            return made
        with self._building:
            made = image_for(self.engine, self.settings, environment, notice)
        self._images[environment.digest] = made
        return made

    def snapshots(self, executor: str) -> tuple[Snapshot, ...]:
        """What a step needs to import its executor. Blocks."""
        with self._lock:
            return snapshots_of(executor, self._packages)

    def lost(self) -> None:
        """The engine did not answer: the next who needs it connects anew."""
        with self._lock:
            self._ready = None
            self._images.clear()

    def tell(self, message: Message) -> None:
        """Say something to the engine that runs pipelines, from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody listens
            self._loop.call_soon_threadsafe(self._ear.tell, message)

    async def in_thread(self, call: Callable[[], _Result]) -> _Result:
        """Let a thread of its own do what blocks; unlike a pool's it holds up no exit."""
        future: asyncio.Future[_Result] = self._loop.create_future()

        def work() -> None:
            try:
                result = call()
            except BaseException as exc:  # noqa: BLE001 - it is raised where it is waited for
                self._soon(future.set_exception, exc)
            else:
                self._soon(future.set_result, result)

        threading.Thread(target=work, daemon=True).start()
        return await future

    def soon(self, call: Callable[[], None]) -> None:
        """Let a thread do something that nobody waits for and that may fail."""

        def work() -> None:
            with contextlib.suppress(DesignerError):
                call()

        threading.Thread(target=work, daemon=True).start()

    def _soon(self, call: Callable[..., None], value: Any) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, value)

    # -- the engine ------------------------------------------------------------------------------

    def _luggage(self, info: dict[str, Any], image: Image) -> Luggage:
        options = " ".join(info.get("SecurityOptions") or ())
        is_here = not self.settings.url or self.settings.url.startswith("unix:")
        if is_here and not self.settings.copies and not any(word in options for word in _APART):
            return Mounted()
        return Copied(self.engine, self.workspace, image.id)

    def _drop_unused(self) -> None:
        """Remove containers of steps that nobody has asked for in two weeks."""
        before = (datetime.now(UTC) - _UNUSED).timestamp()
        for one in self.engine.named(f"{WORKSPACE}={self.workspace}"):
            if one["State"] != "running" and one["Created"] < before:
                self.engine.remove(one["Id"])

    async def _measure(self) -> None:
        """Tell what running steps take."""
        meters: dict[int, ContainerMeter] = {}
        while True:
            await asyncio.sleep(_MEASURE_S)
            running = {key: one.container for key, one in self._carriers.items() if one.is_running}
            meters = {key: meters.get(key) or ContainerMeter() for key in running}
            for key, container in running.items():
                with contextlib.suppress(DesignerError, KeyError, TypeError):
                    said = await self.in_thread(partial(self.engine.usage, container))
                    self.tell(Measured(id=key, usage=meters[key].read(said, time.monotonic())))
