/**
 * Actions that choose nodes, and walk from one to the next.
 *
 * @import {Action, ActionContext} from "./registry.js"
 * @import {Arrow} from "../interaction/walk.js"
 */
import { allMarks } from "../document/annotations.js";
import { isTerminal } from "../document/terminals.js";
import { reachable } from "../document/wires.js";
import { neighbour, nodeNearMiddle } from "../interaction/walk.js";
import { focusedNode, hasNoNodes, hasNothing, targetNodes } from "./targets.js";

/** @type {Action[]} */
export const SELECT_ACTIONS = [
  { id: "select.all", title: "Select all", group: "Select", icon: "select_all", keys: ["Ctrl+A"], run: ({ session }) => session.select(Object.keys(session.document.nodes).filter((id) => !isTerminal(id)), [], allMarks(session.document.layout).map(({ key }) => key)) },
  { id: "select.invert", title: "Invert the selection", group: "Select", icon: "flip", keys: ["Ctrl+I"], run: invert },
  { id: "select.upstream", title: "Select everything upstream", group: "Select", icon: "north", keys: ["Alt+S U"], isOff: hasNoNodes, run: (context) => selectReachable(context, "upstream") },
  { id: "select.downstream", title: "Select everything downstream", group: "Select", icon: "south", keys: ["Alt+S D"], isOff: hasNoNodes, run: (context) => selectReachable(context, "downstream") },
  { id: "select.connected", title: "Select everything connected", group: "Select", icon: "hub", keys: ["Alt+S C"], isOff: hasNoNodes, run: selectConnected },
  { id: "select.step_back", title: "Step back", group: "Select", keys: ["Escape"], where: "canvas", isHidden: true, run: stepBack },
  ...walking(),
];

/** @param {ActionContext} context */
function invert({ session }) {
  const { nodes } = session.selection;
  session.select(Object.keys(session.document.nodes).filter((id) => !nodes.has(id) && !isTerminal(id)));
}

/** @param {ActionContext} context @param {"upstream" | "downstream"} direction */
function selectReachable(context, direction) {
  const nodes = targetNodes(context);
  choose(context, new Set([...nodes, ...reachable(context.session.document, nodes, direction)]));
}

/** @param {ActionContext} context */
function selectConnected(context) {
  const found = new Set(targetNodes(context));
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const direction of /** @type {const} */ (["upstream", "downstream"])) for (const id of reachable(context.session.document, found, direction)) found.add(id);
  }
  choose(context, found);
}

/** @param {ActionContext} context @param {Set<string>} ids */
function choose({ session, view }, ids) {
  session.select(ids);
  view.announcer.say(`${ids.size} selected.`);
}

/** Esc takes back one thing at a time: the gesture, the selection, the preview, the subgraph. @param {ActionContext} context */
function stepBack({ session, view }) {
  if (view.machine.cancel()) return;
  if (!hasNothing({ session })) session.select([]);
  else if (session.previews.shown) session.previews.close();
  else session.leave();
}

/** @returns {Action[]} */
function walking() {
  const words = { ArrowUp: "above", ArrowDown: "below", ArrowLeft: "to the left", ArrowRight: "to the right" };
  return Object.entries(words).flatMap(([key, word]) => {
    const arrow = /** @type {Arrow} */ (key);
    return [
      { id: `select.${key}`, title: `Go to the node ${word}`, group: "Select", keys: [key], isHidden: true, run: (context) => walk(context, arrow, false) },
      { id: `select.add_${key}`, title: `Add the node ${word}`, group: "Select", keys: [`Shift+${key}`], isHidden: true, run: (context) => walk(context, arrow, true) },
    ];
  });
}

/** @param {ActionContext} context @param {Arrow} arrow @param {boolean} isAdding */
function walk({ session, view }, arrow, isAdding) {
  const { scene } = view;
  const id = focusedNode() ?? [...session.selection.nodes].at(-1);
  const from = id === undefined ? undefined : scene.index.get(id);
  const to = from === undefined ? nodeNearMiddle(scene, view.viewport) : neighbour(scene, from, arrow);
  if (to < 0) return;
  const next = scene.ids[to];
  session.select(isAdding ? [...session.selection.nodes, next] : [next]);
  view.reveal(next);
  view.root.focus({ preventScroll: true });
  view.announcer.say(view.layer.faces.get(next)?.label ?? scene.titles[to]);
}
