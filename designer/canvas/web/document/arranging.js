/**
 * Nodes in line, at even distances, on the grid. Pure: rectangles in, places out.
 *
 * @import {Point, Rect} from "../types.js"
 * @typedef {"left" | "right" | "top" | "bottom" | "middle" | "centre"} Alignment
 */

const GRID = 8;

/**
 * @param {ReadonlyMap<string, Rect>} rects
 * @param {Alignment} how `middle` puts their middles at one height, `centre` below each other
 * @returns {Map<string, Point>}
 */
export function aligned(rects, how) {
  const all = [...rects.values()];
  const left = Math.min(...all.map(({ x }) => x));
  const right = Math.max(...all.map(({ x, width }) => x + width));
  const top = Math.min(...all.map(({ y }) => y));
  const bottom = Math.max(...all.map(({ y, height }) => y + height));
  /** @type {{[how in Alignment]: (rect: Rect) => Point}} */
  const rules = {
    left: ({ y }) => ({ x: left, y }),
    right: ({ y, width }) => ({ x: right - width, y }),
    top: ({ x }) => ({ x, y: top }),
    bottom: ({ x, height }) => ({ x, y: bottom - height }),
    middle: ({ x, height }) => ({ x, y: (top + bottom - height) / 2 }),
    centre: ({ y, width }) => ({ x: (left + right - width) / 2, y }),
  };
  return mapped(rects, rules[how]);
}

/**
 * Even gaps between the first and the last.
 *
 * @param {ReadonlyMap<string, Rect>} rects
 * @param {"horizontally" | "vertically"} how
 * @returns {Map<string, Point>}
 */
export function distributed(rects, how) {
  const [start, size] = how === "horizontally" ? /** @type {const} */ (["x", "width"]) : /** @type {const} */ (["y", "height"]);
  const order = [...rects].sort(([, a], [, b]) => a[start] - b[start] || a[start] + a[size] - b[start] - b[size]);
  const first = order[0][1];
  const last = order[order.length - 1][1];
  const sizes = order.reduce((sum, [, rect]) => sum + rect[size], 0);
  const gap = (last[start] + last[size] - first[start] - sizes) / Math.max(1, order.length - 1);
  let at = first[start];
  /** @type {Map<string, Point>} */
  const places = new Map();
  for (const [id, rect] of order) {
    places.set(id, { x: rect.x, y: rect.y, [start]: Math.round(at) });
    at += rect[size] + gap;
  }
  return places;
}

/** @param {ReadonlyMap<string, Rect>} rects @returns {Map<string, Point>} */
export function onGrid(rects) {
  return mapped(rects, ({ x, y }) => ({ x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID }));
}

/** @param {ReadonlyMap<string, Rect>} rects @param {(rect: Rect) => Point} place @returns {Map<string, Point>} */
function mapped(rects, place) {
  return new Map([...rects].map(([id, rect]) => {
    const { x, y } = place(rect);
    return [id, { x: Math.round(x), y: Math.round(y) }];
  }));
}
