/**
 * The shadows of cards as small pictures: blurring one for each card would cost more than all else on it.
 *
 * @import {Shadow} from "./colours.js"
 */

const MOST = 64;
/** How far the softest shadow reaches. */
const REACH = 12;

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/**
 * Shadows around a box, not under it.
 *
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {{x: number, y: number, width: number, height: number, radius: number}} box
 * @param {readonly Shadow[]} shadows
 */
export function paintShadow(context, box, shadows) {
  const { a: scale, e, f } = context.getTransform();
  const sprite = spriteOf(box, shadows, scale);
  context.save();
  context.setTransform(1, 0, 0, 1, Math.round((box.x - REACH) * scale + e), Math.round((box.y - REACH) * scale + f));
  context.drawImage(sprite, 0, 0);
  context.restore();
}

/** @param {{width: number, height: number, radius: number}} box @param {readonly Shadow[]} shadows @param {number} scale */
function spriteOf({ width, height, radius }, shadows, scale) {
  const key = `${width} ${height} ${radius} ${scale} ${shadows.map(({ y, blur, colour }) => `${y} ${blur} ${colour}`).join()}`;
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size >= MOST) sprites.clear();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.ceil((width + 2 * REACH) * scale), height: Math.ceil((height + 2 * REACH) * scale) });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(scale, 0, 0, scale, REACH * scale, REACH * scale);
  const around = new Path2D();
  around.rect(-REACH, -REACH, width + 2 * REACH, height + 2 * REACH);
  around.roundRect(0, 0, width, height, radius);
  context.clip(around, "evenodd");
  for (const { y, blur, colour } of shadows) {
    // The box itself is painted far away: only its shadow falls into the picture.
    Object.assign(context, { shadowColor: colour, shadowBlur: blur * scale, shadowOffsetX: 1e4 * scale, shadowOffsetY: y * scale });
    context.beginPath();
    context.roundRect(-1e4, 0, width, height, radius);
    context.fill();
  }
  sprites.set(key, canvas);
  return canvas;
}
