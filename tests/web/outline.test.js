import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { outlineRows, parseRowKey, rowKey, rowsAround, rowWindow, typedAhead, wiresBySource, wiresOfRow, workOrder } from "../../designer/canvas/web/document/outline.js";
import { ScopeView } from "../../designer/canvas/web/document/scope_view.js";
import { SPECS } from "./fakes.js";

const split = (source) => ({ module: "data.split", version: "1.0.0", ...(source ? { inputs: { dataset: source } } : {}) });
const PIPELINE = {
  format: 1,
  nodes: {
    train: { module: "learn.train", version: "1.0.0", inputs: { untrained_model: "forest.untrained_model", dataset: "split.results_dataset1" } },
    split: split("load.dataset"),
    forest: { module: "learn.forest", version: "1.0.0" },
    load: { module: "data.load", version: "1.0.0" },
  },
  layout: { nodes: { train: { x: 0, y: 400 }, split: { x: 0, y: 200 }, forest: { x: 300, y: 200 }, load: { x: 0, y: 0 } } },
};
const modules = new ModuleStore();
modules.addSpecs(SPECS);

const rowsOf = (document, open = []) => {
  modules.follow(document);
  return outlineRows(document, workOrder(document), {
    portsOf: (id) => modules.portsOf(document, id),
    isSubgraph: (id) => Boolean(document.nodes[id].subgraph),
    isOpen: (key) => open.includes(key),
  });
};

test("nodes stand after what feeds them, else as they are read", () => {
  assert.deepEqual(workOrder(PIPELINE), ["load", "split", "forest", "train"]);
});

test("a circle of wires loses no node", () => {
  const document = { format: 1, nodes: { a: split("b.results_dataset1"), b: split("a.results_dataset1"), c: split("b.results_dataset2") } };
  assert.deepEqual(workOrder(document).toSorted(), ["a", "b", "c"]);
});

test("a node waits for those it only runs after", () => {
  const document = { format: 1, nodes: { late: { ...split(), after: ["early"] }, early: split() }, layout: { nodes: { late: { x: 0, y: 0 }, early: { x: 0, y: 90 } } } };
  assert.deepEqual(workOrder(document), ["early", "late"]);
});

test("an open node shows its inputs and outputs, counted together", () => {
  const rows = rowsOf(PIPELINE, ["train"]);
  assert.deepEqual(rows.map(({ key, level, position, siblings, isOpen }) => [key.replaceAll("\n", "/"), level, position, siblings, isOpen]), [
    ["load", 1, 1, 4, false],
    ["split", 1, 2, 4, false],
    ["forest", 1, 3, 4, false],
    ["train", 1, 4, 4, true],
    ["train/input/untrained_model", 2, 1, 3, null],
    ["train/input/dataset", 2, 2, 3, null],
    ["train/output/trained_model", 2, 3, 3, null],
  ]);
});

test("the row of a port stands for its wires", () => {
  const rows = rowsOf(PIPELINE, ["train", "split"]);
  const keys = (key) => wiresOfRow(PIPELINE, wiresBySource(PIPELINE), rows.find((row) => row.key === key)).map((wire) => wire.key);
  assert.deepEqual(keys(rowKey("train", "input", "dataset")), ["train.dataset"]);
  assert.deepEqual(keys(rowKey("split", "output", "results_dataset1")), ["train.dataset"]);
  assert.deepEqual(keys(rowKey("split", "output", "results_dataset2")), []);
});

test("a subgraph opens to its inside", () => {
  const root = { format: 1, nodes: { use: { subgraph: "prepare" } }, subgraphs: { prepare: { nodes: { b: split("a.results_dataset1"), a: split() } } } };
  const closed = rowsOf(root, ["use"]);
  assert.deepEqual(closed.map(({ kind, isOpen }) => [kind, isOpen]), [["node", true], ["inside", false]]);
  const { document } = new ScopeView(root, "", ["use"]);
  const rows = rowsOf(document, ["use"]);
  const inside = rows.filter(({ level }) => level === 3);
  assert.deepEqual(inside.map(({ node, parent }) => [node, parseRowKey(parent).kind]), [["use__a", "inside"], ["use__b", "inside"]]);
  assert.deepEqual(rowsAround(document, "use__b"), ["use"]);
});

test("typing goes to the next row that begins so, and around", () => {
  const rows = rowsOf(PIPELINE);
  const at = (from, typed) => typedAhead(rows, ({ node }) => node, from, typed);
  assert.equal(at(0, "l"), 0, "the only one is itself");
  assert.equal(at(0, "tr"), 3);
  assert.equal(at(3, "sp"), 1);
  assert.equal(at(1, "zz"), -1);
});

test("the same letter again goes from one match to the next", () => {
  const rows = rowsOf({ format: 1, nodes: { s1: split(), s2: split(), t: split() } });
  const title = ({ node }) => node;
  assert.equal(typedAhead(rows, title, 0, "s"), 1);
  assert.equal(typedAhead(rows, title, 1, "ss"), 0);
});

test("five thousand nodes in one chain are a tree of which a window is drawn", () => {
  const count = 5000;
  const nodes = Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${count - i}`, split(i + 1 < count ? `n${count - i - 1}.results_dataset1` : "")]));
  const document = { format: 1, nodes };
  const order = workOrder(document);
  assert.equal(order.length, count);
  assert.deepEqual([order[0], order.at(-1)], ["n1", `n${count}`]);
  const rows = rowsOf(document, order);
  assert.equal(rows.length, count * 4);
  const { first, last } = rowWindow({ top: 280_000, height: 600 }, 28, rows.length);
  assert.deepEqual([first, last], [9992, 10_030]);
});
