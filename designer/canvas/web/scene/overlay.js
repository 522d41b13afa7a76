/**
 * What a gesture shows above the nodes: the box, the wire being drawn, glowing ports, guides.
 *
 * @import {Point, Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 * @import {Viewport} from "./viewport.js"
 *
 * @typedef {{vertical?: {x: number, from: number, to: number}, horizontal?: {y: number, from: number, to: number}}} Guides
 * @typedef {{from: Point, to: Point, type: number, isUpwards: boolean, isRefused: boolean}} DraftWire  `isUpwards`: drawn from an input to an output
 * @typedef {{box?: Rect, draft?: DraftWire, glowing?: {point: Point, type: number}[], guides?: Guides}} Overlay
 */
import { PORT_TYPES, shapeAt } from "./port_shapes.js";
import { reach } from "./routing.js";

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {{overlay: Overlay, viewport: Viewport, colours: Colours, ratio: number}} view
 */
export function paintOverlay(context, scene, { overlay, viewport, colours, ratio }) {
  const { zoom, x, y } = viewport;
  context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
  if (overlay.guides) paintGuides(context, overlay.guides, { zoom, colours });
  if (overlay.glowing) paintGlow(context, overlay.glowing, { zoom, colours });
  if (overlay.draft) paintDraft(context, overlay.draft, { zoom, colours });
  if (overlay.box) paintBox(context, overlay.box, { zoom, colours });
}

/** @typedef {{zoom: number, colours: Colours}} Look */

/** @param {CanvasRenderingContext2D} context @param {Rect} box @param {Look} look */
function paintBox(context, { x, y, width, height }, { zoom, colours }) {
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.1;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1 / zoom;
  context.strokeRect(x, y, width, height);
}

/** @param {CanvasRenderingContext2D} context @param {DraftWire} draft @param {Look} look */
function paintDraft(context, { from, to, type, isUpwards, isRefused }, { zoom, colours }) {
  const [a, b] = isUpwards ? [to, from] : [from, to];
  const d = reach(a.x, a.y, b.x, b.y);
  context.strokeStyle = isRefused ? colours.failed : colours.types[type];
  context.lineWidth = Math.max(2.5, 1.5 / zoom);
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(a.x, a.y);
  context.bezierCurveTo(a.x, a.y + d, b.x, b.y - d, b.x, b.y);
  context.stroke();
  context.fillStyle = context.strokeStyle;
  context.fill(new Path2D(shapeAt(PORT_TYPES[type], to.x, to.y)));
}

/** @param {CanvasRenderingContext2D} context @param {{point: Point, type: number}[]} ports @param {Look} look */
function paintGlow(context, ports, { zoom, colours }) {
  const radius = Math.max(11, 6 / zoom);
  for (const { point, type } of ports) {
    context.beginPath();
    context.arc(point.x, point.y, radius, 0, 2 * Math.PI);
    context.globalAlpha = 0.22;
    context.fillStyle = colours.types[type];
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = colours.types[type];
    context.lineWidth = Math.max(1.5, 1 / zoom);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Guides} guides @param {Look} look */
function paintGuides(context, { vertical, horizontal }, { zoom, colours }) {
  context.strokeStyle = colours.accent;
  context.lineWidth = 1 / zoom;
  context.setLineDash([4 / zoom, 3 / zoom]);
  context.beginPath();
  if (vertical) {
    context.moveTo(vertical.x, vertical.from);
    context.lineTo(vertical.x, vertical.to);
  }
  if (horizontal) {
    context.moveTo(horizontal.from, horizontal.y);
    context.lineTo(horizontal.to, horizontal.y);
  }
  context.stroke();
  context.setLineDash([]);
}
