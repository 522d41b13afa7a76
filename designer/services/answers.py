"""The shapes of what services answer, where a noun of the model is not enough."""

from typing import Any

import msgspec

from designer.document.arrangement import Places
from designer.document.comparison import Comparison
from designer.document.operations import ABSENT, Change, Conflict
from designer.services.draft import OperationResult
from designer.store import CommentThread, RunMarks
from runtime.environments.building import Progress
from runtime.environments.built import BuiltEnvironment
from runtime.environments.ready import ReadyEnvironment
from runtime.model import (
    ArtifactRef,
    Diagnostic,
    Environment,
    ErrorRecord,
    ModuleSpec,
    NodeForesight,
    PackageSource,
    Run,
    Slots,
    Status,
    StepRun,
    Target,
    TargetReport,
)


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
    """A pipeline opened: everything the editor starts from.

    Attributes:
        definitions: The documents of the modules it uses that are subgraphs, by `id@version`.
        places: Suggested for the nodes that have none, by the definition of a subgraph (empty for
            the pipeline itself), then by node. They are in no document.
    """

    id: str
    name: str
    revision: int
    graph: dict[str, Any]
    modules: dict[str, ModuleSpec]
    definitions: dict[str, dict[str, Any]] = {}
    diagnostics: tuple[Diagnostic, ...]
    last_run: Run | None = None
    read_only: bool = False
    places: Places = {}


class Schemas(Answer, frozen=True, kw_only=True):
    """What is known of the outputs of every node before a run.

    Attributes:
        revision: The revision of the pipeline that it is known of.
        nodes: By node id in the flat graph.
        is_current: False while newer edits are still looked at; a push tells what they change.
    """

    revision: int
    nodes: dict[str, NodeForesight]
    is_current: bool


class OperationsAnswer(Answer, frozen=True, kw_only=True):
    """What became of a batch of operations, and the validation of the result."""

    revision: int
    results: tuple[OperationResult, ...]
    diagnostics: tuple[Diagnostic, ...]


class LogEntry(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """One accepted operation in the log: the operation's own fields, and what became of it.

    Attributes:
        renamed: Node ids of its client that were taken: old to new.
        conflicts: Other people's edits that it went over.
    """

    id: str
    client: str
    label: str
    changes: tuple[Change, ...]
    revision: int
    author: str
    at: float
    renamed: dict[str, str] = {}
    conflicts: tuple[Conflict, ...] = ()


class LogAnswer(Answer, frozen=True, kw_only=True):
    """The log after a revision; `revision` is the newest there is."""

    revision: int
    operations: tuple[LogEntry, ...]


class Revision(Answer, frozen=True, kw_only=True):
    """One entry of a pipeline's history; `name` is set for a named version.

    Attributes:
        description: Of a named version, what is special about it.
        version_id: Of a named version, to change its name.
        client: Of an edit, from which browser tab it came.
    """

    revision: int
    label: str
    author: str
    at: float
    name: str = ""
    description: str = ""
    version_id: int = 0
    client: str = ""


class RevisionList(Answer, frozen=True, kw_only=True):
    """The history, newest first."""

    revisions: tuple[Revision, ...]


class ConflictView(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """An edit that went over somebody else's, both sides of it.

    Attributes:
        operation: Id of the edit that won.
        label: What it did.
        revision: As which it was accepted.
        path: Where both changed something.
        yours: What the later one left.
        theirs: What the earlier one had left.
        author: Who made the later one.
        theirs_author: Who made the earlier one.
    """

    operation: str
    label: str
    revision: int
    path: tuple[str, ...]
    yours: Any = ABSENT
    theirs: Any = ABSENT
    author: str = ""
    client: str = ""
    at: float = 0.0
    theirs_author: str = ""
    theirs_client: str = ""
    theirs_at: float = 0.0


class ConflictList(Answer, frozen=True, kw_only=True):
    """Conflicts whose place nobody has changed since, newest first."""

    conflicts: tuple[ConflictView, ...]


class State(Answer, frozen=True, kw_only=True):
    """A state of a pipeline: what it is called, what leads back to it, and the document."""

    title: str
    reference: str
    revision: int
    graph: dict[str, Any]


class ComparisonView(Answer, frozen=True, kw_only=True):
    """What differs between two states, with both states and the modules they use."""

    before: State
    after: State
    comparison: Comparison
    modules: dict[str, ModuleSpec]


class CommentList(Answer, frozen=True, kw_only=True):
    """The comment threads of a pipeline, oldest first."""

    threads: tuple[CommentThread, ...]


class Created(Answer, frozen=True, kw_only=True):
    """The id of what was created, and what is to be said about it."""

    id: str
    diagnostics: tuple[Diagnostic, ...] = ()


class Sample(Answer, frozen=True, kw_only=True):
    """A sample pipeline that ships with the designer.

    Attributes:
        learned: What one learns from it, in a line.
    """

    id: str
    name: str
    description: str
    learned: str = ""
    node_count: int = 0
    thumbnail: Thumbnail = Thumbnail()


class SampleCopy(Answer, frozen=True, kw_only=True):
    """The graph document of a sample whose data files are in the workspace."""

    document: dict[str, Any]


class SampleList(Answer, frozen=True, kw_only=True):
    """The samples."""

    samples: tuple[Sample, ...]


class Suggestions(Answer, frozen=True, kw_only=True):
    """What is usually wired to what: by `module.port`, the other module, its port and how often."""

    after: dict[str, list[tuple[str, str, int]]]
    before: dict[str, list[tuple[str, str, int]]]


class LogText(Answer, frozen=True, kw_only=True):
    """A part of a step's log, by byte offsets; `end` when nothing more will come."""

    text: str
    offset: int
    next: int
    end: bool
    truncated: bool


class RunList(Answer, frozen=True, kw_only=True):
    """Runs without their steps, newest first, and the marks of those that have some, by id."""

    runs: tuple[Run, ...]
    marks: dict[str, RunMarks] = {}


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


class TargetAnswer(Answer, frozen=True, kw_only=True):
    """A compute target.

    Attributes:
        fingerprint: Of the host's key that is pinned; empty for this machine.
        taken: What running steps of this workspace hold of it now.
        report: What the target offers, where it was just asked.
        price_per_hour: What an hour on it costs; 0 where no price is set.
    """

    target: Target
    fingerprint: str = ""
    taken: Slots = Slots(cpus=0)
    price_per_hour: float = 0
    report: TargetReport | None = None


class TargetList(Answer, frozen=True, kw_only=True):
    """The compute targets of the workspace, this machine first."""

    targets: tuple[TargetAnswer, ...]


class EnvironmentUse(Answer, frozen=True, kw_only=True):
    """A node that names an environment; without a node, the pipeline does for all of its own."""

    pipeline_id: str
    pipeline: str
    node: str = ""
    label: str = ""


class EnvironmentAnswer(Answer, frozen=True, kw_only=True):
    """An environment.

    Attributes:
        digest: Of its packages.
        built: What there is of it on this machine; absent while it is not built.
        progress: How far its build is.
        is_building: It is being built, or about to be.
        failure: Why its last build failed.
        nodes: Those that name it.
        modules: Module versions whose requirements ask for it.
    """

    environment: Environment
    digest: str
    built: BuiltEnvironment | None = None
    progress: Progress | None = None
    is_building: bool = False
    failure: ErrorRecord | None = None
    nodes: tuple[EnvironmentUse, ...] = ()
    modules: tuple[str, ...] = ()


class EnvironmentList(Answer, frozen=True, kw_only=True):
    """The environments of the workspace.

    Attributes:
        ready: Lists of requirements that can be added by their name.
        source: Where packages come from.
        python: Minor version of the designer's own environment.
        packages: How many packages that one has.
    """

    environments: tuple[EnvironmentAnswer, ...]
    ready: tuple[ReadyEnvironment, ...]
    source: PackageSource
    python: str
    packages: int
