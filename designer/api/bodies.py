"""What requests bring in their bodies."""

from typing import Any, Literal

import msgspec

from designer.document.operations import Operation
from runtime.model import Target
from runtime.planning import PlanOptions


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the bodies: frozen, and nothing in them is ignored."""


class NewPipeline(Body, frozen=True, kw_only=True):
    """A new pipeline: empty, from a graph, or from a sample."""

    name: str = ""
    graph: dict[str, Any] | None = None
    sample: str = ""


class Name(Body, frozen=True, kw_only=True):
    """A name for a pipeline or a revision."""

    name: str


class Operations(Body, frozen=True, kw_only=True):
    """A batch of operations in the client's order.

    Attributes:
        operations: In the order they were made.
        heir_of: Clients that are gone and whose operations the present one took over.
    """

    operations: list[Operation]
    heir_of: tuple[str, ...] = ()


class Nodes(Body, frozen=True, kw_only=True):
    """Nodes of a pipeline, by id."""

    nodes: tuple[str, ...]


class ReopenedStep(Body, frozen=True, kw_only=True):
    """A step of a run, by id."""

    step: str


class Marks(Body, frozen=True, kw_only=True):
    """Changes of a run's tags and note.

    Attributes:
        add: Tags that it gets.
        remove: Tags that are taken away.
        note: Its note from now on, empty for none; left out, the note stays.
    """

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    note: str | None = None


class Digests(Body, frozen=True, kw_only=True):
    """Artifacts."""

    digests: tuple[str, ...]


class NewVersion(Body, frozen=True, kw_only=True):
    """A name for a revision, by default for the newest."""

    name: str
    description: str = ""
    revision: int | None = None


class VersionWords(Body, frozen=True, kw_only=True):
    """What a named version is called, and what is special about it."""

    name: str
    description: str = ""


class Restore(Body, frozen=True, kw_only=True):
    """The revision to go back to, or the name of a version."""

    revision: int = 0
    version: str = ""


class NewThread(Body, frozen=True, kw_only=True):
    """The first comment of a thread, and the node it is about.

    Attributes:
        node: Id of the node; empty for the pipeline.
        scope: Name of the subgraph that the node lies in; empty for the pipeline itself.
    """

    text: str
    node: str = ""
    scope: str = ""


class CommentText(Body, frozen=True, kw_only=True):
    """What a comment says."""

    text: str


class Resolution(Body, frozen=True, kw_only=True):
    """Whether a thread is settled."""

    is_resolved: bool


class Publication(Body, frozen=True, kw_only=True):
    """How a draft is published."""

    version: str | None = None
    make_default: bool = False
    changelog: str = ""


class SubgraphPublication(Body, frozen=True, kw_only=True):
    """How the definition of a subgraph is published; `module` is the id that it gets."""

    module: str = ""
    version: str | None = None
    make_default: bool = False
    changelog: str = ""


class StateChange(Body, frozen=True, kw_only=True):
    """Another state for a module version, or for the whole module."""

    action: Literal["deprecate", "disable", "enable"]
    version: str | None = None
    message: str = ""
    replacement: str = ""


class DefaultVersion(Body, frozen=True, kw_only=True):
    """The version that a fresh drop uses from now on."""

    version: str


class RunChoices(Body, frozen=True, kw_only=True):
    """Which part of a pipeline to run, and how."""

    to: tuple[str, ...] = ()
    from_: tuple[str, ...] = msgspec.field(default=(), name="from")
    only: tuple[str, ...] = ()
    failed: bool = False
    stop_before: tuple[str, ...] = ()
    regenerate: bool = False
    parameters: dict[str, Any] = {}
    target: str | None = None
    failure_policy: Literal["stop", "continue"] = "stop"

    def as_options(self) -> PlanOptions:
        """The options for planning."""
        return PlanOptions(**msgspec.structs.asdict(self))


class NewRun(Body, frozen=True, kw_only=True):
    """A run of a pipeline's newest document."""

    pipeline_id: str
    options: RunChoices = RunChoices()


class Rerun(Body, frozen=True, kw_only=True):
    """The graph of a run once more.

    Attributes:
        parameters: Values that take the place of the run's own.
        graph: As it was in the run, or the newest of its pipeline.
    """

    parameters: dict[str, Any] = {}
    graph: Literal["as_it_was", "newest"] = "as_it_was"


class PlanRequest(Body, frozen=True, kw_only=True):
    """What to plan: a pipeline, or a graph that is not stored."""

    pipeline_id: str = ""
    graph: dict[str, Any] | None = None
    options: RunChoices = RunChoices()


class Price(Body, frozen=True, kw_only=True):
    """What an hour on a compute target costs; 0 for no price."""

    price_per_hour: float


class NewTarget(Body, frozen=True, kw_only=True):
    """A compute target to add.

    Attributes:
        target: Its resources are taken from the host where they are not given.
        fingerprint: Of the key that the host must have; whatever it shows is pinned when empty.
    """

    target: Target
    fingerprint: str = ""


class NewEnvironment(Body, frozen=True, kw_only=True):
    """An environment to add.

    Attributes:
        requirements: As `pip` reads them; those of the ready environment of that name when empty.
        python: Minor version; that of the designer when empty.
        extra_index: A package index that is asked before the usual one.
        wheels: A folder of wheels on the designer's machine; no index is asked then.
    """

    name: str
    requirements: tuple[str, ...] = ()
    python: str = ""
    extra_index: str = ""
    wheels: str = ""
