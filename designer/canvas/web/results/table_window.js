// Which part of a long table is on screen, and which blocks of rows it needs. Pure numbers.

export const ROW_PX = 26;
export const BLOCK_ROWS = 100;
/** Browsers cut elements off at about 33 million px; beyond this the scroll position is scaled. */
const MAX_SCROLL_PX = 15_000_000;
const OVERSCAN_ROWS = 6;

/**
 * @typedef {{first: number, last: number, top: number, height: number}} RowWindow rows [first, last) drawn `top` px down
 */

/**
 * The rows on screen.
 *
 * @param {{scrollTop: number, viewport: number, total: number}} view px of the scroller; rows in the table
 * @returns {RowWindow}
 */
export function rowWindow({ scrollTop, viewport, total }) {
  const full = total * ROW_PX;
  const height = Math.min(full, MAX_SCROLL_PX);
  const range = Math.max(1, height - viewport);
  const offset = full <= MAX_SCROLL_PX ? scrollTop : (Math.min(scrollTop, range) / range) * (full - viewport);
  const first = Math.max(0, Math.floor(offset / ROW_PX) - OVERSCAN_ROWS);
  const last = Math.min(total, Math.ceil((offset + viewport) / ROW_PX) + OVERSCAN_ROWS);
  return { first, last, top: scrollTop - (offset - first * ROW_PX), height };
}

/**
 * Offsets of the blocks that hold rows [first, last).
 *
 * @param {number} first
 * @param {number} last
 * @returns {number[]}
 */
export function blocksFor(first, last) {
  const blocks = [];
  for (let offset = Math.floor(first / BLOCK_ROWS) * BLOCK_ROWS; offset < last; offset += BLOCK_ROWS)
    blocks.push(offset);
  return blocks;
}

/**
 * The columns on screen: indexes [first, last).
 *
 * @param {{scrollLeft: number, viewport: number, lefts: readonly number[]}} view `lefts` has one more entry than columns
 */
export function columnWindow({ scrollLeft, viewport, lefts }) {
  const count = lefts.length - 1;
  let first = 0;
  while (first < count - 1 && (lefts[first + 1] ?? 0) <= scrollLeft) first += 1;
  let last = first;
  while (last < count && (lefts[last] ?? 0) < scrollLeft + viewport) last += 1;
  return { first, last };
}

/**
 * Widths in px: wide enough for the name and for the kind of value.
 *
 * @param {readonly {name: string, type: string}[]} columns
 * @param {readonly (readonly unknown[])[]} sample rows
 * @returns {number[]}
 */
export function columnWidths(columns, sample) {
  return columns.map((column, index) => {
    const longest = sample.slice(0, 40).reduce((size, row) => Math.max(size, textLength(row[index])), 0);
    const wished = Math.max(column.name.length * 7 + 56, longest * 7 + 28);
    return Math.round(Math.min(320, Math.max(88, wished)));
  });
}

/**
 * Left edges of columns, and at the end the width of all.
 *
 * @param {readonly number[]} widths
 * @returns {number[]}
 */
export function runningSums(widths) {
  const sums = [0];
  for (const width of widths) sums.push((sums.at(-1) ?? 0) + width);
  return sums;
}

/** @param {unknown} value */
function textLength(value) {
  if (typeof value === "number") return Number.isInteger(value) ? String(value).length * 1.2 : 8;
  return value === null || value === undefined ? 4 : typeof value === "string" ? value.length : 10;
}
