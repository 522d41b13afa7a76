import assert from "node:assert/strict";
import { test } from "node:test";
import { aligned, distributed, onGrid } from "../../designer/canvas/web/document/arranging.js";
import { findIn } from "../../designer/canvas/web/document/finding.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { SPECS } from "./fakes.js";

const rect = (x, y, width = 208, height = 64) => ({ x, y, width, height });
const rects = () => new Map([["a", rect(0, 10)], ["b", rect(300, 100, 260)], ["c", rect(40, 400)]]);
const xs = (places) => [...places].map(([id, { x }]) => [id, x]);
const ys = (places) => [...places].map(([id, { y }]) => [id, y]);

test("edges and middles come into line, and the other direction stays", () => {
  assert.deepEqual(xs(aligned(rects(), "left")), [["a", 0], ["b", 0], ["c", 0]]);
  assert.deepEqual(xs(aligned(rects(), "right")), [["a", 352], ["b", 300], ["c", 352]]);
  assert.deepEqual(xs(aligned(rects(), "centre")), [["a", 176], ["b", 150], ["c", 176]]);
  assert.deepEqual(ys(aligned(rects(), "top")), [["a", 10], ["b", 10], ["c", 10]]);
  assert.deepEqual(ys(aligned(rects(), "bottom")), [["a", 400], ["b", 400], ["c", 400]]);
  assert.deepEqual(ys(aligned(rects(), "middle")), [["a", 205], ["b", 205], ["c", 205]]);
  assert.deepEqual(ys(aligned(rects(), "left")), ys(rects()));
});

test("gaps between the first and the last become even, whatever the widths", () => {
  const row = new Map([["late", rect(900, 0)], ["early", rect(0, 0)], ["wide", rect(250, 0, 400)]]);
  const places = distributed(row, "horizontally");
  const at = (id) => places.get(id).x;
  assert.equal(at("early"), 0);
  assert.equal(at("late"), 900);
  assert.equal(at("wide") - (at("early") + 208), at("late") - (at("wide") + 400));
  assert.deepEqual(ys(distributed(rects(), "vertically")), [["a", 10], ["b", 205], ["c", 400]]);
});

test("places snap to the grid", () => {
  assert.deepEqual(xs(onGrid(new Map([["a", rect(13, 0)], ["b", rect(-13, 0)]]))), [["a", 16], ["b", -16]]);
  assert.deepEqual(ys(onGrid(new Map([["a", rect(0, 21)], ["b", rect(0, 19)]]))), [["a", 24], ["b", 16]]);
});

const modules = new ModuleStore();
modules.addSpecs(SPECS);
const root = {
  format: 1,
  nodes: {
    load: { module: "data.load", version: "1.0.0", label: "Customers" },
    split: { module: "data.split", version: "1.0.0", parameters: { fraction: 0.7, columns: { rules: [{ names: ["age", "income"] }] } } },
    prep: { subgraph: "prepare" },
  },
  subgraphs: { prepare: { nodes: { inner: { module: "data.split", version: "1.0.0", parameters: { stratify: "age" } } } } },
  layout: { notes: { note_1: { x: 0, y: 0, width: 1, height: 1, text: "Ask Ada about ages" } }, frames: { frame_1: { x: 0, y: 0, width: 1, height: 1, title: "Preparation" } } },
};
modules.follow(root);
const found = (query) => findIn(root, modules, query).map(({ definition, kind, id }) => [definition, kind, id].filter(Boolean).join("/"));

test("nodes are found by label, module, id, parameter and value, inside subgraphs too", () => {
  assert.deepEqual(found("customers"), ["node/load"]);
  assert.deepEqual(found("split"), ["node/split", "prepare/node/inner"]);
  assert.deepEqual(found("income"), ["node/split"]);
  assert.deepEqual(found("stratify age"), ["prepare/node/inner"]);
  assert.deepEqual(found("0.7"), ["node/split"]);
  assert.deepEqual(found(""), []);
  assert.deepEqual(found("nowhere"), []);
});

test("frames and notes are found by what they say, and names come before values", () => {
  assert.deepEqual(found("ada"), ["notes/note_1"]);
  assert.deepEqual(found("prepar"), ["node/prep", "frames/frame_1"]);
  assert.match(findIn(root, modules, "income")[0].where, /^columns: .*income/);
});
