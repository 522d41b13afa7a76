/**
 * The states' shapes as small pictures: hundreds of them are copied in the time that filling one path
 * of all of them takes.
 */
import { VISUAL_STATES } from "./node_state.js";
import { GLYPHS } from "./status_glyphs.js";

/** Sizes in between would make a picture for each step of a zoom. */
const STEP_PX = 2;
const MOST = 256;

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/**
 * The picture of a state's shape.
 *
 * @param {number} state its place in `VISUAL_STATES`
 * @param {string} colour
 * @param {number} size in pixels of the screen; the picture is at least as large
 * @returns {HTMLCanvasElement | null} none for a state without a shape
 */
export function glyphSprite(state, colour, size) {
  const shape = GLYPHS[VISUAL_STATES[state]];
  if (!shape) return null;
  const pixels = Math.ceil(size / STEP_PX) * STEP_PX;
  const key = `${state} ${colour} ${pixels}`;
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size >= MOST) sprites.clear();
  const sprite = Object.assign(document.createElement("canvas"), { width: pixels, height: pixels });
  const context = sprite.getContext("2d");
  if (!context) return null;
  context.scale(pixels / 16, pixels / 16);
  context.fillStyle = colour;
  context.fill(new Path2D(shape), "evenodd");
  sprites.set(key, sprite);
  return sprite;
}
