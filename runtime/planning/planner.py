"""Make a graph ready to run: every step resolved, in order, with what identifies its work."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from runtime.errors import InvalidGraphError, RequestError, close_matches
from runtime.interfaces import EnvironmentSource, ModuleCatalog
from runtime.model.diagnostic import Diagnostic
from runtime.model.environment import DESIGNER, Environment
from runtime.model.graph import Graph
from runtime.model.graph_writing import canonical_line, graph_to_document, hash_document
from runtime.model.plan import Plan, Step
from runtime.model.slots import ONE_PROCESSOR
from runtime.model.target import LOCAL, TargetResources
from runtime.planning.files import FileDigests
from runtime.planning.fitting import too_many_cpus, too_much
from runtime.planning.options import PlanOptions
from runtime.planning.resolution import StepResolver, settings_of
from runtime.planning.selection import Selection, select, without
from runtime.validation.examination import Examination, diagnostics_of, examine
from runtime.validation.view import Finding

PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
LOCAL_ONLY = (LOCAL,)
Offers = Callable[[str], TargetResources | None]


def _unknown(target: str) -> TargetResources | None:
    """Nothing is known of any target."""
    return None


class _NoEnvironments:
    """Stands in where there is no workspace: every step runs in the designer's own environment."""

    def find(
        self, name: str, requirements: Sequence[str], *, module: str, target: str
    ) -> Environment | None:
        """None. Raises RequestError E001 for a name."""
        if not name or name == DESIGNER:
            return None
        raise RequestError(
            "E001",
            f"There is no environment '{name}': '{module}' is planned without a workspace.",
            remedy="Name the workspace that has it.",
        )


NO_ENVIRONMENTS = _NoEnvironments()


class PartialPlan(NamedTuple):
    """The part of a graph that could run, and what is wrong with the rest.

    Attributes:
        plan: Its steps; none when the graph as a whole is broken.
        invalid: The errors of nodes that cannot run, by node; under the empty name those of the
            graph as a whole.
        titles: What people call the nodes that have no step.
    """

    plan: Plan
    invalid: dict[str, tuple[Diagnostic, ...]]
    titles: Mapping[str, str] = MappingProxyType({})


def plan(
    graph: Graph,
    catalog: ModuleCatalog,
    *,
    options: PlanOptions | None = None,
    unfinished: Collection[str] = (),
    source_folder: Path | None,
    file_digest: Callable[[Path], str],
    draw_seed: Callable[[], int],
    has_artifact: Callable[[str], bool] | None = None,
    python_version: str = PYTHON_VERSION,
    targets: Collection[str] = LOCAL_ONLY,
    offers: Offers = _unknown,
    environments: EnvironmentSource = NO_ENVIRONMENTS,
) -> Plan:
    """Resolve a graph into steps.

    Args:
        graph: The graph as submitted.
        catalog: Where module versions are found.
        options: Which part runs, with which values.
        unfinished: For the option `failed`: the nodes that were not done when they last ran.
        source_folder: Folder that relative file parameters start from.
        file_digest: Gives the digest of a file's bytes.
        draw_seed: Gives a seed for a parameter that was left blank.
        has_artifact: Whether an artifact is there; frozen nodes are not checked without it.
        python_version: Minor version the steps run under; part of every recipe.
        targets: Names of the compute targets there are.
        offers: Gives what a target has for steps; None where that is not known.
        environments: Says in which environment each step runs.

    Raises:
        InvalidGraphError: with every diagnostic of the part that should run (G, P, V, M codes),
            L001 for a range that names no node, L002 when nothing is unfinished, T001 for a
            target that does not exist, L004 for one that has less than a step asks for, E001 to
            E004 for an environment, S003 for a frozen output that is gone, G012 when nothing is
            left to run.
    """
    partial = plan_what_can_run(
        graph,
        catalog,
        options=options,
        unfinished=unfinished,
        source_folder=source_folder,
        file_digest=file_digest,
        draw_seed=draw_seed,
        has_artifact=has_artifact,
        python_version=python_version,
        targets=targets,
        offers=offers,
        environments=environments,
    )
    if partial.invalid:
        raise InvalidGraphError(partial.plan.diagnostics)
    return partial.plan


def plan_what_can_run(
    graph: Graph,
    catalog: ModuleCatalog,
    *,
    options: PlanOptions | None = None,
    unfinished: Collection[str] = (),
    source_folder: Path | None,
    file_digest: Callable[[Path], str],
    draw_seed: Callable[[], int],
    has_artifact: Callable[[str], bool] | None = None,
    python_version: str = PYTHON_VERSION,
    targets: Collection[str] = LOCAL_ONLY,
    offers: Offers = _unknown,
    environments: EnvironmentSource = NO_ENVIRONMENTS,
) -> PartialPlan:
    """Resolve what is right in a graph; the arguments are those of `plan`.

    Nodes with errors are left out, and so is what needs them. Never raises for what is wrong with
    the graph: the plan's diagnostics hold it.
    """
    options = options or PlanOptions()
    files = FileDigests(source_folder, file_digest)
    examination = examine(graph, catalog, overrides=options.parameters, has_artifact=has_artifact)
    selection = select(examination, options, unfinished=unfinished)
    findings = [
        *_relevant(examination, selection),
        *_unknown_targets(examination, selection, options.target, targets),
    ]
    while True:
        sound = without(examination, selection, _errors(findings))
        resolver = StepResolver(
            examination,
            sound,
            options,
            files=files,
            draw_seed=draw_seed,
            python_version=python_version,
            environments=environments,
        )
        steps = resolver.steps()
        wrong = [*resolver.unreadable, *_too_large(examination, steps, offers)]
        if not wrong:
            break
        findings = [*wrong, *findings]
    if not steps and not _errors(findings):
        findings.append(Finding("", _nothing_to_run(graph, sound)))
    document = graph_to_document(graph)
    made = Plan(
        name=graph.name,
        graph_json=canonical_line(document),
        graph_hash=hash_document(document),
        steps=steps,
        outputs=resolver.outputs(),
        parameters=examination.view.pipeline_values,
        failure_policy=options.failure_policy,
        pipeline_id=options.pipeline_id,
        revision=options.revision,
        source_folder=str(source_folder) if source_folder else "",
        author=options.author,
        skipped=sound.skipped,
        scope=options.scope,
        waiting=sound.waiting,
        stopped_before=sound.stopped_before,
        diagnostics=diagnostics_of(findings),
    )
    invalid = _errors(findings)
    stepless = {*invalid, *sound.skipped, *sound.waiting} & examination.view.nodes.keys()
    return PartialPlan(made, invalid, {name: examination.view.title(name) for name in stepless})


def _relevant(examination: Examination, selection: Selection) -> Iterator[Finding]:
    """What concerns this run: problems elsewhere in the graph do not stop it."""
    for problem in selection.problems:
        yield Finding("", problem)
    if examination.findings:
        needed = selection.needed | selection.skipped.keys()
        members = examination.view.expansion.members
        for finding in examination.findings:
            about = members.get(finding.node, (finding.node,))
            if not finding.node or not needed.isdisjoint(about):
                yield finding


def _unknown_targets(
    examination: Examination, selection: Selection, default: str | None, targets: Collection[str]
) -> Iterator[Finding]:
    nodes = examination.view.nodes
    asked = {
        name: own.target
        for name in nodes
        if name in selection.needed and (own := nodes[name].run) and own.target
    }
    general = examination.view.graph.run
    where = ""
    if not default and general and general.target and len(asked) < len(selection.needed):
        default, where = general.target, "/run/target"
    if default:
        asked = {"": default, **asked}
    for name, target in asked.items():
        if target not in targets:
            problem = Diagnostic(
                code="T001",
                message=f"There is no compute target '{target}'.{close_matches(target, targets)}",
                remedy=f"Choose one of: {', '.join(sorted(targets))}; or declare it with "
                "`designer target add`.",
                where=examination.view.where(name, "run", "target") if name else where,
            )
            yield Finding(name, problem)


def _too_large(
    examination: Examination, steps: Iterable[Step], offers: Offers
) -> Iterator[Finding]:
    """Steps that ask for more than their target has."""
    view = examination.view
    for step in steps:
        if step.asks == ONE_PROCESSOR or step.frozen or step.stored:
            continue
        resources, own = offers(step.target), settings_of(view, step.id)
        problem = too_much(step, resources)
        if problem is None and own.cpus is not None:
            problem = too_many_cpus(step, resources)
        if problem is not None:
            where = view.where(step.id, "run")
            yield Finding(step.id, msgspec.structs.replace(problem, where=where))


def _errors(findings: Iterable[Finding]) -> dict[str, tuple[Diagnostic, ...]]:
    """The errors by node; under the empty name those of the graph as a whole."""
    found: dict[str, tuple[Diagnostic, ...]] = {}
    for name, diagnostic in findings:
        if diagnostic.severity == "error":
            found[name] = (*found.get(name, ()), diagnostic)
    return found


def _nothing_to_run(graph: Graph, selection: Selection) -> Diagnostic:
    if not graph.nodes:
        return Diagnostic(
            code="G012", message="The graph has no nodes.", remedy="Add a module to the canvas."
        )
    left_out = {**selection.skipped, **selection.waiting}
    reasons = "; ".join(f"'{name}': {why}" for name, why in list(left_out.items())[:3])
    return Diagnostic(
        code="G012",
        message=f"Nothing is left to run. {reasons}".strip(),
        remedy="Switch a node on, take a breakpoint away, or choose another range.",
    )
