/**
 * Where a dragged group comes to rest: on the grid, or in line with a neighbour. Pure.
 *
 * @import {Rect} from "../types.js"
 * @import {Guides} from "../scene/overlay.js"
 */
import { snapToGrid } from "../scene/geometry.js";

const NEAR = 6;

/**
 * @param {Rect} start the group where the drag began; its corner is its first node's
 * @param {{dx: number, dy: number}} moved
 * @param {readonly Rect[]} others nodes in view that stay
 * @returns {{dx: number, dy: number, guides: Guides}}
 */
export function snapMove(start, { dx, dy }, others) {
  const rect = { ...start, x: start.x + dx, y: start.y + dy };
  const across = align(rect, others, "x", "width");
  const along = align(rect, others, "y", "height");
  const x = across ? across.at : snapToGrid(rect.x);
  const y = along ? along.at : snapToGrid(rect.y);
  /** @type {Guides} */
  const guides = {};
  if (across) guides.vertical = { x: across.line, ...extent({ ...rect, y }, across.rect, "y", "height") };
  if (along) guides.horizontal = { y: along.line, ...extent({ ...rect, x }, along.rect, "x", "width") };
  return { dx: x - start.x, dy: y - start.y, guides };
}

/**
 * @param {Rect} rect
 * @param {readonly Rect[]} others
 * @param {"x" | "y"} start
 * @param {"width" | "height"} size
 */
function align(rect, others, start, size) {
  let best = null;
  let least = NEAR;
  for (const other of others) {
    for (const share of [0.5, 0]) {
      const line = other[start] + other[size] * share;
      const distance = Math.abs(rect[start] + rect[size] * share - line);
      if (distance >= least) continue;
      least = distance;
      best = { at: line - rect[size] * share, line, rect: other };
    }
  }
  return best;
}

/** @param {Rect} a @param {Rect} b @param {"x" | "y"} start @param {"width" | "height"} size */
function extent(a, b, start, size) {
  return { from: Math.min(a[start], b[start]) - 8, to: Math.max(a[start] + a[size], b[start] + b[size]) + 8 };
}
