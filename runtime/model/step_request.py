"""The worker's protocol: one JSON request in, JSON-lines events out."""

from typing import Any, Literal

import msgspec

from runtime.model.artifact import ArtifactRef
from runtime.model.environment import Environment
from runtime.model.module_spec import Entry, OutputPort
from runtime.model.run import ErrorRecord


class InputArtifact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An input artifact and the local path where its bytes lie, read-only."""

    ref: ArtifactRef
    path: str


class StepRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a worker needs to execute one step wherever it is.

    Attributes:
        label: What people call the step; messages say the module's id where it is empty.
        inputs: Artifacts by input port; ports that take many have several.
        folder: Attempt folder: outputs are written to `<folder>/outputs/<port>`.
        files: External files by parameter name: absolute local path.
        fence: Token of this attempt; a result with another fence is refused.
        log: Where the step's standard output and error end up; `<folder>/out.log` when empty.
        device: Where a module that can use a GPU computes: `cuda:0`, the first of its own, or `cpu`.
        cpus: How many processors the step asked for.
        memory_bytes: Most memory the step may hold; beyond it fails with R002.
        gpus: How many GPUs the step asked for.
        gpu_numbers: Which of its target's GPUs are its own.
        gpu_names: What the driver calls them on the target's machine; the target fills it in.
        environment: What it runs in; absent for the target's own Python.
    """

    run_id: str
    step_id: str
    attempt: int
    fence: int
    entry: Entry
    module: str
    version: str
    digest: str
    label: str = ""
    parameters: dict[str, Any] = {}
    inputs: dict[str, tuple[InputArtifact, ...]] = {}
    outputs: tuple[OutputPort, ...] = ()
    folder: str
    files: dict[str, str] = {}
    source_folder: str = ""
    seed: int | None = None
    threads: int = 1
    device: str = "cpu"
    cpus: float = 1
    memory_bytes: int | None = None
    gpus: float = 0
    gpu_numbers: tuple[int, ...] = ()
    gpu_names: tuple[str, ...] = ()
    log: str = ""
    environment: Environment | None = None

    @property
    def runs_alone(self) -> bool:
        """Whether it has a process of its own: people's code, a GPU's user, one with a limit."""
        return self.entry.isolated or self.gpus > 0 or self.memory_bytes is not None


class OutputFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One output a worker has written and hashed: path inside the attempt folder and its facts."""

    ref: ArtifactRef
    path: str


class WorkerEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line from a worker: progress, a metric, or the end.

    Attributes:
        kind: `done` carries `outputs`; `failed` carries `error`, and `outputs` that it made all the
            same; the others carry `data`.
    """

    kind: Literal["started", "progress", "metric", "done", "failed"]
    data: dict[str, Any] = {}
    outputs: dict[str, OutputFile] = {}
    error: ErrorRecord | None = None
    peak_memory_bytes: int | None = None
    cpu_seconds: float | None = None
