import assert from "node:assert/strict";
import { test } from "node:test";
import "../without_vue/register.js";

const folder = "../../../designer/canvas/web/results";
const { blocksFor, columnSpan, columnWidths, MAX_SCROLL_PX, ROW_PX, rowSpan, runningSums } = await import(
  `${folder}/table/row_window.js`
);
const { barFor, lastOffset, offsetAfter, offsetShowing, scrollHeight } = await import(
  `${folder}/table/scroll_place.js`
);
const { inOrder, keepChoices, layOut, NARROWEST_PX, noChoices, recallChoices, WIDEST_PX, withHidden, withPinned, withWidth } =
  await import(`${folder}/table/column_layout.js`);
const { readLooking, withLooking } = await import("../../../designer/canvas/web/results/looking_link.js");
const { changedCells, columnLines, keysFirst, leafText, pairOf, rowSummary, rowsAtOnce, shapeOf } = await import(
  `${folder}/difference/difference_words.js`
);

const LONG = { total: 10_000_000, viewport: 520 };

test("only the rows on screen and a few around them are drawn, within the table", () => {
  assert.deepEqual(rowSpan({ offset: 0, viewport: 10 * ROW_PX, total: 1000 }), { first: 0, last: 16 });
  assert.deepEqual(rowSpan({ offset: 100 * ROW_PX, viewport: 10 * ROW_PX, total: 1000 }), { first: 94, last: 116 });
  assert.deepEqual(rowSpan({ offset: 0, viewport: 10 * ROW_PX, total: 3 }), { first: 0, last: 3 });
});

test("a span is covered by whole blocks", () => {
  assert.deepEqual(blocksFor({ first: 94, last: 116 }, 100), [0, 100]);
  assert.deepEqual(blocksFor({ first: 100, last: 200 }, 100), [100]);
  assert.deepEqual(blocksFor({ first: 0, last: 0 }, 100), []);
});

test("columns that touch the view are drawn, others are not", () => {
  const items = [0, 100, 200, 300].map((left) => ({ left, width: 100 }));
  assert.deepEqual(columnSpan(items, { scrollLeft: 100, viewport: 150 }), { first: 1, last: 3 });
  assert.deepEqual(columnSpan([], { scrollLeft: 0, viewport: 100 }), { first: 0, last: 0 });
});

test("a column is as wide as its name and values need, within limits", () => {
  const columns = [
    { name: "a", type: "string" },
    { name: "b", type: "string" },
  ];
  assert.deepEqual(columnWidths(columns, [["x".repeat(200), "y"]]), [320, 96]);
  assert.deepEqual(runningSums([10, 20, 30]), [0, 10, 30, 60]);
});

test("a table taller than a browser's element scrolls to both of its ends", () => {
  assert.equal(scrollHeight(LONG), MAX_SCROLL_PX);
  assert.equal(barFor(0, LONG), 0);
  assert.equal(barFor(lastOffset(LONG), LONG), MAX_SCROLL_PX - LONG.viewport);
  assert.equal(offsetAfter(MAX_SCROLL_PX - LONG.viewport, 0, LONG), lastOffset(LONG));
  assert.equal(offsetAfter(0, 5000, LONG), 0);
});

test("a wheel moves a long table by exactly its pixels", () => {
  const offset = 123_456_789;
  assert.ok(Math.abs(offsetAfter(barFor(offset, LONG) + 100, offset, LONG) - (offset + 100)) < 0.001);
});

test("a row is brought into view with the least movement, and a far one to the middle", () => {
  const size = { total: 1000, viewport: 10 * ROW_PX };
  assert.equal(offsetShowing(5, 0, size), 0);
  assert.equal(offsetShowing(10, 0, size), ROW_PX);
  assert.equal(offsetShowing(3, 5 * ROW_PX, size), 3 * ROW_PX);
  assert.equal(offsetShowing(500, 0, size), 500 * ROW_PX - 4.5 * ROW_PX);
  assert.equal(offsetShowing(999, 0, size), lastOffset(size));
});

const COLUMNS = ["a", "b", "c"].map((name) => ({ name, type: "string" }));

test("pinned columns stand first in the order of their pinning, hidden ones nowhere", () => {
  const choices = withHidden(withPinned(withPinned(noChoices(), "c"), "a"), "b");
  const layout = layOut(COLUMNS, [10, 20, 30], choices);
  assert.deepEqual(
    inOrder(layout).map(({ column, left }) => [column.name, left]),
    [
      ["c", 0],
      ["a", 30],
    ],
  );
  assert.deepEqual([layout.pinnedWidth, layout.freeWidth], [40, 0]);
  assert.deepEqual(withPinned(withPinned(noChoices(), "a"), "a"), noChoices());
});

test("a width stays within its limits and can be given back", () => {
  assert.equal(withWidth(noChoices(), "a", 1).widths.a, NARROWEST_PX);
  assert.equal(withWidth(noChoices(), "a", 9999).widths.a, WIDEST_PX);
  assert.deepEqual(withWidth(withWidth(noChoices(), "a", 100), "a", null), noChoices());
});

test("choices are remembered for each port, and broken ones are forgotten", () => {
  /** @type {Map<string, string>} */
  const items = new Map();
  const storage = /** @type {any} */ ({
    getItem: (/** @type {string} */ name) => items.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => items.set(name, value),
  });
  const choices = withWidth(withHidden(noChoices(), "b"), "a", 100);
  keepChoices(storage, "one.port", choices);
  assert.deepEqual(recallChoices(storage, "one.port"), choices);
  assert.deepEqual(recallChoices(storage, "other.port"), noChoices());
  keepChoices(storage, "one.port", noChoices());
  assert.deepEqual(recallChoices(storage, "one.port"), noChoices());
  items.set([...items.keys()][0] ?? "", "{broken");
  assert.deepEqual(recallChoices(storage, "one.port"), noChoices());
});

/** @param {number} number @param {string} digest @returns {any} */
function stepOfRun(number, digest) {
  return { run: { id: `r${number}`, number }, step: { outputs: digest ? { out: { digest } } : {} } };
}

test("an output is compared with the newest earlier run in which it was something else", () => {
  const runs = [stepOfRun(4, "x"), stepOfRun(3, "x"), stepOfRun(2, "y"), stepOfRun(1, "z")];
  const looked = { runId: "r4", port: "out", against: "" };
  assert.equal(pairOf(runs, looked)?.before.run.number, 2);
  assert.equal(pairOf(runs, { ...looked, against: "r1" })?.before.run.number, 1);
  const later = pairOf(runs, { ...looked, runId: "r1", against: "r4" });
  assert.deepEqual([later?.before.run.number, later?.after.run.number], [1, 4]);
  assert.equal(pairOf([stepOfRun(2, "x"), stepOfRun(1, "")], { ...looked, runId: "r2" }), null);
});

test("what differs is said in one line, most changed columns first", () => {
  const rows = { before: 171, after: 228, matched: 171, changed: 3, added: 57, removed: 0 };
  const whole = { ...rows, keys: [], repeated: 0, is_reordered: false };
  assert.equal(rowSummary(whole), "171 → 228 rows · 57 added · 3 changed");
  assert.equal(rowSummary({ ...whole, before: 228, added: 0, changed: 0 }), "228 rows · none changed");
  const cells = [
    { name: "a", changed: 1 },
    { name: "b", changed: 2 },
  ];
  const lines = columnLines(/** @type {any} */ ({ cells, candidates: ["a", "b", "c"] }));
  assert.deepEqual(
    lines.map(({ name, changed }) => [name, changed]),
    [
      ["b", 2],
      ["a", 1],
      ["c", 0],
    ],
  );
});

test("the cells of a row that differ stand together, and of a wide row only the first", () => {
  const columns = Array.from({ length: 12 }, (_, at) => ({ name: `c${at}`, type: "int64" }));
  const cells = columns.slice(1).map((_, at) => at + 1);
  const row = { before: columns.map(() => 0), after: columns.map((_, at) => at), cells };
  const found = changedCells({ columns, rows: [row], numbers: [[4, 7]], total: 1, offset: 0 }, []);
  assert.equal(found.length, 8);
  assert.deepEqual([found[0]?.row, found[0]?.span, found[0]?.more, found[1]?.span], ["7", 8, 3, 0]);
  assert.equal(changedCells({ columns, rows: [row], numbers: [[4, 7]], total: 1, offset: 0 }, ["c3"])[0]?.row, "3");
});

test("both shapes of a column have one scale, of shares", () => {
  const shift = { name: "a", type: "float64", measures: [], histogram: { edges: [0, 1, 2], before: [1, 1], after: [20, 0] } };
  assert.deepEqual(shapeOf(shift, "before")?.histogram?.counts, [0.5, 0.5]);
  assert.deepEqual(shapeOf(shift, "after")?.histogram?.counts, [1, 0]);
  assert.equal(leafText({ $absent: true }), "absent");
  assert.equal(leafText({ $numbers: 30 }), "30 numbers");
});

test("columns that tell rows apart come first, and wide rows are fetched in smaller pages", () => {
  const columns = ["amount", "id"].map((name) => ({ name, type: "integer" }));
  assert.deepEqual(
    keysFirst(columns, ["id"]).map(({ column, place }) => [column.name, place]),
    [["id", 1], ["amount", 0]],
  );
  assert.deepEqual([3, 1000, 100_000].map(rowsAtOnce), [100, 20, 1]);
});

test("what is compared, with which run and by which columns, is read from the address as it was written", () => {
  const looking = { view: "compare", against: "r1", keys: ["city", "a&b"] };
  const search = withLooking("?node=n&at_run=r9", looking);
  assert.deepEqual(readLooking(search), { port: "", atRun: "r9", ...looking });
  assert.deepEqual(readLooking(withLooking(search, { keys: [] })).keys, []);
  assert.equal(withLooking(search, { view: "", against: "", keys: null }), "?node=n&at_run=r9");
});
