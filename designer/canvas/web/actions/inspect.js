/**
 * Actions that open what belongs to one node: what it gave, its program.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { focusedNode, targetNodes } from "./targets.js";

/** @type {Action[]} */
export const INSPECT_ACTIONS = [
  { id: "draw.output", title: "Look at the output", group: "Draw", icon: "table_view", keys: ["O"], isOff: isNotOne, run: openOutput },
  { id: "draw.code", title: "Edit the code in a large window", group: "Draw", icon: "code", keys: ["E"], isOff: hasNoCode, isAbsent: hasNoCode, run: editCode },
];

/** The node that has the focus, or the only one selected. @param {ActionContext} context */
function one(context) {
  const nodes = targetNodes(context);
  return focusedNode() ?? (nodes.length === 1 ? nodes[0] : undefined);
}

/** @param {ActionContext} context */
function specOf(context) {
  const id = one(context);
  return id ? context.session.modules.specOf(context.session.document.nodes[id]) : null;
}

/** @param {ActionContext} context */
function codeOf(context) {
  return specOf(context)?.parameters?.find(({ kind }) => kind === "code")?.name ?? "";
}

/** @param {ActionContext} context */
function isNotOne(context) {
  return one(context) === undefined;
}

/** @param {ActionContext} context */
function hasNoCode(context) {
  return codeOf(context) === "";
}

/** @param {ActionContext} context */
function openOutput(context) {
  const id = /** @type {string} */ (one(context));
  const [first] = specOf(context)?.outputs ?? [];
  context.session.select([id]);
  if (first) context.session.openPort(id, first.name);
  else context.session.openNode(id, "log");
}

/** @param {ActionContext} context */
function editCode(context) {
  const id = /** @type {string} */ (one(context));
  context.session.select([id]);
  context.page?.editCode(id, codeOf(context));
}
