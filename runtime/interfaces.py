"""The seams of the runtime: what it is handed by those who use it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from runtime.model import (
    ArtifactRef,
    Diagnostic,
    Environment,
    Graph,
    ModuleSpec,
    Run,
    RunEvent,
    StepRun,
)

EventSink = Callable[[RunEvent], None]
"""Takes every event of a run, in order."""


class ModuleCatalog(Protocol):
    """Read access to module versions. Never imports or runs module code."""

    def find(self, module_id: str, version: str) -> ModuleSpec | None:
        """The exact version, whatever its state; None if there is none."""
        ...

    def default(self, module_id: str) -> ModuleSpec | None:
        """The version that the default pointer names; None if there is no pointer."""
        ...

    def versions(self, module_id: str) -> tuple[ModuleSpec, ...]:
        """All versions of a module, newest first; empty if the module does not exist."""
        ...

    def definition(self, module_id: str, version: str) -> Graph | None:
        """The document of an exact version that is a subgraph; None for every other module.

        It has one node, which uses the published subgraph, and every definition that one needs.
        """
        ...

    def module_ids(self) -> Iterable[str]:
        """The ids of all modules."""
        ...

    def problems(self, module_id: str) -> tuple[Diagnostic, ...]:
        """Why the source of a draft cannot be used; empty for every other module."""
        ...


class ArtifactStore(Protocol):
    """Immutable bytes by digest."""

    def has(self, digest: str) -> bool:
        """Whether the artifact is present and whole as far as its size tells."""
        ...

    def path(self, digest: str) -> Path:
        """Local path of the artifact's file or folder; it must not be written to."""
        ...

    def adopt(self, source: Path, ref: ArtifactRef, *, durable: bool) -> None:
        """Move finished bytes into the store under `ref.digest`; fsync first when `durable`."""
        ...

    def verify(self, digest: str) -> bool:
        """Read the bytes and compare their digest."""
        ...

    def remove(self, digest: str) -> int:
        """Delete an artifact; gives the bytes freed."""
        ...

    def digests(self) -> Iterator[str]:
        """All artifacts present."""
        ...


class RunStore(Protocol):
    """Runs, step runs, the event log and the reuse index."""

    def create_run(self, run: Run, plan_json: bytes) -> Run:
        """Accept a run durably; gives it back with its number."""
        ...

    def run(self, run_id: str) -> Run | None:
        """A run with its step runs."""
        ...

    def runs(
        self, *, limit: int = 100, before: int | None = None, pipeline_id: str | None = None
    ) -> list[Run]:
        """Runs without their steps, newest first; `before` is a run number."""
        ...

    def step_runs(self, run_id: str) -> Mapping[str, StepRun]:
        """The step runs of a run by step id."""
        ...

    def events(self, *, after: int, run_id: str | None = None) -> Iterator[RunEvent]:
        """Events after a sequence number, oldest first."""
        ...


class EnvironmentSource(Protocol):
    """Says in which environment a step runs."""

    def find(
        self, name: str, requirements: Sequence[str], *, module: str, target: str
    ) -> Environment | None:
        """The environment of a step; None for the designer's own.

        Args:
            name: What the node asks for; empty when it does not.
            requirements: What its module asks for.
            module: The module as messages name it.
            target: Where the step runs.

        Raises:
            RequestError: E… when there is none that can be.
        """
        ...
