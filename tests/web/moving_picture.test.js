import assert from "node:assert/strict";
import { test } from "node:test";
import { commentCount, fitted, headItems, rowsOf, settingsRoom } from "../../designer/canvas/web/scene/card_layout.js";
import { shadowsOf } from "../../designer/canvas/web/scene/colours.js";
import { ahead, atLevel, outside, serves, takenAround } from "../../designer/canvas/web/scene/moving_picture.js";

const still = { ratio: 1, isNear: true, isZooming: false };
const view = (x, y, zoom = 1) => ({ rect: { x, y, width: 1000 / zoom, height: 600 / zoom }, zoom });
const area = ({ width, height }) => width * height;

test("a picture serves while the view is inside it and not scaled much", () => {
  const taken = takenAround(view(0, 0), still, 0.25);
  assert.deepEqual(taken.rect, { x: -250, y: -250, width: 1500, height: 1100 });
  const limits = { scale: 1.6, around: 0 };
  assert.ok(serves(taken, view(250, -250), limits));
  assert.ok(!serves(taken, view(251, 0), limits));
  assert.ok(serves(taken, view(100, 100, 1.5), limits));
  assert.ok(!serves(taken, view(100, 100, 1.7), limits));
  assert.ok(!serves(taken, view(200, 0), { scale: 1.6, around: 0.1 }));
});

test("a picture begins a whole number of pixels beside the view", () => {
  const shown = view(10.37, 3.2, 0.73);
  const { rect, zoom } = takenAround(shown, { ...still, ratio: 1.5 }, 0.25);
  const pixels = (shown.rect.x - rect.x) * zoom * 1.5;
  assert.ok(Math.abs(pixels - Math.round(pixels)) < 1e-6);
});

test("the next picture lies where the view goes", () => {
  const taken = takenAround(view(0, 0), still, 0.25);
  assert.equal(ahead(view(90, -40), taken, still).rect.x, 180);
  assert.equal(ahead(view(90, -40), taken, still).rect.y, -80);
  assert.equal(ahead(view(900, 0), taken, still).rect.x, 1050, "at most as far as it may lie");
  const out = ahead(view(0, 0, 0.8), taken, { isZooming: true });
  assert.ok(Math.abs(out.zoom - 0.64) < 1e-9);
  assert.ok(out.rect.width > 1000 / 0.8);
  assert.equal(ahead(view(0, 0, 0.8), taken, still).zoom, 0.8);
});

test("pictures of a view that is zoomed are of a few sizes", () => {
  const zooming = { isZooming: true };
  assert.equal(atLevel(view(0, 0, 0.97), zooming).zoom, 1);
  assert.equal(atLevel(view(0, 0, 1.2), zooming).zoom, 1.25);
  assert.equal(atLevel(view(0, 0, 0.97), still).zoom, 0.97);
});

test("what is outside another rectangle is covered once", () => {
  const rect = { x: 0, y: 0, width: 100, height: 80 };
  for (const other of [{ x: 30, y: 20, width: 100, height: 80 }, { x: -10, y: -10, width: 60, height: 200 }, { x: 20, y: 20, width: 10, height: 10 }]) {
    const parts = outside(rect, other);
    const common = { width: Math.min(100, other.x + other.width) - Math.max(0, other.x), height: Math.min(80, other.y + other.height) - Math.max(0, other.y) };
    assert.equal(parts.reduce((sum, part) => sum + area(part), 0), area(rect) - area(common));
  }
  assert.deepEqual(outside(rect, { x: 200, y: 0, width: 10, height: 10 }), [rect]);
  assert.deepEqual(outside(rect, rect), []);
});

const face = (more = {}) => ({ kind: "node", width: 208, line: "", comments: 0, uses: 0, notice: null, problem: "", state: "idle", toSet: "", ...more });
const digits = (_, text) => 6 * text.length;

test("the title of a card takes what its marks leave", () => {
  assert.deepEqual(headItems(face(), digits), [{ part: "icon", x: 15, width: 16 }, { part: "title", x: 37, width: 160 }]);
  const items = headItems(face({ state: "failed", problem: "error", comments: 3 }), digits);
  assert.deepEqual(items.map(({ part }) => part), ["icon", "title", "comments", "problem", "status"]);
  assert.deepEqual(items.map(({ x }) => x), [15, 37, 136, 160, 181]);
  assert.equal(items[1].width, 136 - 6 - 37);
  assert.equal(commentCount(120), "99+");
});

test("the rows of a card stand in its middle", () => {
  assert.deepEqual(rowsOf(face()), { head: 14, settings: 35, line: 51 });
  assert.deepEqual(rowsOf(face({ line: "Queued" })), { head: 6, settings: 27, line: 43 });
  assert.deepEqual(rowsOf(face({ kind: "opened" })).head, 6);
});

test("text that does not fit ends in an ellipsis, run by run", () => {
  const measure = (text, isStrong) => text.length * (isStrong ? 2 : 1);
  const runs = [{ text: "abcd", isStrong: true }, { text: "efgh", isStrong: false }];
  assert.deepEqual(fitted(runs, 12, measure), runs);
  assert.deepEqual(fitted(runs, 11, measure), [runs[0], { text: "ef", isStrong: false }, { text: "…", isStrong: false }]);
  assert.deepEqual(fitted(runs, 6, measure), [{ text: "ab", isStrong: true }, { text: "…", isStrong: false }]);
  assert.deepEqual(fitted([{ text: "abc", isStrong: false }], 0, measure), [{ text: "…", isStrong: false }]);
});

test("what has to be set keeps its place beside the settings", () => {
  assert.deepEqual(settingsRoom(face({ toSet: "1 to set" }), (text) => text.length * 5), { left: 15, room: 182 - 52 - 6, pill: 52, pillX: 145 });
});

test("a shadow is read from the theme", () => {
  assert.deepEqual(shadowsOf("0 1px 2px rgb(20 26 40 / 0.06), 0 2px 8px rgb(0 0 0 / 0.3)"), [
    { x: 0, y: 1, blur: 2, colour: "rgb(20 26 40 / 0.06)" }, { x: 0, y: 2, blur: 8, colour: "rgb(0 0 0 / 0.3)" },
  ]);
});
