"""What the engine asks the run store to write: values, applied together in one transaction."""

import msgspec

from runtime.model import ArtifactRef, Run, RunEvent, Status, StepRun


class StepChanged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step goes from one state to another; refused when it is no longer in the first.

    Attributes:
        position: The step's place in its plan.
        before: The status and fence that the row must have.
        fence: The attempt that holds the step from now on.
    """

    run_number: int
    position: int
    before: tuple[Status, int]
    fence: int
    record: StepRun


class RunChanged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A run's own record; its steps are rows of their own."""

    record: Run


class EventsHappened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Events of one run for the append-only log, in order and with their sequence numbers."""

    run_id: str
    events: tuple[RunEvent, ...]


class StoredResult(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a finished step left for reuse.

    Attributes:
        inputs: Digests of the inputs, in the order of the step's wires.
    """

    run_id: str
    run_number: int
    step: str
    inputs: tuple[str, ...]
    outputs: dict[str, ArtifactRef]
    metrics: dict[str, object] = {}
    seed: int | None = None
    seconds: float | None = None
    peak_memory_bytes: int | None = None
    target: str = ""
    finished_at: float | None = None


class StepExecuted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step's process delivered: what it made, and what that took.

    Attributes:
        module: Module id and version.
        recipe: The step's recipe: the same module version with the same parameters.
        input_bytes: Size of all inputs together.
        outputs: Digests of what it made.
    """

    run_number: int
    position: int
    step: str
    module: str
    recipe: str
    target: str
    at: float
    input_bytes: int
    outputs: tuple[str, ...]
    seconds: float
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    peak_gpu_memory_bytes: int | None = None


class ResultLearned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A result to be found again under each of these keys (fingerprint, lineage)."""

    keys: tuple[str, ...]
    result: StoredResult


Change = StepChanged | RunChanged | EventsHappened | ResultLearned | StepExecuted
