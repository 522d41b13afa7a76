import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { applyChanges } from "../../designer/canvas/web/document/operations.js";
import { fillWith } from "../../designer/canvas/web/document/filling.js";

const sample = JSON.parse(readFileSync(new URL("../../assets/samples/breast_cancer.json", import.meta.url), "utf8"));

test("an empty pipeline that is filled holds the whole sample", () => {
  const empty = { format: 1, name: "", nodes: {} };
  const filled = applyChanges(empty, fillWith(empty, sample));
  for (const kind of ["name", "description", "parameters", "nodes", "outputs", "layout"]) assert.deepEqual(filled[kind], sample[kind], kind);
});

test("a name and a description that a person gave stay", () => {
  const mine = { format: 1, name: "Mine", description: "Own words", nodes: {} };
  const filled = applyChanges(mine, fillWith(mine, sample));
  assert.equal(filled.name, "Mine");
  assert.equal(filled.description, "Own words");
  assert.deepEqual(filled.nodes, sample.nodes);
});
