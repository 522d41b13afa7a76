"""Compute targets: listed, added, tested, removed."""

import asyncio
import platform
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from designer.services.answers import TargetAnswer, TargetList
from runtime.model import LOCAL, Slots, Target, TargetReport
from runtime.targets.declaring import declare, examine
from runtime.targets.kinds import fingerprint_of
from runtime.targets.prices import PriceFile
from runtime.targets.target_file import TargetFile

_NOTHING = Slots(cpus=0)


class TargetService:
    """The verbs on the compute targets of one workspace.

    Args:
        workspace: The workspace's folder.
        held_now: Gives what running steps hold of each target.
    """

    def __init__(
        self, workspace: Path, held_now: Callable[[], Awaitable[Mapping[str, Slots]]]
    ) -> None:
        self._held_now = held_now
        self._workspace = workspace
        self._file = TargetFile(workspace)
        self._prices = PriceFile(workspace)

    async def list(self) -> TargetList:
        """All of them, this machine first."""
        found = await asyncio.to_thread(self._file.targets)
        taken = await self._held_now()
        prices = await asyncio.to_thread(self._prices.prices)
        return TargetList(
            targets=tuple(
                msgspec.structs.replace(
                    _answer(one, taken.get(one.name, _NOTHING)),
                    price_per_hour=prices.get(one.name, 0.0),
                )
                for one in found.values()
            )
        )

    async def hosts(self) -> dict[str, str]:
        """The machine behind each target, by the target's name."""
        found = await asyncio.to_thread(self._file.targets)
        return {
            one.name: platform.node() if one.name == LOCAL else str(one.settings.get("host", ""))
            for one in found.values()
        }

    async def set_price(self, name: str, price_per_hour: float) -> TargetAnswer:
        """Set the price of an hour on a target; 0 for none. Runs keep the price they began with.

        Raises:
            RequestError: T001 when there is no such target, T002 for a price that is none.
        """
        target = await asyncio.to_thread(self._file.get, name)
        await asyncio.to_thread(self._prices.set, name, price_per_hour)
        return msgspec.structs.replace(_answer(target), price_per_hour=price_per_hour)

    async def add(self, target: Target, *, fingerprint: str = "") -> TargetAnswer:
        """Reach a target for the first time, pin its key, and keep it.

        Raises:
            RequestError: T002 or T008 for one that cannot be declared.
            InfrastructureError: T003 to T006 when there is no way in; nothing is kept then.
        """
        declared = await declare(self._workspace, target, fingerprint=fingerprint)
        return TargetAnswer(
            target=declared.target, fingerprint=declared.fingerprint, report=declared.report
        )

    async def test(self, name: str) -> TargetReport:
        """Connect and say what it offers. Raises RequestError T001, InfrastructureError T003…"""
        return await examine(await asyncio.to_thread(self._file.get, name))

    async def restore(self, target: Target) -> None:
        """Take a removal back, whether the host can be reached now or not."""
        await asyncio.to_thread(self._file.add, target)

    async def remove(self, name: str) -> TargetAnswer:
        """Forget a target. Raises RequestError T001, or T002 for this machine."""
        return _answer(await asyncio.to_thread(self._file.remove, name))


def _answer(target: Target, taken: Slots = _NOTHING) -> TargetAnswer:
    return TargetAnswer(target=target, fingerprint=fingerprint_of(target), taken=taken)
