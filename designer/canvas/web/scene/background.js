/**
 * The dotted ground. Dots are single rectangles on whole pixels: cheaper than a path, a pattern or
 * a stored picture of them.
 *
 * @import {Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Viewport} from "./viewport.js"
 */
import { GRID } from "./geometry.js";

const SPACING = GRID * 3;
const LEAST_STEP = 18;
/** From farther away dots would be dust. */
const DOTS_ABOVE = 0.3;

/**
 * Covers the whole canvas, or a part of it.
 *
 * @param {CanvasRenderingContext2D} context in device pixels
 * @param {Pick<Viewport, "x" | "y" | "zoom">} viewport
 * @param {Colours} colours
 * @param {number} ratio device pixels per CSS pixel
 * @param {Rect} [area] in device pixels
 */
export function paintBackground(context, viewport, colours, ratio, area = { x: 0, y: 0, width: context.canvas.width, height: context.canvas.height }) {
  context.fillStyle = colours.canvas;
  context.fillRect(area.x, area.y, area.width, area.height);
  if (viewport.zoom < DOTS_ABOVE) return;
  let step = SPACING * viewport.zoom;
  while (step < LEAST_STEP) step *= 2;
  const size = Math.max(1, Math.round(ratio * Math.min(1.5, 0.6 + viewport.zoom * 0.7)));
  const pitch = step * ratio;
  const first = (/** @type {number} */ origin, /** @type {number} */ from) => origin * ratio + Math.ceil((from - size - origin * ratio) / pitch) * pitch;
  context.fillStyle = colours.dot;
  for (let y = first(viewport.y, area.y); y < area.y + area.height; y += pitch) {
    for (let x = first(viewport.x, area.x); x < area.x + area.width; x += pitch) context.fillRect(Math.round(x), Math.round(y), size, size);
  }
}
