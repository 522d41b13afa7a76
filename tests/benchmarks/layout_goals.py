"""Auto-layout at 500 to 20,000 nodes, goal G10, beside dagre with its network simplex.

Crossings of both are counted by one function, on straight lines from port to port as the canvas
leads its wires, and once more between the middles of boxes, which is all that dagre knows of. The
generator lists nodes and wires almost as they should stand; shuffled, nothing is given away.
"""

import asyncio
import json
import random
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path

from designer.layout import LayoutRequest, NodeShape, WireShape, lay_out
from designer.services.layouts import LayoutService
from tests.benchmarks.graphs import ported
from tests.benchmarks.measuring import folder
from tests.benchmarks.measuring import seconds as measured

WIDTH, HEIGHT = 208, 64
GOALS_S = {500: 0.1, 2000: 0.5, 5000: 2, 20_000: 15}
DAGRE = {(500, False), (500, True), (2000, False)}
"""Where dagre is measured too; larger graphs take it minutes."""
MOST_CROSSINGS = 1.2
SCRIPT = """
import dagre from "@dagrejs/dagre";
import { readFileSync } from "node:fs";
const { nodes, wires } = JSON.parse(readFileSync(0));
const graph = new dagre.graphlib.Graph({ multigraph: true });
graph.setGraph({ rankdir: "TB", nodesep: 32, ranksep: 48, edgesep: 16, ranker: "network-simplex" });
graph.setDefaultEdgeLabel(() => ({}));
for (const [id, { width, height }] of Object.entries(nodes)) graph.setNode(id, { width, height });
wires.forEach(({ from, to }, i) => graph.setEdge(from, to, {}, String(i)));
const started = performance.now();
dagre.layout(graph);
const seconds = (performance.now() - started) / 1000;
const places = Object.fromEntries(graph.nodes().map((id) => [id, [graph.node(id).x, graph.node(id).y]]));
console.log(JSON.stringify({ seconds, places }));
"""


def main() -> None:
    """Print the tables."""
    with folder() as scratch:
        has_dagre = _installed(scratch)
        for count, goal in GOALS_S.items():
            for is_shuffled in (False, True):
                nodes, wires = _graph(count, is_shuffled=is_shuffled)
                _measure(nodes, wires, goal, "shuffled" if is_shuffled else "as generated")
                if has_dagre and (count, is_shuffled) in DAGRE:
                    _measure_dagre(scratch, nodes, wires)
    _wait_of_the_loop(5000)


def _measure(nodes, wires, goal, order):
    rounds = 5 if len(nodes) <= 2000 else 2
    seconds = min(measured(partial(lay_out, nodes, wires)) for _ in range(rounds))
    verdict = "" if seconds <= goal else " !"
    print(
        f"  {len(nodes):6,} nodes {order:13s} {seconds * 1e3:9.0f} ms   goal {goal * 1e3:g} ms{verdict}"
    )


def _graph(count, *, is_shuffled=True):
    ids, wires = ported(count)
    if is_shuffled:
        draw = random.Random(count)
        draw.shuffle(ids)
        draw.shuffle(wires)
    nodes = {node_id: NodeShape(width=WIDTH, height=HEIGHT) for node_id in ids}
    return nodes, [
        WireShape(source=source, source_x=WIDTH / 2, target=target, target_x=WIDTH * (port + 1) / 3)
        for source, target, port in wires
    ]


def _installed(scratch: Path) -> bool:
    if shutil.which("npm") is None:
        print("  npm is missing: nothing is measured beside dagre. Install nodejs and npm.")
        return False
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "@dagrejs/dagre@3"]
    (scratch / "package.json").write_text('{"type": "module"}')
    (scratch / "layout.js").write_text(SCRIPT)
    return subprocess.run(command, cwd=scratch, check=False).returncode == 0


def _measure_dagre(scratch: Path, nodes, wires):
    box = {"width": WIDTH, "height": HEIGHT}
    graph = {
        "nodes": dict.fromkeys(nodes, box),
        "wires": [{"from": wire.source, "to": wire.target} for wire in wires],
    }
    done = subprocess.run(
        ["node", "layout.js"],
        cwd=scratch,
        input=json.dumps(graph),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    answer = json.loads(done.stdout)
    ours_s = measured(partial(lay_out, nodes, wires))
    print(
        f"{'dagre':>28s} {answer['seconds'] * 1e3:9.0f} ms   we take "
        f"{ours_s / answer['seconds']:.3f} of it"
    )
    theirs = {key: (x - WIDTH / 2, y - HEIGHT / 2) for key, (x, y) in answer["places"].items()}
    places = lay_out(nodes, wires).places
    _compare(wires, {key: (place.x, place.y) for key, place in places.items()}, theirs)


def _compare(wires, ours, theirs):
    for name, by_port in (("port to port", True), ("middle to middle", False)):
        mine = crossings(_lines(wires, ours, by_port))
        other = crossings(_lines(wires, theirs, by_port))
        verdict = "" if mine <= MOST_CROSSINGS * other else " !"
        print(
            f"{'crossings':>28s} {name:16s} {mine:6,}   dagre {other:6,}   ratio "
            f"{mine / other:.2f} (goal {MOST_CROSSINGS}){verdict}"
        )
    print(f"{'width':>28s} {_width(ours):,.0f} px   dagre {_width(theirs):,.0f} px")


def _width(places):
    lefts = [x for x, _ in places.values()]
    return max(lefts) - min(lefts) + WIDTH


def _lines(wires, places, by_port):
    lines = []
    for wire in wires:
        out, into = (wire.source_x, wire.target_x) if by_port else (WIDTH / 2, WIDTH / 2)
        (ax, ay), (bx, by) = places[wire.source], places[wire.target]
        lines.append((ay + HEIGHT, ax + out, by, bx + into))
    return lines


def crossings(lines) -> int:
    """How many pairs of lines, each from an upper to a lower point, cross."""
    lines = sorted(lines)
    count = 0
    for index, (top, top_x, bottom, bottom_x) in enumerate(lines):
        for other in lines[index + 1 :]:
            if other[0] >= bottom:
                break
            count += _do_cross((top_x, top, bottom_x, bottom), (other[1], other[0], *other[3:1:-1]))
    return count


def _do_cross(one, other) -> bool:
    return (
        _side(*one, *other[:2]) * _side(*one, *other[2:]) < 0
        and _side(*other, *one[:2]) * _side(*other, *one[2:]) < 0
    )


def _side(ax, ay, bx, by, x, y) -> int:
    value = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    return (value > 1e-9) - (value < -1e-9)


def _wait_of_the_loop(count) -> None:
    """How late a tick of the event loop comes while the service lays out a graph, and without."""
    nodes, wires = _graph(count)
    request = LayoutRequest(nodes=nodes, wires=wires)
    started = time.perf_counter()
    busy = asyncio.run(_latest_tick(LayoutService().lay_out(request)))
    idle = asyncio.run(_latest_tick(asyncio.sleep(time.perf_counter() - started)))
    verdict = "" if busy - idle <= 0.1 else " !"
    print(
        f"  latest tick of the event loop during a layout of {count:,} nodes "
        f"{busy * 1e3:.1f} ms, idle {idle * 1e3:.1f} ms   goal 100 ms{verdict}"
    )


async def _latest_tick(work) -> float:
    late = [0.0]

    async def tick():
        while True:
            due = time.perf_counter() + 0.005
            await asyncio.sleep(0.005)
            late.append(time.perf_counter() - due)

    ticking = asyncio.create_task(tick())
    await work
    ticking.cancel()
    return max(late)


if __name__ == "__main__":
    main()
