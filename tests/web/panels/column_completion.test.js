import assert from "node:assert/strict";
import { test } from "node:test";
import { completeColumns } from "../../../designer/canvas/web/panels/controls/column_completion.js";

const TABLES = [
  { name: "t1", columns: [{ name: "age", type: "Int64" }, { name: "mean radius", type: "Float64" }] },
  { name: "t2", columns: [{ name: "age", type: "Int32" }, { name: "city", type: "String" }] },
];

/** What is offered behind a text: where it goes, and the names. @param {string} language @param {string} text @param {boolean} [explicit] */
function offered(language, text, explicit = false) {
  const pos = text.length;
  const matchBefore = (/** @type {RegExp} */ pattern) => {
    const from = text.search(new RegExp(`(?:${pattern.source})$`));
    return from < 0 ? null : { from, to: pos, text: text.slice(from) };
  };
  const found = completeColumns(language, TABLES, { pos, explicit, matchBefore });
  return found && [text.slice(found.from), found.options.map(({ label, apply }) => apply ?? label)];
}

test("in SQL tables and columns are offered, names with spaces in quotes, each name once", () => {
  assert.deepEqual(offered("sql", "select a"), ["a", ["t1", "t2", "age", '"mean radius"', "city"]]);
  assert.deepEqual(offered("sql", "select t2.c"), ["c", ["age", "city"]]);
  assert.deepEqual(offered("sql", "select x.c"), ["c", ["age", '"mean radius"', "city"]]);
  assert.deepEqual(offered("sql", 'select "me'), ["me", ["age", "mean radius", "city"]]);
});

test("nothing is offered where nobody began to write, unless it is asked for", () => {
  assert.equal(offered("sql", "select "), null);
  assert.equal(offered("sql", "select ", true)?.[1].length, 5);
});

test("in Python columns are offered between quotes only", () => {
  assert.deepEqual(offered("python", "df['ci"), ["ci", ["age", "mean radius", "city"]]);
  assert.equal(offered("python", "ci"), null);
  assert.equal(offered("r", "df['ci"), null);
});
