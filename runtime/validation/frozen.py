"""Frozen nodes: do they hold the outputs that are needed, and are those still there?"""

from collections.abc import Callable, Iterator

from runtime.model.graph_building import parse_wire
from runtime.validation.view import Finding, GraphView


def check_frozen(view: GraphView) -> Iterator[Finding]:
    """G014 for a frozen node that does not hold an output that something reads."""
    frozen = dict(_frozen(view))
    if not frozen:
        return
    for name, port in sorted(_read_ports(view)):
        if name in frozen and frozen[name] and port not in frozen[name]:
            yield _lacking(view, name, f"without its output '{port}', which is read")
    for name, artifacts in frozen.items():
        if not artifacts:
            yield _lacking(view, name, "without any output")


def missing_artifacts(view: GraphView, has_artifact: Callable[[str], bool]) -> Iterator[Finding]:
    """S003 for a frozen output that is not in the workspace any more.

    Args:
        view: The graph.
        has_artifact: Whether the workspace holds an artifact.
    """
    for name, artifacts in _frozen(view):
        for port, digest in artifacts.items():
            if not has_artifact(digest):
                yield view.finding(
                    name,
                    "S003",
                    f"'{view.title(name)}' is frozen, but its output '{port}' is not in this "
                    "workspace any more.",
                    "Unfreeze the node, so that it runs again.",
                    "state",
                )
                break


def _frozen(view: GraphView) -> Iterator[tuple[str, dict[str, str]]]:
    """Frozen nodes with their artifacts by port."""
    for name, node in view.enabled():
        if node.state is not None and node.state.kind == "frozen":
            yield name, node.state.artifacts


def _read_ports(view: GraphView) -> set[tuple[str, str]]:
    read = {
        (wire.node, wire.port)
        for _, node in view.enabled()
        if node.state is None or node.state.kind != "frozen"
        for wires in node.inputs.values()
        for wire in wires
        if not wire.disabled
    }
    for text in view.graph.outputs.values():
        wire = parse_wire(text)
        read.add((wire.node, wire.port))
    return read


def _lacking(view: GraphView, name: str, words: str) -> Finding:
    return view.finding(
        name,
        "G014",
        f"'{view.title(name)}' is frozen {words}.",
        "Unfreeze the node, run it, and freeze it again.",
        "state",
    )
