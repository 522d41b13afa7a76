/**
 * The ports of a painted card: their shapes, and beside them a letter or, from near, their names.
 *
 * @import {Face, PortFace} from "./face.js"
 * @import {Colours} from "./colours.js"
 * @import {CardLook} from "./card_painter.js"
 */
import { setFont, widthOf } from "./card_text.js";
import { paintLetter } from "./letter_sprites.js";
import { NODE_HEIGHT } from "./geometry.js";
import { shapeAt, typeIndex, typeLetter } from "./port_shapes.js";

/** Names stand at all ports from here on, nothing stands at ports below the other. */
export const NAMES_ABOVE = 1.25;
export const LETTERS_ABOVE = 0.75;
const LETTER = { aside: 7, above: -9, below: 76 };
const NAME = { size: 11, padding: 6, height: 17, away: 9, row: 18, baseline: 12, radius: 5 };

/** @type {Map<string, Path2D>} */
const shapes = new Map();

/** @param {CanvasRenderingContext2D} context from the card's corner @param {Face} face @param {CardLook} look */
export function paintPorts(context, face, { colours, zoom, letters, flags = {} }) {
  for (const port of face.inputs) paintPort(context, port, 0, colours);
  for (const port of face.outputs) paintPort(context, port, NODE_HEIGHT, colours);
  if (zoom < LETTERS_ABOVE) return;
  if (face.kind === "input" || face.kind === "output") return;
  const hasNames = zoom >= NAMES_ABOVE || flags.isHovered;
  if (hasNames) paintNames(context, face, { colours, isHovered: flags.isHovered ?? false });
  else if (letters) paintLetters(context, face, colours);
}

/** @param {CanvasRenderingContext2D} context @param {PortFace} port @param {number} y @param {Colours} colours */
function paintPort(context, { type, isWired, isOptional, x }, y, colours) {
  const colour = colours.types[typeIndex(type)];
  const shape = shapeOf(type);
  context.translate(x, y);
  context.fillStyle = isWired ? colour : colours.node;
  context.strokeStyle = isWired ? colours.node : colour;
  if (isWired) {
    context.lineWidth = 1.5;
    context.stroke(shape);
    context.fill(shape);
  } else {
    context.lineWidth = 1.8;
    if (isOptional) context.setLineDash([2.2, 1.6]);
    context.fill(shape);
    context.stroke(shape);
    if (isOptional) context.setLineDash([]);
  }
  context.translate(-x, -y);
}

/** @param {string} type */
function shapeOf(type) {
  const shape = shapes.get(type) ?? new Path2D(shapeAt(type));
  shapes.set(type, shape);
  return shape;
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {Colours} colours */
function paintLetters(context, { inputs, outputs }, colours) {
  const write = (/** @type {PortFace} */ { type, x }, /** @type {number} */ y) => paintLetter(context, typeLetter(type), { x: x + LETTER.aside, y, colours });
  for (const port of inputs) write(port, LETTER.above);
  for (const port of outputs) write(port, LETTER.below);
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {{colours: Colours, isHovered: boolean}} how */
function paintNames(context, { inputs, outputs }, { colours, isHovered }) {
  const write = (/** @type {PortFace} */ { title, type, x }, /** @type {number} */ top) => {
    const text = `${title} · ${type}`;
    const width = widthOf(context, text, NAME.size, colours.weights.normal) + 2 * NAME.padding;
    const left = x - width / 2;
    if (isHovered) {
      context.fillStyle = colours.surface3;
      context.beginPath();
      context.roundRect(left, top, width, NAME.height, NAME.radius);
      context.fill();
    }
    setFont(context, NAME.size, colours.weights.normal);
    context.fillStyle = isHovered ? colours.ink : colours.ink3;
    context.fillText(text, left + NAME.padding, top + NAME.baseline);
  };
  inputs.forEach((port, row) => write(port, -NAME.away - NAME.row * row - NAME.height));
  outputs.forEach((port, row) => write(port, NODE_HEIGHT + NAME.away + NAME.row * row));
}
