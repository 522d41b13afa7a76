// Which part of a long and wide table is on screen, and which blocks of it are needed. Pure numbers.

export const ROW_PX = 26;
export const BLOCK_ROWS = 100;
export const BLOCK_COLUMNS = 48;
/** Browsers cut elements off at about 33 million px; beyond this the scroll position is scaled. */
export const MAX_SCROLL_PX = 15_000_000;
const OVERSCAN_ROWS = 6;

/**
 * @typedef {{first: number, last: number}} Span [first, last)
 */

/**
 * The rows on screen, and some around them.
 *
 * @param {{offset: number, viewport: number, total: number}} view px from the top of the first row; rows in the table
 * @returns {Span}
 */
export function rowSpan({ offset, viewport, total }) {
  const first = Math.max(0, Math.floor(offset / ROW_PX) - OVERSCAN_ROWS);
  return { first, last: Math.min(total, Math.ceil((offset + viewport) / ROW_PX) + OVERSCAN_ROWS) };
}

/**
 * Offsets of the blocks of a size that hold a span.
 *
 * @param {Span} span
 * @param {number} size
 * @returns {number[]}
 */
export function blocksFor({ first, last }, size) {
  const blocks = [];
  for (let offset = Math.floor(first / size) * size; offset < last; offset += size) blocks.push(offset);
  return blocks;
}

/**
 * The items on screen of a list laid out from left to right.
 *
 * @param {readonly {left: number, width: number}[]} items
 * @param {{scrollLeft: number, viewport: number}} view
 * @returns {Span}
 */
export function columnSpan(items, { scrollLeft, viewport }) {
  let first = 0;
  while (first < items.length - 1 && right(items[first]) <= scrollLeft) first += 1;
  let last = first;
  while (last < items.length && (items[last]?.left ?? 0) < scrollLeft + viewport) last += 1;
  return { first, last };
}

/** @param {{left: number, width: number} | undefined} item */
function right(item) {
  return (item?.left ?? 0) + (item?.width ?? 0);
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
    const wished = Math.max(column.name.length * 7 + 64, longest * 7 + 28);
    return Math.round(Math.min(320, Math.max(96, wished)));
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
