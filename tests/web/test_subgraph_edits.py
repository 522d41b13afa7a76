"""Collapsing and unpacking in the browser's code, checked against the runtime's flat graph."""

import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.model.graph_flattening import SEPARATOR, expand
from runtime.model.graph_json import graph_from_document, graph_to_document
from tests.runtime.fake_catalog import FOREST, JOIN, LOAD, SPLIT, STEP, TRAIN

WEB = Path(__file__).parent
SPECS = {spec.id: spec for spec in (LOAD, STEP, SPLIT, JOIN, FOREST, TRAIN)}
MODULES = list(SPECS)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="needs node: apt install nodejs npm"),
]


class Browser:
    """The browser's edits, in a process that answers line by line."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", "edits_over_lines.js"], cwd=WEB, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        specs = {f"{spec.id}@1.0.0": msgspec.to_builtins(spec) for spec in SPECS.values()}
        self.ask("modules", specs=specs)

    def ask(self, edit, **arguments):
        assert self._node.stdin and self._node.stdout
        self._node.stdin.write(json.dumps({"edit": edit, **arguments}).encode() + b"\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def close(self):
        self._node.stdin.close()
        self._node.wait(10)
        self._node.stdout.close()


@pytest.fixture(scope="module")
def browser():
    started = Browser()
    yield started
    started.close()


@st.composite
def pipelines(draw, *, with_order=False):
    """A drawn pipeline without circles, with wires that are off, bends, outputs and looks."""
    nodes, bends = {}, {}
    for index in range(draw(st.integers(2, 8))):
        spec = SPECS[draw(st.sampled_from(MODULES))]
        name = draw(st.sampled_from(["n", "step", "a__b"])) + f"_{index}"
        node = {"module": spec.id, "version": "1.0.0"}
        sources = [
            f"{other}.{port.name}"
            for other, held in nodes.items()
            for port in SPECS[held["module"]].outputs
        ]
        for port in spec.inputs if sources else ():
            wires = draw(
                st.lists(st.sampled_from(sources), max_size=3 if port.many else 1, unique=True)
            )
            held = [
                {"from": wire, "disabled": True} if draw(st.integers(0, 9)) == 0 else wire
                for wire in wires
            ]
            if held:
                node.setdefault("inputs", {})[port.name] = held if port.many else held[0]
                if draw(st.booleans()):
                    bends[f"{wires[0]}>{name}.{port.name}"] = [[8, 16]]
        if draw(st.booleans()) and spec.parameters:
            node["parameters"] = {spec.parameters[0].name: draw(st.integers(1, 3))}
        if with_order and nodes and draw(st.booleans()):
            node["after"] = [draw(st.sampled_from(sorted(nodes)))]
        nodes[name] = node
    document = {"format": 1, "nodes": nodes}
    ends = [
        f"{n}.{port.name}" for n, held in nodes.items() for port in SPECS[held["module"]].outputs
    ]
    if draw(st.booleans()):
        document["outputs"] = {"out": draw(st.sampled_from(ends))}
    places = {
        name: {"x": 8 * draw(st.integers(0, 40)), "y": 96 * index}
        for index, name in enumerate(nodes)
    }
    document["layout"] = {"nodes": places, **({"wires": bends} if bends else {})}
    return document


def flat(document):
    """The flat graph by the ids that the nodes had before they went inside."""
    expansion = expand(graph_from_document(document).graph)
    assert expansion.problems == ()
    names = {full: full.removeprefix(prefix(full, expansion)) for full in expansion.graph.nodes}
    graph = graph_to_document(expansion.graph)
    nodes = {
        names[full]: {
            **node,
            "inputs": {p: renamed(wires, names) for p, wires in node.get("inputs", {}).items()},
        }
        for full, node in graph["nodes"].items()
    }
    outputs = {name: renamed(end, names) for name, end in graph.get("outputs", {}).items()}
    return nodes, outputs, names, expansion.graph


def prefix(full, expansion):
    around = expansion.within.get(full)
    return around + SEPARATOR if around else ""


def renamed(wires, names):
    if isinstance(wires, list):
        return [renamed(wire, names) for wire in wires]
    if isinstance(wires, dict):
        return {**wires, "from": renamed(wires["from"], names)}
    node, _, port = wires.rpartition(".")
    return f"{names[node]}.{port}"


def places_to_edit(document):
    """Where there are nodes: the pipeline and the definitions in it."""
    return ["", *sorted(document.get("subgraphs", {}))]


def nodes_in(document, definition):
    return document["subgraphs"][definition]["nodes"] if definition else document["nodes"]


def collapsed_often(browser, data, document):
    """The document after several random collapses, in any place; refused ones change nothing."""
    for _ in range(data.draw(st.integers(1, 4))):
        definition = data.draw(st.sampled_from(places_to_edit(document)))
        names = sorted(nodes_in(document, definition))
        ids = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        answer = browser.ask("collapse", root=document, definition=definition, ids=ids)
        if answer["ok"]:
            assert answer["applied"] == answer["root"]
            assert answer["undone"] == document
            document = answer["root"]
        else:
            assert answer["reason"].endswith(".")
    return document


def unpacked_wholly(browser, data, document):
    """The document after unpacking every use, in any order."""
    while document.get("subgraphs"):
        uses = [
            (definition, name)
            for definition in places_to_edit(document)
            for name, node in nodes_in(document, definition).items()
            if "subgraph" in node
        ]
        definition, name = data.draw(st.sampled_from(uses))
        answer = browser.ask("unpack", root=document, definition=definition, id=name)
        assert answer["ok"], answer
        assert answer["applied"] == answer["root"]
        assert answer["undone"] == document
        document = answer["root"]
    return document


OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@OFTEN
@given(pipelines(), st.data())
def test_a_pipeline_is_flat_the_same_however_it_is_collapsed(browser, document, data):
    collapsed = collapsed_often(browser, data, document)
    assert flat(collapsed)[:2] == flat(document)[:2]


@OFTEN
@given(pipelines(), st.data())
def test_unpacking_everything_gives_back_what_was_drawn(browser, document, data):
    collapsed = collapsed_often(browser, data, document)
    assert without_bends(unpacked_wholly(browser, data, collapsed)) == without_bends(document)


def without_bends(document):
    """Two wires that entered by one port have one line outside: the second forgets its bends."""
    layout = {key: value for key, value in document["layout"].items() if key != "wires"}
    return {**document, "layout": layout}


def uses_of(document, around=""):
    """Flat ids of every use, outer ones first."""
    found = []
    waiting = [("", document["nodes"])]
    for prefix_, nodes in waiting:
        for name, node in nodes.items():
            if "subgraph" in node:
                found.append(prefix_ + name)
                inner = document["subgraphs"][node["subgraph"]]["nodes"]
                waiting.append((f"{prefix_}{name}{SEPARATOR}", inner))
    return found


@OFTEN
@given(pipelines(), st.data())
def test_a_pipeline_with_everything_expanded_in_place_is_drawn_as_it_is_flat(
    browser, document, data
):
    collapsed = collapsed_often(browser, data, document)
    expanded = uses_of(collapsed)
    answer = browser.ask("view", root=collapsed, definition="", expanded=expanded)
    assert answer["rooted"] == {"changes": [], "reason": ""}
    drawn = {
        name: node.get("inputs", {})
        for name, node in answer["view"]["nodes"].items()
        if not node.get("expanded")
    }
    graph = graph_to_document(expand(graph_from_document(collapsed).graph).graph)
    assert as_lists(drawn) == as_lists(
        {name: node.get("inputs", {}) for name, node in graph["nodes"].items()}
    )
    assert answer["view"].get("outputs", {}) == graph.get("outputs", {})


def as_lists(nodes):
    return {
        name: {port: wires if isinstance(wires, list) else [wires] for port, wires in ports.items()}
        for name, ports in nodes.items()
    }


@OFTEN
@given(pipelines(), st.data())
def test_an_edit_in_an_expanded_subgraph_is_an_edit_of_its_definition(browser, document, data):
    collapsed = collapsed_often(browser, data, document)

    def view(root, changes=()):
        expanded = uses_of(collapsed)
        return browser.ask("view", root=root, definition="", expanded=expanded, changes=changes)

    shown = view(collapsed)["view"]
    names = sorted(name for name, node in shown["nodes"].items() if "module" in node)
    name = data.draw(st.sampled_from(names))
    place = shown["layout"]["nodes"][name]
    moved = {**place, "y": place["y"] + 8}
    answer = view(
        collapsed,
        [
            {"path": ["nodes", name, "parameters", "count"], "after": 9},
            {"path": ["layout", "nodes", name], "after": moved},
        ],
    )
    assert answer["rooted"]["reason"] == ""
    expansion = expand(graph_from_document(answer["edited"]).graph)
    assert expansion.graph.nodes[name].parameters["count"] == 9
    if name in expansion.within:
        assert view(answer["edited"])["view"]["layout"]["nodes"][name] == moved


@OFTEN
@given(pipelines(with_order=True), st.data())
def test_what_had_to_wait_waits_in_a_subgraph_too(browser, document, data):
    *_, names, graph = flat(collapsed_often(browser, data, document))
    before = {names[full]: set() for full in graph.nodes}
    for full, node in graph.nodes.items():
        wired = [wire.node for wires in node.inputs.values() for wire in wires]
        before[names[full]] = {names[one] for one in (*wired, *node.after)}
    for name, node in document["nodes"].items():
        for other in node.get("after", ()):
            assert other in reached(before, name), (name, other)


def reached(before, start):
    found, waiting = set(), [start]
    while waiting:
        for other in before[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


@OFTEN
@given(pipelines(), st.data())
def test_a_value_set_at_the_use_of_a_promoted_parameter_is_a_value_set_inside(
    browser, document, data
):
    owners = [name for name, node in document["nodes"].items() if "parameters" in node]
    if not owners:
        return
    owner = data.draw(st.sampled_from(owners))
    (parameter,) = document["nodes"][owner]["parameters"]
    collapsed = browser.ask("collapse", root=document, definition="", ids=[owner])
    name, use = collapsed["name"], collapsed["id"]
    end = f"{owner}.{parameter}"
    promoted = browser.ask("promote", root=collapsed["root"], definition=name, end=end)
    document["nodes"][owner]["parameters"][parameter] = 7
    changed = promoted["root"]
    changed["nodes"][use]["parameters"] = {promoted["name"]: 7}
    assert flat(changed)[:2] == flat(document)[:2]
    demoted = browser.ask("demote", root=changed, definition=name, name=promoted["name"])
    assert demoted["lost"] == 0
    assert "parameters" not in demoted["root"]["subgraphs"][name]
    assert flat(demoted["root"])[:2] == flat(document)[:2]
    unpacked = browser.ask("unpack", root=changed, definition="", id=use)
    assert without_bends(unpacked["root"]) == without_bends(document)
