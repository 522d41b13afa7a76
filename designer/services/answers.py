"""The shapes of what services answer, where a noun of the model is not enough."""

from typing import Any

import msgspec

from designer.document.operations import Change
from designer.services.draft import OperationResult
from runtime.model import ArtifactRef, Diagnostic, ModuleSpec, Run, Status, StepRun


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the answers: frozen, built by keyword."""


class LastRun(Answer, frozen=True, kw_only=True):
    """The newest run of a pipeline, for lists."""

    id: str
    number: int
    status: Status
    finished_at: float | None = None


class Thumbnail(Answer, frozen=True, kw_only=True):
    """A pipeline's looks: nodes as x, y, category; wires as pairs of node positions in the list."""

    nodes: tuple[tuple[float, float, str], ...] = ()
    wires: tuple[tuple[int, int], ...] = ()


class PipelineCard(Answer, frozen=True, kw_only=True):
    """One pipeline in the list."""

    id: str
    name: str
    description: str
    revision: int
    modified_at: float
    node_count: int
    last_run: LastRun | None = None
    thumbnail: Thumbnail = Thumbnail()


class FileProblem(Answer, frozen=True, kw_only=True):
    """A file in the `pipelines` folder that cannot be read, so it became no pipeline."""

    file: str
    diagnostics: tuple[Diagnostic, ...]


class PipelineList(Answer, frozen=True, kw_only=True):
    """All pipelines, last modified first, and the files that became none."""

    pipelines: tuple[PipelineCard, ...]
    problems: tuple[FileProblem, ...] = ()


class PipelineView(Answer, frozen=True, kw_only=True):
    """A pipeline opened: everything the editor starts from."""

    id: str
    name: str
    revision: int
    graph: dict[str, Any]
    modules: dict[str, ModuleSpec]
    diagnostics: tuple[Diagnostic, ...]
    last_run: Run | None = None
    read_only: bool = False


class OperationsAnswer(Answer, frozen=True, kw_only=True):
    """What became of a batch of operations, and the validation of the result."""

    revision: int
    results: tuple[OperationResult, ...]
    diagnostics: tuple[Diagnostic, ...]


class LogEntry(Answer, frozen=True, kw_only=True):
    """One accepted operation in the log: the operation's own fields, and when it was accepted."""

    id: str
    client: str
    label: str
    changes: tuple[Change, ...]
    revision: int
    author: str
    at: float


class LogAnswer(Answer, frozen=True, kw_only=True):
    """The log after a revision; `revision` is the newest there is."""

    revision: int
    operations: tuple[LogEntry, ...]


class Revision(Answer, frozen=True, kw_only=True):
    """One entry of a pipeline's history; `name` is set for a named version."""

    revision: int
    label: str
    author: str
    at: float
    name: str = ""


class RevisionList(Answer, frozen=True, kw_only=True):
    """The history, newest first."""

    revisions: tuple[Revision, ...]


class Created(Answer, frozen=True, kw_only=True):
    """The id of what was created, and what is to be said about it."""

    id: str
    diagnostics: tuple[Diagnostic, ...] = ()


class Sample(Answer, frozen=True, kw_only=True):
    """A sample pipeline that ships with the designer."""

    id: str
    name: str
    description: str
    thumbnail: Thumbnail = Thumbnail()


class SampleList(Answer, frozen=True, kw_only=True):
    """The samples."""

    samples: tuple[Sample, ...]


class LogText(Answer, frozen=True, kw_only=True):
    """A part of a step's log, by byte offsets; `end` when nothing more will come."""

    text: str
    offset: int
    next: int
    end: bool
    truncated: bool


class RunList(Answer, frozen=True, kw_only=True):
    """Runs without their steps, newest first."""

    runs: tuple[Run, ...]


class StepOfRun(Answer, frozen=True, kw_only=True):
    """A step in one of the runs of its pipeline; the run comes without its steps."""

    run: Run
    step: StepRun


class StepHistory(Answer, frozen=True, kw_only=True):
    """A step in the runs of its pipeline, newest first."""

    runs: tuple[StepOfRun, ...]


class StepInputArtifact(Answer, frozen=True, kw_only=True):
    """What came into an input port of a step: what the step before it stored.

    Attributes:
        label: What people call the step that it comes from.
        artifact: Absent where that step made nothing.
    """

    port: str
    step: str
    output: str
    label: str
    artifact: ArtifactRef | None = None


class StepInputs(Answer, frozen=True, kw_only=True):
    """What came into a step, by its wires."""

    inputs: tuple[StepInputArtifact, ...]


class RunAnswer(Answer, frozen=True, kw_only=True):
    """The run that was submitted."""

    run: Run
    diagnostics: tuple[Diagnostic, ...] = ()
