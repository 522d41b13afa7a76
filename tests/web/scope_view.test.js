import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, moveNodes, removeNodes, removeWires } from "../../designer/canvas/web/document/edits.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { applyChanges } from "../../designer/canvas/web/document/operations.js";
import { ScopeView } from "../../designer/canvas/web/document/scope_view.js";
import { orderedNames } from "../../designer/canvas/web/document/subgraphs.js";
import { terminalId, TERMINAL_WIDTH } from "../../designer/canvas/web/document/terminals.js";
import { wiresOf } from "../../designer/canvas/web/document/wires.js";
import { SPECS } from "./fakes.js";

const split = (source) => ({ module: "data.split", version: "1.0.0", ...(source ? { inputs: { dataset: source } } : {}) });
const PREPARE = {
  nodes: { a: split(), b: split("a.results_dataset1"), c: split() },
  inputs: { raw: ["a.dataset", "c.dataset"] },
  outputs: { ready: "b.results_dataset2", rest: null },
  layout: { nodes: { a: { x: 0, y: 100 }, b: { x: 0, y: 300 }, c: { x: 400, y: 100 } } },
};
const ROOT = {
  format: 1,
  nodes: { load: { module: "data.load", version: "1.0.0" }, use: { subgraph: "prepare", inputs: { raw: "load.dataset" } }, end: split("use.ready") },
  subgraphs: { prepare: PREPARE },
};
const RAW = terminalId("inputs", "raw");
const READY = terminalId("outputs", "ready");
const REST = terminalId("outputs", "rest");

const view = new ScopeView(ROOT, "prepare");
const edited = (changes, scope = view) => {
  const { changes: rooted, reason } = scope.rooted(changes);
  assert.equal(reason, "");
  return applyChanges(scope.root, rooted);
};
const prepared = (changes) => edited(changes).subgraphs.prepare;
const modules = new ModuleStore();
modules.addSpecs(SPECS);
modules.follow(ROOT);

test("inside a subgraph its ports are nodes, wired to what they lead to", () => {
  const wires = wiresOf(view.document).map(({ source, target, port }) => `${source} ${target}.${port}`);
  assert.deepEqual(wires.sort(), [
    "@in:raw.raw a.dataset", "@in:raw.raw c.dataset", "a.results_dataset1 b.dataset", "b.results_dataset2 @out:ready.ready",
  ]);
  assert.deepEqual(modules.portsOf(view.document, RAW).outputs.map(({ name, type }) => [name, type]), [["raw", "Table"]]);
  assert.deepEqual(modules.portsOf(view.document, REST).inputs.map(({ name, type }) => [name, type]), [["rest", "Any"]]);
});

test("terminals stand above and below everything, in order, and none covers another", () => {
  const places = view.document.layout.nodes;
  assert.ok(places[RAW].y < 100 && places[READY].y > 300);
  assert.ok(places[REST].x - places[READY].x >= TERMINAL_WIDTH);
  assert.ok(Math.abs(places[RAW].x + TERMINAL_WIDTH / 2 - 304) < 8);
});

test("wires to and from terminals are where the ports of the definition lead", () => {
  const { document } = view;
  assert.deepEqual(prepared(connect(document, "@in:raw.raw", { node: "b", port: "dataset", many: false })).inputs, { raw: ["a.dataset", "c.dataset", "b.dataset"] });
  assert.deepEqual(prepared(removeWires(document, ["c.dataset"])).inputs, { raw: "a.dataset" });
  assert.deepEqual(prepared(removeWires(document, ["a.dataset", "c.dataset"])).inputs, { raw: [] });
  assert.equal(prepared(connect(document, "a.results_dataset2", { node: REST, port: "rest", many: false })).outputs.rest, "a.results_dataset2");
  assert.equal(prepared(removeWires(document, ["@out:ready.ready"])).outputs.ready, null);
});

test("an edit that has nothing to do with ports touches nothing but its own path", () => {
  const { changes } = view.rooted([{ path: ["nodes", "a", "parameters", "fraction"], after: 0.5 }]);
  assert.deepEqual(changes, [{ path: ["subgraphs", "prepare", "nodes", "a", "parameters", "fraction"], after: 0.5 }]);
  const moved = view.rooted(moveNodes(view.document, [["b", { x: 8, y: 300 }]])).changes;
  assert.deepEqual(moved, [{ path: ["subgraphs", "prepare", "layout", "nodes", "b"], before: { x: 0, y: 300 }, after: { x: 8, y: 300 } }]);
});

test("a deleted node leaves its ports open, a deleted terminal takes its wires along outside too", () => {
  const after = prepared(removeNodes(view.document, new Set(["a", "b"]), { modules }));
  assert.deepEqual(after.inputs, { raw: "c.dataset" });
  assert.deepEqual(after.outputs, { ready: null, rest: null });
  const without = edited(removeNodes(view.document, new Set([RAW, READY]), { modules }));
  assert.equal(without.subgraphs.prepare.inputs, undefined);
  assert.deepEqual(without.subgraphs.prepare.outputs, { rest: null });
  assert.deepEqual(without.nodes.use, { subgraph: "prepare" });
  assert.deepEqual(without.nodes.end, split());
});

test("a terminal's label is the port's name, at every use", () => {
  const after = edited([{ path: ["nodes", READY, "label"], after: "best rows" }]);
  assert.deepEqual(after.subgraphs.prepare.outputs, { best_rows: "b.results_dataset2", rest: null });
  assert.equal(after.nodes.end.inputs.dataset, "use.best_rows");
});

test("dragging a terminal past another puts the ports into that order", () => {
  const x = view.document.layout.nodes[REST].x;
  const after = prepared(moveNodes(view.document, [[READY, { x: x + 400, y: 0 }]]));
  assert.deepEqual(orderedNames(after, "outputs"), ["rest", "ready"]);
  assert.deepEqual(view.rooted(moveNodes(view.document, [[READY, { x: 8, y: 0 }]])).changes, []);
});

test("a wire to or from a terminal that is no port yet makes one, named after what it leads to", () => {
  const { document } = view;
  const fed = prepared(connect(document, "@in:+.+", { node: "b", port: "dataset", many: false }));
  assert.deepEqual(fed.inputs, { raw: ["a.dataset", "c.dataset"], dataset: "b.dataset" });
  assert.deepEqual(fed.nodes.b, split());
  const given = prepared(connect(document, "a.results_dataset2", { node: "@out:+", port: "+", many: false }));
  assert.deepEqual(given.outputs, { ready: "b.results_dataset2", rest: null, results_dataset2: "a.results_dataset2" });
  assert.deepEqual(view.rooted(removeNodes(document, new Set(["@in:+"]), { modules })).changes, []);
});

test("what a definition cannot hold is refused with the reason", () => {
  const through = view.rooted(connect(view.document, "@in:raw.raw", { node: REST, port: "rest", many: false }));
  assert.match(through.reason, /cannot be its output/);
  const off = view.rooted([{ path: ["nodes", "a", "inputs", "dataset"], after: { from: "@in:raw.raw", disabled: true } }]);
  assert.match(off.reason, /cannot be disabled here/);
});

test("nodes, pipeline parameters and subgraphs that come in by a paste go where they belong", () => {
  const after = edited([
    { path: ["parameters", "share"], after: { type: "float", default: 0.5 } },
    { path: ["subgraphs", "other"], after: { nodes: {} } },
    { path: ["nodes", "o"], after: { subgraph: "other", inputs: { x: "@in:raw.raw" } } },
  ]);
  assert.deepEqual(after.parameters, { share: { type: "float", default: 0.5 } });
  assert.deepEqual(after.subgraphs.other, { nodes: {} });
  assert.deepEqual(after.subgraphs.prepare.nodes.o, { subgraph: "other" });
  assert.deepEqual(after.subgraphs.prepare.inputs, { raw: ["a.dataset", "c.dataset", "o.x"] });
});

test("at the pipeline itself a view is the document, and edits are what they are", () => {
  const whole = new ScopeView(ROOT, "");
  assert.equal(whole.document, ROOT);
  const changes = [{ path: ["name"], after: "x" }];
  assert.deepEqual(whole.rooted(changes).changes, changes);
});

test("nodes without a place stand where they are suggested, between the terminals, and only what is moved is written", () => {
  const { layout: _, ...prepare } = PREPARE;
  const bare = { ...ROOT, subgraphs: { prepare } };
  const suggested = { prepare: { a: { x: 0, y: 100 }, b: { x: 0, y: 300 }, c: { x: 400, y: 100 } } };
  const scope = new ScopeView(bare, "prepare", [], suggested);
  assert.deepEqual(scope.document.layout.nodes, view.document.layout.nodes);
  const { changes } = scope.rooted(moveNodes(scope.document, [["b", { x: 8, y: 304 }]]));
  const after = applyChanges(bare, changes);
  assert.deepEqual(after.subgraphs.prepare, { ...prepare, layout: { nodes: { b: { x: 8, y: 304 } } } });
  const late = new ScopeView(bare, "prepare");
  assert.ok(late.document.layout.nodes[READY].y > Math.max(...["a", "b", "c"].map((id) => late.document.layout.nodes[id].y)));
});
