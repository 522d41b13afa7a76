/**
 * Actions that run the pipeline, or a part of it.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { hasNoNodes, targetNodes } from "./targets.js";

const ENDED = new Set(["completed", "failed", "cancelled", "skipped"]);

/** @type {Action[]} */
export const RUN_ACTIONS = [
  { id: "run.all", title: "Run all", group: "Run", icon: "play_arrow", keys: ["Ctrl+Enter"], where: "always", edits: true, isOff: cannotStart, run: ({ session }) => session.startRun() },
  { id: "run.to", title: "Run to here", group: "Run", icon: "vertical_align_bottom", keys: ["Shift+Enter"], edits: true, isOff: hasNoNodes, run: (context) => context.session.startRun({ to: targetNodes(context) }) },
  { id: "run.from", title: "Run from here", group: "Run", icon: "vertical_align_top", keys: ["Alt+Enter"], edits: true, isOff: hasNoNodes, run: (context) => context.session.startRun({ from: targetNodes(context) }) },
  { id: "run.only", title: "Run only this", group: "Run", icon: "filter_center_focus", edits: true, isOff: hasNoNodes, run: (context) => context.session.startRun({ only: targetNodes(context) }) },
  { id: "run.again", title: "Run all again, reuse nothing", group: "Run", icon: "restart_alt", edits: true, isOff: cannotStart, run: ({ session }) => session.startRun({ regenerate: true }) },
  { id: "run.cancel", title: "Stop the run", group: "Run", icon: "stop", keys: ["Ctrl+."], where: "always", isOff: (context) => !isRunning(context), run: ({ session }) => session.cancelRun() },
];

/** @param {ActionContext} context */
export function isRunning({ session }) {
  return session.run !== null && !ENDED.has(session.run.status ?? "queued");
}

/** @param {ActionContext} context */
function cannotStart(context) {
  return isRunning(context) || Object.keys(context.session.document.nodes).length === 0;
}
