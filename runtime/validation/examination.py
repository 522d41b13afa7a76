"""Run every rule over a graph and give all findings at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from runtime.interfaces import ModuleCatalog
from runtime.model.diagnostic import Diagnostic
from runtime.model.graph import Graph
from runtime.model.graph_flattening import expand
from runtime.validation.frozen import check_frozen, missing_artifacts
from runtime.validation.modules import check_modules
from runtime.validation.order import check_cycles, topological_order
from runtime.validation.outputs import check_bypassed, check_outputs
from runtime.validation.parameters import check_parameters, check_pipeline_parameters
from runtime.validation.subgraphs import check_subgraphs
from runtime.validation.view import Finding, GraphView, published_subgraphs
from runtime.validation.wires import check_wires

RULES = (
    check_pipeline_parameters,
    check_subgraphs,
    check_modules,
    check_wires,
    check_bypassed,
    check_frozen,
    check_parameters,
    check_outputs,
)


class Examination(NamedTuple):
    """What validation found out, ready for planning.

    Attributes:
        order: Ids of the flat graph, producers first; nodes in a cycle lack.
    """

    view: GraphView
    order: list[str]
    findings: tuple[Finding, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All diagnostics."""
        return diagnostics_of(self.findings)


def diagnostics_of(findings: Iterable[Finding]) -> tuple[Diagnostic, ...]:
    """The diagnostics; a fault inside a definition is told once, however often it is used."""
    found: dict[tuple[str, ...], Diagnostic] = {}
    for finding in findings:
        found.setdefault(_key(finding.diagnostic), finding.diagnostic)
    return tuple(found.values())


def _key(diagnostic: Diagnostic) -> tuple[str, ...]:
    is_inside = diagnostic.where.startswith("/subgraphs/")
    return diagnostic.code, diagnostic.where, "" if is_inside else diagnostic.message


def validate(
    graph: Graph, catalog: ModuleCatalog, *, has_artifact: Callable[[str], bool] | None = None
) -> tuple[Diagnostic, ...]:
    """Give every problem of a graph; nothing raises, `where` points into the document.

    Args:
        graph: The graph.
        catalog: Where module versions are found.
        has_artifact: Whether the workspace holds an artifact; frozen nodes need theirs.
    """
    return examine(graph, catalog, has_artifact=has_artifact).diagnostics


def examine(
    graph: Graph,
    catalog: ModuleCatalog,
    *,
    overrides: Mapping[str, Any] | None = None,
    has_artifact: Callable[[str], bool] | None = None,
) -> Examination:
    """Validate, and keep what planning needs; `overrides` are pipeline parameters of this run."""
    expansion = expand(graph, published_subgraphs(catalog))
    view = GraphView(expansion, catalog, overrides=overrides)
    order = topological_order(view.nodes)
    findings = [Finding("", problem) for problem in expansion.problems]
    findings += check_cycles(view, order)
    for rule in RULES:
        findings += rule(view)
    if has_artifact is not None:
        findings += missing_artifacts(view, has_artifact)
    return Examination(view, order, tuple(findings))
