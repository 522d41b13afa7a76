/**
 * Actions that change what is drawn.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { linkBetween } from "../document/linking.js";
import { areDisabled, stateOf } from "../document/switches.js";
import { focusedNode, hasNoNodes, hasNothing, targetNodes } from "./targets.js";

/** @type {Action[]} */
export const DRAW_ACTIONS = [
  { id: "draw.undo", title: "Undo", group: "Draw", icon: "undo", keys: ["Ctrl+Z"], where: "page", edits: true, isOff: ({ session }) => !session.canUndo, run: ({ session }) => session.undo() },
  { id: "draw.redo", title: "Redo", group: "Draw", icon: "redo", keys: ["Ctrl+Y", "Ctrl+Shift+Z"], where: "page", edits: true, isOff: ({ session }) => !session.canRedo, run: ({ session }) => session.redo() },
  { id: "draw.edit", title: "Properties", group: "Draw", icon: "tune", keys: ["Enter"], isOff: hasNoNodes, run: openProperties },
  { id: "draw.rename", title: "Rename", group: "Draw", icon: "drive_file_rename_outline", keys: ["F2"], edits: true, isOff: hasNothing, run: rename },
  { id: "draw.link", title: "Connect", group: "Draw", icon: "timeline", keys: ["L"], edits: true, isOff: (context) => ![1, 2].includes(targetNodes(context).length), run: link },
  { id: "draw.frame", title: "Put a frame around", group: "Draw", icon: "crop_din", keys: ["C", "Ctrl+Alt+G"], edits: true, titleNow: ({ session }) => (session.selection.nodes.size ? "Put a frame around" : "Add a frame"), run: addFrame },
  { id: "draw.note", title: "Add a note", group: "Draw", icon: "sticky_note_2", keys: ["Shift+N"], edits: true, run: addNote },
  { id: "draw.write", title: "Write", group: "Draw", icon: "edit_note", edits: true, isHidden: true, isOff: ({ session }) => session.selection.marks.size !== 1, run: ({ session, view }) => view.write([...session.selection.marks][0]) },
  { id: "draw.copy", title: "Copy", group: "Draw", icon: "content_copy", browserKeys: ["Ctrl+C"], isOff: hasNothing, run: ({ view }) => view.clipboard.copy() },
  { id: "draw.cut", title: "Cut", group: "Draw", icon: "content_cut", browserKeys: ["Ctrl+X"], edits: true, isOff: hasNothing, run: ({ view }) => view.clipboard.cut() },
  { id: "draw.paste", title: "Paste", group: "Draw", icon: "content_paste", browserKeys: ["Ctrl+V"], edits: true, run: ({ view }) => view.clipboard.paste() },
  { id: "draw.duplicate", title: "Duplicate", group: "Draw", icon: "control_point_duplicate", keys: ["Ctrl+D"], edits: true, isOff: hasNothing, run: ({ session }) => session.duplicate() },
  {
    id: "draw.disable", title: "Disable", group: "Draw", icon: "toggle_off", keys: ["Ctrl+M"], edits: true, isOff: hasNoNodes,
    titleNow: (context) => (are(context, "disabled") ? "Enable" : "Disable"),
    run: (context) => context.session.setDisabled(targetNodes(context), !are(context, "disabled")),
  },
  {
    id: "draw.bypass", title: "Bypass", group: "Draw", icon: "arrow_forward", keys: ["Ctrl+B"], edits: true, isOff: hasNoNodes,
    titleNow: (context) => (are(context, "bypassed") ? "Do not bypass" : "Bypass"),
    run: (context) => context.session.setBypassed(targetNodes(context), !are(context, "bypassed")),
  },
  {
    id: "draw.freeze", title: "Freeze the output", group: "Draw", icon: "ac_unit", keys: ["Ctrl+Shift+F"], edits: true, isOff: hasNoNodes,
    titleNow: (context) => (are(context, "frozen") ? "Unfreeze" : "Freeze the output"), run: toggleFrozen,
  },
  {
    id: "draw.disable_wire", title: "Disable the wire", group: "Draw", icon: "link_off", keys: ["Ctrl+M"], edits: true, isOff: hasNoWires,
    titleNow: (context) => (areWiresDisabled(context) ? "Enable the wire" : "Disable the wire"),
    run: (context) => context.session.wires.setDisabled(context.session.selection.wires, !areWiresDisabled(context)),
  },
  { id: "draw.delete", title: "Delete", group: "Draw", icon: "delete", keys: ["Delete", "Backspace"], edits: true, isDanger: true, isOff: hasNothing, run: removeSelected },
  {
    id: "draw.delete_heal", title: "Delete and reconnect", group: "Draw", icon: "healing", keys: ["Ctrl+Delete", "Ctrl+Backspace"], edits: true, isDanger: true,
    isOff: hasNoNodes, run: (context) => context.session.removeNodes(targetNodes(context), { heal: true }),
  },
];

/** @param {ActionContext} context */
function addFrame({ session, view }) {
  const key = session.addFrame(view.pointerInView());
  if (key) view.write(key);
}

/** @param {ActionContext} context */
function addNote({ session, view }) {
  const key = session.addNote(view.pointerInView());
  if (key) view.write(key);
}

/** By the keyboard the first field has the focus then. @param {ActionContext} context @param {Event} [event] */
function openProperties(context, event) {
  const id = focusedNode() ?? targetNodes(context)[0];
  context.session.select([id]);
  context.session.openNode(id, "properties");
  if (event?.type === "keydown") context.page?.focusProperties();
}

/** Two nodes are joined by their best ports; for one, the other is chosen by its name. @param {ActionContext} context */
function link(context) {
  const { session, view, page } = context;
  const [a, b] = targetNodes(context);
  if (b === undefined) return page?.chooseLink(a);
  const { link: best, reason } = linkBetween(session.document, session.modules, a, b);
  if (!best) return session.notify({ kind: "error", message: `${session.titleOf(a)} and ${session.titleOf(b)} do not fit together. ${reason}` });
  session.wires.connect(best.source, best.target, best.input.name);
  view.announcer.say(`${session.titleOf(best.node)} connected to ${session.titleOf(best.target)}.`);
}

/** @param {ActionContext} context @param {"disabled" | "bypassed" | "frozen"} kind */
function are(context, kind) {
  const nodes = targetNodes(context);
  return nodes.length > 0 && nodes.every((id) => stateOf(context.session.document, id) === kind);
}

/** @param {ActionContext} context */
function toggleFrozen(context) {
  const nodes = targetNodes(context);
  if (are(context, "frozen")) context.session.unfreeze(nodes);
  else context.session.freeze(nodes);
}

/** Wires count where no node is selected. @param {ActionContext} context */
function hasNoWires({ session }) {
  return session.selection.nodes.size > 0 || session.selection.wires.size === 0;
}

/** @param {ActionContext} context */
function areWiresDisabled({ session }) {
  return areDisabled(session.document, session.selection.wires);
}

/** @param {ActionContext} context */
function rename(context) {
  const [node] = targetNodes(context);
  const [mark] = context.session.selection.marks;
  if (node && !context.page?.renameInOutline(node)) context.view.rename(node);
  else if (!node && mark) context.view.write(mark);
}

/** Everything that is selected goes in one step. @param {ActionContext} context */
function removeSelected({ session, view }) {
  const { nodes, wires, marks } = session.selection;
  const count = nodes.size + wires.size + marks.size;
  session.removeSelected();
  view.announcer.say(`${count} deleted.`);
}
