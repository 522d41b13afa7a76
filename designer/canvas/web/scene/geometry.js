/**
 * Sizes and places on the canvas, in canvas pixels. Data flows from top to bottom as in the Azure
 * ML designer that our modules are named after: inputs are on a node's top edge, outputs on its
 * bottom edge, so samples lay their nodes out downwards (about 112 px from one row to the next,
 * 240 px from one column to the next).
 *
 * @import {Point, Rect} from "../types.js"
 */

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 64;
/** Nodes snap to this grid; the dots of the background are three of it apart. */
export const GRID = 8;
const PORT_PITCH = 26;

/**
 * The width of a node with so many ports: wider only where they would crowd.
 *
 * @param {number} inputs
 * @param {number} outputs
 */
export function nodeWidth(inputs, outputs) {
  const needed = (Math.max(inputs, outputs) + 1) * PORT_PITCH;
  return Math.max(NODE_WIDTH, Math.ceil(needed / GRID) * GRID);
}

/** Where a port is, from its node's left edge. @param {number} width @param {number} index @param {number} count */
export function portOffset(width, index, count) {
  return (width * (index + 1)) / (count + 1);
}

/** @param {number} value */
export function snapToGrid(value) {
  return Math.round(value / GRID) * GRID;
}

/**
 * The rectangle between two corners, in any order.
 *
 * @param {Point} a
 * @param {Point} b
 * @returns {Rect}
 */
export function rectBetween(a, b) {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** @param {Rect} a @param {Rect} b */
export function intersects(a, b) {
  return a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + b.height && a.y + a.height > b.y;
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
export function grown(rect, by) {
  return { x: rect.x - by, y: rect.y - by, width: rect.width + 2 * by, height: rect.height + 2 * by };
}
