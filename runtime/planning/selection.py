"""Which nodes run, keep their stored outputs, are skipped or wait, with reasons."""

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from typing import NamedTuple

from runtime.errors import close_matches
from runtime.model.diagnostic import Diagnostic
from runtime.model.graph import Node
from runtime.planning.options import PlanOptions
from runtime.validation.examination import Examination
from runtime.validation.view import GraphView

BYPASSED = "It is bypassed: what comes in is handed on."
BREAKPOINT = "It waits: it has a breakpoint."


class Selection(NamedTuple):
    """The part of the graph that a run is about.

    Attributes:
        run: Nodes to run.
        stored: Nodes before them that keep the outputs they have.
        skipped: Nodes left out although they were asked for, with the reason.
        waiting: Nodes that wait behind a breakpoint, with the reason.
        stopped_before: The nodes with a breakpoint that the run comes to.
    """

    run: frozenset[str]
    stored: frozenset[str]
    skipped: dict[str, str]
    problems: tuple[Diagnostic, ...]
    waiting: dict[str, str]
    stopped_before: tuple[str, ...]

    @property
    def needed(self) -> frozenset[str]:
        """Everything that must be right for this run."""
        return self.run | self.stored


def select(
    examination: Examination, options: PlanOptions, *, unfinished: Collection[str] = ()
) -> Selection:
    """Apply the ranges, take out what is switched off and what needs it, stop at breakpoints.

    Args:
        examination: The validated graph.
        options: The ranges: `to`, `from_`, `only`, `failed`, `stop_before`.
        unfinished: For `failed`: the nodes that were not done when they last ran.
    """
    flow = _Flow(examination.view)
    problems = tuple(_problems(flow, options, unfinished))
    run = _asked_for(flow, options, unfinished)
    skipped = left_out(examination)
    behind, stopped_before = _stopped(flow, options, run)
    keeps_what_is_before = bool(options.from_ or options.only or options.failed)
    runs = run - behind - skipped.keys()
    before = flow.upstream(runs) - run if keeps_what_is_before else set()
    asked_for = run | before
    return Selection(
        run=frozenset(runs),
        stored=frozenset(before - skipped.keys()),
        skipped={name: reason for name, reason in skipped.items() if name in asked_for},
        problems=problems,
        waiting=_waiting(examination, behind & run - skipped.keys(), stopped_before),
        stopped_before=tuple(name for name in examination.order if name in stopped_before),
    )


def without(examination: Examination, selection: Selection, broken: Collection[str]) -> Selection:
    """Take out nodes with errors and what needs them; all of it when the graph itself is broken.

    Args:
        examination: The validated graph.
        selection: What was to run.
        broken: Nodes with errors; an empty name stands for the graph as a whole.
    """
    unordered = selection.needed - set(examination.order)
    if not broken and not unordered:
        return selection
    if "" in broken:
        return selection._replace(run=frozenset(), stored=frozenset(), waiting={})
    flow = _Flow(examination.view)
    bad = flow.members(broken) & (selection.needed | selection.skipped.keys()) | unordered
    behind = flow.downstream(bad)
    reasons = {}
    for name in sorted(unordered - set(broken)):
        reasons[name] = "It is in a knot of nodes that wait for each other, or behind one."
    for name in examination.order:
        if name in selection.needed and name in behind and name not in broken:
            cause = next((one for one in flow.producers(name) if one in behind), "")
            reasons[name] = (
                f"It needs '{examination.view.title(cause)}', which has a problem."
                if cause
                else "The subgraph that it is in has a problem."
            )
    return selection._replace(
        run=selection.run - behind,
        stored=selection.stored - behind,
        skipped={**selection.skipped, **reasons},
    )


def _asked_for(flow: "_Flow", options: PlanOptions, unfinished: Collection[str]) -> set[str]:
    run = set(flow.nodes)
    if options.to:
        run &= flow.upstream(flow.members(options.to))
    if options.from_:
        run &= flow.downstream(flow.members(options.from_))
    if options.failed:
        run &= flow.downstream(flow.members(unfinished))
    if options.only:
        run &= flow.members(options.only)
    return run


def _stopped(flow: "_Flow", options: PlanOptions, run: Set[str]) -> tuple[set[str], set[str]]:
    """What waits behind breakpoints, and the breakpoints that nothing else waits before."""
    if not options.stop_before:
        return set(), set()
    stops = flow.members(options.stop_before) & run
    behind = flow.downstream(stops)
    later = flow.downstream({consumer for name in stops for consumer in flow.consumers(name)})
    return behind, stops - later


def _waiting(examination: Examination, names: Set[str], stops: Set[str]) -> dict[str, str]:
    if not names:
        return {}
    before = " or ".join(f"'{examination.view.title(name)}'" for name in sorted(stops))
    return {
        name: BREAKPOINT if name in stops else f"It waits: the run stops before {before}."
        for name in examination.order
        if name in names
    }


def _problems(
    flow: "_Flow", options: PlanOptions, unfinished: Collection[str]
) -> Iterable[Diagnostic]:
    for name in (*options.to, *options.from_, *options.only, *options.stop_before):
        if name not in flow.nodes and name not in flow.uses:
            yield _unknown(name, flow.nodes)
    if options.failed and not flow.members(unfinished):
        yield Diagnostic(
            code="L002",
            message="Nothing in this graph failed, was cancelled or was skipped when it last ran.",
            remedy="Run all instead; what has not changed is reused.",
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


class _Flow:
    """Who is before and behind whom in the flat graph, by enabled wires and `after`."""

    def __init__(self, view: GraphView) -> None:
        self.nodes = view.nodes
        self.uses = view.expansion.members
        self._consumers: dict[str, list[str]] | None = None

    def members(self, names: Iterable[str]) -> set[str]:
        """Nodes, and the inner nodes of those that use a subgraph."""
        found = (one for name in names for one in self.uses.get(name, (name,)))
        return {one for one in found if one in self.nodes}

    def upstream(self, start: Set[str]) -> set[str]:
        """These nodes and what they need."""
        return _closure(start, self.producers)

    def downstream(self, start: Set[str]) -> set[str]:
        """These nodes and what needs them."""
        return _closure(start, self.consumers)

    def consumers(self, name: str) -> list[str]:
        """What needs a node directly."""
        if self._consumers is None:
            self._consumers = {}
            for consumer in self.nodes:
                for producer in self.producers(consumer):
                    self._consumers.setdefault(producer, []).append(consumer)
        return self._consumers.get(name, [])

    def producers(self, name: str) -> list[str]:
        """What a node needs directly."""
        node = self.nodes[name]
        if node.state and node.state.kind == "frozen":
            return []
        wired = [wire.node for wires in node.inputs.values() for wire in wires if not wire.disabled]
        return [producer for producer in (*wired, *node.after) if producer in self.nodes]


def _closure(start: Set[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    found, pending = set(start), list(start)
    while pending:
        for name in following(pending.pop()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found
