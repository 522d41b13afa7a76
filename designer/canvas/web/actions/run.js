/**
 * Actions that run the pipeline or a part of it, show what a run would do, and stop it.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { canContinue } from "../document/run_options.js";
import { hasNoNodes, hasNothing, targetNodes } from "./targets.js";

const ENDED = new Set(["completed", "failed", "cancelled", "skipped"]);
const UNFINISHED = new Set(["failed", "cancelled", "skipped"]);

/** @type {Action[]} */
export const RUN_ACTIONS = [
  { id: "run.all", title: "Run all", group: "Run", icon: "play_arrow", keys: ["Ctrl+Enter", "Shift+F7"], where: "always", edits: true, isOff: cannotStart, run: ({ session }) => session.running.start() },
  { id: "run.to", title: "Run to here", group: "Run", icon: "vertical_align_bottom", keys: ["Shift+Enter", "F7"], edits: true, isOff: hasNoNodes, run: (context) => context.session.running.start({ to: targetNodes(context) }) },
  { id: "run.from", title: "Run from here", group: "Run", icon: "vertical_align_top", keys: ["Alt+Enter"], edits: true, isOff: hasNoNodes, run: (context) => context.session.running.start({ from: targetNodes(context) }) },
  { id: "run.only", title: "Run only this", group: "Run", icon: "filter_center_focus", edits: true, isOff: hasNoNodes, run: (context) => context.session.running.start({ only: targetNodes(context) }) },
  { id: "run.failed", title: "Run what failed and what follows", group: "Run", icon: "replay", keys: ["Alt+Shift+Enter"], where: "page", edits: true, isOff: (context) => cannotStart(context) || !hasUnfinished(context), run: ({ session }) => session.running.start({ failed: true }) },
  { id: "run.continue", title: "Continue after the breakpoint", group: "Run", icon: "skip_next", keys: ["Ctrl+F9"], where: "page", edits: true, isOff: ({ session }) => !canContinue(session.run), run: ({ session }) => session.running.goOn() },
  { id: "run.again", title: "Run all again, reuse nothing", group: "Run", icon: "restart_alt", edits: true, isOff: cannotStart, run: ({ session }) => session.running.start({ regenerate: true }) },
  { id: "run.preview", title: "Preview the run", group: "Run", icon: "preview", keys: ["Alt+P"], where: "page", edits: true, isOff: cannotStart, run: (context) => preview(context) },
  { id: "run.cancel", title: "Stop the run", group: "Run", icon: "stop", keys: ["Ctrl+.", "F9"], where: "always", isOff: (context) => !isRunning(context), run: ({ session }) => session.running.cancel() },
  {
    id: "run.breakpoint", title: "Set a breakpoint", group: "Run", icon: "pause_circle_outline", keys: ["F9"], edits: true, isOff: (context) => isRunning(context) || hasNoTarget(context),
    titleNow: (context) => (haveBreakpoints(context) ? "Take the breakpoint away" : "Set a breakpoint"), run: toggleBreakpoints,
  },
  { id: "run.no_breakpoints", title: "Take all breakpoints away", group: "Run", icon: "highlight_off", keys: ["Ctrl+Shift+F9"], where: "page", isOff: ({ session }) => session.breakpoints.size === 0, run: clearBreakpoints },
  { id: "run.error", title: "Show the error", group: "Run", icon: "error_outline", isOff: (context) => !failedNode(context), run: (context) => context.session.openNode(failedNode(context), "error") },
  { id: "run.reset", title: "Reset", group: "Run", keys: ["F8"], isHidden: true, run: ({ session }) => session.notify({ kind: "info", message: "Results are kept here, so there is nothing to reset.", remedy: "Edit a node or run it again, and its result is replaced." }) },
];

/** @param {ActionContext} context */
export function isRunning({ session }) {
  return session.run !== null && !ENDED.has(session.run.status ?? "queued");
}

/** @param {ActionContext} context */
function cannotStart(context) {
  return isRunning(context) || Object.keys(context.session.document.nodes).length === 0;
}

/** @param {ActionContext} context */
function hasUnfinished({ session }) {
  return [...session.statuses.values()].some(({ status }) => UNFINISHED.has(status));
}

/** @param {ActionContext} context */
function preview({ session, page }) {
  page?.showPlan();
  return session.running.preview();
}

/** @param {ActionContext} context */
function hasNoTarget(context) {
  return hasNoNodes(context) && hasNothing(context);
}

/** @param {ActionContext} context */
function haveBreakpoints(context) {
  const { session } = context;
  const { nodes, wires } = breakpointTargets(context);
  const { scope, breakpoints } = session;
  return nodes.length + wires.length > 0 && nodes.every((id) => breakpoints.hasNode(scope, id)) && wires.every((key) => breakpoints.hasWire(scope, key));
}

/** Wires where no node is chosen. @param {ActionContext} context @returns {{nodes: string[], wires: string[]}} */
function breakpointTargets(context) {
  const nodes = targetNodes(context);
  return { nodes, wires: nodes.length > 0 ? [] : [...context.session.selection.wires] };
}

/** @param {ActionContext} context */
function toggleBreakpoints(context) {
  const { session, view } = context;
  const isOn = session.breakpoints.toggle(session.scope, breakpointTargets(context));
  view.announcer.say(isOn ? "Breakpoint set: a run stops before it." : "Breakpoint taken away.");
}

/** @param {ActionContext} context */
function clearBreakpoints({ session, view }) {
  session.breakpoints.clear();
  view.announcer.say("All breakpoints taken away.");
}

/** @param {ActionContext} context */
function failedNode(context) {
  return targetNodes(context).find((id) => context.session.stepOf(id)?.error) ?? "";
}
