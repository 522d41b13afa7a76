"""Modules that say before a run what they give, and what asks them in this process."""

import msgspec

from runtime.foresight import foresee
from runtime.model import (
    ColumnSchema,
    Entry,
    InputPort,
    OutputPort,
    ParameterSpec,
    SchemaAnswer,
    TableSchema,
)
from runtime.model.run import ErrorRecord
from runtime.validation import examine
from tests.runtime.fake_catalog import fake_catalog, graph_of, spec, table_in, table_out


def known(one):
    """The spec of a module that may be asked before a run."""
    entry = msgspec.structs.replace(one.entry, schema="fake:answer")
    return msgspec.structs.replace(one, entry=entry)


LOAD = known(
    spec(
        "known.load",
        outputs=[table_out()],
        parameters=[ParameterSpec(name="columns", kind="list", default=["a", "b"])],
    )
)
READ = known(
    spec(
        "known.read",
        outputs=[table_out()],
        parameters=[ParameterSpec(name="path", kind="file", nullable=True)],
    )
)
KEEP = known(
    spec(
        "known.keep",
        inputs=[table_in(), table_in("other", optional=True)],
        outputs=[table_out()],
        parameters=[
            ParameterSpec(name="columns", kind="columns", default=[], port="dataset"),
            ParameterSpec(name="others", kind="columns", default=[], port="other"),
        ],
    )
)
SCRIPT = spec(
    "known.script",
    inputs=[table_in()],
    outputs=[table_out()],
    parameters=[
        ParameterSpec(name="script", kind="code", default="pass", language="python"),
        ParameterSpec(name="seed", kind="seed", default=0, nullable=True),
    ],
)
DRAFT = msgspec.structs.replace(known(spec("known.draft", outputs=[table_out()])), origin="draft")
TRAIN = known(
    spec(
        "known.train",
        inputs=[table_in()],
        outputs=[OutputPort(name="model", type="Model")],
    )
)
USE = known(
    spec(
        "known.use",
        inputs=[InputPort(name="model", type="Model"), table_in()],
        outputs=[table_out()],
    )
)
CATALOG = fake_catalog(LOAD, READ, KEEP, SCRIPT, DRAFT, TRAIN, USE)


def table(*names, rows=None, **facts):
    columns = tuple(ColumnSchema(name=name, type="Int64") for name in names)
    return TableSchema(columns=columns, rows=rows, **facts)


class FakeModules:
    """Answers as the modules above would: `load` gives its columns, `keep` those it names.

    Attributes:
        asked: The ids of the modules that were asked, in order.
    """

    def __init__(self):
        self.asked = []
        self.requests = []

    def ask(self, request):
        self.asked.append(request.module)
        self.requests.append(request)
        return getattr(self, request.module.rpartition(".")[2])(request)

    def load(self, request):
        return SchemaAnswer(outputs={"dataset": table(*request.parameters["columns"], rows=7)})

    def read(self, request):
        return SchemaAnswer(outputs={"dataset": table("read")})

    def train(self, request):
        return SchemaAnswer()

    def use(self, request):
        return SchemaAnswer(outputs={"dataset": request.inputs["dataset"][0]})

    def keep(self, request):
        for port, parameter in (("dataset", "columns"), ("other", "others")):
            given = request.inputs.get(port, (None,))[0]
            for name in request.parameters[parameter]:
                if given is not None and not given.may_have(name):
                    return SchemaAnswer(
                        error=ErrorRecord(
                            code="D001",
                            message=f"Column '{name}' is not in '{port}'.",
                            remedy="Choose one.",
                            details={"column": name, "port": port},
                        )
                    )
        first = request.inputs["dataset"][0]
        if first is None:
            return SchemaAnswer()
        return SchemaAnswer(outputs={"dataset": first})


def foreseen(nodes, *, modules=None, stored=lambda ref: None, catalog=CATALOG, **how):
    """What is foreseen of a graph of fake modules; gives the modules that were asked beside it."""
    modules = modules or FakeModules()
    rest = {key: how.pop(key) for key in ("subgraphs", "parameters") if key in how}
    graph = graph_of({name: _whole(node) for name, node in nodes.items()}, **rest)
    found = foresee(examine(graph, catalog), ask=modules.ask, stored=stored, **how)
    return found, modules


def _whole(node):
    if "subgraph" in node:
        return node
    return {"version": "1.0.0", **node, "module": f"known.{node['module']}"}


__all__ = ["CATALOG", "Entry", "FakeModules", "foreseen", "known", "table"]
