import assert from "node:assert/strict";
import { test } from "node:test";

const { plainText, stretchesOf } = await import("../../../designer/canvas/web/results/log/log_text.js");
const { LogSource } = await import("../../../designer/canvas/web/results/log/log_source.js");

test("terminal colours become looks, other commands go", () => {
  const line = "\x1b[2K\x1b[1;31mERROR\x1b[0m at \x1b[38;5;208mlr\x1b[38;2;1;2;3mx\x1b[m.";
  assert.equal(plainText(line), "ERROR at lrx.");
  assert.deepEqual(stretchesOf(line), [
    { text: "ERROR", classes: ["ed-ansi-bold"], style: { color: "var(--ansi-1)" } },
    { text: " at ", classes: [], style: {} },
    { text: "lr", classes: [], style: { color: "rgb(255 135 0)" } },
    { text: "x", classes: [], style: { color: "rgb(1 2 3)" } },
    { text: ".", classes: [], style: {} },
  ]);
});

test("only the blocks of lines on screen are asked for, once", async () => {
  /** @type {number[]} */
  const asked = [];
  const lines = (/** @type {number} */ first, /** @type {number} */ count) => ({
    first,
    lines: Array.from({ length: count }, (_, at) => `line ${first + at}`),
    total: 10_000_000,
    is_whole: true,
    bytes: 1,
  });
  const source = new LogSource(async (first, count) => (asked.push(first), lines(first, count)), () => {});
  await source.refresh();
  await source.need(4_999_990, 5_000_050);
  await source.need(4_999_990, 5_000_050);
  assert.deepEqual(asked, [0, 4_999_800, 5_000_000]);
  assert.equal(source.line(5_000_001)?.text, "line 5000001");
  assert.equal(source.line(77_777), null);
});

test("a log that grows is asked for its last block again", async () => {
  let total = 150;
  const source = new LogSource(
    async (first) => ({
      first,
      lines: Array.from({ length: Math.min(200, total - first) }, (_, at) => `${first + at}`),
      total,
      is_whole: true,
      bytes: total,
    }),
    () => {},
  );
  await source.refresh();
  total = 210;
  await source.refresh();
  assert.equal(source.line(199)?.text, "199");
  await source.need(190, 210);
  assert.equal(source.line(209)?.text, "209");
});
