// Where a node goes that was added without pointing: below the selected one, or near the middle, never on another.

/**
 * @typedef {{x: number, y: number}} Place
 */

const WIDTH_PX = 208;
const HEIGHT_PX = 64;
const GAP_PX = 24;
const STEP_X_PX = 240;
const STEP_Y_PX = 112;
const RINGS = 12;

/**
 * The free place nearest to the wished one.
 *
 * @param {readonly Place[]} taken corners of the nodes there are
 * @param {Place} wished corner
 * @returns {Place}
 */
export function freePlace(taken, wished) {
  for (let ring = 0; ring <= RINGS; ring += 1) {
    for (const [column, row] of ringOf(ring)) {
      const place = { x: wished.x + column * STEP_X_PX, y: wished.y + row * STEP_Y_PX };
      if (!taken.some((other) => isOver(other, place))) return place;
    }
  }
  return wished;
}

/**
 * Steps at a distance, downward and to the right first.
 *
 * @param {number} ring
 * @returns {[number, number][]}
 */
function ringOf(ring) {
  /** @type {[number, number][]} */
  const steps = [];
  for (let column = -ring; column <= ring; column += 1) {
    for (let row = -ring; row <= ring; row += 1) {
      if (Math.max(Math.abs(column), Math.abs(row)) === ring) steps.push([column, row]);
    }
  }
  return steps.sort((a, b) => cost(a) - cost(b));
}

/** @param {[number, number]} step */
function cost([column, row]) {
  return Math.abs(column) + Math.abs(row) + (row < 0 ? 0.6 : 0) + (column < 0 ? 0.3 : 0);
}

/**
 * @param {Place} a
 * @param {Place} b
 */
function isOver(a, b) {
  return Math.abs(a.x - b.x) < WIDTH_PX + GAP_PX && Math.abs(a.y - b.y) < HEIGHT_PX + GAP_PX;
}
