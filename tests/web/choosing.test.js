import assert from "node:assert/strict";
import { test } from "node:test";
import { bestPorts, fittingPorts, joinChanges, makeRoom, spliceFit } from "../../designer/canvas/web/document/joining.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { allChoices, chooseModules } from "../../designer/canvas/web/panels/module_choice.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { CARDS, FakeServer, FakeTransport, settle, SPECS } from "./fakes.js";

const TABLE = { side: "output", type: "Table" };
const nothing = { after: {}, before: {} };
const noMemory = { recent: [], favourites: [] };
const choose = (query, more = {}) => {
  const end = more.end ?? null;
  const given = { choices: allChoices(CARDS, {}, end, () => null), end, place: "", habits: nothing, memory: noMemory, showsAll: false, ...more };
  return chooseModules(query, given);
};
const ids = (sections) => sections.map(({ title, choices }) => [title, choices.map(({ id }) => id)]);

async function open(graph) {
  const server = new FakeServer(graph);
  const session = new EditorSession({ transport: new FakeTransport(server), pipelineId: "p", log: new MemoryLog() });
  await session.load();
  await settle();
  return { session, server };
}

test("only modules that fit a waiting wire are offered, until all are asked for", () => {
  const fitting = choose("", { end: TABLE }).flatMap(({ choices }) => choices.map(({ id }) => id));
  assert.deepEqual(fitting.sort(), ["data.add_rows", "data.split", "learn.train"]);
  assert.equal(choose("", { end: TABLE, showsAll: true }).flatMap(({ choices }) => choices).length, CARDS.length);
});

test("what usually follows comes first, then favourites, then what was used lately", () => {
  const habits = { after: { "data.load.dataset": [["learn.train", "dataset", 9], ["data.split", "dataset", 4]] }, before: {} };
  const memory = { recent: ["data.split", "data.load"], favourites: ["data.add_rows"] };
  const sections = ids(choose("", { place: "data.load.dataset", habits, memory }));
  assert.deepEqual(sections.slice(0, 3), [["Often next", ["learn.train", "data.split"]], ["Favourites", ["data.add_rows"]], ["Used lately", ["data.load"]]]);
});

test("a search is led by its words, and habits decide between equals", () => {
  assert.deepEqual(ids(choose("split")), [["", ["data.split"]]]);
  const habits = { after: { "x.y": [["learn.train", "dataset", 9]] }, before: {} };
  assert.equal(choose("tr", { place: "x.y", habits })[0].choices[0].id, "learn.train");
  assert.deepEqual(choose("zebra"), []);
});

test("ports of a new module are ranked by how well they fit, and ties are left to the person", () => {
  const spec = { inputs: [{ name: "any", type: "Any" }, { name: "left", type: "Table" }, { name: "right", type: "Table" }, { name: "more", type: "Table", optional: true }], outputs: [] };
  assert.deepEqual(fittingPorts(spec, TABLE).map(({ port }) => port.name), ["left", "right", "more", "any"]);
  assert.deepEqual(bestPorts(fittingPorts(spec, TABLE)).map(({ name }) => name), ["left", "right"]);
  assert.deepEqual(fittingPorts(SPECS["learn.train@1.0.0"], { side: "input", type: "Model" }).map(({ port }) => port.name), ["trained_model"]);
});

test("a module goes into a wire where an input takes and an output gives its type", () => {
  assert.deepEqual(spliceFit(SPECS["data.split@1.0.0"], { output: "Table", input: "Table" }), { input: "dataset", output: "results_dataset1" });
  assert.equal(spliceFit(SPECS["learn.train@1.0.0"], { output: "Table", input: "Table" }), null);
});

test("a node put into one of many wires keeps the order of the others", () => {
  const document = { format: 1, nodes: { a: {}, b: {}, rows: { inputs: { datasets: ["a.x", "b.x"] } } } };
  const { inputs, changes } = joinChanges(document, "mid", { wire: "rows.datasets#0", input: "dataset", output: "out" });
  assert.deepEqual(inputs, { dataset: "a.x" });
  assert.deepEqual(changes[0].after, ["mid.out", "b.x"]);
});

test("what is below a wire moves down as far as a node needs, and no further", () => {
  const at = (y) => ({ x: 0, y });
  const document = {
    format: 1, nodes: { a: {}, b: { inputs: { in: "a.out" } }, c: { inputs: { in: "b.out" } }, aside: {} },
    layout: { nodes: { a: at(0), b: at(112), c: at(224), aside: at(200) } },
  };
  const moved = Object.fromEntries(makeRoom(document, "b.in").map(({ path, after }) => [path[2], after.y]));
  assert.deepEqual(moved, { b: 240, c: 352 });
  document.layout.nodes.b = at(300);
  assert.deepEqual(makeRoom(document, "b.in"), []);
});

test("a node that is added into a wire is one step, and one undo", async () => {
  const { session, server } = await open();
  session.addNode("data.load", { x: 0, y: 0 });
  session.addNode("data.add_rows", { x: 0, y: 112 });
  session.wires.connect("load.dataset", "add_rows", "datasets");
  const before = session.document;
  const id = session.addNode("data.split", { x: 8, y: 100, join: { wire: "add_rows.datasets#0", input: "dataset", output: "results_dataset1" } });
  await settle();
  assert.equal(server.operations.length, 4);
  assert.deepEqual(session.document.nodes[id].inputs, { dataset: "load.dataset" });
  assert.deepEqual(session.document.nodes.add_rows.inputs.datasets, ["split.results_dataset1"]);
  const { load, split, add_rows } = session.document.layout.nodes;
  assert.ok(load.y + 64 < split.y && split.y + 64 < add_rows.y, "there is room for it");
  session.undo();
  assert.deepEqual(session.document, before);
});

test("a node behind an output, or before an input, comes with its wire", async () => {
  const { session } = await open();
  session.addNode("data.load");
  const split = session.addNode("data.split", { join: { from: "load.dataset", port: "dataset" } });
  assert.deepEqual(session.document.nodes[split].inputs, { dataset: "load.dataset" });
  session.addNode("learn.train");
  session.addNode("learn.forest", { join: { to: { node: "train", port: "untrained_model", many: false }, port: "untrained_model" } });
  assert.deepEqual(session.document.nodes.train.inputs, { untrained_model: "forest.untrained_model" });
  session.undo();
  assert.deepEqual(session.document.nodes.train.inputs, undefined);
});
