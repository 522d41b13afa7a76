/**
 * Actions that move nodes.
 *
 * @import {Action, ActionContext} from "./registry.js"
 * @import {Alignment} from "../document/arranging.js"
 * @import {Point, Rect} from "../types.js"
 */
import { aligned, distributed, onGrid } from "../document/arranging.js";
import { moveNodes } from "../document/edits.js";
import { tidy } from "../interaction/tidying.js";
import { GRID } from "../scene/geometry.js";
import { hasNoNodes, targetNodes } from "./targets.js";

const FAR = 4;

/** @type {Action[]} */
export const ARRANGE_ACTIONS = [
  { id: "arrange.tidy", title: "Tidy", group: "Arrange", icon: "auto_fix_high", keys: ["Shift+L"], edits: true, titleNow: ({ session }) => (session.selection.nodes.size > 1 ? "Tidy the selection" : "Tidy the pipeline"), run: tidyUp },
  align("left", "Align left edges", "L", "align_horizontal_left"),
  align("right", "Align right edges", "R", "align_horizontal_right"),
  align("top", "Align top edges", "T", "align_vertical_top"),
  align("bottom", "Align bottom edges", "B", "align_vertical_bottom"),
  align("middle", "Align middles in a row", "M", "align_vertical_center"),
  align("centre", "Align centres in a column", "C", "align_horizontal_center"),
  arrange("horizontally", "Distribute horizontally", "H", { icon: "horizontal_distribute", least: 3, place: (rects) => distributed(rects, "horizontally") }),
  arrange("vertically", "Distribute vertically", "V", { icon: "vertical_distribute", least: 3, place: (rects) => distributed(rects, "vertically") }),
  arrange("grid", "Put on the grid", "G", { icon: "grid_on", least: 1, place: onGrid }),
  ...nudging(),
];

/** @param {Alignment} how @param {string} title @param {string} key @param {string} icon */
function align(how, title, key, icon) {
  return arrange(how, title, key, { icon, least: 2, place: (rects) => aligned(rects, how) });
}

/**
 * @param {string} id
 * @param {string} title
 * @param {string} key
 * @param {{icon: string, least: number, place: (rects: Map<string, Rect>) => Map<string, Point>}} how `least`: this many nodes have to be selected
 * @returns {Action}
 */
function arrange(id, title, key, { icon, least, place }) {
  return {
    id: `arrange.${id}`, title, group: "Arrange", icon, keys: [`Alt+A ${key}`], edits: true, isOff: (context) => targetNodes(context).length < least,
    run(context) {
      const { session, view: { scene } } = context;
      const rects = new Map(targetNodes(context).flatMap((node) => {
        const slot = scene.index.get(node);
        return slot === undefined ? [] : [[node, scene.rect(slot)]];
      }));
      session.edit(title, moveNodes(session.document, place(rects)));
    },
  };
}

/** @param {ActionContext} context */
function tidyUp({ session, view }) {
  const { nodes } = session.selection;
  return tidy(view, nodes.size > 1 ? [...nodes] : undefined);
}

/** @returns {Action[]} */
function nudging() {
  /** @type {[string, string, number, number][]} */
  const ways = [["ArrowUp", "up", 0, -1], ["ArrowDown", "down", 0, 1], ["ArrowLeft", "left", -1, 0], ["ArrowRight", "right", 1, 0]];
  return ways.flatMap(([key, word, dx, dy]) => [
    { id: `arrange.nudge_${word}`, title: `Move ${word}`, group: "Arrange", keys: [`Ctrl+${key}`], isHidden: true, edits: true, isOff: hasNoNodes, run: (context) => nudge(context, dx, dy) },
    { id: `arrange.nudge_far_${word}`, title: `Move ${word}, faster`, group: "Arrange", keys: [`Alt+Shift+${key}`], isHidden: true, edits: true, isOff: hasNoNodes, run: (context) => nudge(context, dx * FAR, dy * FAR) },
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
