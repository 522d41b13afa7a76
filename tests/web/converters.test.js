// Modules that stand between two types, and how one is put into a wire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { convertersFor } from "../../designer/canvas/web/document/converters.js";
import { refusalOf } from "../../designer/canvas/web/document/edits.js";
import { insertConverter } from "../../designer/canvas/web/document/insert_converter.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { applyChanges } from "../../designer/canvas/web/document/operations.js";

const port = (name, type, more = {}) => ({ name, type, ...more });
const SPECS = [
  { id: "io.file", title: "File", inputs: [], outputs: [port("file", "File")] },
  { id: "io.read", title: "Read File", inputs: [port("hint", "Table", { optional: true }), port("file", "File")], outputs: [port("dataset", "Table")] },
  { id: "io.ask", title: "Ask For File", inputs: [port("file", "File")], outputs: [port("dataset", "Table")], parameters: [{ name: "how", required: true }] },
  { id: "io.join", title: "Join File", inputs: [port("file", "File"), port("dataset", "Table")], outputs: [port("dataset", "Table")] },
  { id: "io.script", title: "Script", inputs: [port("file", "File")], outputs: [port("dataset", "Table")], parameters: [{ name: "code", kind: "code" }] },
  { id: "io.many", title: "Many", inputs: [port("file", "File"), port("a", "Table"), port("b", "Table")], outputs: [port("dataset", "Table")] },
  { id: "io.old", title: "Old", state: "deprecated", inputs: [port("file", "File")], outputs: [port("dataset", "Table")] },
  { id: "data.split", title: "Split", inputs: [port("dataset", "Table")], outputs: [port("results", "Table")] },
  { id: "data.add", title: "Add", inputs: [port("datasets", "Table", { many: true })], outputs: [port("results", "Table")] },
].map((spec) => ({ version: "1.0.0", digest: "b3:00", category: "io", parameters: [], ...spec }));

function store() {
  const modules = new ModuleStore();
  modules.setCards(SPECS.map((spec) => ({ id: spec.id, title: spec.title, category: spec.category, default: "1.0.0", versions: [], spec })), 1);
  return modules;
}

test("the module that works as it comes is first, three are named at most, programs and retired ones never", () => {
  assert.deepEqual(convertersFor(store(), "File", "Table").map(({ title }) => title), ["Read File", "Ask For File", "Join File"]);
  assert.deepEqual(convertersFor(store(), "Table", "Table"), []);
  assert.deepEqual(convertersFor(store(), "File", "Any"), []);
  assert.deepEqual(convertersFor(store(), "Model", "File"), []);
});

test("a refused wire names the module that goes between", () => {
  const document = { format: 1, nodes: { a: { module: "io.file" }, b: { module: "data.split" } } };
  assert.equal(refusalOf(document, store(), "a.file", { node: "b", port: "dataset" }), "'dataset' takes Table, 'file' gives File. 'Read File' between them makes one of the other.");
});

test("a converter takes the place of a wire that does not fit, and what is below makes room", () => {
  const document = { format: 1, nodes: { a: { module: "io.file" }, b: { module: "data.split", inputs: { dataset: "a.file" } } }, layout: { nodes: { a: { x: 0, y: 0 }, b: { x: 0, y: 120 } } } };
  const [converter] = convertersFor(store(), "File", "Table");
  const { id, changes } = insertConverter(document, { source: "a.file", target: "b", port: "dataset" }, converter);
  const made = applyChanges(document, changes);
  assert.deepEqual(made.nodes[id], { module: "io.read", version: "1.0.0", digest: "b3:00", inputs: { file: "a.file" } });
  assert.deepEqual(made.nodes.b.inputs, { dataset: `${id}.dataset` });
  const { a, b, [id]: between } = made.layout.nodes;
  assert.ok(a.y + 64 < between.y && between.y + 64 < b.y);
});

test("a converter joins ends that no wire joins yet, one wire of several stays in its place", () => {
  const [converter] = convertersFor(store(), "File", "Table");
  const apart = { format: 1, nodes: { a: { module: "io.file" }, b: { module: "data.split" } } };
  const joined = insertConverter(apart, { source: "a.file", target: "b", port: "dataset" }, converter);
  assert.deepEqual(applyChanges(apart, joined.changes).nodes.b.inputs, { dataset: "read.dataset" });
  const many = { format: 1, nodes: { a: { module: "io.file" }, c: { module: "data.split" }, b: { module: "data.add", inputs: { datasets: ["c.results", "a.file"] } } } };
  const second = insertConverter(many, { source: "a.file", target: "b", port: "datasets", many: true }, converter);
  assert.deepEqual(applyChanges(many, second.changes).nodes.b.inputs, { datasets: ["c.results", "read.dataset"] });
});
