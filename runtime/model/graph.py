"""The graph: nodes, the wires into them, parameters, outputs and layout (format 1)."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

FORMAT = 1

ParameterType = Literal["int", "float", "bool", "string"]
NodeStateKind = Literal["disabled", "bypassed", "frozen"]


class GraphParameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter of the whole pipeline, referred to by `{"$parameter": name}`."""

    type: ParameterType
    default: bool | int | float | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One wire, stored at its consumer: `node.port` of the producer.

    Attributes:
        node: Id of the producing node.
        port: Name of its output port.
        disabled: A disabled wire carries nothing; its consumer sees an unwired input.
    """

    node: str
    port: str
    disabled: bool = False

    @property
    def source(self) -> str:
        """The wire's text in the file, `node.port`."""
        return f"{self.node}.{self.port}"


class RunSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How and where a node runs; absent values follow the pipeline's defaults."""

    target: str | None = None
    cpus: float | None = None
    memory_gib: float | None = None
    gpus: float | None = None
    environment: str | None = None
    timeout_s: float | None = None
    retries: int | None = None
    reuse: bool | None = None

    def over(self, defaults: "RunSettings | None") -> "RunSettings":
        """These settings, with `defaults` where they say nothing."""
        if defaults is None:
            return self
        given = {name: value for name in _RUN_FIELDS if (value := getattr(self, name)) is not None}
        return msgspec.structs.replace(defaults, **given)


_RUN_FIELDS = RunSettings.__struct_fields__


class NodeState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person switched on a node: disabled, bypassed, or frozen with its artifacts."""

    kind: NodeStateKind
    artifacts: dict[str, str] = {}


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One use of one module version.

    Attributes:
        module: Module id, `data_transformation.split_data`; empty for a subgraph node.
        subgraph: Name of the definition in the same document that the node stands for.
        version: Exact version, or `default` to follow the registry's default pointer.
        digest: Pin of the module version's bytes, `b3:…`.
        inputs: Wires by input port name, in order for ports that take many.
        parameters: Only the values that differ from the module version's defaults; a reference
            is an object with one `$` key.
        after: Ids of nodes that must finish first although no data flows.
    """

    module: str = ""
    version: str = "default"
    digest: str | None = None
    label: str | None = None
    subgraph: str | None = None
    inputs: dict[str, tuple[Wire, ...]] = {}
    parameters: dict[str, Any] = {}
    after: tuple[str, ...] = ()
    run: RunSettings | None = None
    state: NodeState | None = None
    extensions: dict[str, Any] = {}


class Subgraph(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The definition of a subgraph: an inner graph with ports and parameters of its own.

    Attributes:
        label: What people call it; empty for its name.
        inputs: Input ports, name to the `node.port`s inside that they feed.
        outputs: Output ports, name to the `node.port` inside that they give; None for one that
            gives nothing yet.
        parameters: Promoted parameters, name to the `node.parameter`s inside that they set. The
            default is what the inner node holds; a value on the using node overrides it there.
    """

    label: str = ""
    description: str = ""
    nodes: dict[str, Node] = {}
    inputs: dict[str, tuple[str, ...]] = {}
    outputs: dict[str, str | None] = {}
    parameters: dict[str, tuple[str, ...]] = {}
    layout: dict[str, Any] = {}
    extensions: dict[str, Any] = {}


class Graph(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pipeline's graph as the JSON file holds it.

    Attributes:
        run: How and where nodes run that do not say so themselves.
        outputs: Pipeline outputs, name to `node.port`.
        layout: Everything about looks; never part of the content hash.
        extensions: The `"x-…"` keys of the document, kept as they are.
    """

    format: int = FORMAT
    name: str = ""
    description: str = ""
    parameters: dict[str, GraphParameter] = {}
    run: RunSettings | None = None
    nodes: dict[str, Node] = {}
    outputs: dict[str, str] = {}
    subgraphs: dict[str, Subgraph] = {}
    layout: dict[str, Any] = {}
    extensions: dict[str, Any] = {}

    def every_node(self) -> Iterator[Node]:
        """The nodes of the document, those inside the definitions of its subgraphs too."""
        yield from self.nodes.values()
        for subgraph in self.subgraphs.values():
            yield from subgraph.nodes.values()
