import assert from "node:assert/strict";
import { test } from "node:test";
import { possibleSources } from "../../designer/canvas/web/document/possible_sources.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { SPECS } from "./fakes.js";

const modules = new ModuleStore();
modules.addSpecs(SPECS);
const node = (module, inputs) => ({ module, version: "1.0.0", ...(inputs ? { inputs } : {}) });
const graph = {
  format: 1,
  nodes: {
    far: node("data.load"),
    near: node("data.load"),
    split: node("data.split"),
    forest: node("learn.forest"),
    after: node("data.split", { dataset: "split.results_dataset1" }),
  },
  layout: { nodes: { far: { x: 0, y: 0 }, near: { x: 0, y: 300 }, split: { x: 0, y: 400 } } },
};
const sources = (target) => possibleSources(graph, modules, target).map(({ source }) => source);

test("an input is offered the outputs of its type, nearest first, and none that would close a circle", () => {
  assert.deepEqual(sources({ node: "split", port: "dataset" }), ["near.dataset", "far.dataset"]);
});

test("every fitting output of a node is offered", () => {
  const found = possibleSources(graph, modules, { node: "after", port: "dataset" });
  assert.deepEqual(found.map(({ source, isOnlyPort }) => [source, isOnlyPort]).slice(-2), [
    ["split.results_dataset1", false],
    ["split.results_dataset2", false],
  ]);
});

test("a port that is not there is offered nothing", () => {
  assert.deepEqual(sources({ node: "split", port: "gone" }), []);
  assert.deepEqual(sources({ node: "gone", port: "dataset" }), []);
});
