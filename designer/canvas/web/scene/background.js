/**
 * The dotted ground. Dots are single rectangles on whole pixels: cheaper than a path, a pattern or
 * a stored picture of them.
 *
 * @import {Colours} from "./colours.js"
 * @import {Viewport} from "./viewport.js"
 */
import { GRID } from "./geometry.js";

const SPACING = GRID * 3;
const LEAST_STEP = 18;
/** From farther away dots would be dust. */
const DOTS_ABOVE = 0.3;

/**
 * Covers the whole view.
 *
 * @param {CanvasRenderingContext2D} context in device pixels
 * @param {Viewport} viewport
 * @param {Colours} colours
 * @param {number} ratio device pixels per CSS pixel
 */
export function paintBackground(context, viewport, colours, ratio) {
  const { width, height } = context.canvas;
  context.fillStyle = colours.canvas;
  context.fillRect(0, 0, width, height);
  if (viewport.zoom < DOTS_ABOVE) return;
  let step = SPACING * viewport.zoom;
  while (step < LEAST_STEP) step *= 2;
  const size = Math.max(1, Math.round(ratio * Math.min(1.5, 0.6 + viewport.zoom * 0.7)));
  const first = (/** @type {number} */ origin) => (((origin % step) + step) % step) * ratio;
  context.fillStyle = colours.dot;
  for (let y = first(viewport.y); y < height; y += step * ratio) {
    for (let x = first(viewport.x); x < width; x += step * ratio) context.fillRect(Math.round(x), Math.round(y), size, size);
  }
}
