"""Definitions of subgraphs: does what their ports and parameters lead to exist, and may they run?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic, pointer
from runtime.model.graph_flattening import SEPARATOR, Use
from runtime.model.port_type import is_compatible
from runtime.validation.modules import check_version
from runtime.validation.view import Finding, GraphView

Kind = Literal["inputs", "outputs", "parameters"]


def check_subgraphs(view: GraphView) -> Iterator[Finding]:
    """G009, P001, P002, V001 and V002 for every definition in use; M003 to M005 for published ones."""
    seen: set[str] = set()
    for name, use in view.expansion.uses.items():
        yield from _check_use(view, name, use)
        if use.definition and use.definition not in seen:
            seen.add(use.definition)
            yield from _Inside(view, name, use).check()
        elif not use.definition and use.node.module:
            yield from _check_published(view, name, use)


def _check_use(view: GraphView, name: str, use: Use) -> Iterator[Finding]:
    """Warnings where a use gives something to a port or parameter that leads nowhere."""
    kinds: tuple[tuple[Kind, Iterable[str]], ...] = (
        ("inputs", use.node.inputs),
        ("parameters", use.node.parameters),
    )
    for kind, given in kinds:
        declared = use.subgraph.inputs if kind == "inputs" else use.subgraph.parameters
        for key in given:
            if key in declared and not declared[key]:
                yield view.finding(
                    name,
                    "P001" if kind == "inputs" else "V001",
                    f"{_WORDS[kind]} '{key}' of '{view.title(name)}' leads nowhere inside.",
                    "Lead it to a node inside, or remove it from the subgraph.",
                    kind,
                    key,
                    severity="warning",
                )


def _check_published(view: GraphView, name: str, use: Use) -> Iterator[Finding]:
    spec = view.spec_of(use.node)
    if spec and not (use.node.state and use.node.state.kind == "disabled"):
        yield from check_version(view, name, use.node, spec)


class _End(NamedTuple):
    """What a port or parameter of a definition leads to; `type` is empty where nobody knows."""

    exists: bool
    type: str = ""


class _Inside:
    """One definition, looked at through one of its uses."""

    def __init__(self, view: GraphView, name: str, use: Use) -> None:
        self._view = view
        self._name = name
        self._use = use
        self._title = use.subgraph.label or use.definition.rpartition("/")[2]

    def check(self) -> Iterator[Finding]:
        subgraph = self._use.subgraph
        outputs = {name: (text,) for name, text in subgraph.outputs.items() if text}
        for name, text in subgraph.outputs.items():
            if text is None:
                yield self._loose(name)
        yield from self._check("inputs", subgraph.inputs)
        yield from self._check("outputs", outputs)
        yield from self._check("parameters", subgraph.parameters)

    def _check(self, kind: Kind, declared: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
        for name, texts in declared.items():
            types: list[str] = []
            for index, text in enumerate(texts):
                parts = (kind, name, *((index,) if len(texts) > 1 else ()))
                inner, _, key = text.partition(".")
                if inner not in self._use.subgraph.nodes:
                    yield self._lost_node(name, inner, kind, parts)
                elif not (end := self._end(f"{self._name}{SEPARATOR}{inner}", kind, key)).exists:
                    yield self._lost_key(name, inner, key, kind, parts)
                elif end.type:
                    types.append(end.type)
            if clash := _clash(kind, types):
                yield self._mixed(name, kind, clash)

    def _end(self, full: str, kind: Kind, key: str) -> _End:
        """What is at a port or parameter of an inner node; unknown modules may have anything."""
        known = self._known(full, kind)
        if known is None:
            return _End(exists=True)
        return _End(exists=key in known, type=known.get(key, ""))

    def _known(self, full: str, kind: Kind) -> Mapping[str, str] | None:
        use, table = self._view.expansion.uses.get(full), self._view.tables.get(full)
        if use:
            inner: Mapping[str, object] = getattr(use.subgraph, kind)
            return dict.fromkeys(inner, "")
        if table is None:
            return None
        if kind == "parameters":
            return {name: spec.kind for name, spec in table.parameters.items()}
        ports = table.inputs if kind == "inputs" else table.outputs
        return {name: port.type for name, port in ports.items()}

    def _loose(self, name: str) -> Finding:
        return self._finding(
            "P003",
            f"Output '{name}' of subgraph '{self._title}' is not connected.",
            "Connect an output of a node inside, or remove it.",
            ("outputs", name),
        )

    def _lost_node(
        self, name: str, inner: str, kind: Kind, parts: tuple[str | int, ...]
    ) -> Finding:
        hint = close_matches(inner, self._use.subgraph.nodes)
        words = f"{_WORDS[kind]} '{name}' of subgraph '{self._title}'"
        message = f"{words} leads to node '{inner}', which does not exist.{hint}"
        remedy = f"Lead it to another node inside, or remove the {_WORDS[kind].lower()}."
        return self._finding("G009", message, remedy, parts)

    def _lost_key(
        self, name: str, inner: str, key: str, kind: Kind, parts: tuple[str | int, ...]
    ) -> Finding:
        full = f"{self._name}{SEPARATOR}{inner}"
        known = self._known(full, kind) or {}
        words = _WORDS[kind]
        others = ", ".join(f"'{one}'" for one in known) or "none"
        return self._finding(
            "V001" if kind == "parameters" else "P001",
            f"{words} '{name}' of subgraph '{self._title}' leads to '{inner}.{key}', but "
            f"'{self._view.title(full)}' has no {words.lower()} '{key}'."
            f"{close_matches(key, known)}",
            f"Lead it to one of these: {others}.",
            parts,
        )

    def _mixed(self, name: str, kind: Kind, types: tuple[str, str]) -> Finding:
        return self._finding(
            "V002" if kind == "parameters" else "P002",
            f"{_WORDS[kind]} '{name}' of subgraph '{self._title}' leads to {types[0]} and to "
            f"{types[1]}.",
            "Give each of them its own.",
            (kind, name),
        )

    def _finding(
        self, code: str, message: str, remedy: str, parts: tuple[str | int, ...]
    ) -> Finding:
        where = self._use.definition + pointer(*parts)
        diagnostic = Diagnostic(code=code, message=message, remedy=remedy, where=where)
        return Finding(self._name, diagnostic)


_NUMBERS = {"int", "float", "seed"}
_TEXTS = {"string", "text", "code", "column", "file"}
_WORDS = {"inputs": "Input", "outputs": "Output", "parameters": "Parameter"}


def _clash(kind: Kind, types: list[str]) -> tuple[str, str] | None:
    """Two of the types that no one thing can be."""
    for index, one in enumerate(types):
        for other in types[index + 1 :]:
            fits = (
                _alike(one) == _alike(other) if kind == "parameters" else is_compatible(one, other)
            )
            if not fits:
                return one, other
    return None


def _alike(kind: str) -> str:
    """Kinds of parameters that one value can be right for."""
    return "number" if kind in _NUMBERS else "text" if kind in _TEXTS else kind
