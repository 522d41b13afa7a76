/**
 * All wires, one stroke per port type; straight when so small that a curve cannot be seen.
 *
 * @import {Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 *
 * @typedef {{selected: ReadonlySet<number>, hovered: ReadonlySet<number>, hidden: number}} WireEmphasis
 *   slots of wires; `hidden` is the one whose end a gesture holds, -1 for none
 * @typedef {{rect: Rect, zoom: number, colours: Colours, emphasis: WireEmphasis, isMoving: boolean}} WireView
 *   `isMoving`: the view changes from frame to frame, speed matters more than smooth edges
 */
import { paintBreakpoints } from "./breakpoint_painter.js";
import { NODE_HEIGHT } from "./geometry.js";
import { PORT_TYPES, shapeAt } from "./port_shapes.js";
import { reach } from "./routing.js";
import { curvesOf, middleOf } from "./wire_path.js";

const STRAIGHT_BELOW = 0.15;
/** From afar the nodes' states matter more than the wires. */
const FAR_ALPHA = 0.55;
const ENDS_ABOVE = 0.25;
/** Up to here a wire is one pixel wide on the screen. */
const HAIR_BELOW = 0.5;
const FEW = 8;
/** How many wires are painted in one step. */
const STEP = 60;
const STEP_FAR = 2000;
/** @type {Path2D[] | null} */
let endShapes = null;

/**
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Scene} scene
 * @param {WireView} view
 */
export function paintWires(context, scene, view) {
  for (const step = wireSteps(context, scene, view); !step.next().done; );
}

/**
 * The same, some wires at a time: what paints in between must leave the context alone.
 *
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Scene} scene
 * @param {WireView} view
 * @returns {Generator<void, void>}
 */
export function* wireSteps(context, scene, { rect, zoom, colours, emphasis, isMoving }) {
  const { batches, disabled } = visibleWires(scene, rect, emphasis.hidden);
  const recede = emphasis.selected.size > 0 || emphasis.hovered.size > 0;
  const isFar = zoom < STRAIGHT_BELOW;
  const most = isFar ? STEP_FAR : STEP;
  context.lineCap = "butt";
  context.globalAlpha = recede ? 0.4 : isFar ? FAR_ALPHA : 1;
  for (let type = 0; type < batches.length; type++) {
    for (let first = 0; first < batches[type].length; first += most) {
      const wires = batches[type].slice(first, first + most);
      context.strokeStyle = colours.types[type];
      if (isFar) strokeStraight(context, scene, wires, zoom);
      else if (zoom <= HAIR_BELOW) strokeHair(context, scene, wires, zoom);
      else if (isMoving && batches[type].length > FEW) strokeTwice(context, scene, wires, zoom);
      else strokeSmooth(context, scene, wires, zoom);
      yield;
    }
  }
  if (disabled.length > 0) strokeDisabled(context, scene, disabled, { zoom, colours });
  context.globalAlpha = 1;
  for (const wire of new Set([...emphasis.selected, ...emphasis.hovered])) {
    emphasise(context, scene, wire, { zoom, colours, isSelected: emphasis.selected.has(wire) });
  }
  if (zoom >= ENDS_ABOVE) paintEnds(context, scene, batches, { colours, rect });
  if (scene.breakpoints.wires.size > 0) paintBreakpoints(context, [...scene.breakpoints.wires].map((wire) => middleOf(scene, wire)), { zoom, colours });
}

/** A wire that carries nothing: dashed, and of no type's colour. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} wires @param {{zoom: number, colours: Colours}} how */
function strokeDisabled(context, scene, wires, { zoom, colours }) {
  const unit = Math.max(1, 1 / zoom);
  context.strokeStyle = colours.lineStrong;
  context.setLineDash([6 * unit, 5 * unit]);
  context.lineWidth = 2 * unit;
  context.beginPath();
  for (const wire of wires) trace(context, scene, wire);
  context.stroke();
  context.setLineDash([]);
}

/** From afar: straight and one pixel wide, which has a quick way of its own in the browser. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} wires @param {number} zoom */
function strokeStraight(context, { x, y, wireFrom, wireTo, wireFromX, wireToX, bends }, wires, zoom) {
  context.lineWidth = 1 / zoom;
  context.beginPath();
  for (const wire of wires) {
    const from = wireFrom[wire];
    const to = wireTo[wire];
    context.moveTo(x[from] + wireFromX[wire], y[from] + NODE_HEIGHT);
    if (bends.size > 0) for (const bend of bends.get(wire) ?? []) context.lineTo(bend.x, bend.y);
    context.lineTo(x[to] + wireToX[wire], y[to]);
  }
  context.stroke();
}

/** One pixel wide, curved. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} wires @param {number} zoom @param {number} [shift] */
function strokeHair(context, scene, wires, zoom, shift = 0) {
  context.lineWidth = 1 / zoom;
  context.beginPath();
  for (const wire of wires) trace(context, scene, wire, { shift });
  context.stroke();
}

/** Two hairlines side by side look like one line of two pixels and cost a third of it. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} wires @param {number} zoom */
function strokeTwice(context, scene, wires, zoom) {
  const aside = Math.max(0.25, zoom - 0.5) / zoom;
  strokeHair(context, scene, wires, zoom, -aside);
  strokeHair(context, scene, wires, zoom, aside);
}

/** A few wires to a path: one path of all would be slower by half. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} wires @param {number} zoom */
function strokeSmooth(context, scene, wires, zoom) {
  context.lineWidth = Math.max(2, 1 / zoom);
  for (let first = 0; first < wires.length; first += FEW) {
    context.beginPath();
    for (let i = first; i < Math.min(first + FEW, wires.length); i++) trace(context, scene, wires[i]);
    context.stroke();
  }
}

/**
 * @param {Scene} scene
 * @param {Rect} rect
 * @param {number} hidden
 * @returns {{batches: number[][], disabled: number[]}} those that carry something by type, and the others
 */
function visibleWires(scene, rect, hidden) {
  const { x, y, wireFrom, wireTo, wireFromX, wireToX, wireType, wireDisabled, bends } = scene;
  const left = rect.x - 8;
  const right = rect.x + rect.width + 8;
  const top = rect.y - 8;
  const bottom = rect.y + rect.height + 8;
  /** @type {number[][]} */
  const batches = PORT_TYPES.map(() => []);
  /** @type {number[]} */
  const disabled = [];
  for (let wire = 0; wire < scene.wireCount; wire++) {
    const from = wireFrom[wire];
    const to = wireTo[wire];
    if (bends.size > 0 && bends.has(wire)) {
      if (wire !== hidden) (wireDisabled[wire] ? disabled : batches[wireType[wire]]).push(wire);
      continue;
    }
    const ax = x[from] + wireFromX[wire];
    const bx = x[to] + wireToX[wire];
    if ((ax < left && bx < left) || (ax > right && bx > right)) continue;
    const ay = y[from] + NODE_HEIGHT;
    const by = y[to];
    const bulge = by < ay ? 220 : 0;
    if ((ay < top - bulge && by < top - bulge) || (ay > bottom + bulge && by > bottom + bulge) || wire === hidden) continue;
    (wireDisabled[wire] ? disabled : batches[wireType[wire]]).push(wire);
  }
  return { batches, disabled };
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} wire @param {{shift?: number}} [how] sideways: along x where the wire falls, along y where it runs across */
function trace(context, scene, wire, { shift = 0 } = {}) {
  if (scene.bends.size > 0 && scene.bends.has(wire)) return traceBent(context, scene, wire, shift);
  const from = scene.wireFrom[wire];
  const to = scene.wireTo[wire];
  let ax = scene.x[from] + scene.wireFromX[wire];
  let ay = scene.y[from] + NODE_HEIGHT;
  let bx = scene.x[to] + scene.wireToX[wire];
  let by = scene.y[to];
  const d = reach(ax, ay, bx, by);
  if (shift !== 0 && Math.abs(bx - ax) > Math.abs(by - ay)) {
    ay += shift;
    by += shift;
  } else {
    ax += shift;
    bx += shift;
  }
  context.moveTo(ax, ay);
  context.bezierCurveTo(ax, ay + d, bx, by - d, bx, by);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} wire @param {number} shift */
function traceBent(context, scene, wire, shift) {
  const curves = curvesOf(scene, wire);
  context.moveTo(curves[0].x + shift, curves[0].y);
  for (const { c1x, c1y, c2x, c2y, ex, ey } of curves) context.bezierCurveTo(c1x + shift, c1y, c2x + shift, c2y, ex + shift, ey);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} wire
 * @param {{zoom: number, colours: Colours, isSelected: boolean}} how
 */
function emphasise(context, scene, wire, { zoom, colours, isSelected }) {
  context.beginPath();
  trace(context, scene, wire);
  if (isSelected) {
    context.strokeStyle = colours.accent;
    context.globalAlpha = 0.35;
    context.lineWidth = Math.max(9, 4 / zoom);
    context.stroke();
    context.globalAlpha = 1;
  }
  context.strokeStyle = colours.types[scene.wireType[wire]];
  context.lineWidth = Math.max(3, 1.5 / zoom);
  context.stroke();
  context.fillStyle = context.strokeStyle;
  for (const { x, y } of scene.bends.get(wire) ?? []) {
    context.beginPath();
    context.arc(x, y, Math.max(4, 3 / zoom), 0, 2 * Math.PI);
    context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[][]} batches @param {{colours: Colours, rect: Rect}} view */
function paintEnds(context, scene, batches, { colours, rect }) {
  endShapes ??= PORT_TYPES.map((type) => new Path2D(shapeAt(type)));
  const base = context.getTransform();
  for (let type = 0; type < batches.length; type++) {
    context.fillStyle = colours.types[type];
    for (const wire of batches[type]) {
      const to = scene.wireTo[wire];
      const bx = scene.x[to] + scene.wireToX[wire];
      const by = scene.y[to];
      if (bx < rect.x || bx > rect.x + rect.width || by < rect.y || by > rect.y + rect.height) continue;
      context.setTransform(base.a, 0, 0, base.d, base.e + bx * base.a, base.f + by * base.d);
      context.fill(endShapes[type]);
    }
  }
  context.setTransform(base);
}
