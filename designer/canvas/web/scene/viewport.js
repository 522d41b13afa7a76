/**
 * Which part of the canvas the screen shows. `x`, `y`: where the canvas's origin is on the screen.
 *
 * @import {Point, Rect} from "../types.js"
 */

export const MINIMUM_ZOOM = 0.04;
const LEAST_ZOOM = 0.005;
export const MAXIMUM_ZOOM = 2.5;

export class Viewport {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.zoom = 1;
    this.width = 1;
    this.height = 1;
    /** How far away one can go: a large graph is seen whole. */
    this.minimum = MINIMUM_ZOOM;
  }

  /** @param {Point} point on the screen, from the canvas's corner @returns {Point} */
  toCanvas(point) {
    return { x: (point.x - this.x) / this.zoom, y: (point.y - this.y) / this.zoom };
  }

  /** @param {Point} point @returns {Point} */
  toScreen(point) {
    return { x: point.x * this.zoom + this.x, y: point.y * this.zoom + this.y };
  }

  /** @returns {Rect} the part of the canvas in view */
  get rect() {
    return { x: -this.x / this.zoom, y: -this.y / this.zoom, width: this.width / this.zoom, height: this.height / this.zoom };
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
  }

  /** Zooms and keeps one point of the screen where it is. @param {number} zoom @param {Point} [fixed] */
  zoomTo(zoom, fixed = { x: this.width / 2, y: this.height / 2 }) {
    const bounded = Math.min(MAXIMUM_ZOOM, Math.max(this.minimum, zoom));
    const factor = bounded / this.zoom;
    this.x = fixed.x - (fixed.x - this.x) * factor;
    this.y = fixed.y - (fixed.y - this.y) * factor;
    this.zoom = bounded;
  }

  /** Shows a rectangle whole, never larger than life. @param {Rect} rect @param {number} [margin] */
  fit(rect, margin = 48) {
    const horizontal = (this.width - 2 * margin) / Math.max(1, rect.width);
    const vertical = (this.height - 2 * margin) / Math.max(1, rect.height);
    const whole = Math.max(LEAST_ZOOM, Math.min(horizontal, vertical));
    this.minimum = Math.min(this.minimum, whole);
    this.zoom = Math.min(1, MAXIMUM_ZOOM, whole);
    this.center({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 });
  }

  /** @param {Point} point of the canvas that comes to the middle */
  center(point) {
    this.x = this.width / 2 - point.x * this.zoom;
    this.y = this.height / 2 - point.y * this.zoom;
  }

  /** Moves as little as brings a rectangle into view. @param {Rect} rect @param {number} [margin] @returns {boolean} whether it moved */
  reveal(rect, margin = 32) {
    const { x, y } = this.toScreen(rect);
    const dx = shift(x, rect.width * this.zoom, this.width, margin);
    const dy = shift(y, rect.height * this.zoom, this.height, margin);
    this.pan(dx, dy);
    return dx !== 0 || dy !== 0;
  }
}

/** @param {number} start @param {number} size @param {number} space @param {number} margin */
function shift(start, size, space, margin) {
  if (size + 2 * margin > space) return space / 2 - (start + size / 2);
  if (start < margin) return margin - start;
  return Math.min(0, space - margin - (start + size));
}
