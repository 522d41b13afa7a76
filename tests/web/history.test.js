import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../designer/canvas/web/document/history.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { applyChanges } from "../../designer/canvas/web/document/operations.js";

const modules = new ModuleStore();
const PREPARE = ["subgraphs", "prepare"];
const step = (source) => ({ module: "m.step", ...(source ? { inputs: { dataset: source } } : {}) });

const collapse = {
  id: "1", client: "c", label: "Collapse",
  changes: [
    { path: PREPARE, after: { nodes: { clean: step() }, outputs: { out: "clean.dataset" } } },
    { path: ["nodes", "clean"], before: step() },
    { path: ["nodes", "prepare"], after: { subgraph: "prepare" } },
    { path: ["nodes", "train", "inputs", "dataset"], before: "clean.dataset", after: "prepare.out" },
  ],
};
const drawn = { format: 1, nodes: { clean: step(), train: step("clean.dataset") } };
const collapsed = applyChanges(drawn, collapse.changes);

/** What undo of an operation makes of a document that others may have edited since. */
const undone = (document, operation) => {
  const history = new History();
  history.record(operation);
  return applyChanges(document, history.takeBack(document, modules)?.changes ?? []);
};

test("undoing a collapse brings back what was drawn", () => {
  assert.deepEqual(undone(collapsed, collapse), drawn);
});

test("a subgraph that somebody else edited since stays when its making is undone", () => {
  const edited = applyChanges(collapsed, [{ path: [...PREPARE, "nodes", "clean", "label"], after: "Theirs" }]);
  const after = undone(edited, collapse);
  assert.deepEqual(after.nodes, drawn.nodes);
  assert.equal(after.subgraphs.prepare.nodes.clean.label, "Theirs");
});

test("a subgraph that somebody else uses since stays when its making is undone", () => {
  const used = applyChanges(collapsed, [{ path: ["nodes", "again"], after: { subgraph: "prepare" } }]);
  const after = undone(used, collapse);
  assert.deepEqual(after.nodes.again, { subgraph: "prepare" });
  assert.ok(after.subgraphs.prepare);
});

test("a node inside that goes takes the wires along that others drew from it there", () => {
  const adding = { id: "2", client: "c", label: "Add", changes: [{ path: [...PREPARE, "nodes", "clip"], after: step("clean.dataset") }] };
  const wired = applyChanges(applyChanges(collapsed, adding.changes), [{ path: [...PREPARE, "nodes", "clean", "inputs", "more"], after: "clip.dataset" }]);
  assert.deepEqual(undone(wired, adding), collapsed);
});

test("what was done inside a subgraph that is gone is passed over", () => {
  const edit = { id: "3", client: "c", label: "Set", changes: [{ path: [...PREPARE, "nodes", "clean", "label"], after: "Mine" }] };
  const history = new History();
  history.record(edit);
  assert.equal(history.takeBack(drawn, modules), null);
});
