import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleStore } from "../../../designer/canvas/web/document/module_store.js";
import { applyChanges } from "../../../designer/canvas/web/document/operations.js";
import { areDisabled, bypassRefusal, leftOut, setStates, setWiresDisabled } from "../../../designer/canvas/web/document/switches.js";
import { SPECS } from "../fakes.js";

const modules = new ModuleStore();
modules.addSpecs(SPECS);

const node = (module, inputs = {}, more = {}) => ({ module, version: "1.0.0", inputs, ...more });
const GRAPH = {
  format: 1,
  nodes: {
    load: node("data.load"),
    split: node("data.split", { dataset: "load.dataset" }),
    forest: node("learn.forest"),
    train: node("learn.train", { untrained_model: "forest.untrained_model", dataset: "split.results_dataset1" }),
    rows: node("data.add_rows", { datasets: ["split.results_dataset1", "split.results_dataset2"] }),
  },
};
const switched = (id, kind) => ({ ...GRAPH, nodes: { ...GRAPH.nodes, [id]: { ...GRAPH.nodes[id], state: { kind } } } });
const titleOf = (id) => id;

test("what needs a disabled node is left out, and what needs that, each with its reason", () => {
  assert.deepEqual([...leftOut(switched("split", "disabled"), titleOf)], [
    ["train", "It needs 'split', which does not run."],
    ["rows", "It needs 'split', which does not run."],
  ]);
  assert.deepEqual([...leftOut(switched("load", "disabled"), titleOf).keys()], ["split", "train", "rows"]);
  assert.equal(leftOut(GRAPH, titleOf).size, 0);
});

test("a frozen node needs nothing, and a wire that is switched off leads nowhere", () => {
  const frozen = switched("load", "disabled");
  frozen.nodes.split = { ...frozen.nodes.split, state: { kind: "frozen", artifacts: {} } };
  assert.equal(leftOut(frozen, titleOf).size, 0);
  const cut = switched("load", "disabled");
  cut.nodes.split = { ...cut.nodes.split, inputs: { dataset: { from: "load.dataset", disabled: true } } };
  assert.equal(leftOut(cut, titleOf).size, 0);
});

test("a node is bypassed where each output that is read has an input of its type with something on it", () => {
  assert.equal(bypassRefusal(GRAPH, modules, "split", "Split"), "");
  assert.equal(bypassRefusal(GRAPH, modules, "train", "Train"), "'Train' has no input of type Model that it could hand on as 'trained model'.");
  const cut = { ...GRAPH, nodes: { ...GRAPH.nodes, split: node("data.split") } };
  assert.equal(bypassRefusal(cut, modules, "split", "Split"), "'Split' would hand on 'dataset', which is not connected.");
  const offOnly = { ...GRAPH, nodes: { ...GRAPH.nodes, split: node("data.split", { dataset: { from: "load.dataset", disabled: true } }) } };
  assert.match(bypassRefusal(offOnly, modules, "split", "Split"), /which is not connected/);
});

test("wires are switched off and on again, one of a list like one alone", () => {
  const keys = ["train.dataset", "rows.datasets#1"];
  const off = applyChanges(GRAPH, setWiresDisabled(GRAPH, keys, true));
  assert.deepEqual(off.nodes.train.inputs.dataset, { from: "split.results_dataset1", disabled: true });
  assert.deepEqual(off.nodes.rows.inputs.datasets, ["split.results_dataset1", { from: "split.results_dataset2", disabled: true }]);
  assert.equal(areDisabled(off, keys), true);
  assert.equal(areDisabled(off, [...keys, "rows.datasets#0"]), false);
  assert.deepEqual(applyChanges(off, setWiresDisabled(off, keys, false)), GRAPH);
});

test("a state is given to the nodes that are there and taken away again", () => {
  const on = applyChanges(GRAPH, setStates(GRAPH, ["load", "gone"], () => ({ kind: "disabled" })));
  assert.deepEqual(on.nodes.load.state, { kind: "disabled" });
  assert.deepEqual(applyChanges(on, setStates(on, ["load"], () => undefined)), GRAPH);
});
