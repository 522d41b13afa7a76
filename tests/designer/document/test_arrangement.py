"""Whole documents laid out: ports and sizes as on the canvas, frames, notes, subgraphs."""

import json
import re
from pathlib import Path

import msgspec
import pytest

import designer
from designer.document.arrangement import missing, tidied
from designer.document.geometry import NODE_HEIGHT, NODE_WIDTH, PORT_PITCH, node_width, port_offset
from designer.document.node_ports import ports_of
from designer.document.node_shapes import shapes_of
from designer.layout import NodeShape, Place
from designer.layout.spacing import GRID
from modules_library.registry import open_catalog
from runtime.errors import InvalidGraphError
from runtime.model import Graph
from runtime.model.graph_json import content_hash, parse_graph, write_graph
from tests.designer.layout.graphs import boxes_of, leading_up, overlaps, wires_below_nodes

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "assets/samples").glob("*.json"))


@pytest.fixture(scope="module")
def catalog():
    return open_catalog(None)


def graph_of(**document):
    return parse_graph(json.dumps({"format": 1, **document}))


def places_in(layout):
    return {key: Place(held["x"], held["y"]) for key, held in layout["nodes"].items()}


def test_sizes_and_ports_are_those_of_the_canvas():
    text = (ROOT / "designer/canvas/web/scene/geometry.js").read_text()
    constants = dict(re.findall(r"const ([A-Z_]+) = (\d+);", text))
    assert constants == {
        "NODE_WIDTH": str(NODE_WIDTH),
        "NODE_HEIGHT": str(NODE_HEIGHT),
        "GRID": str(GRID),
        "PORT_PITCH": str(PORT_PITCH),
    }
    assert "(Math.max(inputs, outputs) + 1) * PORT_PITCH" in text
    assert node_width(12, 0) == 344 and node_width(0, 3) == 208
    assert "(width * (index + 1)) / (count + 1)" in text
    assert [port_offset(210, index, 2) for index in (0, 1)] == [70, 140]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_laid_out_so_that_every_wire_is_seen(path, catalog):
    graph = tidied(parse_graph(path.read_bytes()), catalog)
    shapes = shapes_of(graph, {}, catalog)
    places = places_in(graph.layout)
    assert overlaps(boxes_of(shapes.nodes, places), gap=32) == []
    assert leading_up(shapes.nodes, shapes.wires, places) == []
    assert wires_below_nodes(shapes.nodes, shapes.wires, places) == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_only_looks_change(path, catalog):
    graph = parse_graph(path.read_bytes())
    fresh = tidied(graph, catalog)
    assert content_hash(fresh) == content_hash(graph)
    assert fresh.layout.keys() == graph.layout.keys()
    assert tidied(graph, catalog) == fresh


def test_what_else_the_layout_says_of_a_node_stays_and_bends_of_wires_go(catalog):
    graph = graph_of(
        nodes={"a": {"module": "x.y"}},
        layout={
            "nodes": {"a": {"x": 900, "y": 900, "colour": "blue"}, "gone": {"x": 1, "y": 2}},
            "wires": {"a.b": [[1, 2]]},
            "x-other": 7,
        },
    )
    layout = tidied(graph, catalog).layout
    assert layout["nodes"]["a"] == {"x": 904, "y": 904, "colour": "blue"}
    assert layout["nodes"]["gone"] == {"x": 1, "y": 2}
    assert "wires" not in layout and layout["x-other"] == 7


def test_a_frame_keeps_the_nodes_that_were_in_it(catalog):
    graph = graph_of(
        nodes={
            "load": {"module": "data.load"},
            "clean": {"module": "data.clean", "inputs": {"dataset": "load.dataset"}},
            "train": {"module": "model.train", "inputs": {"dataset": "clean.dataset"}},
        },
        layout={
            "nodes": {
                "load": {"x": 0, "y": 0},
                "clean": {"x": 9, "y": 100},
                "train": {"x": 700, "y": 0},
            },
            "frames": {
                "data": {"x": -40, "y": -60, "width": 300, "height": 260, "title": "Data"},
                "empty": {"x": 0, "y": 300, "width": 100, "height": 100},
            },
        },
    )
    layout = tidied(graph, catalog).layout
    frame, places = layout["frames"]["data"], layout["nodes"]
    assert frame["title"] == "Data"

    def is_inside(node_id):
        x, y = places[node_id]["x"], places[node_id]["y"]
        return (
            frame["x"] < x
            and frame["y"] < y
            and x + NODE_WIDTH < frame["x"] + frame["width"]
            and y + NODE_HEIGHT < frame["y"] + frame["height"]
        )

    assert [is_inside(node_id) for node_id in ("load", "clean", "train")] == [True, True, False]
    empty = layout["frames"]["empty"]
    covered = Place(empty["x"], empty["y"])
    shapes = {**{key: NodeShape(width=NODE_WIDTH, height=NODE_HEIGHT) for key in places}}
    boxes = boxes_of(shapes, places_in(layout))
    boxes |= boxes_of({"empty": NodeShape(width=100, height=100)}, {"empty": covered})
    assert overlaps(boxes) == []


def test_the_inside_of_a_subgraph_is_laid_out_too(catalog):
    inside = {
        "clean": {"module": "a.b", "inputs": {"t": "load.t"}},
        "load": {"module": "a.c"},
    }
    graph = graph_of(
        nodes={"use": {"subgraph": "prepare"}},
        subgraphs={"prepare": {"nodes": inside, "outputs": {"ready": "clean.t"}}},
    )
    layout = tidied(graph, catalog).subgraphs["prepare"].layout
    assert layout["nodes"]["load"]["y"] < layout["nodes"]["clean"]["y"]


def test_a_subgraph_has_its_ports_in_the_order_a_person_gave_them(catalog):
    graph = graph_of(
        nodes={"use": {"subgraph": "prepare"}},
        subgraphs={
            "prepare": {
                "nodes": {"n": {"module": "a.b"}},
                "inputs": {"a": "n.a", "b": "n.b", "c": "n.c"},
                "layout": {"ports": {"inputs": ["c", "gone", "a"]}},
            }
        },
    )
    assert ports_of(graph, graph.subgraphs, catalog)["use"].inputs == ("c", "a", "b")


def test_a_module_that_nobody_knows_has_the_ports_its_wires_name(catalog):
    graph = graph_of(
        nodes={
            "a": {"module": "custom.a"},
            "b": {"module": "custom.b", "inputs": {"q": "a.second", "p": "a.first"}},
        }
    )
    ports = ports_of(graph, {}, catalog)
    assert ports["a"].outputs == ("second", "first") and ports["b"].inputs == ("q", "p")


def test_order_without_data_counts_as_a_wire(catalog):
    graph = graph_of(
        nodes={"a": {"module": "x.a", "after": ["b"]}, "b": {"module": "x.b"}},
    )
    places = tidied(graph, catalog).layout["nodes"]
    assert places["b"]["y"] < places["a"]["y"]


def test_places_are_asked_for_only_where_some_are_missing(catalog):
    graph = parse_graph(SAMPLES[0].read_bytes())
    assert missing(graph, catalog) == {}
    bare = msgspec.structs.replace(graph, layout={})
    request = missing(bare, catalog)[""]
    assert request.keeps_placed and request.nodes.keys() == graph.nodes.keys()


def test_a_layout_that_makes_no_sense_is_no_layout(catalog):
    graph = graph_of(
        nodes={"a": {"module": "x.a"}}, layout={"nodes": {"a": "here"}, "frames": [1], "notes": 7}
    )
    assert tidied(graph, catalog).layout["nodes"] == {"a": {"x": 40, "y": 40}}
    assert missing(graph, catalog).keys() == {""}


def test_python_lays_out_a_file_a_text_a_document_and_a_graph():
    path = SAMPLES[0]
    text = path.read_text()
    graph = parse_graph(text)
    found = [designer.tidy(form) for form in (path, str(path), text, json.loads(text), graph)]
    assert all(isinstance(one, Graph) for one in found)
    assert len({write_graph(one) for one in found}) == 1


def test_python_says_why_a_graph_cannot_be_read():
    with pytest.raises(InvalidGraphError) as refusal:
        designer.tidy({"format": 1, "nodes": {"Bad Id": {"module": "x.a"}}})
    assert refusal.value.code == "G010"
