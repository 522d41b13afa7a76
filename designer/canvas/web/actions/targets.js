/**
 * What an action is about: the selected nodes, or the one that has the keyboard's focus.
 *
 * @import {ActionContext} from "./registry.js"
 */

/** @param {ActionContext} context @returns {string[]} */
export function targetNodes({ session }) {
  const { nodes } = session.selection;
  if (nodes.size > 0) return [...nodes];
  const focused = focusedNode();
  return focused && session.document.nodes[focused] ? [focused] : [];
}

/** The node whose card has the focus. */
export function focusedNode() {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement ? activeElement.dataset.node : undefined;
}

/** @param {ActionContext} context */
export function hasNoNodes(context) {
  return targetNodes(context).length === 0;
}

/** @param {Pick<ActionContext, "session">} context */
export function hasNothing({ session }) {
  const { nodes, wires, marks } = session.selection;
  return nodes.size + wires.size + marks.size === 0;
}

/** @param {number} count */
export function nodeWord(count) {
  return count === 1 ? "the node" : `${count} nodes`;
}
