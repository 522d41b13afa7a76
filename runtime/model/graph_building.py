"""Build the model from a document that is known to be right."""

from collections.abc import Mapping
from typing import Any

from runtime.model.graph import (
    FORMAT,
    Graph,
    GraphParameter,
    Node,
    NodeState,
    RunSettings,
    Subgraph,
    Wire,
)

_NOTHING: dict[str, Any] = {}


def build_graph(document: Mapping[str, Any]) -> Graph:
    """Give the graph of a document without problems."""
    return Graph(
        format=FORMAT,
        name=document.get("name", ""),
        description=document.get("description", ""),
        parameters={
            name: GraphParameter(**raw)
            for name, raw in document.get("parameters", _NOTHING).items()
        },
        run=_run_settings(document.get("run") or _NOTHING),
        nodes=_nodes(document),
        outputs=dict(document.get("outputs", _NOTHING)),
        subgraphs={
            name: _subgraph(raw) for name, raw in document.get("subgraphs", _NOTHING).items()
        },
        layout=document.get("layout", _NOTHING),
        extensions=_extensions(document),
    )


def parse_wire(raw: str | Mapping[str, Any]) -> Wire:
    """Give the wire of its text `node.port`, or of its object with `from`.

    >>> parse_wire("split.results_dataset1").port
    'results_dataset1'
    """
    if isinstance(raw, str):
        node, _, port = raw.partition(".")
        return Wire(node=node, port=port)
    node, _, port = raw["from"].partition(".")
    return Wire(node=node, port=port, disabled=raw.get("disabled", False))


def _nodes(document: Mapping[str, Any]) -> dict[str, Node]:
    return {name: _node(raw) for name, raw in document.get("nodes", _NOTHING).items()}


def _node(raw: Mapping[str, Any]) -> Node:
    get = raw.get
    run, state, after = get("run"), get("state"), get("after")
    return Node(
        module=get("module", ""),
        version=get("version", "default"),
        digest=get("digest"),
        label=get("label"),
        subgraph=get("subgraph"),
        inputs=_inputs(raw["inputs"]) if "inputs" in raw else {},
        parameters=get("parameters", {}),
        after=tuple(after) if after else (),
        run=_run_settings(run) if run else None,
        state=_state(state) if state else None,
        extensions=_extensions(raw),
    )


def _run_settings(raw: Mapping[str, Any]) -> RunSettings | None:
    given = {key: value for key, value in raw.items() if value is not None}
    return RunSettings(**given) if given else None


def _inputs(raw: Mapping[str, Any]) -> dict[str, tuple[Wire, ...]]:
    return {
        port: (parse_wire(wires),)
        if type(wires) is str or isinstance(wires, dict)
        else tuple([parse_wire(wire) for wire in wires])
        for port, wires in raw.items()
        if wires
    }


def _state(raw: Any) -> NodeState:
    return NodeState(kind=raw) if not isinstance(raw, dict) else NodeState(**raw)


def _subgraph(raw: Mapping[str, Any]) -> Subgraph:
    return Subgraph(
        label=raw.get("label", ""),
        description=raw.get("description", ""),
        nodes=_nodes(raw),
        inputs=_inner(raw.get("inputs", _NOTHING)),
        outputs=dict(raw.get("outputs", _NOTHING)),
        parameters=_inner(raw.get("parameters", _NOTHING)),
        layout=raw.get("layout", {}),
        extensions=_extensions(raw),
    )


def _inner(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        name: (inner,) if isinstance(inner, str) else tuple(inner) for name, inner in raw.items()
    }


def _extensions(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key.startswith("x-")}
