"""Write a graph: the document, and its canonical text (the same graph, the same bytes).

Fixed keys stand in the order of the format, maps are sorted by key, defaults are left out. In the
text the document, each node and each section of the layout break lines; what is deeper stays on one
line. The definition of a subgraph breaks its lines as the document does.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from runtime.model.digest import digest_bytes
from runtime.model.graph import (
    Graph,
    GraphParameter,
    Node,
    NodeState,
    RunSettings,
    Subgraph,
    Wire,
)

_encode = msgspec.json.Encoder().encode
_spaced = msgspec.json.format
_BREAKING = {"parameters", "nodes", "subgraphs", "layout"}
_SCALARS = {str, int, float, bool, type(None)}
_BREAKING_ENTRIES = {"nodes", "layout"}


def write_document(document: Mapping[str, Any]) -> str:
    """Give the canonical text of a document as `graph_to_document` makes it."""
    return _scope(document, "") + "\n"


def graph_to_document(graph: Graph) -> dict[str, Any]:
    """Give the plain JSON document: keys in the format's order, maps sorted, defaults omitted."""
    document: dict[str, Any] = {"format": graph.format}
    if graph.name:
        document["name"] = graph.name
    if graph.description:
        document["description"] = graph.description
    if graph.parameters:
        document["parameters"] = {
            name: _graph_parameter(value) for name, value in sorted(graph.parameters.items())
        }
    if graph.run is not None and (run := _run(graph.run)):
        document["run"] = run
    document["nodes"] = _nodes(graph.nodes)
    if graph.outputs:
        document["outputs"] = dict(sorted(graph.outputs.items()))
    if graph.subgraphs:
        document["subgraphs"] = {
            name: _subgraph(value) for name, value in sorted(graph.subgraphs.items())
        }
    document.update(_sorted(graph.extensions))
    if graph.layout:
        document["layout"] = _sorted(graph.layout)
    return document


def canonical_line(document: Mapping[str, Any]) -> str:
    """Give a document on one line, for records that programs read."""
    return _encode(document).decode()


def hash_document(document: Mapping[str, Any]) -> str:
    """Digest of a document without layout: a pure move does not change it."""
    content = {key: value for key, value in document.items() if key != "layout"}
    if "subgraphs" in content:
        content["subgraphs"] = {
            name: {key: value for key, value in inner.items() if key != "layout"}
            for name, inner in content["subgraphs"].items()
        }
    return digest_bytes(msgspec.json.encode(content))


def _line(value: Any) -> str:
    text = _encode(value)
    return text.decode() if type(value) is str else _spaced(text, indent=0).decode()


def _scope(fields: Mapping[str, Any], margin: str) -> str:
    """The document, or the definition of a subgraph in it: its lines break in the same way."""
    inner = margin + "  "
    return _braced(
        (
            f"{_line(key)}: {_section(key, value, inner) if key in _BREAKING else _line(value)}"
            for key, value in fields.items()
        ),
        margin,
    )


def _section(key: str, entries: Any, margin: str) -> str:
    if not entries or not isinstance(entries, dict):
        return _line(entries)
    inner = margin + "  "
    write = _scope if key == "subgraphs" else _entry if key in _BREAKING_ENTRIES else None
    return _braced(
        (
            f"{_line(name)}: {write(value, inner) if write else _line(value)}"
            for name, value in entries.items()
        ),
        margin,
    )


def _entry(fields: Any, margin: str) -> str:
    if not fields or not isinstance(fields, dict):
        return _line(fields)
    return _braced((f"{_line(name)}: {_line(value)}" for name, value in fields.items()), margin)


def _braced(lines: Iterable[str], margin: str) -> str:
    return "{\n" + ",\n".join(f"{margin}  {line}" for line in lines) + f"\n{margin}}}"


def _nodes(nodes: Mapping[str, Node]) -> dict[str, Any]:
    return {name: _node(nodes[name]) for name in sorted(nodes)}


def _node(node: Node) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if node.label is not None:
        document["label"] = node.label
    if node.module:
        document["module"] = node.module
    if node.version != "default" or node.module:
        document["version"] = node.version
    if node.digest is not None:
        document["digest"] = node.digest
    if node.subgraph is not None:
        document["subgraph"] = node.subgraph
    if node.inputs:
        document["inputs"] = {
            port: _wires(node.inputs[port]) for port in sorted(node.inputs) if node.inputs[port]
        }
    if node.parameters:
        document["parameters"] = _sorted(node.parameters)
    if node.after:
        document["after"] = list(node.after)
    if node.run is not None and (run := _run(node.run)):
        document["run"] = run
    if node.state is not None:
        document["state"] = _state(node.state)
    if node.extensions:
        document.update(_sorted(node.extensions))
    return document


def _wires(wires: tuple[Wire, ...]) -> Any:
    if len(wires) == 1:
        return _wire(wires[0])
    return [_wire(wire) for wire in wires]


def _wire(wire: Wire) -> Any:
    source = f"{wire.node}.{wire.port}"
    return {"from": source, "disabled": True} if wire.disabled else source


def _run(run: RunSettings) -> dict[str, Any]:
    fields = sorted(RunSettings.__struct_fields__)
    return {name: _short(getattr(run, name)) for name in fields if getattr(run, name) is not None}


def _state(state: NodeState) -> dict[str, Any]:
    if state.artifacts:
        return {"kind": state.kind, "artifacts": dict(sorted(state.artifacts.items()))}
    return {"kind": state.kind}


def _graph_parameter(parameter: GraphParameter) -> dict[str, Any]:
    document: dict[str, Any] = {"type": parameter.type}
    if parameter.default is not None:
        document["default"] = parameter.default
    if parameter.minimum is not None:
        document["minimum"] = _short(parameter.minimum)
    if parameter.maximum is not None:
        document["maximum"] = _short(parameter.maximum)
    if parameter.description:
        document["description"] = parameter.description
    return document


def _subgraph(subgraph: Subgraph) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if subgraph.label:
        document["label"] = subgraph.label
    if subgraph.description:
        document["description"] = subgraph.description
    document["nodes"] = _nodes(subgraph.nodes)
    if subgraph.inputs:
        document["inputs"] = _inner(subgraph.inputs)
    if subgraph.outputs:
        document["outputs"] = dict(sorted(subgraph.outputs.items()))
    if subgraph.parameters:
        document["parameters"] = _inner(subgraph.parameters)
    document.update(_sorted(subgraph.extensions))
    if subgraph.layout:
        document["layout"] = _sorted(subgraph.layout)
    return document


def _inner(inner: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        name: texts[0] if len(texts) == 1 else list(texts) for name, texts in sorted(inner.items())
    }


def _short(value: Any) -> Any:
    """A whole number without its `.0`, as people write bounds and resources."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _sorted(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        keys = sorted(value) if len(value) > 1 else value
        return {
            key: item if type(item := value[key]) in _SCALARS else _sorted(item) for key in keys
        }
    if kind is list or kind is tuple:
        return [item if type(item) in _SCALARS else _sorted(item) for item in value]
    return value
