"""A subgraph as a module version: its definition with everything it needs, every version pinned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from runtime.errors import InvalidGraphError, RequestError, close_matches
from runtime.interfaces import ModuleCatalog
from runtime.model import Diagnostic, Entry, Graph, ModuleSpec, Node, Subgraph
from runtime.model.diagnostic import pointer
from runtime.model.graph_json import content_hash, read_graph
from runtime.validation import validate
from runtime.validation.subgraph_outside import outside_of, words_of

SOURCE = "subgraph.json"
ICON = "account_tree"
CATEGORY = "custom"
_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def module_id_for(name: str) -> str:
    """The id that a definition gets when a person names none."""
    return f"{CATEGORY}.{name}"


def frozen_definition(graph: Graph, name: str, catalog: ModuleCatalog) -> Graph:
    """The document of a definition that is published: one node that uses it, and what it needs.

    Raises:
        RequestError: G009 when the graph has no such definition.
        InvalidGraphError: with everything that keeps it from running anywhere else: M015 for a
            draft or a pipeline parameter inside, and every error of its nodes.
    """
    if name not in graph.subgraphs:
        hint = close_matches(name, graph.subgraphs)
        raise RequestError(
            "G009",
            f"The pipeline has no subgraph '{name}'.{hint}",
            remedy="Choose one that it has.",
        )
    needed = {one: graph.subgraphs[one] for one in _needed(graph, name)}
    problems = [problem for one, held in needed.items() for problem in _tied(one, held, catalog)]
    if problems:
        raise InvalidGraphError(problems)
    definition = needed[name]
    document = Graph(
        name=definition.label or words_of(name),
        description=definition.description,
        nodes={name: Node(subgraph=name)},
        subgraphs={one: _pinned(held, catalog) for one, held in needed.items()},
    )
    errors = [one for one in validate(document, catalog) if _is_fault(one, name)]
    if errors:
        raise InvalidGraphError(errors)
    return document


def spec_of_definition(document: Graph, module_id: str, catalog: ModuleCatalog) -> ModuleSpec:
    """The specification of a frozen definition, still without a version.

    Raises:
        RequestError: M007 for an id that no module can have.
    """
    if not _ID.fullmatch(module_id):
        raise RequestError(
            "M007",
            f"'{module_id}' cannot be a module's id.",
            remedy="Write it as category.name, in small letters, digits and underscores.",
        )
    outside = outside_of(document, catalog)
    return ModuleSpec(
        id=module_id,
        version="",
        digest=content_hash(document),
        title=document.name,
        category=module_id.partition(".")[0],
        summary=document.description.split("\n", 1)[0],
        documentation=document.description,
        kind="subgraph",
        inputs=outside.inputs,
        outputs=outside.outputs,
        parameters=outside.parameters,
        entry=Entry(executor="", source=SOURCE),
        icon=ICON,
        origin="workspace",
    )


def read_definition(source: Path) -> Graph | None:
    """The document of a published definition; None where the file is not one."""
    try:
        graph = read_graph(source.read_bytes()).graph
    except OSError:
        return None
    tops = list(graph.nodes.values()) if graph else []
    is_whole = graph is not None and len(tops) == 1 and tops[0].subgraph in graph.subgraphs
    return graph if is_whole else None


def uses_version(document: Graph, module_id: str, version: str) -> bool:
    """Whether a published definition has a module version inside."""
    return any(
        (node.module, node.version) == (module_id, version) for node in document.every_node()
    )


def _needed(graph: Graph, name: str) -> list[str]:
    """A definition and those that it uses, as far as they exist."""
    found = [name]
    for one in found:
        for node in graph.subgraphs[one].nodes.values():
            inner = node.subgraph
            if inner is not None and inner in graph.subgraphs and inner not in found:
                found.append(inner)
    return found


def _tied(name: str, subgraph: Subgraph, catalog: ModuleCatalog) -> Iterator[Diagnostic]:
    """What inside a definition exists in its own pipeline or workspace draft only."""
    for node_id, node in subgraph.nodes.items():
        place = pointer("subgraphs", name, "nodes", node_id)
        title = node.label or node_id
        if _resolved(node, catalog).version == "draft":
            yield Diagnostic(
                code="M015",
                message=f"'{title}' is the draft of '{node.module}', which changes at any time.",
                remedy="Publish that module first, and choose the version.",
                where=f"{place}/version",
            )
        for key, value in node.parameters.items():
            if isinstance(value, dict) and "$parameter" in value:
                yield Diagnostic(
                    code="M015",
                    message=f"'{key}' of '{title}' is tied to the pipeline parameter "
                    f"'{value['$parameter']}', which other pipelines do not have.",
                    remedy="Promote it, and tie the subgraph's own parameter instead.",
                    where=place + pointer("parameters", key),
                )


def _pinned(subgraph: Subgraph, catalog: ModuleCatalog) -> Subgraph:
    nodes = {name: _resolved(node, catalog) for name, node in subgraph.nodes.items()}
    return msgspec.structs.replace(subgraph, nodes=nodes)


def _resolved(node: Node, catalog: ModuleCatalog) -> Node:
    """A node with the exact version and bytes that it means today."""
    if not node.module:
        return node
    is_default = node.version == "default"
    spec = catalog.default(node.module) if is_default else catalog.find(node.module, node.version)
    if spec is None:
        return node
    digest = node.digest if node.digest and not is_default else spec.digest
    return msgspec.structs.replace(node, version=spec.version, digest=digest)


def _is_fault(diagnostic: Diagnostic, name: str) -> bool:
    """Whether it is one of the definition itself: who uses it connects its inputs and sets the rest."""
    is_open = diagnostic.code in ("P003", "V004") and diagnostic.where.startswith(f"/nodes/{name}/")
    return diagnostic.severity == "error" and not is_open
