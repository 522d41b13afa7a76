"""Modules: do they exist, in that version, with those bytes, and may they run?"""

from collections.abc import Iterator

from runtime.errors import close_matches
from runtime.model.graph import Node
from runtime.model.module_spec import ModuleSpec
from runtime.validation.view import Finding, GraphView


def check_modules(view: GraphView) -> Iterator[Finding]:
    """M001 to M007 for every node that is switched on."""
    for name, node in view.enabled():
        table = view.tables.get(name)
        if table is None:
            yield _unresolved(view, name, node)
            continue
        yield from check_version(view, name, node, table.spec)
        if table.spec.kind == "subgraph":
            yield view.finding(
                name,
                "M007",
                f"The definition of {table.spec.title} {table.spec.version} cannot be read.",
                "Publish it again, or choose another version.",
                "version",
            )


def check_version(view: GraphView, name: str, node: Node, spec: ModuleSpec) -> Iterator[Finding]:
    """M003 to M005: may this version run for a node, or for the use of a published subgraph?"""
    if spec.state == "disabled":
        yield _disabled(view, name, spec)
    elif spec.state == "deprecated":
        yield _deprecated(view, name, spec)
    if node.digest and node.digest != spec.digest and spec.origin != "draft":
        yield view.finding(
            name,
            "M005",
            f"'{view.title(name)}' pins other bytes than {spec.id} {spec.version} has here.",
            "Install the version it was made with, or remove the node's digest.",
            "digest",
        )


def _unresolved(view: GraphView, name: str, node: Node) -> Finding:
    versions = view.catalog.versions(node.module) if node.module else ()
    problems = view.catalog.problems(node.module)
    if problems and (not versions or node.version == "draft"):
        first = problems[0]
        return view.finding(name, first.code, first.message, first.remedy, "module")
    if not versions:
        words = f"Module '{node.module}' does not exist." if node.module else "No module is named."
        hint = close_matches(node.module[:200], view.catalog.module_ids())
        return view.finding(
            name,
            "M001",
            f"{words}{hint}",
            "Choose a module of the library, or install the one that is meant.",
            "module",
        )
    if node.version == "default":
        return view.finding(
            name,
            "M006",
            f"Module '{node.module}' has no default version; {_active(versions)}.",
            "Pin one of them, or set a default version.",
            "version",
        )
    return view.finding(
        name,
        "M002",
        f"Module '{node.module}' has no version {node.version}; {_active(versions)}.",
        "Choose one of them.",
        "version",
    )


def _active(versions: tuple[ModuleSpec, ...]) -> str:
    active = [spec.version for spec in versions if spec.state == "active"]
    return f"active are {', '.join(active)}" if active else "none is active"


def _disabled(view: GraphView, name: str, spec: ModuleSpec) -> Finding:
    others = [one for one in view.catalog.versions(spec.id) if one.version != spec.version]
    return view.finding(
        name,
        "M003",
        f"{_subject(view, name, spec)} is disabled{_reason(spec)}; {_active(tuple(others))}.",
        _remedy(view, name, _suggested(spec, others)),
        "version",
    )


def _deprecated(view: GraphView, name: str, spec: ModuleSpec) -> Finding:
    return view.finding(
        name,
        "M004",
        f"{_subject(view, name, spec)} is deprecated{_reason(spec)}.",
        _remedy(view, name, spec.replacement or "a newer version or another module"),
        "version",
        severity="warning",
    )


def _subject(view: GraphView, name: str, spec: ModuleSpec) -> str:
    around = _published_around(view, name)
    return f"{spec.title} {spec.version}" + (f", inside '{around}'," if around else "")


def _remedy(view: GraphView, name: str, suggested: str) -> str:
    around = _published_around(view, name)
    if around:
        return f"Use a version of '{around}' that does without it, or edit a copy of it."
    return f"Use {suggested}."


def _published_around(view: GraphView, name: str) -> str:
    """What the published subgraph is called that a node came out of; empty for the others."""
    is_inside = view.expansion.is_published_inside(name)
    return view.title(view.expansion.within[name]) if is_inside else ""


def _reason(spec: ModuleSpec) -> str:
    return f": {spec.state_message.rstrip('.')}" if spec.state_message else ""


def _suggested(spec: ModuleSpec, others: list[ModuleSpec]) -> str:
    if spec.replacement:
        return spec.replacement
    active = next((one.version for one in others if one.state == "active"), None)
    return f"version {active}" if active else "another module, or ask for it to be enabled"
