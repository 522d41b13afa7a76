"""What the canvas says before a run is what planning and validation say: the same of many graphs."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from designer.services.modules import spec_json
from modules_library.registry import open_catalog
from runtime.execution.summary import duration, time_range
from runtime.model.graph_json import read_graph
from runtime.planning.selection import BYPASSED, left_out
from runtime.validation import examine

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs node: apt install nodejs npm"
)

SCRIPT = Path(__file__).parent / "running/words_of_the_canvas.js"
CATALOG = open_catalog(None)
TITLES = (
    "Sample Dataset",
    "Split Data",
    "Add Rows",
    "Join Data",
    "Two-Class Decision Forest",
    "Train Model",
    "Score Model",
)
SPECS = [
    spec for one in CATALOG.module_ids() for spec in CATALOG.versions(one) if spec.title in TITLES
]
SECONDS = (0.0, 0.04, 0.1, 0.26, 3.14, 9.96, 42.4, 59.6, 60, 130, 3600, 7300)
RANGES = [
    (low, typical, high) for low in SECONDS for typical in SECONDS for high in SECONDS
    if low <= typical <= high
]  # fmt: skip


def drawn(seed):
    """A graph of modules wired at random where the types fit, some of it switched off."""
    draw = random.Random(seed)
    nodes, outputs = {}, []
    for number in range(draw.randint(3, 9)):
        spec, inputs = draw.choice(SPECS), {}
        for port in spec.inputs:
            fitting = [source for source, kind in outputs if kind == port.type]
            if fitting and draw.random() < 0.8:
                inputs[port.name] = wired(draw, fitting, is_many=port.many)
        name = f"n{number}"
        nodes[name] = {"module": spec.id, "version": spec.version, "inputs": inputs}
        if draw.random() < 0.35:
            kind = draw.choice(("disabled", "bypassed", "frozen"))
            frozen = {"artifacts": {port.name: "b3:00" for port in spec.outputs}}
            nodes[name]["state"] = {"kind": kind, **(frozen if kind == "frozen" else {})}
        outputs += [(f"{name}.{port.name}", port.type) for port in spec.outputs]
    return {"format": 1, "nodes": nodes}


def wired(draw, fitting, *, is_many):
    chosen = draw.sample(fitting, draw.randint(1, min(2, len(fitting)))) if is_many else fitting
    wires = [
        {"from": source, "disabled": True} if draw.random() < 0.2 else source for source in chosen
    ]
    return wires if is_many else draw.choice(wires)


def readers(graph, name):
    """Inputs that are fed by a node with a wire that carries something."""
    fed = [wire for node in graph["nodes"].values() for wire in node["inputs"].values()]
    flat = [one for wire in fed for one in (wire if isinstance(wire, list) else [wire])]
    return [one for one in flat if isinstance(one, str) and one.split(".")[0] == name]


def planned(document):
    examination = examine(read_graph(json.dumps(document)).graph, CATALOG)
    own = {"It is disabled.", BYPASSED}
    return {name: why for name, why in left_out(examination).items() if why not in own}


def problems_when_bypassed(document, name):
    alone = {
        key: {part: held for part, held in node.items() if part != "state"}
        for key, node in document["nodes"].items()
    }
    alone[name]["state"] = {"kind": "bypassed"}
    found = examine(read_graph(json.dumps({**document, "nodes": alone})).graph, CATALOG).diagnostics
    return [one.code for one in found if "is bypassed, but" in one.message]


def test_the_canvas_and_the_planner_leave_out_the_same_nodes_for_the_same_reasons():
    graphs = [drawn(seed) for seed in range(400)]
    chosen = [random.Random(seed).choice(list(graph["nodes"])) for seed, graph in enumerate(graphs)]
    question = {
        "specs": {f"{spec.id}@{spec.version}": spec_json(spec) for spec in SPECS},
        "graphs": [
            {"graph": graph, "bypass": name} for graph, name in zip(graphs, chosen, strict=True)
        ],
        "seconds": SECONDS,
        "ranges": RANGES,
    }
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert answer["durations"] == [duration(seconds) for seconds in SECONDS]
    assert [words.removeprefix("about ") for words in answer["ranges"]] == [
        time_range(*one) for one in RANGES
    ]
    assert sum(bool(one["left_out"]) for one in answer["said"]) > 60
    for graph, name, said in zip(graphs, chosen, answer["said"], strict=True):
        assert said["left_out"] == planned(graph), graph
        if readers(graph, name):
            assert said["can_bypass"] == (not problems_when_bypassed(graph, name)), (name, graph)
