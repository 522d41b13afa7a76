import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { collapse } from "../../designer/canvas/web/document/subgraph_collapse.js";
import { addInput, demote, expose, nameOf, removePort, renamePort, reorder, unlead } from "../../designer/canvas/web/document/subgraph_ports.js";
import { unpack } from "../../designer/canvas/web/document/subgraph_unpack.js";
import { addUse, makeIndependent } from "../../designer/canvas/web/document/subgraph_uses.js";
import { heightOf, isCircular, MAX_NESTING, orderedNames, unusedDefinitions, usesOf } from "../../designer/canvas/web/document/subgraphs.js";
import { SPECS } from "./fakes.js";

const modules = new ModuleStore();
modules.addSpecs(SPECS);

const load = { module: "data.load", version: "1.0.0" };
const split = (source) => ({ module: "data.split", version: "1.0.0", ...(source ? { inputs: { dataset: source } } : {}) });
const train = (dataset, untrained_model) => ({ module: "learn.train", version: "1.0.0", inputs: { dataset, untrained_model } });
const drawn = (nodes, rest = {}) => ({ format: 1, nodes, ...rest });
const collapsed = (root, ids, how = {}) => {
  const answer = collapse(root, how.definition ?? "", ids, { modules, label: how.label });
  assert.equal(answer.ok, true, answer.reason);
  return answer.root;
};

const LINE = drawn({ load, split: split("load.dataset"), again: split("split.results_dataset1"), end: split("again.results_dataset2") });

test("a selection becomes a subgraph with a port for each wire that crosses its border", () => {
  const after = collapsed(LINE, ["split", "again"], { label: "Prepare data" });
  assert.deepEqual(after.subgraphs.prepare_data, {
    label: "Prepare data",
    nodes: { split: split(), again: split("split.results_dataset1") },
    inputs: { dataset: "split.dataset" },
    outputs: { results_dataset2: "again.results_dataset2" },
  });
  assert.deepEqual(after.nodes, {
    load, end: split("prepare_data.results_dataset2"),
    prepare_data: { subgraph: "prepare_data", inputs: { dataset: "load.dataset" } },
  });
});

test("one source that feeds two nodes inside has one port, and one output that feeds two outside has one too", () => {
  const root = drawn({ load, a: split("load.dataset"), b: split("load.dataset"), c: split("a.results_dataset1"), d: split("a.results_dataset1") });
  const after = collapsed(root, ["a", "b"]);
  assert.deepEqual(after.subgraphs.subgraph.inputs, { dataset: ["a.dataset", "b.dataset"] });
  assert.deepEqual(after.subgraphs.subgraph.outputs, { results_dataset1: "a.results_dataset1" });
  assert.equal(after.nodes.d.inputs.dataset, "subgraph.results_dataset1");
});

test("ports that would have one name are called after their nodes", () => {
  const root = drawn({ load, other: load, a: split("load.dataset"), b: split("other.dataset"), c: split("a.results_dataset1"), d: split("b.results_dataset1") });
  const { inputs, outputs } = collapsed(root, ["a", "b"]).subgraphs.subgraph;
  assert.deepEqual(inputs, { a_dataset: "a.dataset", b_dataset: "b.dataset" });
  assert.deepEqual(outputs, { a_results_dataset1: "a.results_dataset1", b_results_dataset1: "b.results_dataset1" });
});

test("an input that takes many wires keeps them in order at one port", () => {
  const rows = { module: "data.add_rows", version: "1.0.0", inputs: { datasets: ["own.results_dataset1", "z.dataset", { from: "a.dataset", disabled: true }] } };
  const after = collapsed(drawn({ a: load, z: load, own: split("a.dataset"), rows }), ["own", "rows"]);
  assert.deepEqual(after.nodes.subgraph.inputs, { dataset: "a.dataset", datasets: ["z.dataset", { from: "a.dataset", disabled: true }] });
  assert.deepEqual(after.subgraphs.subgraph.nodes.rows.inputs, { datasets: ["own.results_dataset1"] });
});

test("where a subgraph would change the order of wires it is refused with the reason", () => {
  const rows = { module: "data.add_rows", version: "1.0.0", label: "All rows", inputs: { datasets: ["a.dataset", "own.results_dataset1"] } };
  const answer = collapse(drawn({ a: load, own: split("a.dataset"), rows }), "", ["own", "rows"], { modules });
  assert.equal(answer.ok, false);
  assert.match(answer.reason, /'All rows' takes a wire from outside before one from inside/);
});

test("a selection with a node between is refused with its name, also where only the order leads through it", () => {
  const wired = collapse(LINE, "", ["split", "end"], { modules });
  assert.match(wired.reason, /'Split' lies between the selected nodes/);
  const ordered = drawn({ a: load, b: { ...load, after: ["a"], label: "Between" }, c: { ...load, after: ["b"] } });
  assert.match(collapse(ordered, "", ["a", "c"], { modules }).reason, /'Between' lies between/);
  assert.equal(collapse(LINE, "", [], { modules }).ok, false);
});

test("pipeline outputs, order, disabled wires, frames, notes and bends go along", () => {
  const root = drawn(
    { load, a: split({ from: "load.dataset", disabled: true }), b: { ...split("a.results_dataset1"), after: ["load"] }, c: { ...load, after: ["a"] } },
    {
      outputs: { best: "b.results_dataset2" },
      layout: {
        nodes: { load: { x: 0, y: 0 }, a: { x: 0, y: 200 }, b: { x: 0, y: 400 }, c: { x: 600, y: 400 } },
        wires: { "a.results_dataset1>b.dataset": [[8, 300]], "load.dataset>a.dataset": [[16, 100]], "a.results_dataset1>c.other": [[7, 7]] },
        frames: { mine: { x: -16, y: 180, width: 260, height: 320 }, all: { x: -50, y: -50, width: 900, height: 900 } },
        notes: { inner: { x: 0, y: 300, width: 80, height: 40, text: "in" }, outer: { x: 700, y: 0, width: 80, height: 40, text: "out" } },
      },
    },
  );
  const after = collapsed(root, ["a", "b"]);
  assert.deepEqual(after.outputs, { best: "subgraph.results_dataset2" });
  assert.deepEqual(after.nodes.c.after, ["subgraph"]);
  assert.deepEqual(after.nodes.subgraph, { subgraph: "subgraph", inputs: { dataset: { from: "load.dataset", disabled: true } }, after: ["load"] });
  assert.deepEqual(after.subgraphs.subgraph.layout, {
    nodes: { a: { x: 0, y: 200 }, b: { x: 0, y: 400 } },
    frames: { mine: root.layout.frames.mine },
    notes: { inner: root.layout.notes.inner },
    wires: { "a.results_dataset1>b.dataset": [[8, 300]] },
    origin: { x: 0, y: 304 },
  });
  assert.deepEqual(after.layout, {
    nodes: { load: { x: 0, y: 0 }, c: { x: 600, y: 400 }, subgraph: { x: 0, y: 304 } },
    wires: { "load.dataset>subgraph.dataset": [[16, 100]] },
    frames: { all: root.layout.frames.all },
    notes: { outer: root.layout.notes.outer },
  });
});

test("ports stand in the order of what they lead to, from left to right", () => {
  const layout = { nodes: { z: { x: 0, y: 0 }, a: { x: 300, y: 0 } } };
  const root = drawn({ one: load, two: load, z: split("one.dataset"), a: split("two.dataset") }, { layout });
  const { subgraph } = collapsed(root, ["a", "z"]).subgraphs;
  assert.deepEqual(orderedNames(subgraph, "inputs"), ["z_dataset", "a_dataset"]);
});

test("collapsing inside a subgraph leaves its ports and promoted parameters where they lead", () => {
  const inner = { ...LINE, nodes: { ...LINE.nodes, split: { ...LINE.nodes.split, parameters: { fraction: 0.5 } } } };
  const outer = collapsed(inner, ["split", "again"], { label: "Outer" });
  const promoted = expose(outer, "outer", "parameters", "split.fraction").root;
  const after = collapsed(promoted, ["split"], { definition: "outer", label: "Inner" });
  const { outer: around, inner: made } = after.subgraphs;
  assert.deepEqual(around.inputs, { dataset: "inner.dataset" });
  assert.deepEqual(around.parameters, { fraction: "inner.fraction" });
  assert.deepEqual(made.inputs, { dataset: "split.dataset" });
  assert.deepEqual(made.parameters, { fraction: "split.fraction" });
  assert.deepEqual(around.nodes.again.inputs, { dataset: "inner.results_dataset1" });
});

test("subgraphs are collapsed into each other as deep as they run, and no deeper", () => {
  let root = drawn({ load, split: split("load.dataset") });
  let id = "split";
  for (let level = 0; level < MAX_NESTING; level++) {
    const answer = collapse(root, "", [id], { modules });
    assert.equal(answer.ok, true);
    ({ root, id } = answer);
  }
  assert.equal(heightOf(root, ""), MAX_NESTING);
  assert.equal(collapse(root, "", [id], { modules }).ok, false);
});

test("unpacking puts the values and settings of the use into its nodes", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare" });
  const promoted = expose(made, "prepare", "parameters", "split.fraction").root;
  const use = { ...promoted.nodes.prepare, parameters: { fraction: 0.9 }, run: { gpus: 1 }, after: ["load"] };
  const after = unpack({ ...promoted, nodes: { ...promoted.nodes, prepare: use } }, "", "prepare").root;
  assert.deepEqual(after.nodes.split, { ...split("load.dataset"), parameters: { fraction: 0.9 }, run: { gpus: 1 }, after: ["load"] });
  assert.deepEqual(after.nodes.again, { ...split("split.results_dataset1"), run: { gpus: 1 } });
  assert.equal(after.subgraphs, undefined);
});

test("unpacking one of two uses leaves the definition to the other, and renames what is taken", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare" });
  const twice = addUse(made, "", "prepare", { x: 0, y: 500 }).root;
  assert.deepEqual(usesOf(twice, "prepare").map(({ id }) => id), ["prepare", "prepare_2"]);
  const once = unpack(twice, "", "prepare");
  const both = unpack(once.root, "", "prepare_2");
  assert.deepEqual(both.ids, ["split_2", "again_2"]);
  assert.deepEqual(both.root.nodes.again_2.inputs, { dataset: "split_2.results_dataset1" });
  assert.equal(both.root.subgraphs, undefined);
});

test("a disabled subgraph unpacks into disabled nodes, a frozen one is refused", () => {
  const made = collapsed(LINE, ["split"], { label: "Prepare" });
  const as = (state) => unpack({ ...made, nodes: { ...made.nodes, prepare: { ...made.nodes.prepare, state } } }, "", "prepare");
  assert.deepEqual(as({ kind: "disabled" }).root.nodes.split.state, { kind: "disabled" });
  assert.match(as({ kind: "frozen", artifacts: {} }).reason, /frozen/);
});

test("a linked use made independent has a definition of its own that says so", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare data" });
  assert.match(makeIndependent(made, "", "prepare_data").reason, /Nothing else uses/);
  const twice = addUse(made, "", "prepare_data", { x: 0, y: 0 }).root;
  const { root, name } = makeIndependent(twice, "", "prepare_data_2");
  assert.equal(name, "prepare_data_2");
  assert.equal(root.subgraphs.prepare_data_2.label, "Prepare data 2");
  assert.deepEqual(root.subgraphs.prepare_data_2.nodes, root.subgraphs.prepare_data.nodes);
  assert.equal(usesOf(root, "prepare_data").length, 1);
});

test("a renamed port is renamed at every use, in every place", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare" });
  const nested = collapsed({ ...made, outputs: { out: "prepare.results_dataset2" } }, ["prepare"], { label: "Outer" });
  const input = renamePort(nested, "prepare", "inputs", { from: "dataset", to: "raw data" });
  assert.equal(input.name, "raw_data");
  assert.deepEqual(input.root.subgraphs.outer.inputs, { dataset: "prepare.raw_data" });
  const output = renamePort(made, "prepare", "outputs", { from: "results_dataset2", to: "ready" }).root;
  assert.equal(output.nodes.end.inputs.dataset, "prepare.ready");
  assert.match(renamePort(made, "prepare", "inputs", { from: "dataset", to: "2nd" }).reason, /begins with a letter/);
  const two = addInput(made, "prepare", "dataset");
  assert.equal(two.name, "dataset_2");
  assert.match(renamePort(two.root, "prepare", "inputs", { from: "dataset_2", to: "dataset" }).reason, /already/);
});

test("a removed port takes its wires along", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare" });
  const without = removePort(removePort(made, "prepare", "inputs", "dataset"), "prepare", "outputs", "results_dataset2");
  assert.deepEqual(without.nodes, { load, end: split(), prepare: { subgraph: "prepare" } });
  assert.deepEqual(without.subgraphs.prepare, { label: "Prepare", nodes: made.subgraphs.prepare.nodes });
});

test("ports keep the order that a person gave them, and new ones come last", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare" });
  const more = expose(expose(made, "prepare", "outputs", "again.results_dataset1").root, "prepare", "outputs", "split.results_dataset2").root;
  assert.deepEqual(orderedNames(more.subgraphs.prepare, "outputs"), ["results_dataset2", "results_dataset1", "split_results_dataset2"]);
  const ordered = reorder(more, "prepare", "outputs", ["split_results_dataset2", "results_dataset1", "results_dataset2"]);
  const renamed = renamePort(ordered, "prepare", "outputs", { from: "results_dataset1", to: "a" }).root;
  assert.deepEqual(orderedNames(renamed.subgraphs.prepare, "outputs"), ["split_results_dataset2", "a", "results_dataset2"]);
  assert.equal(reorder(ordered, "prepare", "outputs", ["results_dataset1", "results_dataset2", "split_results_dataset2"]).subgraphs.prepare.layout, undefined);
});

test("an input may lead to more than one thing, and to nothing", () => {
  const made = collapsed(LINE, ["split", "again"], { label: "Prepare" });
  const both = expose(made, "prepare", "inputs", "again.dataset", { name: "dataset" }).root;
  assert.deepEqual(both.subgraphs.prepare.inputs, { dataset: ["split.dataset", "again.dataset"] });
  const none = unlead(unlead(both, "prepare", "inputs", "again.dataset"), "prepare", "inputs", "split.dataset");
  assert.deepEqual(none.subgraphs.prepare.inputs, { dataset: [] });
  assert.equal(expose(made, "prepare", "inputs", "split.dataset").root, made);
});

test("taking a promoted parameter back keeps a value that all uses agree on and counts those that are lost", () => {
  const made = expose(collapsed(LINE, ["split"], { label: "Prepare" }), "prepare", "parameters", "split.fraction").root;
  const set = (root, id, fraction) => ({ ...root, nodes: { ...root.nodes, [id]: { ...root.nodes[id], parameters: { fraction } } } });
  const agreed = demote(set(made, "prepare", 0.8), "prepare", "fraction");
  assert.equal(agreed.lost, 0);
  assert.deepEqual(agreed.root.subgraphs.prepare.nodes.split.parameters, { fraction: 0.8 });
  assert.equal(agreed.root.nodes.prepare.parameters, undefined);
  const twice = addUse(set(made, "prepare", 0.8), "", "prepare", { x: 0, y: 0 }).root;
  const lost = demote(set(twice, "prepare_2", 0.1), "prepare", "fraction");
  assert.equal(lost.lost, 2);
  assert.equal(lost.root.subgraphs.prepare.nodes.split.parameters, undefined);
});

test("a parameter promoted twice is taken back on both levels, and its value stays", () => {
  const inner = expose(collapsed(LINE, ["split"], { label: "Inner" }), "inner", "parameters", "split.fraction").root;
  const outer = expose(collapsed(inner, ["inner"], { label: "Outer" }), "outer", "parameters", "inner.fraction").root;
  const root = { ...outer, nodes: { ...outer.nodes, outer: { ...outer.nodes.outer, parameters: { fraction: 0.3 } } } };
  const after = demote(root, "inner", "fraction").root;
  assert.equal(after.subgraphs.outer.parameters, undefined);
  assert.equal(after.nodes.outer.parameters, undefined);
  assert.deepEqual(after.subgraphs.inner.nodes.split.parameters, { fraction: 0.3 });
});

test("a subgraph is never put inside itself, and one that nothing uses is found", () => {
  const outer = collapsed(collapsed(LINE, ["split"], { label: "Inner" }), ["inner"], { label: "Outer" });
  assert.equal(isCircular(outer, "inner", "outer"), true);
  assert.equal(isCircular(outer, "outer", "outer"), true);
  assert.equal(isCircular(outer, "outer", "inner"), false);
  assert.equal(isCircular(outer, "", "outer"), false);
  assert.deepEqual(unusedDefinitions(outer), []);
  const { outer: _, ...rest } = outer.nodes;
  assert.deepEqual(unusedDefinitions({ ...outer, nodes: rest }).sort(), ["inner", "outer"]);
});

test("what a person types becomes a name that the file takes", () => {
  assert.deepEqual(["Raw data", " größe ", "_x_", "a-b.c"].map(nameOf), ["Raw_data", "gr_e", "x", "a_b_c"]);
});
