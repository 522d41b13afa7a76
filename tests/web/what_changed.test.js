// The address of a comparison, and what a comparison says on one line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changedWords, detailKind, readCompare, withCompare } from "../../designer/canvas/web/document/what_changed.js";

test("an address that compares is read as it was written, beside what else it says", () => {
  const compared = { before: "Before & after", after: "now" };
  const search = withCompare("?node=load", compared);
  assert.deepEqual(readCompare(search), compared);
  assert.equal(withCompare(search, null), "?node=load");
});

test("a comparison without a second state is with the present one; without a first there is none", () => {
  assert.deepEqual(readCompare("?compare=12.."), { before: "12", after: "now" });
  for (const search of ["", "?compare=", "?compare=..now", "?compare=12"]) assert.equal(readCompare(search), null);
});

test("a value came, went or is another one, also when it is nothing now", () => {
  assert.equal(detailKind({ path: ["label"], after: "x" }), "added");
  assert.equal(detailKind({ path: ["label"], before: "x" }), "removed");
  assert.equal(detailKind({ path: ["label"], before: "x", after: null }), "changed");
});

test("one line counts what differs, and moves apart", () => {
  const differences = [{ kind: "added", what: "node" }, { kind: "changed", what: "node" }, { kind: "added", what: "note" }];
  assert.equal(changedWords({ differences, moved: { "": ["a"], inner: ["b", "c"] } }), "2 added, 1 changed, 3 moved");
  assert.equal(changedWords({ differences: [], moved: {} }), "");
});
