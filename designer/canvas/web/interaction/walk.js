/**
 * Arrow keys walk the graph: along the wires where there are some, else to the nearest node that way.
 *
 * @import {Scene} from "../scene/scene.js"
 */
import { NODE_HEIGHT } from "../scene/geometry.js";

/** @typedef {"ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight"} Arrow */

/**
 * The node an arrow key leads to, -1 for none.
 *
 * @param {Scene} scene
 * @param {number} from
 * @param {Arrow} arrow
 */
export function neighbour(scene, from, arrow) {
  if (arrow === "ArrowUp" || arrow === "ArrowDown") {
    const wired = wiredNeighbours(scene, from, arrow);
    if (wired.length > 0) return nearest(scene, from, wired);
  }
  const ahead = [...scene.index.values()].filter((slot) => slot !== from && isAhead(scene, from, slot, arrow));
  return nearest(scene, from, ahead, arrow === "ArrowLeft" || arrow === "ArrowRight" ? 3 : 1);
}

/** The node nearest to the middle of the view, -1 for none. @param {Scene} scene @param {import("../scene/viewport.js").Viewport} viewport */
export function nodeNearMiddle(scene, viewport) {
  const middle = viewport.toCanvas({ x: viewport.width / 2, y: viewport.height / 2 });
  let found = -1;
  let least = Infinity;
  for (const slot of scene.index.values()) {
    const distance = Math.hypot(scene.x[slot] - middle.x, scene.y[slot] - middle.y);
    if (distance >= least) continue;
    least = distance;
    found = slot;
  }
  return found;
}

/** @param {Scene} scene @param {number} from @param {Arrow} arrow */
function wiredNeighbours(scene, from, arrow) {
  const found = [];
  for (let wire = 0; wire < scene.wireCount; wire++) {
    if (arrow === "ArrowDown" && scene.wireFrom[wire] === from) found.push(scene.wireTo[wire]);
    if (arrow === "ArrowUp" && scene.wireTo[wire] === from) found.push(scene.wireFrom[wire]);
  }
  return found;
}

/** @param {Scene} scene @param {number} from @param {number} slot @param {Arrow} arrow */
function isAhead(scene, from, slot, arrow) {
  const dx = scene.x[slot] - scene.x[from];
  const dy = scene.y[slot] - scene.y[from];
  if (arrow === "ArrowLeft") return dx < 0 && Math.abs(dy) <= -dx;
  if (arrow === "ArrowRight") return dx > 0 && Math.abs(dy) <= dx;
  return arrow === "ArrowUp" ? dy <= -NODE_HEIGHT / 2 : dy >= NODE_HEIGHT / 2;
}

/** @param {Scene} scene @param {number} from @param {number[]} slots @param {number} [rowWeight] how much leaving the row costs */
function nearest(scene, from, slots, rowWeight = 1) {
  let found = -1;
  let least = Infinity;
  for (const slot of slots) {
    const distance = Math.hypot(scene.x[slot] - scene.x[from], (scene.y[slot] - scene.y[from]) * rowWeight);
    if (distance >= least) continue;
    least = distance;
    found = slot;
  }
  return found;
}
