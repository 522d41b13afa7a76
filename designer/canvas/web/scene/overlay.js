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
 * @typedef {{box?: Rect, draft?: DraftWire, drafts?: DraftWire[], glowing?: {point: Point, type: number}[], guides?: Guides, cut?: {line: readonly Point[], wires: ReadonlySet<number>}, splice?: number, ghosts?: readonly Rect[]}} Overlay
 *   `cut`: the way of the knife and what it goes through; `splice`: the wire that a dropped node would go into; `ghosts`: where copies would be
 */
import { PORT_TYPES, shapeAt } from "./port_shapes.js";
import { reach } from "./routing.js";
import { polyline } from "./wire_path.js";

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
  for (const draft of overlay.drafts ?? []) paintDraft(context, draft, { zoom, colours });
  if (overlay.splice !== undefined) paintSplice(context, scene, overlay.splice, { zoom, colours });
  if (overlay.ghosts) paintGhosts(context, overlay.ghosts, { zoom, colours });
  if (overlay.cut) paintCut(context, scene, overlay.cut, { zoom, colours });
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

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} wire @param {Look} look */
function paintSplice(context, scene, wire, { zoom, colours }) {
  context.strokeStyle = colours.accent;
  context.lineWidth = Math.max(4, 3 / zoom);
  context.setLineDash([10 / zoom, 6 / zoom]);
  strokeLine(context, polyline(scene, wire));
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {readonly Rect[]} rects @param {Look} look */
function paintGhosts(context, rects, { zoom, colours }) {
  context.fillStyle = colours.accentSoft;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5 / zoom;
  context.globalAlpha = 0.8;
  for (const { x, y, width, height } of rects) {
    context.beginPath();
    context.roundRect(x, y, width, height, 8);
    context.fill();
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {{line: readonly Point[], wires: ReadonlySet<number>}} cut @param {Look} look */
function paintCut(context, scene, { line, wires }, { zoom, colours }) {
  context.strokeStyle = colours.failed;
  context.lineWidth = Math.max(3, 2 / zoom);
  for (const wire of wires) strokeLine(context, polyline(scene, wire));
  context.lineWidth = 1.5 / zoom;
  context.setLineDash([5 / zoom, 4 / zoom]);
  strokeLine(context, line);
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {readonly Point[]} points */
function strokeLine(context, points) {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  context.stroke();
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
