import assert from "node:assert/strict";
import { test } from "node:test";
import { Breakpoints } from "../../../designer/canvas/web/document/breakpoints.js";

const memory = (items = {}) => ({ items, getItem: (key) => items[key] ?? null, setItem: (key, value) => (items[key] = value), removeItem: (key) => delete items[key] });
const GRAPH = {
  format: 1,
  nodes: { load: { module: "m" }, clean: { module: "m", inputs: { dataset: "load.dataset" } }, sub: { subgraph: "inner" } },
  subgraphs: { inner: { nodes: { fit: { module: "m" } } } },
};

test("a breakpoint is set and taken away, and kept by the browser until there is none", () => {
  const storage = memory();
  const points = new Breakpoints("p", storage);
  assert.equal(points.toggle([], { nodes: ["clean"] }), true);
  assert.equal(new Breakpoints("p", storage).hasNode([], "clean"), true);
  assert.equal(new Breakpoints("another", storage).size, 0);
  assert.equal(points.toggle([], { nodes: ["clean"] }), false);
  assert.deepEqual(storage.items, {});
});

test("of several nodes all get one, unless all have one", () => {
  const points = new Breakpoints("p", null);
  points.toggle([], { nodes: ["load"] });
  assert.equal(points.toggle([], { nodes: ["load", "clean"] }), true);
  assert.equal(points.size, 2);
  assert.equal(points.toggle([], { nodes: ["load", "clean"] }), false);
  assert.equal(points.size, 0);
});

test("a run stops before a node, before a wire's end, and inside a subgraph by the step's name", () => {
  const points = new Breakpoints("p", null);
  points.toggle([], { wires: ["clean.dataset"] });
  points.toggle([], { nodes: ["clean"] });
  points.toggle(["sub"], { nodes: ["fit"] });
  assert.deepEqual(points.steps(GRAPH), ["clean", "sub__fit"]);
  assert.equal(points.hasWire([], "clean.dataset"), true);
  assert.equal(points.hasNode([], "fit"), false);
});

test("what is gone from the document, or carries nothing, stops nothing", () => {
  const points = new Breakpoints("p", null);
  points.toggle([], { nodes: ["gone"], wires: ["clean.dataset"] });
  points.toggle(["gone"], { nodes: ["fit"] });
  const off = structuredClone(GRAPH);
  off.nodes.clean.inputs.dataset = { from: "load.dataset", disabled: true };
  assert.deepEqual(points.steps(off), []);
  points.clear();
  assert.equal(points.size, 0);
});

test("what cannot be read of stored breakpoints is left out", () => {
  assert.equal(new Breakpoints("p", memory({ "designer.breakpoints.p": "{" })).size, 0);
  assert.equal(new Breakpoints("p", memory({ "designer.breakpoints.p": '[3, null, {"scope": [], "node": "load"}]' })).size, 1);
});
