"""Plans made by hand, so that these tests need neither reader nor planner."""

from runtime.model import Entry, OutputPort, Plan, Step, StepInput
from runtime.model.digest import digest_value

EXECUTORS = "tests.runtime.execution.executors"


_lineages = {}


def _lineage(name, recipe, needs, reuse):
    """What planning gives each step: a digest over its recipe and what it reads."""
    key = digest_value([recipe, [_lineages.get(other, "") for other in needs]]) if reuse else ""
    _lineages[name] = key
    return key


def step(name, needs=(), *, call="add", isolated=False, outputs=("value",), preload=(), **fields):
    """One step that calls an executor of these tests; `needs` are steps whose value it reads."""
    parameters = fields.pop("parameters", {})
    wires = tuple(
        StepInput(port="values", step=other, output="value", many=True) for other in needs
    )
    recipe = digest_value([call, parameters])
    return Step(
        id=name,
        label=name,
        module=f"test.{call}",
        version="1.0.0",
        digest="b3:" + "0" * 64,
        entry=Entry(
            executor=f"{EXECUTORS}:{call}",
            source="executors.py",
            isolated=isolated,
            preload=preload,
        ),
        parameters=parameters,
        inputs=wires,
        outputs=tuple(OutputPort(name=output, type="Value") for output in outputs),
        recipe=recipe,
        lineage=_lineage(name, recipe, needs, fields.get("reuse", True)),
        **fields,
    )


def plan(*steps, name="test", **fields):
    return Plan(name=name, graph_json="{}", graph_hash="b3:0", steps=tuple(steps), **fields)


def chain(length, **fields):
    steps = [step("s0", parameters={"value": 1}, **fields)]
    for index in range(1, length):
        steps.append(step(f"s{index}", [f"s{index - 1}"], parameters={"value": 1}, **fields))
    return plan(*steps)
