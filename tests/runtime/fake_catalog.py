"""A small catalogue of named fakes: enough modules to wire, validate and plan without a registry."""

from collections.abc import Iterable

import msgspec

from runtime.model import (
    Diagnostic,
    Entry,
    Graph,
    InputPort,
    ModuleSpec,
    OutputPort,
    ParameterSpec,
    VisibleWhen,
)
from runtime.model.digest import digest_value
from runtime.model.graph_json import graph_from_document


def spec(
    module_id: str,
    version: str = "1.0.0",
    *,
    inputs: Iterable[InputPort] = (),
    outputs: Iterable[OutputPort] = (),
    parameters: Iterable[ParameterSpec] = (),
    **facts: object,
) -> ModuleSpec:
    """A module version whose digest follows from its id and version."""
    category, _, name = module_id.rpartition(".")
    return ModuleSpec(
        id=module_id,
        version=version,
        digest=digest_value([module_id, version]),
        title=name.replace("_", " ").title(),
        category=category,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        parameters=tuple(parameters),
        entry=Entry(executor="fake:execute", source=f"{category}/{name}.py", function=name),
        **facts,
    )


def table_in(name: str = "dataset", **facts: object) -> InputPort:
    return InputPort(name=name, type="Table", **facts)


def table_out(name: str = "dataset") -> OutputPort:
    return OutputPort(name=name, type="Table")


LOAD = spec(
    "data.load",
    outputs=[table_out()],
    parameters=[ParameterSpec(name="name", kind="string", default="iris")],
)
READ = spec(
    "data.read",
    outputs=[table_out()],
    parameters=[
        ParameterSpec(name="path", kind="file", required=True),
        ParameterSpec(name="regenerate_output", kind="bool", default=False),
    ],
)
STEP = spec(
    "data.step",
    inputs=[table_in()],
    outputs=[table_out()],
    parameters=[
        ParameterSpec(name="factor", kind="float", default=1.0, minimum=0, maximum=10),
        ParameterSpec(name="count", kind="int", default=3, minimum=1),
    ],
)
SPLIT = spec(
    "data.split_data",
    inputs=[table_in()],
    outputs=[table_out("first"), table_out("second")],
    parameters=[
        ParameterSpec(name="fraction", kind="float", default=0.5, minimum=0, maximum=1),
        ParameterSpec(name="mode", kind="enum", default="Rows", options=("Rows", "Pattern")),
        ParameterSpec(
            name="pattern",
            kind="string",
            required=True,
            visible_when=(VisibleWhen(parameter="mode", values=("Pattern",)),),
        ),
        ParameterSpec(name="seed", kind="seed", default=0, nullable=True),
        ParameterSpec(name="columns", kind="columns", default=[]),
        ParameterSpec(name="limits", kind="list", item_kind="int", default=[], minimum=0),
    ],
)
JOIN = spec("data.add_rows", inputs=[table_in("tables", many=True)], outputs=[table_out()])
FOREST = spec("learn.forest", outputs=[OutputPort(name="untrained_model", type="UntrainedModel")])
TRAIN = spec(
    "learn.train_model",
    inputs=[InputPort(name="untrained_model", type="UntrainedModel"), table_in()],
    outputs=[OutputPort(name="trained_model", type="Model")],
    parameters=[ParameterSpec(name="label_column", kind="column", required=True)],
)
SCORE = spec(
    "learn.score_model",
    inputs=[InputPort(name="trained_model", type="Model"), table_in()],
    outputs=[table_out("scored_dataset")],
)
OLD = spec(
    "data.step",
    "0.9.0",
    inputs=[table_in()],
    outputs=[table_out()],
    state="deprecated",
    state_message="It rounds.",
    replacement="data.step 1.0.0",
)
BROKEN = spec(
    "data.step",
    "0.8.0",
    inputs=[table_in()],
    outputs=[table_out()],
    state="disabled",
    state_message="It loses rows.",
)
UNCHOSEN = spec("data.unchosen", outputs=[table_out()])
CLOCK = spec("data.clock", outputs=[table_out()], reusable=False)


class FakeCatalog:
    """A module catalogue over a list of specs; the newest is first, defaults are by id."""

    def __init__(self, specs: Iterable[ModuleSpec], *, without_default: Iterable[str] = ()) -> None:
        self._versions: dict[str, list[ModuleSpec]] = {}
        for one in specs:
            self._versions.setdefault(one.id, []).append(one)
        self._without_default = set(without_default)
        self.broken: dict[str, tuple[Diagnostic, ...]] = {}
        self.definitions: dict[tuple[str, str], Graph] = {}

    def find(self, module_id: str, version: str) -> ModuleSpec | None:
        found = self._versions.get(module_id, ())
        return next((one for one in found if one.version == version), None)

    def default(self, module_id: str) -> ModuleSpec | None:
        if module_id in self._without_default or module_id not in self._versions:
            return None
        return self._versions[module_id][0]

    def versions(self, module_id: str) -> tuple[ModuleSpec, ...]:
        return tuple(self._versions.get(module_id, ()))

    def definition(self, module_id: str, version: str) -> Graph | None:
        return self.definitions.get((module_id, version))

    def module_ids(self) -> Iterable[str]:
        return list(self._versions)

    def problems(self, module_id: str) -> tuple[Diagnostic, ...]:
        return self.broken.get(module_id, ())


def fake_catalog(*more: ModuleSpec) -> FakeCatalog:
    """The usual catalogue, newer versions given as `more` first."""
    usual = [LOAD, READ, STEP, OLD, BROKEN, SPLIT, JOIN, FOREST, TRAIN, SCORE, UNCHOSEN, CLOCK]
    return FakeCatalog([*more, *usual], without_default=["data.unchosen"])


def graph_of(nodes: dict[str, dict], **rest: object) -> Graph:
    """A graph from node documents; a node given as text is its module."""
    result = graph_from_document({"format": 1, "nodes": nodes, **rest})
    assert result.graph is not None, msgspec.json.encode(result.diagnostics)
    return result.graph


def chain(length: int) -> Graph:
    """`load` and steps behind it, `length` nodes in all."""
    nodes: dict[str, dict] = {"n00000": {"module": "data.load", "version": "1.0.0"}}
    for index in range(1, length):
        nodes[f"n{index:05d}"] = {
            "module": "data.step",
            "version": "1.0.0",
            "digest": STEP.digest,
            "inputs": {"dataset": f"n{index - 1:05d}.dataset"},
            "parameters": {"count": index, "factor": {"$parameter": "factor"}},
        }
    return graph_of(
        nodes,
        parameters={"factor": {"type": "float", "default": 2}},
        layout={"nodes": {name: {"x": 0, "y": 80 * i} for i, name in enumerate(nodes)}},
    )
