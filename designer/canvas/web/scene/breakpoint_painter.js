/**
 * Breakpoints where nodes and wires are painted; a card has its own.
 *
 * @import {Point} from "../types.js"
 * @import {Colours} from "./colours.js"
 */
import { BREAKPOINT } from "./status_glyphs.js";

const LEAST_PX = 0.6;
/** @type {Path2D | null} */
let shape = null;

/** @param {CanvasRenderingContext2D} context in canvas coordinates @param {readonly Point[]} points their middles @param {{zoom: number, colours: Colours}} how */
export function paintBreakpoints(context, points, { zoom, colours }) {
  shape ??= new Path2D(BREAKPOINT);
  const size = Math.max(1.25, LEAST_PX / zoom);
  const base = context.getTransform();
  context.fillStyle = colours.ink;
  context.strokeStyle = colours.canvas;
  context.lineWidth = 1.5;
  for (const { x, y } of points) {
    context.setTransform(base.a * size, 0, 0, base.d * size, base.e + (x - 6 * size) * base.a, base.f + (y - 6 * size) * base.d);
    context.fill(shape);
    context.stroke(shape);
  }
  context.setTransform(base);
}
