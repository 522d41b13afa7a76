"""What a subgraph looks like from outside: ports and parameters with the types of its inside."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from runtime.interfaces import ModuleCatalog
from runtime.model.graph import Graph, Subgraph
from runtime.model.graph_flattening import SEPARATOR, expand
from runtime.model.module_spec import InputPort, OutputPort, ParameterSpec
from runtime.validation.view import GraphView, published_subgraphs

Kind = Literal["inputs", "outputs", "parameters"]


class Outside(NamedTuple):
    """The face of a subgraph, everything in the order that its author gave it."""

    inputs: tuple[InputPort, ...]
    outputs: tuple[OutputPort, ...]
    parameters: tuple[ParameterSpec, ...]


def outside_of(document: Graph, catalog: ModuleCatalog) -> Outside:
    """The ports and parameters of the subgraph that the only node of a document uses."""
    expansion = expand(document, published_subgraphs(catalog))
    face = _Face(GraphView(expansion, catalog))
    (top,) = document.nodes
    subgraph = expansion.uses[top].subgraph
    return Outside(
        inputs=tuple(face.input(top, name) for name in ordered_names(subgraph, "inputs")),
        outputs=tuple(face.output(top, name) for name in ordered_names(subgraph, "outputs")),
        parameters=tuple(
            spec
            for name in ordered_names(subgraph, "parameters")
            if (spec := face.parameter(top, name))
        ),
    )


def ordered_names(subgraph: Subgraph, kind: Kind) -> list[str]:
    """Names of ports or parameters as a person ordered them; those never ordered come last."""
    names = sorted(getattr(subgraph, kind))
    ports = subgraph.layout.get("ports")
    held = ports.get(kind) if isinstance(ports, dict) else None
    wanted = [name for name in held if name in names] if isinstance(held, list) else []
    return list(dict.fromkeys([*wanted, *names]))


class _Face:
    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._uses = view.expansion.uses

    def input(self, use: str, name: str) -> InputPort:
        """An input port; it takes the type of the first thing that it feeds."""
        ports = list(self._fed(use, name))
        if not ports:
            return InputPort(name=name, type="Any", optional=True)
        return InputPort(
            name=name,
            type=ports[0].type,
            description=ports[0].description,
            optional=all(port.optional for port in ports),
            many=all(port.many for port in ports),
        )

    def output(self, use: str, name: str) -> OutputPort:
        """An output port with the type of what it gives."""
        text = self._uses[use].subgraph.outputs[name]
        if text is not None:
            inner, _, port = text.partition(".")
            full = f"{use}{SEPARATOR}{inner}"
            if full in self._uses and port in self._uses[full].subgraph.outputs:
                return msgspec.structs.replace(self.output(full, port), name=name)
            table = self._view.tables.get(full)
            if table and (found := table.outputs.get(port)):
                return OutputPort(name=name, type=found.type, description=found.description)
        return OutputPort(name=name, type="Any")

    def parameter(self, use: str, name: str) -> ParameterSpec | None:
        """A promoted parameter: declared as the first inside is, with the value it has there."""
        for full, key in self._set(use, name):
            table = self._view.tables.get(full)
            declared = table.parameters.get(key) if table else None
            if declared is None:
                return None
            values = self._view.nodes[full].parameters
            return msgspec.structs.replace(
                declared,
                name=name,
                title=(declared.title if name == key else "") or words_of(name),
                default=values.get(key, declared.default),
                required=declared.required and key not in values,
                visible_when=(),
                summary=True,
                port=self._outer_port(full, declared.port) if declared.port else None,
            )
        return None

    def _fed(self, use: str, name: str) -> Iterator[InputPort]:
        for text in self._uses[use].subgraph.inputs.get(name, ()):
            inner, _, port = text.partition(".")
            full = f"{use}{SEPARATOR}{inner}"
            if full in self._uses:
                yield from self._fed(full, port)
            elif (table := self._view.tables.get(full)) and port in table.inputs:
                yield table.inputs[port]

    def _set(self, use: str, name: str) -> Iterator[tuple[str, str]]:
        for text in self._uses[use].subgraph.parameters.get(name, ()):
            inner, _, key = text.partition(".")
            full = f"{use}{SEPARATOR}{inner}"
            if full in self._uses:
                yield from self._set(full, key)
            elif full in self._view.nodes:
                yield full, key

    def _outer_port(self, full: str, port: str) -> str | None:
        """The input of the subgraph that feeds an input inside, whose columns are offered."""
        owner, parts = self._view.expansion.origin(full, "inputs", port)
        is_top = owner in self._uses and not self._uses[owner].within
        return str(parts[1]) if is_top else None


def words_of(name: str) -> str:
    """A name of the file as words.

    >>> words_of("label_column")
    'Label column'
    """
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
