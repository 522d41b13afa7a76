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

/** @param {ActionContext} context */
export function hasNothing({ session }) {
  return session.selection.nodes.size + session.selection.wires.size === 0;
}

/** @param {number} count */
export function nodeWord(count) {
  return count === 1 ? "the node" : `${count} nodes`;
}
