import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { snapMove } from "../../designer/canvas/web/interaction/snapping.js";
import { neighbour } from "../../designer/canvas/web/interaction/walk.js";
import { createWheelReader } from "../../designer/canvas/web/interaction/wheel.js";
import { faceOf } from "../../designer/canvas/web/scene/face.js";
import { NODE_HEIGHT, nodeWidth, portOffset, rectBetween } from "../../designer/canvas/web/scene/geometry.js";
import { HashGrid } from "../../designer/canvas/web/scene/grid.js";
import { hitTest } from "../../designer/canvas/web/scene/hit_test.js";
import { formatSeconds, resultLine, visualState } from "../../designer/canvas/web/scene/node_state.js";
import { settingsLine } from "../../designer/canvas/web/scene/settings_line.js";
import { curvesOf, isCrossed, nearestOn, polyline } from "../../designer/canvas/web/scene/wire_path.js";
import { Scene } from "../../designer/canvas/web/scene/scene.js";
import { Viewport } from "../../designer/canvas/web/scene/viewport.js";
import { layeredGraph, sampleGraph, SPECS } from "./stage/graphs.js";

const modules = new ModuleStore();
modules.addSpecs(SPECS);

function sceneOf(graph) {
  const scene = new Scene();
  scene.update(graph, modules);
  return scene;
}

test("a node is wide enough for its ports, and they stand evenly", () => {
  assert.equal(nodeWidth(2, 1), 208);
  assert.ok(nodeWidth(12, 0) >= 12 * 24);
  assert.deepEqual([0, 1].map((i) => portOffset(210, i, 2)), [70, 140]);
});

test("a rectangle is the same from any two corners", () => {
  const rect = { x: 1, y: 2, width: 9, height: 8 };
  assert.deepEqual(rectBetween({ x: 10, y: 10 }, { x: 1, y: 2 }), rect);
  assert.deepEqual(rectBetween({ x: 1, y: 10 }, { x: 10, y: 2 }), rect);
});

test("the grid finds what a look at every rectangle finds, also after moves and removals", () => {
  const grid = new HashGrid();
  const rects = Array.from({ length: 400 }, (_, i) => ({ x: ((i * 7919) % 6000) - 3000, y: ((i * 104_729) % 6000) - 3000, width: 208, height: 64 }));
  rects.forEach((rect, i) => grid.set(i, rect));
  for (let i = 0; i < 400; i += 3) {
    rects[i] = { ...rects[i], x: rects[i].x + 700, y: rects[i].y - 900 };
    grid.set(i, rects[i]);
  }
  for (let i = 0; i < 400; i += 5) grid.remove(i);
  for (const view of [{ x: -500, y: -500, width: 900, height: 700 }, { x: 0, y: 0, width: 1, height: 1 }, { x: -9000, y: -9000, width: 18_000, height: 18_000 }]) {
    const touches = (r) => r.x < view.x + view.width && r.x + r.width > view.x && r.y < view.y + view.height && r.y + r.height > view.y;
    const found = [];
    grid.query(view, (slot) => touches(rects[slot]) && found.push(slot));
    const expected = rects.flatMap((rect, i) => (i % 5 && touches(rect) ? [i] : []));
    assert.deepEqual(found.sort((a, b) => a - b), expected);
  }
});

const way = (scene, key) => polyline(scene, scene.wireIndex.get(key));

test("a wire runs from port to port, and its distance is measured along the curve", () => {
  const scene = sceneOf(sampleGraph());
  const wire = scene.wireIndex.get("train.dataset");
  const line = polyline(scene, wire);
  assert.deepEqual(line[0], scene.portPoint(scene.index.get("split"), "output", "results_dataset1"));
  assert.deepEqual(line.at(-1), scene.portPoint(scene.index.get("train"), "input", "dataset"));
  const middle = line[12];
  assert.ok(nearestOn(scene, wire, middle).distance < 1);
  assert.ok(nearestOn(scene, wire, { x: middle.x + 40, y: middle.y }).distance > 15);
});

test("a wire leaves downwards and enters from above, also when its target is higher", () => {
  const graph = sampleGraph();
  graph.layout.nodes.clean = { x: 400, y: -300 };
  for (const scene of [sceneOf(sampleGraph()), sceneOf(graph)]) {
    const line = way(scene, "clean.dataset");
    assert.ok(line[1].y > line[0].y);
    assert.ok(line.at(-2).y < line.at(-1).y);
  }
});

test("a bent wire passes its bends, is hit along the way, and a cut goes through it there", () => {
  const graph = sampleGraph();
  graph.layout.wires = { "load.dataset>clean.dataset": [[600, 60], [640, 100]] };
  const scene = sceneOf(graph);
  const wire = scene.wireIndex.get("clean.dataset");
  assert.equal(curvesOf(scene, wire).length, 3);
  for (const [x, y] of graph.layout.wires["load.dataset>clean.dataset"]) assert.ok(nearestOn(scene, wire, { x, y }).distance < 0.01);
  assert.deepEqual(hitTest(scene, { x: 602, y: 61 }, { zoom: 1 }), { kind: "bend", wire, at: 0 });
  assert.equal(isCrossed(scene, wire, { x: 600, y: 80 }, { x: 660, y: 70 }), true);
  assert.equal(isCrossed(scene, wire, { x: 900, y: 80 }, { x: 960, y: 70 }), false);
  delete graph.layout.wires;
  assert.equal(curvesOf(sceneOf(graph), wire).length, 1);
});

test("ports are hit before nodes, nodes before wires", () => {
  const scene = sceneOf(sampleGraph());
  const split = scene.index.get("split");
  const port = scene.portPoint(split, "output", "results_dataset2");
  const at = (point, zoom = 1) => hitTest(scene, point, { zoom });
  assert.equal(at({ x: port.x + 5, y: port.y - 5 }).port.name, "results_dataset2");
  assert.deepEqual(at({ x: scene.x[split] + 20, y: scene.y[split] + 30 }), { kind: "node", slot: split });
  const wire = at(way(scene, "clean.dataset")[12]);
  assert.equal(scene.wireKeys[wire.wire], "clean.dataset");
  assert.deepEqual(at({ x: -5000, y: -5000 }), { kind: "nothing" });
});

test("the end of a wire at its input can be grabbed", () => {
  const scene = sceneOf(sampleGraph());
  const { bx, by } = scene.ends(scene.wireIndex.get("evaluate.scored_dataset"));
  const hit = hitTest(scene, { x: bx, y: by - 14 }, { zoom: 1 });
  assert.equal(hit.kind, "wire");
  assert.equal(hit.isAtInput, true);
});

test("a scene follows its document and keeps the slots of the nodes that stay", () => {
  const graph = sampleGraph();
  const scene = sceneOf(graph);
  const slot = scene.index.get("train");
  const { train, ...rest } = graph.nodes;
  const nodes = { ...rest, extra: train, score: { ...graph.nodes.score, inputs: { dataset: "split.results_dataset2" } } };
  const layout = { nodes: { ...graph.layout.nodes, extra: { x: 5, y: 6 }, load: { x: 1000, y: 0 } } };
  const { removed } = scene.update({ ...graph, nodes, layout }, modules);
  assert.deepEqual(removed, ["train"]);
  assert.equal(scene.index.has("train"), false);
  assert.equal(scene.nodeCount, 11);
  assert.equal(scene.x[scene.index.get("load")], 1000);
  assert.equal(scene.wireIndex.has("score.trained_model"), false);
  assert.equal(scene.wireIndex.has("extra.dataset"), true);
  scene.update({ ...graph, nodes: { ...nodes, late: rest.load }, layout }, modules);
  assert.equal(scene.ids[slot], "late", "a free slot is used again");
});

test("a node that a gesture holds is not moved by the document", () => {
  const graph = sampleGraph();
  const scene = sceneOf(graph);
  const slot = scene.index.get("load");
  scene.held.add(slot);
  scene.move(slot, 7, 8);
  scene.update({ ...graph, layout: { nodes: { ...graph.layout.nodes, load: { x: 900, y: 900 } } } }, modules);
  assert.deepEqual([scene.x[slot], scene.y[slot]], [7, 8]);
});

test("nodes without a place are laid out in rows, sources above", () => {
  const { layout: _, ...graph } = sampleGraph();
  const scene = sceneOf(graph);
  const y = (id) => scene.y[scene.index.get(id)];
  assert.ok(y("load") < y("clean") && y("clean") < y("split") && y("split") < y("train") && y("score") < y("evaluate"));
  const places = new Set([...scene.index.values()].map((slot) => `${scene.x[slot]},${scene.y[slot]}`));
  assert.equal(places.size, 11);
});

test("the ports of a module that nobody knows are those its wires name", () => {
  const scene = sceneOf({ format: 1, nodes: { a: { module: "x.gone" }, b: { module: "x.gone", inputs: { in1: "a.out1", in2: ["a.out2"] } } } });
  assert.deepEqual(scene.inputs[scene.index.get("b")].map(({ name }) => name), ["in1", "in2"]);
  assert.equal(scene.wireCount, 2);
});

test("ten thousand nodes are taken over", () => {
  const scene = sceneOf(layeredGraph(10_000));
  assert.equal(scene.nodeCount, 10_000);
  assert.ok(scene.wireCount > 8000);
  assert.ok(scene.inside({ x: 0, y: 0, width: 1200, height: 800 }).length < 60);
});

test("zooming keeps the point under the cursor, fitting shows everything", () => {
  const viewport = Object.assign(new Viewport(), { width: 1000, height: 600, x: 30, y: 40 });
  const at = { x: 400, y: 300 };
  const before = viewport.toCanvas(at);
  viewport.zoomTo(0.37, at);
  const after = viewport.toCanvas(at);
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9);
  viewport.fit({ x: -4000, y: 0, width: 8000, height: 3000 });
  const { x, y, width, height } = viewport.rect;
  assert.ok(x <= -4000 && y <= 0 && x + width >= 4000 && y + height >= 3000);
  assert.deepEqual(viewport.toCanvas(viewport.toScreen({ x: 12, y: 34 })).x.toFixed(6), "12.000000");
});

test("revealing moves as little as needed", () => {
  const viewport = Object.assign(new Viewport(), { width: 1000, height: 600 });
  assert.equal(viewport.reveal({ x: 100, y: 100, width: 200, height: 64 }), false);
  assert.equal(viewport.reveal({ x: 1000, y: 100, width: 200, height: 64 }), true);
  assert.equal(viewport.x, 1000 - 32 - 1200);
});

test("a drag snaps to the grid, and to a neighbour's middle when it is near", () => {
  const start = { x: 0, y: 0, width: 208, height: NODE_HEIGHT };
  assert.deepEqual(snapMove(start, { dx: 13, dy: 5 }, []), { dx: 16, dy: 8, guides: {} });
  const other = { x: 100, y: 300, width: 240, height: NODE_HEIGHT };
  const { dx, guides } = snapMove(start, { dx: 113, dy: 5 }, [other]);
  assert.equal(dx, 116, "both middles at 220");
  assert.equal(guides.vertical.x, 220);
});

test("arrows follow wires up and down, and the row left and right", () => {
  const scene = sceneOf(sampleGraph());
  const go = (id, arrow) => scene.ids[neighbour(scene, scene.index.get(id), arrow)];
  assert.equal(go("load", "ArrowDown"), "clean");
  assert.equal(go("evaluate", "ArrowUp"), "score");
  assert.equal(go("split", "ArrowRight"), "logistic");
  assert.equal(go("forest", "ArrowRight"), "split");
  assert.equal(go("load", "ArrowUp"), undefined);
});

test("a wheel zooms, two fingers scroll, pinch and Ctrl always zoom", () => {
  const read = (events, setting = "auto") => {
    const reader = createWheelReader(() => setting);
    return events.map(({ at = 0, ...event }) => reader({ deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, ...event }, at).kind);
  };
  assert.deepEqual(read([{ deltaY: 120 }, { deltaY: -120, at: 20 }]), ["zoom", "zoom"]);
  assert.deepEqual(read([{ deltaY: 3 }, { deltaY: 60, at: 16 }, { deltaY: 4, at: 32 }]), ["pan", "pan", "pan"]);
  assert.deepEqual(read([{ deltaX: 4, deltaY: 2 }]), ["pan"]);
  assert.deepEqual(read([{ deltaY: 3, deltaMode: 1 }]), ["zoom"]);
  assert.deepEqual(read([{ deltaY: 2, ctrlKey: true }]), ["zoom"]);
  assert.deepEqual(read([{ deltaY: 120 }], "pan"), ["pan"]);
});

test("a node's state and line say what happened", () => {
  const node = { module: "m" };
  const table = (rows, columns) => ({ type: "Table", digest: "", bytes: 1, format: "arrow", summary: { rows, columns } });
  const line = (step, stale = false) => resultLine(visualState(node, step, { isStale: stale }), step, 108);
  const building = "building environment, 40 s: lightgbm, 3 of 12";
  assert.equal(line({ step: "a", status: "running", started_at: 100, detail: building }), "Building environment, 40 s: lightgbm, 3 of 12");
  assert.equal(visualState(node, undefined), "idle");
  assert.equal(visualState({ state: { kind: "disabled" } }, { step: "a", status: "completed" }), "disabled");
  assert.equal(visualState(node, { step: "a", status: "completed" }, { isStale: true }), "stale");
  assert.equal(visualState(node, { step: "a", status: "completed" }, { isLeftOut: true }), "skipped");
  assert.equal(visualState({ ...node, state: { kind: "frozen" } }, undefined, { isLeftOut: true }), "frozen");
  assert.equal(line({ step: "a", status: "skipped", detail: "stopped at a breakpoint" }), "Waits behind a breakpoint");
  assert.equal(resultLine("skipped", undefined, 0, { leftOut: "It needs 'Load', which does not run." }), "It needs 'Load', which does not run.");
  assert.equal(resultLine("frozen", undefined, 0, { frozen: "Frozen · 3 May · 2 MB" }), "Frozen · 3 May · 2 MB");
  assert.equal(line({ step: "a", status: "completed", seconds: 0.2144, outputs: { a: table(12_398, 31) } }), "12\u202f398 × 31 · 0.21 s");
  assert.equal(line({ step: "a", status: "completed", reused: true, outputs: { a: table(3, 1) } }), "3 × 1 · reused");
  assert.equal(line({ step: "a", status: "completed", seconds: 71, metrics: { auc: 0.99412 } }), "AUC 0.994 · 1:11");
  assert.equal(line({ step: "a", status: "running", started_at: 100, progress: 0.5 }), "Running · 50 % · 0:08");
  assert.equal(line({ step: "a", status: "failed", error: { code: "D001", message: "No column." } }), "No column.");
});

test("seconds read well at every size", () => {
  assert.deepEqual([0.0004, 0.0061, 0.05, 3.14159, 42.2, 3600 * 2 + 120].map(formatSeconds), ["1 ms", "6 ms", "0.05 s", "3.14 s", "42.2 s", "2:02 h"]);
});

test("a face says first what differs from the default, then what matters, two settings at most", () => {
  const spec = { parameters: [{ name: "a", summary: true, default: 1 }, { name: "hidden", default: 2 }, { name: "b", title: "Max depth", summary: true }, { name: "c", summary: true, default: 3 }] };
  assert.equal(words({ parameters: { b: { $parameter: "depth" } } }, spec), "*max depth $depth, a 1");
  assert.equal(words({ parameters: { hidden: 5, a: 1 } }, spec), "*hidden 5, a 1");
  assert.equal(words({ parameters: { hidden: 5, b: 4, c: 7, a: true } }, spec), "*a on, *hidden 5, *+2");
  assert.equal(words({}, null), "");
});

test("a setting is said so that it can be told from others", () => {
  const only = (/** @type {any} */ parameter, /** @type {any} */ value) => words(value === undefined ? {} : { parameters: { p: value } }, { parameters: [{ name: "p", summary: true, ...parameter }] });
  assert.equal(only({ title: "Fraction of rows in the first output", default: 0.5 }), "0.5 fraction of rows in the first output");
  assert.equal(only({ title: "Fraction of rows in the first output", default: 0.5 }, { $parameter: "share" }), "*$share");
  const columns = { title: "Key columns", kind: "columns", default: { start: "all", rules: [] } };
  assert.equal(only(columns), "all columns");
  assert.equal(only(columns, ["a", "b", "c"]), "*3 columns");
  assert.equal(only(columns, { start: "none", rules: [{ action: "include", by: "types", values: ["numeric"] }] }), "*columns by types");
  assert.equal(only(columns, { start: "all", rules: [{ action: "exclude", by: "names", values: ["id"] }] }), "*without id");
  assert.equal(only({ title: "SQL query", kind: "code", default: "" }, "select *\nfrom t1\n"), "*sql query 2 lines");
});

test("a face counts the required settings that are seen and not there", () => {
  const spec = { parameters: [
    { name: "mode", kind: "enum", default: "a" }, { name: "file", required: true }, { name: "names", title: "Key columns", required: true, kind: "columns", default: [] },
    { name: "other", required: true, visible_when: [{ parameter: "mode", values: ["b"] }] },
  ] };
  assert.deepEqual(settingsLine({}, spec).missing, ["File", "Key columns"]);
  assert.deepEqual(settingsLine({ parameters: { file: "x.csv", mode: "b" } }, spec).missing, ["Key columns", "Other"]);
});

test("values that wait to be set are said in words, not marked as a fault; other faults are", () => {
  const known = new ModuleStore();
  known.addSpecs({ "m@1.0.0": { id: "m", version: "1.0.0", digest: "b3:00", title: "M", category: "c", inputs: [], outputs: [], parameters: [{ name: "file", kind: "file", required: true }] } });
  const document = { format: 1, nodes: { a: { module: "m", version: "1.0.0" } }, layout: { nodes: { a: { x: 0, y: 0 } } } };
  const scene = new Scene();
  scene.update(document, known);
  const session = /** @type {any} */ ({
    document, modules: known, stepOf: () => undefined, isStale: () => false, outcomeOf: () => undefined,
    leftOut: new Map(), previews: { shown: null }, breakpoints: { hasNode: () => false }, frozen: { words: () => "" }, subgraphs: { facts: () => null },
    comments: { inView: new Map() }, presence: { inView: new Map() },
  });
  const face = (/** @type {any[]} */ ...diagnostics) => faceOf(session, scene, 0, { problems: new Map([["a", { own: diagnostics, inside: [] }]]), now: 0 });
  const notSet = { code: "V004", message: "Parameter 'file' of 'M' has no value.", where: "/nodes/a/parameters/file" };
  assert.deepEqual([face(notSet).problem, face(notSet).toSet, face(notSet).toSetHint], ["", "1 to set", "Needed before a run: File"]);
  assert.match(face(notSet).label, /1 to set$/);
  assert.equal(face(notSet, { code: "D001", message: "No column." }).problem, "error");
  assert.equal(face({ code: "M003", severity: "warning", message: "Old." }).problem, "warning");
});

/** Settings on a face in one line; a star marks what differs from the default. @param {any} node @param {any} spec */
function words(node, spec) {
  return settingsLine(node, spec).parts.map(({ text, isChanged }) => (isChanged ? `*${text}` : text)).join(", ");
}
