/**
 * What the pointer does with frames and notes: move them with all that lies in them, size them,
 * write them.
 *
 * @import {Point, Rect} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Gesture} from "./gestures.js"
 * @import {Corner} from "../scene/marks.js"
 */
import { markOf, moveMarks, parseMark, setMark, withInside } from "../document/annotations.js";
import { moveBends } from "../document/bends.js";
import { moveNodes } from "../document/edits.js";
import { snapToGrid } from "../scene/geometry.js";
import { LEAST_SIZE } from "../scene/marks.js";

/**
 * Moves the selected frames and notes; a frame takes along what lies in it.
 *
 * @param {CanvasView} view
 * @param {Point} start
 * @returns {Gesture}
 */
export function moveMarksGesture(view, start) {
  const { session, scene, marks, viewport } = view;
  const from = viewport.toCanvas(start);
  const { nodes, marks: keys } = withInside(session.document, session.selection.nodes, session.selection.marks);
  const slots = [...nodes].flatMap((id) => scene.index.get(id) ?? []);
  const origins = slots.map((slot) => ({ slot, x: scene.x[slot], y: scene.y[slot] }));
  const places = new Map([...keys].flatMap((key) => (marks.rect(key) ? [[key, /** @type {Rect} */ (marks.rect(key))]] : [])));
  let moved = { x: 0, y: 0 };
  for (const slot of slots) scene.held.add(slot);
  const place = (/** @type {Point} */ by) => {
    moved = by;
    for (const { slot, x, y } of origins) if (scene.ids[slot]) scene.move(slot, x + by.x, y + by.y);
    for (const [key, rect] of places) marks.held.set(key, { ...rect, x: rect.x + by.x, y: rect.y + by.y });
    view.layer.place(slots);
    view.minimap.invalidate();
    view.draw();
  };
  const finish = () => {
    for (const slot of slots) scene.held.delete(slot);
    for (const key of keys) marks.held.delete(key);
    view.draw();
  };
  return {
    cursor: "dc-moving", autoPans: true,
    move(at) {
      const to = viewport.toCanvas(at);
      place({ x: snapToGrid(to.x - from.x), y: snapToGrid(to.y - from.y) });
    },
    end() {
      const ids = new Set(origins.filter(({ slot }) => scene.ids[slot]).map(({ slot }) => scene.ids[slot]));
      const nodePlaces = origins.filter(({ slot }) => scene.ids[slot]).map(({ slot }) => /** @type {const} */ ([scene.ids[slot], { x: scene.x[slot], y: scene.y[slot] }]));
      const changes = [...moveMarks(session.document, keys, moved), ...moveNodes(session.document, nodePlaces), ...moveBends(session.document, ids, moved)];
      finish();
      if (moved.x !== 0 || moved.y !== 0) session.edit(keys.size === 1 ? `Move ${session.markTitle([...keys][0])}` : `Move ${keys.size} marks`, changes);
    },
    cancel() {
      place({ x: 0, y: 0 });
      finish();
    },
  };
}

/** Sizes a frame or note by one of its corners. @param {CanvasView} view @param {string} key @param {Corner} corner @returns {Gesture | null} */
export function sizeGesture(view, key, corner) {
  const { session, marks, viewport } = view;
  const before = marks.rect(key);
  const { kind, id } = parseMark(key);
  const held = markOf(session.document.layout, key);
  if (!before || !held) return null;
  const least = LEAST_SIZE[kind];
  const finish = () => {
    marks.held.delete(key);
    view.draw();
  };
  return {
    cursor: corner === "nw" || corner === "se" ? "dc-size-down" : "dc-size-up", autoPans: true,
    move(at) {
      const { x, y } = viewport.toCanvas(at);
      marks.held.set(key, sized(before, corner, { x: snapToGrid(x), y: snapToGrid(y) }, least));
      view.draw();
    },
    end() {
      const after = marks.held.get(key);
      finish();
      if (after) session.edit(`Size ${session.markTitle(key)}`, [setMark(session.document, kind, id, { ...held, ...after })]);
    },
    cancel: finish,
  };
}

/** @param {Rect} rect @param {Corner} corner @param {Point} to @param {{width: number, height: number}} least @returns {Rect} */
function sized({ x, y, width, height }, corner, to, least) {
  const [right, bottom] = [x + width, y + height];
  const left = corner.includes("w") ? Math.min(to.x, right - least.width) : x;
  const top = corner.includes("n") ? Math.min(to.y, bottom - least.height) : y;
  return {
    x: left, y: top,
    width: (corner.includes("e") ? Math.max(to.x, left + least.width) : right) - left,
    height: (corner.includes("s") ? Math.max(to.y, top + least.height) : bottom) - top,
  };
}
