/**
 * The way of a wire as curves one after the other: one where it is straight, one more for each bend.
 *
 * @import {Point} from "../types.js"
 * @import {Scene} from "./scene.js"
 * @typedef {{x: number, y: number, c1x: number, c1y: number, c2x: number, c2y: number, ex: number, ey: number}} Curve
 */
import { reach } from "./routing.js";

const STEPS = 24;

/** @param {Scene} scene @param {number} wire @returns {Curve[]} from the output to the input */
export function curvesOf(scene, wire) {
  const { ax, ay, bx, by } = scene.ends(wire);
  const bends = scene.bends.get(wire);
  if (!bends) {
    const d = reach(ax, ay, bx, by);
    return [{ x: ax, y: ay, c1x: ax, c1y: ay + d, c2x: bx, c2y: by - d, ex: bx, ey: by }];
  }
  const points = [{ x: ax, y: ay }, ...bends, { x: bx, y: by }];
  return points.slice(1).map((end, i) => {
    const start = points[i];
    const out = tangent(points, i);
    const into = tangent(points, i + 1);
    return { x: start.x, y: start.y, c1x: start.x + out.x, c1y: start.y + out.y, c2x: end.x - into.x, c2y: end.y - into.y, ex: end.x, ey: end.y };
  });
}

/** The handle at a point: down at the ends, along the way at a bend. @param {Point[]} points @param {number} at @returns {Point} */
function tangent(points, at) {
  const before = points[at - 1];
  const after = points[at + 1];
  if (!before || !after) {
    const other = before ?? after;
    return { x: 0, y: Math.max(16, Math.min(90, Math.abs(other.y - points[at].y) * 0.4)) };
  }
  const near = Math.min(Math.hypot(points[at].x - before.x, points[at].y - before.y), Math.hypot(after.x - points[at].x, after.y - points[at].y));
  const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
  return { x: ((after.x - before.x) / length) * near * 0.35, y: ((after.y - before.y) / length) * near * 0.35 };
}

/** @param {Curve} curve @param {number} t from 0 to 1 @returns {Point} */
export function pointOnCurve({ x, y, c1x, c1y, c2x, c2y, ex, ey }, t) {
  const u = 1 - t;
  const [p0, p1, p2, p3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: p0 * x + p1 * c1x + p2 * c2x + p3 * ex, y: p0 * y + p1 * c1y + p2 * c2y + p3 * ey };
}

/** A wire as a line of short pieces. @param {Scene} scene @param {number} wire @param {number} [steps] for each curve @returns {Point[]} */
export function polyline(scene, wire, steps = STEPS) {
  const curves = curvesOf(scene, wire);
  const points = [{ x: curves[0].x, y: curves[0].y }];
  for (const curve of curves) for (let i = 1; i <= steps; i++) points.push(pointOnCurve(curve, i / steps));
  return points;
}

/**
 * The place on a wire that is nearest to a point.
 *
 * @param {Scene} scene
 * @param {number} wire
 * @param {Point} point
 * @returns {{distance: number, curve: number}} `curve`: which of its curves, so between which bends
 */
export function nearestOn(scene, wire, point) {
  const line = polyline(scene, wire);
  let best = { distance: Infinity, curve: 0 };
  for (let i = 1; i < line.length; i++) {
    const distance = distanceToSegment(line[i - 1], line[i], point);
    if (distance < best.distance) best = { distance, curve: Math.floor((i - 1) / STEPS) };
  }
  return best;
}

/** The middle of a wire. @param {Scene} scene @param {number} wire @returns {Point} */
export function middleOf(scene, wire) {
  const curves = curvesOf(scene, wire);
  const at = curves.length / 2;
  return pointOnCurve(curves[Math.min(curves.length - 1, Math.floor(at))], curves.length % 2 ? 0.5 : 0);
}

/** @param {Scene} scene @param {number} wire @param {Point} from @param {Point} to @returns {boolean} whether a straight cut goes through it */
export function isCrossed(scene, wire, from, to) {
  const line = polyline(scene, wire, 12);
  for (let i = 1; i < line.length; i++) if (doCross(line[i - 1], line[i], from, to)) return true;
  return false;
}

/** @param {Point} a @param {Point} b @param {Point} c @param {Point} d */
function doCross(a, b, c, d) {
  const side = (/** @type {Point} */ p, /** @type {Point} */ q, /** @type {Point} */ r) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0 && (a.x !== b.x || a.y !== b.y);
}

/** @param {Point} a @param {Point} b @param {Point} point */
export function distanceToSegment(a, b, point) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}
