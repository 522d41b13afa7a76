import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeSelection,
  fromRules,
  resolveColumns,
  toRules,
  unknownNames,
} from "../../../designer/canvas/web/panels/column_rules.js";

const columns = [
  { name: "mean_radius", type: "number" },
  { name: "radius_error", type: "number" },
  { name: "hospital", type: "string" },
  { name: "target", type: "string", role: "label", categorical: true },
];

test("names are given in the order of the table", () => {
  assert.deepEqual(resolveColumns(["target", "mean_radius"], columns), ["mean_radius", "target"]);
});

test("rules are applied one after the other", () => {
  const selection = {
    start: "all",
    rules: [
      { action: "exclude", by: "pattern", values: ["error$"] },
      { action: "exclude", by: "types", values: ["string"] },
      { action: "include", by: "roles", values: ["label"] },
    ],
  };
  assert.deepEqual(resolveColumns(selection, columns), ["mean_radius", "target"]);
});

test("positions count from one, and a categorical column is found by that type", () => {
  assert.deepEqual(
    resolveColumns({ start: "none", rules: [{ action: "include", by: "indexes", values: [1, 3] }] }, columns),
    ["mean_radius", "hospital"],
  );
  assert.deepEqual(
    resolveColumns({ start: "none", rules: [{ action: "include", by: "types", values: ["categorical"] }] }, columns),
    ["target"],
  );
});

test("a broken pattern chooses nothing and does not throw", () => {
  assert.deepEqual(
    resolveColumns({ start: "none", rules: [{ action: "include", by: "pattern", values: ["("] }] }, columns),
    [],
  );
});

test("names only are written as a plain list, rules as rules", () => {
  assert.deepEqual(fromRules(toRules(["a", "b"])), ["a", "b"]);
  const rules = { start: "all", rules: [] };
  assert.deepEqual(fromRules(toRules(rules)), rules);
});

test("changing the rules that were read leaves the value alone", () => {
  const value = { start: "all", rules: [{ action: "exclude", by: "names", values: ["a"] }] };
  toRules(value).rules[0]?.values.push("b");
  assert.deepEqual(value.rules[0]?.values, ["a"]);
});

test("names that the table lacks are told", () => {
  assert.deepEqual(unknownNames(["target", "targe"], { columns }), ["targe"]);
});

test("a name that may come besides the known columns is not told as lacking", () => {
  const table = { columns, more: ["PC_"] };
  assert.deepEqual(unknownNames(["PC_3", "gone"], table), ["gone"]);
  assert.deepEqual(unknownNames(["anything"], { columns, more: [""] }), []);
});

test("a selection is said in a few words", () => {
  assert.equal(
    describeSelection({ start: "all", rules: [{ action: "exclude", by: "names", values: ["a", "b", "c", "d"] }] }),
    "All columns, without a, b and 2 more",
  );
  assert.equal(describeSelection({ start: "none", rules: [] }), "No columns");
});
