"""The compute targets of one engine, made when a run first names them, and what is free on each."""

import os
import signal
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from runtime.errors import DesignerError, RequestError
from runtime.execution.slot_table import SlotTable
from runtime.model import LOCAL, Step, StepRequest, Target, TargetResources
from runtime.model.digest import digest_bytes
from runtime.stores.workspace import Workspace
from runtime.targets.attempt import Attempt, Report
from runtime.targets.compute_target import ComputeTarget
from runtime.targets.local import LocalTarget
from runtime.targets.machine import found_gpus, memory_for_steps
from runtime.targets.poller import Poller

if TYPE_CHECKING:
    from runtime.targets.usage import Usage


class Place:
    """A target as the engine shares it out.

    Attributes:
        target: What carries steps out.
        cpus: Processors to share among steps.
        slots: What steps may hold there, and who holds it.
        running: How many steps run there.
    """

    def __init__(
        self, target: ComputeTarget, resources: TargetResources, declared: Target | None = None
    ) -> None:
        self.target = target
        self.cpus = resources.cpus
        self.slots = SlotTable(resources)
        self.running = 0
        self.declared = declared


class Places:
    """All targets that runs have named so far; `local` is there from the beginning.

    Args:
        workspace: Whose targets are declared.
        poller: Where targets wait for what comes.
        report: Called with each event of a step.
        cpus: Processors of this machine to share among steps.

    Attributes:
        local: This machine. Its GPUs are looked for when a run first asks for one.
    """

    def __init__(self, workspace: Workspace, *, poller: Poller, report: Report, cpus: int) -> None:
        self._workspace = workspace
        self._poller = poller
        self._report = report
        self.local = Place(
            LocalTarget(
                poller,
                report,
                threads=cpus,
                desks=str(workspace.desks),
                environments=str(workspace.built_environments),
            ),
            TargetResources(cpus=cpus, memory_gib=memory_for_steps()),
        )
        self.by_name: dict[str, Place] = {LOCAL: self.local}

    def enter(self, steps: Collection[Step]) -> None:
        """A run of these steps begins.

        A target is made anew when its declaration has changed and nothing runs there.
        """
        if any(step.gpus > 0 and step.target == LOCAL for step in steps):
            self.local.slots.learn_gpus(len(found_gpus()))
        elsewhere = {step.target for step in steps} - {LOCAL}
        if not elsewhere:
            return
        declared = self._declared()
        for name in elsewhere:
            place = self.by_name.get(name)
            if place is None:
                self.by_name[name] = self._make(name, declared.get(name))
            elif place.declared != declared.get(name) and not place.running:
                place.target.close()
                self.by_name[name] = self._make(name, declared.get(name))

    @property
    def has_processes(self) -> bool:
        """Whether anything of any target is alive."""
        return any(place.target.has_processes for place in self)

    def rest(self, now: float) -> None:
        """Let every target let go of what nobody uses."""
        for place in self:
            place.target.rest(now)

    def close(self, *, in_a_hurry: bool) -> None:
        """End what ends with the engine."""
        for place in self:
            place.target.close(in_a_hurry=in_a_hurry)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.by_name.values())

    def _declared(self) -> Mapping[str, Target]:
        from runtime.targets.target_file import TargetFile

        try:
            return TargetFile(self._workspace.path).declared()
        except DesignerError:
            return {}

    def _make(self, name: str, declared: Target | None) -> Place:
        if declared is None:
            return Place(AbsentTarget(name), TargetResources())
        from runtime.targets.remote.target import RemoteTarget

        path = f"{os.uname().nodename}:{self._workspace.path}"
        target = RemoteTarget(
            self._poller,
            self._report,
            declared,
            artifacts=str(self._workspace.artifacts),
            workspace=digest_bytes(path.encode())[3:23],
        )
        resources = declared.resources
        if resources.cpus < 1:
            resources = msgspec.structs.replace(resources, cpus=1)
        return Place(target, resources, declared)


class AbsentTarget:
    """Stands in for a target that was removed after a run was planned on it.

    Args:
        name: What it was called.
    """

    keeps_steps = False
    has_processes = False

    def __init__(self, name: str) -> None:
        self._name = name

    def prepare(self, key: tuple[str, int], request: StepRequest) -> Attempt:
        """Refuse. Raises RequestError T001."""
        raise RequestError(
            "T001",
            f"There is no compute target '{self._name}' any more.",
            remedy="Add it again, or choose another target for the node.",
        )

    def go(self, attempt: Attempt) -> None:
        """Nothing was prepared."""

    def stop(self, attempt: Attempt, number: int = signal.SIGKILL) -> None:
        """Nothing runs."""

    def ask_to_stop(self, attempt: Attempt) -> None:
        """Nothing runs."""

    def adopt(self, key: tuple[str, int], request: StepRequest) -> Attempt | None:
        """There is no way to what runs there."""

    def follow(self, attempt: Attempt) -> None:
        """Nothing runs."""

    def measure(self, attempt: Attempt, now: float) -> "Usage | None":
        """Nothing runs."""

    def rest(self, now: float) -> None:
        """Nothing is held."""

    def warm_up(self, preload: tuple[str, ...]) -> None:
        """Nothing is held."""

    def close(self, *, in_a_hurry: bool = False) -> None:
        """Nothing is held."""
