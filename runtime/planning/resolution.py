"""Nodes become steps: every parameter resolved, every wire followed, the work identified."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.errors import DesignerError
from runtime.interfaces import EnvironmentSource
from runtime.model.artifact import ArtifactRef
from runtime.model.diagnostic import Diagnostic
from runtime.model.environment import Environment
from runtime.model.graph import Node, RunSettings
from runtime.model.graph_building import parse_wire
from runtime.model.module_spec import ModuleSpec
from runtime.model.plan import Step, StepInput
from runtime.model.target import LOCAL
from runtime.planning.files import FileDigests
from runtime.planning.fingerprints import (
    frozen_lineage,
    lineage_of,
    recipe_base,
    recipe_digest,
)
from runtime.planning.options import PlanOptions
from runtime.planning.selection import Selection
from runtime.validation.examination import Examination
from runtime.validation.outputs import followed
from runtime.validation.values import coerce, is_visible
from runtime.validation.view import Finding, GraphView, SpecTable

BLANK_SEED = "the seed was left blank"
CHANGES_BY_ITSELF = "the module's result may change by itself"
_NO_SETTINGS = RunSettings()
_Key = tuple[str, tuple[str, ...], str]


class StepResolver:
    """Makes the steps of one plan.

    Attributes:
        unreadable: What is wrong with the files that parameters name, and with environments.
    """

    def __init__(
        self,
        examination: Examination,
        selection: Selection,
        options: PlanOptions,
        *,
        files: FileDigests,
        draw_seed: Callable[[], int],
        python_version: str,
        environments: EnvironmentSource,
    ) -> None:
        self._view = examination.view
        self._order = examination.order
        self._selection = selection
        self._options = options
        self._files = files
        self._draw_seed = draw_seed
        self._python_version = python_version
        self._environments = environments
        self._chosen: dict[_Key, Environment | DesignerError | None] = {}
        self.unreadable: list[Finding] = []
        self._known: dict[tuple[int, str], tuple[bytes, dict[str, Any]]] = {}
        self._lineage: dict[str, str] = {}

    def steps(self) -> tuple[Step, ...]:
        """The steps in topological order."""
        needed = self._selection.needed
        return tuple([self._step(name) for name in self._order if name in needed])

    def outputs(self) -> dict[str, str]:
        """The pipeline's outputs whose steps are in the plan."""
        found = {}
        for name, text in self._view.graph.outputs.items():
            wire = followed(self._view, parse_wire(text))
            if wire and wire.node in self._lineage:
                found[name] = wire.source
        return found

    def _step(self, name: str) -> Step:
        node, table = self._view.nodes[name], self._view.tables[name]
        spec, settings = table.spec, settings_of(self._view, name)
        is_stored = name in self._selection.stored
        frozen = self._frozen(node, table)
        is_kept = is_stored or bool(frozen)
        target = self._target(node, settings)
        environment = self._environment(name, spec, settings, target, is_kept=is_kept)
        base, defaults = self._shared(table, environment)
        parameters, files, seed = self._parameters(name, defaults, is_stored=is_stored)
        identity = (
            {**parameters, **{key: Path(parameters[key]).name for key in files}}
            if files
            else parameters
        )
        recipe = recipe_digest(base, identity, files)
        inputs = () if frozen else self._inputs(node, table)
        why_fresh = (
            ""
            if is_kept
            else self._why_fresh(
                table,
                settings,
                is_seed_drawn=seed[1],
                is_regenerated=parameters.get("regenerate_output") is True,
            )
        )
        lineage = (
            frozen_lineage({port: ref.digest for port, ref in frozen.items()})
            if frozen
            else ""
            if why_fresh
            else lineage_of(recipe, inputs, self._lineage)
        )
        self._lineage[name] = lineage
        resources = spec.resources
        cpus = _first(settings.cpus, resources.get("cpus"), 0)
        return Step(
            id=name,
            label=self._view.title(name),
            module=spec.id,
            version=spec.version,
            digest=spec.digest,
            entry=spec.entry,
            parameters=parameters,
            inputs=inputs,
            outputs=spec.outputs,
            after=tuple(one for one in node.after if one in self._lineage) if node.after else (),
            recipe=recipe,
            lineage=lineage,
            fresh_because=why_fresh,
            stored=is_stored,
            files=files,
            target=target,
            environment=environment,
            cpus=cpus or 1,
            memory_gib=_first(settings.memory_gib, resources.get("memory_gib"), None),
            gpus=_first(settings.gpus, resources.get("gpus"), 0),
            timeout_s=settings.timeout_s,
            retries=settings.retries or 0,
            threads=math.ceil(cpus),
            reuse=not why_fresh,
            seed=seed[0],
            frozen=frozen,
        )

    def _target(self, node: Node, settings: RunSettings) -> str:
        """The node's own target, or the run's, or the pipeline's."""
        own = node.run.target if node.run else None
        return own or self._options.target or settings.target or LOCAL

    def _environment(
        self, name: str, spec: ModuleSpec, settings: RunSettings, target: str, *, is_kept: bool
    ) -> Environment | None:
        """What the step runs in; the pipeline's choice is not for modules of our own."""
        run = self._view.nodes[name].run
        own = run.environment if run else None
        wanted = own or (settings.environment if spec.origin != "builtin" else None) or ""
        if not wanted and not spec.requirements:
            return None
        found = self._choose(wanted, spec, target)
        if not isinstance(found, DesignerError):
            return found
        if not is_kept:
            error, path = found.record, ("run", "environment") if own else ("module",)
            problem = Diagnostic(
                code=error.code,
                message=error.message,
                remedy=error.remedy,
                where=self._view.where(name, *path),
            )
            self.unreadable.append(Finding(name, problem))
        return None

    def _choose(
        self, name: str, spec: ModuleSpec, target: str
    ) -> Environment | DesignerError | None:
        """What the source says, or why it cannot; it is asked once."""
        key = (name, spec.requirements, target)
        if key not in self._chosen:
            try:
                self._chosen[key] = self._environments.find(
                    name, spec.requirements, module=f"{spec.title} {spec.version}", target=target
                )
            except DesignerError as exc:
                self._chosen[key] = exc
        return self._chosen[key]

    def _shared(
        self, table: SpecTable, environment: Environment | None
    ) -> tuple[bytes, dict[str, Any]]:
        """What the steps of a module version share: the base of the recipe, and its defaults."""
        key = id(table), environment.digest if environment else ""
        if key not in self._known:
            defaults = {item.name: coerce(item, item.default) for item in table.spec.parameters}
            base = recipe_base(table.spec, self._python_version, environment)
            self._known[key] = base, defaults
        return self._known[key]

    def _parameters(
        self, name: str, defaults: dict[str, Any], *, is_stored: bool
    ) -> tuple[dict[str, Any], dict[str, str], tuple[int | None, bool]]:
        """Resolved values, digests of files, and the seed with whether it was drawn."""
        node, table = self._view.nodes[name], self._view.tables[name]
        values = defaults.copy()
        for key, raw in node.parameters.items():
            value = self._view.resolve(raw) if type(raw) is dict else raw
            values[key] = coerce(table.parameters[key], value)
        files: dict[str, str] = {}
        seed, is_drawn = None, False
        for item in table.special:
            value = values[item.name]
            if item.visible_when and not is_visible(item, values):
                continue
            if item.kind == "seed":
                if value is None:
                    value, is_drawn = self._draw_seed(), True
                    values[item.name] = value
                seed = value if seed is None else seed
            elif value:
                where = self._view.where(name, "parameters", item.name)
                subject = f"Parameter '{item.name}' of '{self._view.title(name)}'"
                read = self._files.of(value, subject, where)
                values[item.name], files[item.name] = read.path, read.digest
                if read.problem and not is_stored:
                    self.unreadable.append(Finding(name, read.problem))
        return values, files, (seed, is_drawn)

    def _inputs(self, node: Node, table: SpecTable) -> tuple[StepInput, ...]:
        found = []
        for port in sorted(node.inputs):
            is_many = table.inputs[port].many
            for wire in node.inputs[port]:
                source = followed(self._view, wire)
                if source:
                    found.append(
                        StepInput(port=port, step=source.node, output=source.port, many=is_many)
                    )
        return tuple(found)

    def _frozen(self, node: Node, table: SpecTable) -> dict[str, ArtifactRef]:
        if not node.state or node.state.kind != "frozen":
            return {}
        return {
            port: ArtifactRef(type=table.outputs[port].type, digest=digest, bytes=0, format="")
            for port, digest in node.state.artifacts.items()
            if port in table.outputs
        }

    def _why_fresh(
        self,
        table: SpecTable,
        settings: RunSettings,
        *,
        is_seed_drawn: bool,
        is_regenerated: bool,
    ) -> str:
        if self._options.regenerate:
            return "'Regenerate' was asked for"
        if settings.reuse is False:
            return "reuse is switched off on this node"
        if is_regenerated:
            return "'Regenerate output' is on"
        if is_seed_drawn:
            return BLANK_SEED
        if not table.spec.reusable:
            return CHANGES_BY_ITSELF
        return ""


def settings_of(view: GraphView, name: str) -> RunSettings:
    """How a node runs: what it says itself, over what the pipeline says."""
    return (view.nodes[name].run or _NO_SETTINGS).over(view.graph.run)


def _first(*values: Any) -> Any:
    for value in values:
        if value is not None:
            return value
    return None
