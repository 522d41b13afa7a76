/**
 * All wires, one stroke per port type; straight when so small that a curve cannot be seen.
 *
 * @import {Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 *
 * @typedef {{selected: ReadonlySet<number>, hovered: ReadonlySet<number>, hidden: number}} WireEmphasis
 *   slots of wires; `hidden` is the one whose end a gesture holds, -1 for none
 */
import { NODE_HEIGHT } from "./geometry.js";
import { PORT_SHAPES, PORT_TYPES } from "./port_shapes.js";
import { reach } from "./routing.js";

const STRAIGHT_BELOW = 0.15;
/** From afar the nodes' states matter more than the wires. */
const FAR_ALPHA = 0.55;
const ENDS_ABOVE = 0.25;
/** @type {Path2D[] | null} */
let endShapes = null;

/**
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Scene} scene
 * @param {{rect: Rect, zoom: number, colours: Colours, emphasis: WireEmphasis}} view
 */
export function paintWires(context, scene, { rect, zoom, colours, emphasis }) {
  const batches = visibleWires(scene, rect, emphasis.hidden);
  const recede = emphasis.selected.size > 0 || emphasis.hovered.size > 0;
  context.lineCap = "round";
  context.globalAlpha = recede ? 0.4 : zoom < STRAIGHT_BELOW ? FAR_ALPHA : 1;
  for (let type = 0; type < batches.length; type++) {
    if (batches[type].length === 0) continue;
    context.strokeStyle = colours.types[type];
    context.lineWidth = Math.max(2, 1 / zoom);
    context.beginPath();
    for (const wire of batches[type]) trace(context, scene, wire, zoom);
    context.stroke();
  }
  context.globalAlpha = 1;
  for (const wire of new Set([...emphasis.selected, ...emphasis.hovered])) {
    emphasise(context, scene, wire, { zoom, colours, isSelected: emphasis.selected.has(wire) });
  }
  if (zoom >= ENDS_ABOVE) paintEnds(context, scene, batches, colours);
}

/**
 * @param {Scene} scene
 * @param {Rect} rect
 * @param {number} hidden
 * @returns {number[][]} by type, then the disabled ones
 */
function visibleWires(scene, rect, hidden) {
  const { x, y, wireFrom, wireTo, wireFromX, wireToX, wireType } = scene;
  const left = rect.x - 8;
  const right = rect.x + rect.width + 8;
  const top = rect.y - 8;
  const bottom = rect.y + rect.height + 8;
  /** @type {number[][]} */
  const batches = PORT_TYPES.map(() => []);
  for (let wire = 0; wire < scene.wireCount; wire++) {
    const from = wireFrom[wire];
    const to = wireTo[wire];
    const ax = x[from] + wireFromX[wire];
    const bx = x[to] + wireToX[wire];
    if ((ax < left && bx < left) || (ax > right && bx > right)) continue;
    const ay = y[from] + NODE_HEIGHT;
    const by = y[to];
    const bulge = by < ay ? 220 : 0;
    if ((ay < top - bulge && by < top - bulge) || (ay > bottom + bulge && by > bottom + bulge) || wire === hidden) continue;
    batches[wireType[wire]].push(wire);
  }
  return batches;
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} wire @param {number} zoom */
function trace(context, scene, wire, zoom) {
  const from = scene.wireFrom[wire];
  const to = scene.wireTo[wire];
  const ax = scene.x[from] + scene.wireFromX[wire];
  const ay = scene.y[from] + NODE_HEIGHT;
  const bx = scene.x[to] + scene.wireToX[wire];
  const by = scene.y[to];
  context.moveTo(ax, ay);
  if (zoom < STRAIGHT_BELOW) {
    context.lineTo(bx, by);
    return;
  }
  const d = reach(ax, ay, bx, by);
  context.bezierCurveTo(ax, ay + d, bx, by - d, bx, by);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} wire
 * @param {{zoom: number, colours: Colours, isSelected: boolean}} how
 */
function emphasise(context, scene, wire, { zoom, colours, isSelected }) {
  context.beginPath();
  trace(context, scene, wire, zoom);
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
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[][]} batches @param {Colours} colours */
function paintEnds(context, scene, batches, colours) {
  endShapes ??= PORT_TYPES.map((type) => new Path2D(PORT_SHAPES[type]));
  for (let type = 0; type < batches.length; type++) {
    if (batches[type].length === 0) continue;
    const all = new Path2D();
    for (const wire of batches[type]) {
      if (scene.wireDisabled[wire]) continue;
      const { bx, by } = scene.ends(wire);
      all.addPath(endShapes[type], { a: 1, b: 0, c: 0, d: 1, e: bx, f: by });
    }
    context.fillStyle = colours.types[type];
    context.fill(all);
  }
}
