"""Runs and step runs: what happened, why, with which result."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from runtime.model.artifact import ArtifactRef
from runtime.model.environment import DESIGNER
from runtime.model.slots import Slots

Status = Literal["queued", "preparing", "running", "completed", "failed", "cancelled", "skipped"]
TERMINAL: frozenset[str] = frozenset({"completed", "failed", "cancelled", "skipped"})


class Scope(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Which part of a graph a run is about; empty for all of it.

    Attributes:
        to: These nodes and what they need.
        from_: These nodes and everything behind them.
        only: Just these nodes.
        failed: What was not done when it last ran, and everything behind it.
        stop_before: Nodes with a breakpoint: they wait, and so does everything behind them.
    """

    to: tuple[str, ...] = ()
    from_: tuple[str, ...] = msgspec.field(name="from", default=())
    only: tuple[str, ...] = ()
    failed: bool = False
    stop_before: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether nodes are left out, other than those behind a breakpoint."""
        return bool(self.to or self.from_ or self.only or self.failed)


class ErrorRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exception as it travels between processes and rests in the run record.

    Attributes:
        frames: The author's own lines of the traceback: `{"file", "line", "function", "text"}`.
        details: What the code is about, e.g. `{"column": "age"}`.
    """

    code: str
    message: str
    remedy: str = ""
    where: str = ""
    frames: tuple[dict[str, Any], ...] = ()
    details: dict[str, Any] = {}


class FailedAttempt(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """An attempt at a step that came to nothing.

    Attributes:
        attempt: Its number, from 1; that of its log.
        reason: What went wrong, in words.
        code: Its error code.
        ending: How the process ended where it died: `signal 9`, `status 3`.
        started_at: Seconds since the epoch (UTC).
        seconds: How long it took, the way to its target included.
    """

    attempt: int
    reason: str
    code: str = ""
    ending: str = ""
    started_at: float = 0
    seconds: float = 0


class StepRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step in one run.

    Attributes:
        reason: Why it ran, or from which run it was reused, in words.
        detail: What the status alone does not say (`blocked: disk full`, `cancelling`).
        slots: What it holds, or held, of its target; absent for one processor and nothing else.
        environment: What it runs in: a name, the requirements it is made for, or `designer`.
        environment_digest: Of its packages; empty for the designer's own.
        progress: Share done between 0 and 1, absent when the module reports none.
        peak_memory_bytes: Most memory its processes held at once, of all its attempts.
        cpu_seconds: Processor time of its last attempt, child processes included.
        moved_bytes: What was sent to its target and fetched from there, of all its attempts.
        failed_attempts: Those that came to nothing, in order; the last one too where it did.
        started_at: Seconds since the epoch (UTC); `seconds` is measured monotonically.
    """

    step: str
    label: str = ""
    module: str = ""
    version: str = ""
    status: Status = "queued"
    reused: bool = False
    reused_from: str = ""
    reason: str = ""
    detail: str = ""
    target: str = "local"
    slots: Slots | None = None
    environment: str = DESIGNER
    environment_digest: str = ""
    attempts: int = 0
    seconds: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    fingerprint: str = ""
    seed: int | None = None
    progress: float | None = None
    progress_text: str = ""
    peak_memory_bytes: int | None = None
    peak_gpu_memory_bytes: int | None = None
    cpu_seconds: float | None = None
    moved_bytes: int | None = None
    failed_attempts: tuple[FailedAttempt, ...] = ()
    metrics: dict[str, Any] = {}
    outputs: dict[str, ArtifactRef] = {}
    error: ErrorRecord | None = None


class StepCounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How many steps of a run became what; `done` are those that were executed."""

    done: int = 0
    reused: int = 0
    failed: int = 0
    total: int = 0


def counts_of(steps: Iterable[StepRun]) -> StepCounts:
    """Count steps by what became of them."""
    return counts_of_endings([(step.status, step.reused) for step in steps])


def counts_of_endings(endings: Sequence[tuple[Status, bool]]) -> StepCounts:
    """Count steps of which only the status is known, and whether they were reused."""
    return StepCounts(
        done=endings.count(("completed", False)),
        reused=sum([reused for _, reused in endings]),
        failed=sum([status == "failed" for status, _ in endings]),
        total=len(endings),
    )


class SourceState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What version control says of a folder that a run's graph or modules come from.

    Attributes:
        commit: What was checked out; empty before the first commit.
        is_dirty: Something there was changed, or is new, since; None where git did not say in time.
    """

    folder: str
    commit: str = ""
    branch: str = ""
    is_dirty: bool | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One execution of a plan; `number` counts runs in the workspace and is what people say.

    Attributes:
        scope: Which part of the graph was asked for.
        stopped_before: Nodes with a breakpoint that the run came to; it goes on from them.
        resumes: Id of the run that this one goes on with.
        counts: What became of its steps, once it has ended.
        sources: The version control of the folders of its graph and its workspace's modules.
        packages: Digest of the versions of packages that steps on this machine could import.
        prices: Of an hour on each target that has one, as they were when it was submitted.
    """

    id: str
    number: int = 0
    name: str = ""
    pipeline_id: str = ""
    revision: int = 0
    status: Status = "queued"
    detail: str = ""
    author: str = ""
    created_at: float = 0
    started_at: float | None = None
    finished_at: float | None = None
    seconds: float | None = None
    graph_hash: str = ""
    parameters: dict[str, Any] = {}
    failure_policy: str = "stop"
    scope: Scope = Scope()
    stopped_before: tuple[str, ...] = ()
    resumes: str = ""
    counts: StepCounts | None = None
    sources: tuple[SourceState, ...] = ()
    packages: str = ""
    prices: dict[str, float] = {}
    steps: dict[str, StepRun] = {}
    error: ErrorRecord | None = None
