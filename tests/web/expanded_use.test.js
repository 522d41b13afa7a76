import assert from "node:assert/strict";
import { test } from "node:test";
import { addNode, connect, moveNodes, removeNodes, removeWires } from "../../designer/canvas/web/document/edits.js";
import { copyText, pasteChanges } from "../../designer/canvas/web/document/clipboard.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { applyChanges } from "../../designer/canvas/web/document/operations.js";
import { ScopeView } from "../../designer/canvas/web/document/scope_view.js";
import { SPECS } from "./fakes.js";

const split = (source) => ({ module: "data.split", version: "1.0.0", ...(source ? { inputs: { dataset: source } } : {}) });
const load = { module: "data.load", version: "1.0.0" };
const ROOT = {
  format: 1,
  nodes: { load, use: { subgraph: "prepare", inputs: { raw: "load.dataset" } }, twin: { subgraph: "prepare" }, end: split("use.ready") },
  outputs: { best: "use.ready" },
  subgraphs: {
    prepare: {
      nodes: { a: split(), b: split("a.results_dataset1") },
      inputs: { raw: "a.dataset" }, outputs: { ready: "b.results_dataset2" },
      layout: { nodes: { a: { x: 0, y: 0 }, b: { x: 0, y: 200 } }, origin: { x: 0, y: 96 }, wires: { "a.results_dataset1>b.dataset": [[8, 100]] } },
    },
  },
  layout: { nodes: { load: { x: 0, y: 0 }, use: { x: 0, y: 200 }, twin: { x: 400, y: 200 }, end: { x: 0, y: 400 } } },
};
const view = new ScopeView(ROOT, "", ["use"]);
const modules = new ModuleStore();
modules.addSpecs(SPECS);
modules.follow(ROOT);

const edited = (changes, scope = view) => {
  const { changes: rooted, reason } = scope.rooted(changes);
  assert.equal(reason, "");
  return applyChanges(scope.root, rooted);
};
const refused = (changes) => view.rooted(changes).reason;

test("an expanded use is shown with its nodes, wired as they will run", () => {
  const { nodes, outputs } = view.document;
  assert.deepEqual(nodes.use__a, { ...split("load.dataset"), within: "use" });
  assert.deepEqual(nodes.use__b, { ...split("use__a.results_dataset1"), within: "use" });
  assert.deepEqual(nodes.end, split("use__b.results_dataset2"));
  assert.deepEqual(outputs, { best: "use__b.results_dataset2" });
  assert.deepEqual(modules.portsOf(view.document, "use"), { inputs: [], outputs: [] });
});

test("the nodes inside stand around the place of the use, and everything else makes room", () => {
  const { nodes, wires } = view.document.layout;
  assert.deepEqual(nodes.use__a, { x: 0, y: 104 });
  assert.deepEqual(nodes.use__b, { x: 0, y: 304 });
  assert.deepEqual(wires["use__a.results_dataset1>use__b.dataset"], [[8, 204]]);
  assert.ok(nodes.load.y + 64 <= nodes.use.y, "what is above moved up");
  assert.ok(nodes.end.y >= nodes.use__b.y + 64, "what is below moved down");
  assert.ok(nodes.twin.x >= 400 + 24, "what is beside moved aside");
});

test("what is edited inside is edited in the definition, for every use of it", () => {
  const after = edited([
    { path: ["nodes", "use__a", "parameters", "fraction"], after: 0.3 },
    { path: ["nodes", "use__b", "label"], after: "Last" },
    ...removeWires(view.document, ["use__b.dataset"]),
    ...moveNodes(view.document, [["use__a", { x: 40, y: 104 }]]),
  ]);
  const { prepare } = after.subgraphs;
  assert.deepEqual(prepare.nodes, { a: { ...split(), parameters: { fraction: 0.3 } }, b: { ...split(), label: "Last" } });
  assert.deepEqual(prepare.layout.nodes, { a: { x: 40, y: 0 }, b: { x: 0, y: 200 } });
  assert.deepEqual(after.nodes, ROOT.nodes);
  assert.deepEqual(new ScopeView(after, "", ["use"]).document.layout.nodes.use__a, { x: 40, y: 104 });
});

test("both uses of one definition can be expanded at once", () => {
  const both = new ScopeView(ROOT, "", ["use", "twin"]);
  const after = edited([{ path: ["nodes", "twin__a", "label"], after: "First" }], both);
  assert.equal(after.subgraphs.prepare.nodes.a.label, "First");
  assert.equal(new ScopeView(after, "", ["use", "twin"]).document.nodes.use__a.label, "First");
});

test("wires across the border are not edited here, and it is said why", () => {
  assert.match(refused(connect(view.document, "load.dataset", { node: "use__b", port: "dataset", many: false })), /crosses the border of 'Prepare'/);
  assert.match(refused(removeWires(view.document, ["use__a.dataset"])), /crosses the border/);
  assert.match(refused(removeWires(view.document, ["end.dataset"])), /crosses the border/);
  assert.match(refused(connect(view.document, "use__a.results_dataset2", { node: "end", port: "dataset", many: false })), /crosses the border/);
  assert.match(refused([{ path: ["outputs", "other"], after: "use__a.results_dataset2" }]), /crosses the border/);
});

test("a node deleted inside leaves the ports, one deleted outside takes its wires along", () => {
  const inside = edited(removeNodes(view.document, new Set(["use__b"]), { modules }));
  assert.deepEqual(inside.subgraphs.prepare.outputs, { ready: null });
  assert.deepEqual(inside.nodes, ROOT.nodes);
  assert.deepEqual(inside.outputs, ROOT.outputs);
  const outside = edited(removeNodes(view.document, new Set(["load"]), { modules }));
  assert.deepEqual(outside.nodes.use, { subgraph: "prepare" });
  assert.deepEqual(outside.subgraphs, ROOT.subgraphs);
});

test("deleting the use itself deletes the use, not its definition", () => {
  const after = edited(removeNodes(view.document, new Set(["use"]), { modules }));
  assert.deepEqual(Object.keys(after.nodes), ["load", "twin", "end"]);
  assert.deepEqual(after.nodes.end, split());
  assert.deepEqual(after.subgraphs, ROOT.subgraphs);
});

test("moving an expanded use moves it, and everything moves back to where it was drawn", () => {
  const { x, y } = view.document.layout.nodes.use;
  const moved = edited(moveNodes(view.document, [["use", { x: x + 80, y: y + 16 }]]));
  assert.deepEqual(moved.layout.nodes, { ...ROOT.layout.nodes, use: { x: 80, y: 216 } });
  const { end } = view.document.layout.nodes;
  const lower = edited(moveNodes(view.document, [["end", { x: end.x + 8, y: end.y + 8 }]]));
  assert.deepEqual(lower.layout.nodes.end, { x: 8, y: 408 });
});

test("a new node beside an expanded use belongs to the pipeline", () => {
  const at = { x: 800, y: 0 };
  const after = edited(addNode(view.document, "more", split("load.dataset"), at));
  assert.deepEqual(after.nodes.more, split("load.dataset"));
  assert.deepEqual(after.subgraphs, ROOT.subgraphs);
});

test("a subgraph inside an expanded one can be expanded too", () => {
  const nested = {
    format: 1, nodes: { load, out: { subgraph: "outer", inputs: { raw: "load.dataset" } } },
    subgraphs: { ...ROOT.subgraphs, outer: { nodes: { in: { subgraph: "prepare" } }, inputs: { raw: "in.raw" }, outputs: {} } },
  };
  const deep = new ScopeView(nested, "", ["out", "out__in"]);
  assert.deepEqual(deep.document.nodes.out__in__a.inputs, { dataset: "load.dataset" });
  const after = edited([{ path: ["nodes", "out__in__a", "label"], after: "x" }], deep);
  assert.equal(after.subgraphs.prepare.nodes.a.label, "x");
  assert.deepEqual(after.nodes, nested.nodes);
});

test("a node put into the frame belongs to the definition, with wires to those beside it", () => {
  const { document } = view;
  const added = addNode(document, "use__c", { ...load }, { x: 300, y: 104 });
  const after = edited([...added, ...connect(applyChanges(document, added), "use__c.dataset", { node: "use__b", port: "dataset", many: false })]);
  assert.deepEqual(after.subgraphs.prepare.nodes.c, load);
  assert.equal(after.subgraphs.prepare.nodes.b.inputs.dataset, "c.dataset");
  assert.deepEqual(after.subgraphs.prepare.layout.nodes.c, { x: 300, y: 0 });
  assert.deepEqual(after.nodes, ROOT.nodes);
  assert.deepEqual(new ScopeView(after, "", ["use"]).document.layout.nodes.use__c, { x: 300, y: 104 });
  assert.match(refused([...added, ...connect(applyChanges(document, added), "use__c.dataset", { node: "end", port: "dataset", many: false })]), /crosses the border of 'Prepare'/);
});

test("a point in a frame tells the innermost use that is expanded there", () => {
  assert.equal(view.insideAt({ x: 20, y: 120 }), "use");
  assert.equal(view.insideAt({ x: 20, y: -300 }), "");
  assert.equal(new ScopeView(ROOT, "").insideAt({ x: 20, y: 120 }), "");
});

test("what lies in an expanded use is copied by its own name, and a use with its inside as the use", () => {
  const one = JSON.parse(copyText(view.document, ["use__a", "use__b"], modules));
  assert.deepEqual(Object.keys(one.nodes), ["a", "b"]);
  assert.equal(one.nodes.b.inputs.dataset, "a.results_dataset1");
  const whole = JSON.parse(copyText(view.document, ["use", "use__a"], modules));
  assert.deepEqual(Object.keys(whole.nodes), ["use"]);
  assert.equal(whole.nodes.use.expanded, undefined);
  const { changes, ids } = pasteChanges(view.document, one, { at: null, keepOuter: true, inside: "use" });
  assert.deepEqual(ids, ["use__a_2", "use__b_2"]);
  const { nodes } = edited(changes).subgraphs.prepare;
  assert.equal(nodes.b_2.inputs.dataset, "a_2.results_dataset1");
  assert.deepEqual(nodes.a_2, split());
});
