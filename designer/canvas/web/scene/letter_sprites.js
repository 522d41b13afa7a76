/**
 * The letters beside ports as small pictures: their outlines in the colour of the ground cost more
 * than the card they stand at.
 *
 * @import {Colours} from "./colours.js"
 */
import { setFont } from "./card_text.js";

const SIZE = 9;
/** A letter keeps its place between two pixels, as text does. */
const PHASES = 4;
/** Around a letter for its outline. */
const MARGIN = 3;
const BOX = { width: 16, height: 16, baseline: 11 };
const MOST = 400;

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/** @param {CanvasRenderingContext2D} context @param {string} letter @param {{x: number, y: number, colours: Colours}} how where its baseline begins */
export function paintLetter(context, letter, { x, y, colours }) {
  const { a: scale, e, f } = context.getTransform();
  const [left, top] = [(x - MARGIN) * scale + e, (y - BOX.baseline) * scale + f];
  const phase = Math.floor((left - Math.floor(left)) * PHASES);
  const sprite = spriteOf(letter, { scale, phase, colours });
  context.setTransform(1, 0, 0, 1, Math.floor(left), Math.round(top));
  context.drawImage(sprite, 0, 0);
  context.setTransform(scale, 0, 0, scale, e, f);
}

/** @param {string} letter @param {{scale: number, phase: number, colours: Colours}} how */
function spriteOf(letter, { scale, phase, colours }) {
  const key = `${letter} ${scale} ${phase} ${colours.ink2} ${colours.canvas}`;
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size >= MOST) sprites.clear();
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.ceil(BOX.width * scale) + 1, height: Math.ceil(BOX.height * scale) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(scale, 0, 0, scale, phase / PHASES, 0);
  setFont(context, SIZE, colours.weights.strong);
  context.fillStyle = colours.ink2;
  context.strokeStyle = colours.canvas;
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.globalAlpha = 0.8;
  context.strokeText(letter, MARGIN, BOX.baseline);
  context.globalAlpha = 1;
  context.fillText(letter, MARGIN, BOX.baseline);
  sprites.set(key, canvas);
  return canvas;
}
