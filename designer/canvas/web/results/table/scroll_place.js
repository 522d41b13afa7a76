// Scrolling rows that are taller together than a browser's element can be. Pure numbers.
//
// The scroll bar stands for all rows, so a pixel of it may be thousands of rows. What a wheel, a finger or a key
// moves must be exact all the same: `offset` is the true place in px, and the bar is set to where it belongs.

import { MAX_SCROLL_PX, ROW_PX } from "./row_window.js";

/**
 * @typedef {{total: number, viewport: number, row?: number}} ScrollSize rows; px of the rows on screen; px of one row
 */

/** px of the element that is scrolled @param {ScrollSize} size */
export function scrollHeight({ total, row = ROW_PX }) {
  return Math.min(total * row, MAX_SCROLL_PX);
}

/** The farthest offset. @param {ScrollSize} size */
export function lastOffset({ total, viewport, row = ROW_PX }) {
  return Math.max(0, total * row - viewport);
}

/** Where the bar belongs for an offset. @param {number} offset @param {ScrollSize} size */
export function barFor(offset, size) {
  const last = lastOffset(size);
  const range = Math.max(0, scrollHeight(size) - size.viewport);
  return last <= range ? offset : (offset / last) * range;
}

/**
 * The offset after the bar was moved: by little, from a wheel or a finger, by exactly as much; by far, in proportion.
 *
 * @param {number} bar
 * @param {number} offset
 * @param {ScrollSize} size
 */
export function offsetAfter(bar, offset, size) {
  const last = lastOffset(size);
  const range = Math.max(1, scrollHeight(size) - size.viewport);
  if (last <= range) return Math.min(Math.max(0, bar), last);
  const step = bar - barFor(offset, size);
  const isAtEnd = bar <= 0 || bar >= range;
  if (Math.abs(step) < size.viewport && !isAtEnd) return Math.min(Math.max(0, offset + step), last);
  return (Math.min(Math.max(0, bar), range) / range) * last;
}

/**
 * The offset that brings a row into view, moved as little as needed; a far one is brought to the middle.
 *
 * @param {number} row
 * @param {number} offset
 * @param {ScrollSize} size
 */
export function offsetShowing(row, offset, size) {
  const px = size.row ?? ROW_PX;
  const top = row * px;
  const last = lastOffset(size);
  if (top >= offset && top + px <= offset + size.viewport) return offset;
  const isNear = Math.abs(top - offset) < size.viewport * 2;
  const wished = !isNear ? top - (size.viewport - px) / 2 : top < offset ? top : top + px - size.viewport;
  return Math.max(0, Math.min(wished, last));
}
