/**
 * The way of a wire: a curve that leaves its output downwards and enters its input from above.
 *
 * @import {Point} from "../types.js"
 */

/** How far the curve's handles reach. @param {number} ax @param {number} ay @param {number} bx @param {number} by */
export function reach(ax, ay, bx, by) {
  const down = by - ay;
  if (down >= 0) return Math.max(20, Math.min(120, down * 0.5 + Math.abs(bx - ax) * 0.08));
  return Math.min(220, 64 - down * 0.35 + Math.abs(bx - ax) * 0.1);
}

/**
 * A point on the curve.
 *
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {number} t from 0 at the output to 1 at the input
 * @returns {Point}
 */
export function pointOn(ax, ay, bx, by, t) {
  const d = reach(ax, ay, bx, by);
  const u = 1 - t;
  const [p0, p1, p2, p3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: (p0 + p1) * ax + (p2 + p3) * bx, y: p0 * ay + p1 * (ay + d) + p2 * (by - d) + p3 * by };
}

/**
 * How far a point is from the curve.
 *
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {Point} point
 */
export function distanceTo(ax, ay, bx, by, point) {
  const STEPS = 24;
  let nearest = Infinity;
  let from = { x: ax, y: ay };
  for (let i = 1; i <= STEPS; i++) {
    const to = pointOn(ax, ay, bx, by, i / STEPS);
    nearest = Math.min(nearest, distanceToSegment(from, to, point));
    from = to;
  }
  return nearest;
}

/** @param {Point} a @param {Point} b @param {Point} point */
function distanceToSegment(a, b, point) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}
