/**
 * Actions that move nodes.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { moveNodes } from "../document/edits.js";
import { GRID } from "../scene/geometry.js";
import { hasNoNodes, targetNodes } from "./targets.js";

const FAR = 4;

/** @type {Action[]} */
export const ARRANGE_ACTIONS = [...nudging()];

/** @returns {Action[]} */
function nudging() {
  /** @type {[string, string, number, number][]} */
  const ways = [["ArrowUp", "up", 0, -1], ["ArrowDown", "down", 0, 1], ["ArrowLeft", "left", -1, 0], ["ArrowRight", "right", 1, 0]];
  return ways.flatMap(([key, word, dx, dy]) => [
    { id: `arrange.${word}`, title: `Move ${word}`, group: "Arrange", keys: [`Ctrl+${key}`], isHidden: true, edits: true, isOff: hasNoNodes, run: (context) => nudge(context, dx, dy) },
    { id: `arrange.far_${word}`, title: `Move ${word}, faster`, group: "Arrange", keys: [`Ctrl+Shift+${key}`], isHidden: true, edits: true, isOff: hasNoNodes, run: (context) => nudge(context, dx * FAR, dy * FAR) },
  ]);
}

/** @param {ActionContext} context @param {number} columns @param {number} rows */
function nudge(context, columns, rows) {
  const { session, view: { scene } } = context;
  const places = targetNodes(context).flatMap((id) => {
    const slot = scene.index.get(id);
    return slot === undefined ? [] : [/** @type {const} */ ([id, { x: scene.x[slot] + columns * GRID, y: scene.y[slot] + rows * GRID }])];
  });
  session.edit(places.length === 1 ? "Nudge" : `Nudge ${places.length} nodes`, moveNodes(session.document, places));
}
