import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { difference } from "../../designer/canvas/web/document/difference.js";
import { applyChanges, invertChanges } from "../../designer/canvas/web/document/operations.js";
import { renameNodes } from "../../designer/canvas/web/document/renaming.js";

const vectors = JSON.parse(readFileSync(new URL("../golden/operations.json", import.meta.url), "utf8"));

const frozen = (value) => {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
};

for (const vector of vectors) {
  test(vector.name, () => {
    const document = frozen(structuredClone(vector.document));
    if (vector.refused) {
      assert.throws(() => applyChanges(document, vector.changes), (error) => error.diagnostic.code === vector.refused);
      return;
    }
    const after = applyChanges(document, vector.changes);
    assert.deepEqual(after, vector.after);
    if (vector.inverse_is_exact) assert.deepEqual(applyChanges(frozen(after), invertChanges(vector.changes)), vector.document);
  });
}

const renames = JSON.parse(readFileSync(new URL("../golden/renames.json", import.meta.url), "utf8"));

for (const { name, renamed, change, after } of renames) {
  test(`rename: ${name}`, () => {
    const operation = frozen({ id: "1", client: "c", label: "", changes: [change] });
    assert.deepEqual(renameNodes(operation, renamed).changes, [after]);
  });
}

const differences = JSON.parse(readFileSync(new URL("../golden/differences.json", import.meta.url), "utf8"));

for (const { name, before, after, changes } of differences) {
  test(`difference: ${name}`, () => {
    assert.deepEqual(difference(frozen(before), frozen(after)), changes);
    assert.deepEqual(applyChanges(before, changes), after);
  });
}

test("what an operation does not touch is shared, not copied", () => {
  const document = { format: 1, nodes: { a: { module: "m" }, b: { module: "m" } } };
  const after = applyChanges(document, [{ path: ["nodes", "a", "label"], after: "A" }]);
  assert.equal(after.nodes.b, document.nodes.b);
  assert.notEqual(after.nodes.a, document.nodes.a);
});

test("a key __proto__ reaches no prototype", () => {
  applyChanges({ format: 1, nodes: { a: {} } }, [{ path: ["nodes", "a", "parameters", "__proto__", "hacked"], after: true }]);
  assert.equal({}.hacked, undefined);
});

test("renaming a node follows it through paths, wires, order and outputs", () => {
  const operation = {
    id: "1", client: "c", label: "",
    changes: [
      { path: ["nodes", "split"], after: { module: "m", inputs: { dataset: "load.out" }, after: ["split", "x"] } },
      { path: ["nodes", "train", "inputs", "dataset"], before: "load.out", after: ["split.a", { from: "split.b", disabled: true }] },
      { path: ["layout", "nodes", "split"], after: { x: 0, y: 0 } },
      { path: ["outputs", "out"], after: "split.a" },
      { path: ["nodes", "train", "label"], after: "split.a" },
    ],
  };
  const { changes } = renameNodes(operation, { split: "split_2" });
  assert.deepEqual(changes, [
    { path: ["nodes", "split_2"], after: { module: "m", inputs: { dataset: "load.out" }, after: ["split_2", "x"] } },
    { path: ["nodes", "train", "inputs", "dataset"], before: "load.out", after: ["split_2.a", { from: "split_2.b", disabled: true }] },
    { path: ["layout", "nodes", "split_2"], after: { x: 0, y: 0 } },
    { path: ["outputs", "out"], after: "split_2.a" },
    { path: ["nodes", "train", "label"], after: "split.a" },
  ]);
});
