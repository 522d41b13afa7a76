"""The plan: the resolved work in order. A step is a node bound to target, inputs, environment."""

from typing import Any, Literal

import msgspec

from runtime.model.artifact import ArtifactRef
from runtime.model.diagnostic import Diagnostic
from runtime.model.environment import Environment
from runtime.model.module_spec import Entry, OutputPort
from runtime.model.run import Scope, SourceState
from runtime.model.slots import ONE_PROCESSOR, Slots

FailurePolicy = Literal["stop", "continue"]


class StepInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One wire into a step: which earlier step's output feeds the port."""

    port: str
    step: str
    output: str
    many: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One node of the graph, resolved.

    Attributes:
        id: The node's id in the flattened graph.
        parameters: Every parameter with its resolved value, defaults included, references gone.
        recipe: Digest over everything but the inputs: module digest, parameters, external file
            contents, locked requirements, Python minor version. With the input digests it makes
            the fingerprint.
        files: External files a `file` parameter names: parameter name to `b3:` digest.
        lineage: Digest over the recipe and the lineage of the inputs, known without reading
            anything, so that the results of a whole plan can be looked up at once. Empty where a
            step before it, or the step itself, is not reusable. It finds candidates: what proves
            that a result fits is the fingerprint.
        fresh_because: Why `reuse` is off, in words.
        stored: The run was asked to leave this step alone: its outputs come from its latest
            finished run where there is one.
        after: Steps that must be done first although no data flows from them.
        cpus: Processors that it takes; a target that has fewer gives all of them.
        memory_gib: Memory that it takes, and the limit on what it may hold.
        gpus: GPUs that it takes; less than one shares a GPU.
        environment: What it runs in; absent for the designer's own.
        threads: Thread budget, 0 for the engine's choice.
    """

    id: str
    label: str
    module: str
    version: str
    digest: str
    entry: Entry
    parameters: dict[str, Any] = {}
    inputs: tuple[StepInput, ...] = ()
    outputs: tuple[OutputPort, ...] = ()
    after: tuple[str, ...] = ()
    recipe: str
    lineage: str = ""
    fresh_because: str = ""
    stored: bool = False
    files: dict[str, str] = {}
    target: str = "local"
    environment: Environment | None = None
    cpus: float = 1
    memory_gib: float | None = None
    gpus: float = 0
    timeout_s: float | None = None
    retries: int = 0
    reuse: bool = True
    seed: int | None = None
    threads: int = 0
    frozen: dict[str, ArtifactRef] = {}

    @property
    def asks(self) -> Slots:
        """What it takes of its target while it runs."""
        if self.cpus == 1 and not self.memory_gib and not self.gpus:
            return ONE_PROCESSOR
        return Slots(cpus=self.cpus, memory_gib=self.memory_gib or 0, gpus=self.gpus)

    @property
    def runs_alone(self) -> bool:
        """Whether it has a process of its own: people's code, a GPU's user, one with a limit."""
        return self.entry.isolated or self.gpus > 0 or bool(self.memory_gib)


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A graph made ready to run; steps are in topological order.

    Attributes:
        graph_json: The graph as it was submitted, its document on one line.
        graph_hash: Content hash of the graph without layout.
        outputs: Pipeline outputs, name to `step.port`; their artifacts are made durable.
        source_folder: Folder that relative data paths start from.
        skipped: Nodes that are left out, with the reason.
        scope: Which part of the graph was asked for.
        waiting: Nodes that wait behind a breakpoint, with the reason.
        stopped_before: Those of them that the run comes to; it goes on from them.
        sources: The version control of the folders that its graph and modules come from.
        resumes: The run that this one goes on with: what that one finished is taken over.
    """

    name: str
    graph_json: str
    graph_hash: str
    steps: tuple[Step, ...]
    outputs: dict[str, str] = {}
    parameters: dict[str, Any] = {}
    failure_policy: FailurePolicy = "stop"
    pipeline_id: str = ""
    revision: int = 0
    source_folder: str = ""
    author: str = ""
    skipped: dict[str, str] = {}
    scope: Scope = Scope()
    waiting: dict[str, str] = {}
    stopped_before: tuple[str, ...] = ()
    sources: tuple[SourceState, ...] = ()
    resumes: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
