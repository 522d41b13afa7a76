"""The shape of the graph file, as Structs: what the fast reader takes and the schema is made of.

The model (`runtime.model.graph`) holds wires as objects and extensions in a field of their own;
the file holds wires as text and `x-…` keys where they stand. These Structs are the file's side.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runtime.model.graph import NodeStateKind, ParameterType
from runtime.model.graph_limits import MAX_INTEGER, MAX_NODES, MAX_STRING

MAX_NAME = 200
NODE_ID = r"[a-z][a-z0-9_]{0,199}"
NAME = r"[A-Za-z_][A-Za-z0-9_]{0,199}"
WIRE = rf"{NODE_ID}\.{NAME}"
REFERENCES = ("$parameter", "$dataset", "$secret")

_LARGEST = 1.7976931348623157e308
_Integer = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_Number = Annotated[float, Meta(ge=-_LARGEST, le=_LARGEST)]
_Text = Annotated[str, Meta(max_length=MAX_STRING)]
_Positive = Annotated[float, Meta(gt=0, le=_LARGEST)]
_Scalar = None | bool | _Integer | _Number | _Text


# What nearly every value in a graph is; deeper ones take the slow way. Written out, because
# msgspec expands a type wherever it is used.
_Flat = _Scalar | list[_Scalar]
_Row = _Scalar | list[_Scalar] | dict[_Text, _Flat]
if TYPE_CHECKING:
    PlainValue = Any
else:
    PlainValue = _Scalar | list[_Row] | dict[_Text, _Scalar | list[_Row] | dict[_Text, _Flat]]

# Forms are said in the schema only: the reader checks all names of a graph in one go each.
NodeId = Annotated[str, Meta(extra_json_schema={"pattern": f"^{NODE_ID}$"})]
Name = Annotated[str, Meta(extra_json_schema={"pattern": f"^{NAME}$"})]
WireText = Annotated[str, Meta(extra_json_schema={"pattern": f"^{WIRE}$"})]


class WireFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wire that carries more than its source: `{"from": "node.port", "disabled": true}`."""

    source: WireText = msgspec.field(name="from")
    disabled: bool = False


class StateFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The state of a node: disabled, bypassed, or frozen with the digests of its artifacts."""

    kind: NodeStateKind
    artifacts: dict[Name, _Text] = {}


class RunFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How and where a node runs, or every node that does not say so itself."""

    target: _Text | None = None
    cpus: _Positive | None = None
    memory_gib: _Positive | None = None
    gpus: Annotated[float, Meta(ge=0, le=_LARGEST)] | None = None
    environment: _Text | None = None
    timeout_s: _Positive | None = None
    retries: Annotated[int, Meta(ge=0, le=MAX_INTEGER)] | None = None
    reuse: bool | None = None


class ParameterFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter of the whole pipeline."""

    type: ParameterType
    default: _Scalar = None
    minimum: _Number | None = None
    maximum: _Number | None = None
    description: _Text = ""


class NodeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A node as the file holds it; wires are `node.port` texts."""

    label: _Text | None = None
    module: _Text = ""
    version: _Text = "default"
    digest: _Text | None = None
    subgraph: NodeId | None = None
    inputs: dict[Name, WireText | WireFile | list[WireText | WireFile]] = {}
    parameters: dict[Name, PlainValue] = {}
    after: tuple[NodeId, ...] = ()
    run: RunFile | None = None
    state: StateFile | NodeStateKind | None = None


class SubgraphFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subgraph: inner nodes; its ports as `node.port`, its parameters as `node.parameter`."""

    label: _Text = ""
    description: _Text = ""
    nodes: dict[NodeId, NodeFile] = {}
    inputs: dict[Name, WireText | list[WireText]] = {}
    outputs: dict[Name, WireText | None] = {}
    parameters: dict[Name, WireText | list[WireText]] = {}
    layout: dict[_Text, PlainValue] = {}


class GraphFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The document."""

    format: Literal[1]
    name: _Text = ""
    description: _Text = ""
    parameters: dict[Name, ParameterFile] = {}
    run: RunFile | None = None
    nodes: Annotated[dict[NodeId, NodeFile], Meta(max_length=MAX_NODES)] = {}
    outputs: dict[Name, WireText] = {}
    subgraphs: dict[NodeId, SubgraphFile] = {}
    layout: dict[_Text, PlainValue] = {}
