"""The walk over the graph, producers first: each node's schemas out of those before it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from runtime.foresight.earlier import EarlierRun, EarlierRuns, Source, Stored, Work
from runtime.foresight.files import Stamp, file_stamp
from runtime.foresight.places import place_of
from runtime.model.artifact import ArtifactRef
from runtime.model.diagnostic import Diagnostic
from runtime.model.graph import Node, Wire
from runtime.model.graph_building import parse_wire
from runtime.model.graph_flattening import SEPARATOR
from runtime.model.module_spec import ModuleSpec
from runtime.model.port_schema import PortSchema
from runtime.model.run import ErrorRecord
from runtime.model.schema_question import NodeForesight, SchemaAnswer, SchemaRequest
from runtime.planning.files import unreadable
from runtime.planning.selection import BYPASSED, left_out
from runtime.validation.examination import Examination, diagnostics_of
from runtime.validation.outputs import followed
from runtime.validation.values import coerce, is_visible
from runtime.validation.view import Finding, SpecTable

Ask = Callable[[SchemaRequest], SchemaAnswer]
"""What a module version says of its outputs."""


class Foresight(NamedTuple):
    """What is known of every node of the flat graph, and what will go wrong.

    Attributes:
        nodes: By id in the flat graph, nodes that stand for a subgraph included; nodes that do not
            run lack.
    """

    nodes: dict[str, NodeForesight]
    diagnostics: tuple[Diagnostic, ...]


def foresee(
    examination: Examination,
    *,
    ask: Ask,
    stored: Stored,
    earlier: Sequence[EarlierRun] = (),
    source_folder: Path | None = None,
    stamp: Stamp = file_stamp,
) -> Foresight:
    """Tell the schemas on every wire.

    Args:
        examination: The graph, validated.
        ask: Asks a module version that may be asked before a run.
        stored: Reads the schema of an artifact.
        earlier: Runs of this pipeline, newest first: what they stored counts where nothing changed.
        source_folder: Folder that relative data paths start from.
        stamp: What tells that a file is as it was.
    """
    walk = _Walk(
        examination, ask, stored, EarlierRuns(earlier, stored), source_folder or Path(), stamp
    )
    left = left_out(examination)
    for name in examination.order:
        if left.get(name) in (None, BYPASSED):
            walk.take(name)
    walk.take_uses()
    return Foresight(walk.nodes, diagnostics_of(walk.findings))


class _Files(NamedTuple):
    """The external files of a node: paths, stamps, and when the newest was changed."""

    paths: dict[str, str]
    stamps: dict[str, str]
    changed_at: float


class _Walk:
    def __init__(
        self,
        examination: Examination,
        ask: Ask,
        stored: Stored,
        earlier: EarlierRuns,
        source_folder: Path,
        stamp: Stamp,
    ) -> None:
        self.view = examination.view
        self.ask = ask
        self.stored = stored
        self.earlier = earlier
        self.source_folder = source_folder
        self.stamp = stamp
        self.wrong = {
            finding.node
            for finding in examination.findings
            if finding.diagnostic.severity == "error"
        }
        self.nodes: dict[str, NodeForesight] = {}
        self.findings: list[Finding] = []

    def take(self, name: str) -> None:
        """Find out what a node gives."""
        node, table = self.view.nodes[name], self.view.tables.get(name)
        sources = tuple(self._sources(node))
        if table is None or name in self.wrong:
            known = NodeForesight()
        elif node.state and node.state.kind == "bypassed":
            known = self._handed_on(name, table)
        else:
            known = self._known(name, node, table, sources)
        self.nodes[name] = msgspec.structs.replace(known, inputs=_names(sources))

    def take_uses(self) -> None:
        """What comes out of a subgraph is what its inner nodes give."""
        for name, use in reversed(list(self.view.expansion.uses.items())):
            found: dict[str, PortSchema] = {}
            for port, text in use.subgraph.outputs.items():
                if text is None:
                    continue
                inner = parse_wire(text)
                schema = self._on(Wire(node=f"{name}{SEPARATOR}{inner.node}", port=inner.port))
                if schema is not None:
                    found[port] = schema
            self.nodes[name] = NodeForesight(outputs=found)

    def _handed_on(self, name: str, table: SpecTable) -> NodeForesight:
        """What comes in goes out of every port of its type."""
        found = {
            port: schema
            for port in table.outputs
            if (wire := followed(self.view, Wire(node=name, port=port))) is not None
            and (schema := self._on(wire)) is not None
        }
        return NodeForesight(outputs=found)

    def _known(
        self, name: str, node: Node, table: SpecTable, sources: tuple[Source, ...]
    ) -> NodeForesight:
        values = self._values(name, table)
        files = self._files(name, table, values)
        if files is None:
            return NodeForesight()
        work = Work(
            digest=table.spec.digest,
            parameters={**values, **files.paths},
            inputs=sources,
            frozen=dict(node.state.artifacts) if node.state else {},
            changed_at=files.changed_at,
        )
        known = self.earlier.unchanged(name, work, table.parameters)
        if known is not None:
            return known
        if work.frozen:
            return self._frozen(work.frozen, table)
        if can_be_asked(table.spec):
            return self._asked(name, table, work, values, files)
        similar = self.earlier.similar(name, work, table.parameters)
        return similar or NodeForesight(why=_why(table.spec))

    def _asked(
        self, name: str, table: SpecTable, work: Work, values: dict[str, Any], files: _Files
    ) -> NodeForesight:
        spec = table.spec
        inputs: dict[str, tuple[PortSchema | None, ...]] = {}
        for source in work.inputs:
            inputs[source.port] = (*inputs.get(source.port, ()), source.schema)
        answer = self.ask(
            SchemaRequest(
                entry=spec.entry,
                module=spec.id,
                digest=spec.digest,
                parameters=values,
                inputs=inputs,
                outputs=spec.outputs,
                files=files.paths,
                stamps=files.stamps,
                source_folder=str(self.source_folder),
            )
        )
        if answer.error is not None:
            self._complain(name, table, values, answer.error)
        return NodeForesight(outputs=answer.outputs, why=answer.why)

    def _complain(
        self, name: str, table: SpecTable, values: Mapping[str, Any], error: ErrorRecord
    ) -> None:
        parts = place_of(error, table, values)
        self.findings.append(
            self.view.finding(name, error.code, error.message, error.remedy, *parts)
        )

    def _frozen(self, digests: Mapping[str, str], table: SpecTable) -> NodeForesight:
        found = {
            port: self.stored(
                ArtifactRef(type=table.outputs[port].type, digest=digest, bytes=0, format="")
            )
            for port, digest in digests.items()
            if port in table.outputs
        }
        return NodeForesight(
            outputs={port: schema for port, schema in found.items() if schema is not None}
        )

    def _values(self, name: str, table: SpecTable) -> dict[str, Any]:
        return {
            key: coerce(table.parameters[key], value)
            for key, value in self.view.values(name).items()
            if key in table.parameters
        }

    def _files(self, name: str, table: SpecTable, values: Mapping[str, Any]) -> _Files | None:
        """None, and a diagnostic, where a file cannot be read."""
        found = _Files({}, {}, 0.0)
        for spec in table.special:
            value = values[spec.name]
            if spec.kind != "file" or not value or not is_visible(spec, values):
                continue
            path = self.source_folder / str(value)
            try:
                path = path.expanduser().resolve()
                stamp = self.stamp(path)
            except (OSError, ValueError, RuntimeError) as error:
                subject = f"Parameter '{spec.name}' of '{self.view.title(name)}'"
                where = self.view.where(name, "parameters", spec.name)
                problem = unreadable(subject, str(value), path, error, where)
                self.findings.append(Finding(name, problem))
                return None
            found.paths[spec.name], found.stamps[spec.name] = str(path), stamp.text
            found = found._replace(changed_at=max(found.changed_at, stamp.changed_at))
        return found

    def _sources(self, node: Node) -> Iterator[Source]:
        """What comes in, through bypassed nodes, in the order of a plan."""
        for port in sorted(node.inputs):
            for wire in node.inputs[port]:
                source = followed(self.view, wire)
                if source is not None:
                    yield Source(port, source.node, source.port, self._on(source))

    def _on(self, wire: Wire) -> PortSchema | None:
        known = self.nodes.get(wire.node)
        return known.outputs.get(wire.port) if known else None


def _names(sources: Sequence[Source]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        found[source.port] = (*found.get(source.port, ()), f"{source.node}.{source.output}")
    return found


def can_be_asked(spec: ModuleSpec) -> bool:
    """Whether a module version's own code may be asked before a run.

    Built-ins and versions that were published in this workspace may; a draft, and code that came
    with a graph, run for the first time when a person presses Run.
    """
    return bool(spec.entry.schema) and spec.origin in ("builtin", "workspace")


def _why(spec: ModuleSpec) -> str:
    if spec.origin == "draft":
        return "A draft is not run before you press Run."
    if any(parameter.kind == "code" for parameter in spec.parameters):
        return "Its code is not run before you press Run."
    return "Only a run tells what it gives."
