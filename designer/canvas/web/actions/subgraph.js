/**
 * Actions that make subgraphs, go into them and take them apart.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { isTerminal } from "../document/terminals.js";
import { hasNoNodes, nodeWord, targetNodes } from "./targets.js";

/** @type {Action[]} */
export const SUBGRAPH_ACTIONS = [
  { id: "subgraph.collapse", title: "Make a subgraph", group: "Subgraphs", icon: "account_tree", keys: ["Ctrl+G"], edits: true, isOff: hasNothingToCollapse, run: collapse },
  { id: "subgraph.unpack", title: "Unpack the subgraph", group: "Subgraphs", icon: "unarchive", keys: ["Ctrl+Shift+G"], edits: true, isOff: hasNoDrawn, isAbsent: hasNoDrawn, run: unpack },
  { id: "subgraph.enter", title: "Go inside", group: "Subgraphs", icon: "login", keys: ["Alt+ArrowDown"], isOff: isNotOne, isAbsent: isNotOne, run: (context) => enter(context, targetNodes(context)[0]) },
  { id: "subgraph.leave", title: "Go outside", group: "Subgraphs", icon: "logout", keys: ["Alt+ArrowUp"], where: "page", isOff: ({ session }) => session.scope.length === 0, isAbsent: ({ session }) => session.scope.length === 0, run: leave },
  {
    id: "subgraph.expand", title: "Expand in place", group: "Subgraphs", icon: "unfold_more", keys: ["Alt+E"], isOff: hasNoDrawn, isAbsent: hasNoDrawn,
    titleNow: (context) => (areExpanded(context) ? "Fold again" : "Expand in place"), run: expand,
  },
  { id: "subgraph.independent", title: "Make independent", group: "Subgraphs", icon: "link_off", edits: true, isOff: isNotLinked, isAbsent: isNotLinked, run: (context) => context.session.subgraphs.makeIndependent(targetNodes(context)[0]) },
  { id: "subgraph.publish", title: "Publish as a module", group: "Subgraphs", icon: "publish", edits: true, isOff: isNotOneDrawn, isAbsent: isNotOneDrawn, run: publish },
  { id: "subgraph.copy", title: "Edit a copy", group: "Subgraphs", icon: "edit", edits: true, isOff: isNotPublished, isAbsent: isNotPublished, run: (context) => context.session.subgraphs.editCopy(targetNodes(context)[0]) },
];

/** @param {ActionContext} context */
function drawn(context) {
  return targetNodes(context).filter((id) => context.session.document.nodes[id]?.subgraph);
}

/** @param {ActionContext} context */
function hasNoDrawn(context) {
  return drawn(context).length === 0;
}

/** @param {ActionContext} context */
function isNotOneDrawn(context) {
  return drawn(context).length !== 1;
}

/** @param {ActionContext} context */
function hasNothingToCollapse(context) {
  return hasNoNodes(context) || targetNodes(context).every(isTerminal);
}

/** @param {ActionContext} context */
function isNotOne(context) {
  const [only, ...more] = targetNodes(context);
  return more.length > 0 || !context.session.modules.isSubgraph(context.session.document.nodes[only]);
}

/** @param {ActionContext} context */
function isNotLinked(context) {
  const [only] = drawn(context);
  const name = context.session.document.nodes[only]?.subgraph;
  return isNotOneDrawn(context) || !name || context.session.subgraphs.countUses(name) < 2;
}

/** @param {ActionContext} context */
function isNotPublished(context) {
  const { session } = context;
  const [only, ...more] = targetNodes(context);
  return more.length > 0 || session.modules.publishedKey(session.document.nodes[only]) === "";
}

/** @param {ActionContext} context */
function areExpanded({ session, ...context }) {
  const nodes = drawn({ session, ...context });
  return nodes.length > 0 && nodes.every((id) => session.document.nodes[id].expanded);
}

/** @param {ActionContext} context */
function collapse(context) {
  const { session, view } = context;
  const nodes = targetNodes(context);
  const id = session.subgraphs.collapse(nodes);
  if (!id) return;
  view.reveal(id);
  view.announcer.say(`${nodeWord(nodes.length)} became a subgraph.`);
}

/** @param {ActionContext} context */
function unpack(context) {
  const { session, view } = context;
  const ids = session.subgraphs.unpack(drawn(context));
  if (ids.length > 0) view.announcer.say(`Unpacked into ${nodeWord(ids.length)}.`);
}

/** @param {ActionContext} context @param {string} id */
export function enter({ session, view }, id) {
  if (session.enter(id)) view.announcer.say(`Inside ${session.subgraphs.titleHere()}.`);
  else session.notify({ kind: "error", message: `The inside of '${session.titleOf(id)}' is not here.`, remedy: "Correct the problem that its badge tells." });
}

/** @param {ActionContext} context */
function leave({ session, view }) {
  session.leave();
  view.announcer.say(`In ${session.subgraphs.titleHere()}.`);
}

/** @param {ActionContext} context */
function expand(context) {
  const wanted = !areExpanded(context);
  for (const id of drawn(context)) context.session.subgraphs.setExpanded(id, wanted);
}

/** @param {ActionContext} context */
function publish(context) {
  const name = context.session.document.nodes[drawn(context)[0]]?.subgraph;
  if (name) context.page?.publishSubgraph(name);
}
