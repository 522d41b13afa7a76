"""Earlier runs of a pipeline: where what they stored tells what the next run will give."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from runtime.foresight.comparison import contradictions
from runtime.model.artifact import ArtifactRef
from runtime.model.module_spec import ParameterSpec
from runtime.model.plan import Step
from runtime.model.port_schema import PortSchema, TableSchema
from runtime.model.schema_question import NodeForesight

Stored = Callable[[ArtifactRef], PortSchema | None]
"""The schema of a stored artifact; None where it has none or is gone."""


class EarlierRun(NamedTuple):
    """A run that stored something.

    Attributes:
        number: What people call it.
        created_at: Seconds since the epoch.
        steps: What it executed, by step.
        outputs: What finished steps stored, by step and port.
    """

    number: int
    created_at: float
    steps: Mapping[str, Step]
    outputs: Mapping[str, Mapping[str, ArtifactRef]]


class Source(NamedTuple):
    """What feeds a port, and what is known of it."""

    port: str
    node: str
    output: str
    schema: PortSchema | None


class Work(NamedTuple):
    """What a node would do now, to be compared with what its step did then.

    Attributes:
        digest: Of the module version.
        parameters: Every parameter with its value; files by their absolute path.
        inputs: What feeds it, in the order of a plan.
        frozen: Digests of outputs that were frozen, by port.
        changed_at: When the newest of its external files was changed.
    """

    digest: str
    parameters: Mapping[str, Any]
    inputs: Sequence[Source]
    frozen: Mapping[str, str]
    changed_at: float


class EarlierRuns:
    """Asked node by node, producers first; remembers what is still the same.

    Args:
        runs: Newest first.
        stored: Reads the schema of what they stored.
    """

    def __init__(self, runs: Sequence[EarlierRun], stored: Stored) -> None:
        self._runs = tuple(runs)
        self._stored = stored
        self._same: dict[str, frozenset[int]] = {}

    def unchanged(
        self, name: str, work: Work, specs: Mapping[str, ParameterSpec]
    ) -> NodeForesight | None:
        """What a node gave when it last did the same work on the same inputs."""
        found = [
            run
            for run in self._same_recipe(name, work, specs)
            if work.frozen or self._had_same_inputs(run, name, work)
        ]
        self._same[name] = frozenset(run.number for run in found)
        return self._outputs(found[0], name) if found else None

    def similar(
        self, name: str, work: Work, specs: Mapping[str, ParameterSpec]
    ) -> NodeForesight | None:
        """What a node gave for inputs with the same schemas, but for the number of rows."""
        for run in self._same_recipe(name, work, specs):
            if self._had_such_inputs(run, name, work):
                known = self._outputs(run, name)
                outputs = {port: _without_rows(schema) for port, schema in known.outputs.items()}
                return NodeForesight(outputs=outputs, run=run.number)
        return None

    def _same_recipe(
        self, name: str, work: Work, specs: Mapping[str, ParameterSpec]
    ) -> Iterator[EarlierRun]:
        for run in self._runs:
            step = run.steps.get(name)
            if step is not None and name in run.outputs and _is_same(run, step, work, specs):
                yield run

    def _had_same_inputs(self, run: EarlierRun, name: str, work: Work) -> bool:
        then = [(wire.port, wire.step, wire.output) for wire in run.steps[name].inputs]
        now = [(source.port, source.node, source.output) for source in work.inputs]
        return then == now and all(self._is_same_in(run, source.node) for source in work.inputs)

    def _had_such_inputs(self, run: EarlierRun, name: str, work: Work) -> bool:
        wires = run.steps[name].inputs
        return [wire.port for wire in wires] == [source.port for source in work.inputs] and all(
            self._was_such(run, source, run.outputs.get(wire.step, {}).get(wire.output))
            for wire, source in zip(wires, work.inputs, strict=True)
        )

    def _was_such(self, run: EarlierRun, now: Source, ref: ArtifactRef | None) -> bool:
        """Whether what came then may come now; what has no schema must be the very same."""
        if self._is_same_in(run, now.node):
            return True
        then = self._stored(ref) if ref is not None else None
        if now.schema is None or then is None:
            return False
        return not contradictions(_without_rows(now.schema), then)

    def _is_same_in(self, run: EarlierRun, name: str) -> bool:
        return run.number in self._same.get(name, ())

    def _outputs(self, run: EarlierRun, name: str) -> NodeForesight:
        found = {port: self._stored(ref) for port, ref in run.outputs[name].items()}
        return NodeForesight(
            outputs={port: schema for port, schema in found.items() if schema is not None},
            run=run.number,
        )


def _is_same(run: EarlierRun, step: Step, work: Work, specs: Mapping[str, ParameterSpec]) -> bool:
    if work.frozen or step.frozen:
        return {port: ref.digest for port, ref in step.frozen.items()} == dict(work.frozen)
    return (
        step.digest == work.digest
        and work.changed_at < run.created_at
        and step.parameters.keys() == work.parameters.keys()
        and all(
            value == step.parameters[key] or (value is None and specs[key].kind == "seed")
            for key, value in work.parameters.items()
        )
    )


def _without_rows(schema: PortSchema) -> PortSchema:
    if isinstance(schema, TableSchema) and schema.rows is not None:
        return TableSchema(columns=schema.columns, more=schema.more)
    return schema
