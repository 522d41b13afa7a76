"""Which nodes run, which keep their stored outputs, and which are skipped, with reasons."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic
from runtime.model.graph import Node
from runtime.planning.options import PlanOptions
from runtime.validation.examination import Examination

BYPASSED = "It is bypassed: what comes in is handed on."


class Selection(NamedTuple):
    """The part of the graph that a run is about.

    Attributes:
        run: Nodes to run.
        stored: Nodes before them that keep the outputs they have.
        skipped: Nodes left out although they were asked for, with the reason.
    """

    run: frozenset[str]
    stored: frozenset[str]
    skipped: dict[str, str]
    problems: tuple[Diagnostic, ...]

    @property
    def needed(self) -> frozenset[str]:
        """Everything that must be right for this run."""
        return self.run | self.stored


def select(examination: Examination, options: PlanOptions) -> Selection:
    """Apply `to`, `from_` and `only`, then take out what is switched off and what needs it."""
    nodes, uses = examination.view.nodes, examination.view.expansion.members
    asked = (*options.to, *options.from_, *options.only)
    problems = tuple(
        _unknown(name, nodes) for name in asked if name not in nodes and name not in uses
    )

    def members(names: Iterable[str]) -> set[str]:
        """Nodes, and the inner nodes of those that use a subgraph."""
        return {one for name in names for one in uses.get(name, (name,)) if one in nodes}

    run = set(nodes)
    if options.to:
        run &= _closure(members(options.to), lambda name: _producers(nodes, name))
    if options.from_:
        consumers = _consumers(nodes)
        run &= _closure(members(options.from_), lambda name: consumers.get(name, ()))
    if options.only:
        run &= members(options.only)
    before = (
        _closure(run, lambda name: _producers(nodes, name)) - run
        if options.from_ or options.only
        else set()
    )
    skipped = left_out(examination)
    asked_for = run | before
    return Selection(
        run=frozenset(run - skipped.keys()),
        stored=frozenset(before - skipped.keys()),
        skipped={name: reason for name, reason in skipped.items() if name in asked_for},
        problems=problems,
    )


def left_out(examination: Examination) -> dict[str, str]:
    """The nodes that do not run, switched off or in need of one that is, each with the reason."""
    view = examination.view
    if not any(node.state for node in view.nodes.values()):
        return {}
    skipped: dict[str, str] = {}
    passing: set[str] = set()
    for name in examination.order:
        node = view.nodes[name]
        kind = node.state.kind if node.state else ""
        if kind == "disabled":
            skipped[name] = "It is disabled."
            continue
        missing = next(
            (
                wire.node
                for wires in node.inputs.values()
                for wire in wires
                if not wire.disabled and wire.node in skipped and wire.node not in passing
            ),
            None,
        )
        if missing is not None and kind != "frozen":
            skipped[name] = f"It needs '{view.title(missing)}', which does not run."
        elif kind == "bypassed":
            skipped[name] = BYPASSED
            passing.add(name)
    return skipped


def _unknown(name: str, nodes: Mapping[str, Node]) -> Diagnostic:
    return Diagnostic(
        code="L001",
        message=f"The graph has no node '{name}'.{close_matches(name, nodes)}",
        remedy="Name a node of the graph.",
    )


def _producers(nodes: Mapping[str, Node], name: str) -> list[str]:
    node = nodes[name]
    if node.state and node.state.kind == "frozen":
        return []
    wired = [wire.node for wires in node.inputs.values() for wire in wires if not wire.disabled]
    return [producer for producer in (*wired, *node.after) if producer in nodes]


def _consumers(nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    consumers: dict[str, list[str]] = {}
    for name in nodes:
        for producer in _producers(nodes, name):
            consumers.setdefault(producer, []).append(name)
    return consumers


def _closure(start: set[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    found, pending = set(start), list(start)
    while pending:
        for name in following(pending.pop()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found
