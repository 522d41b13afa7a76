/**
 * What a node's status slot and result line say. Pure; words and numbers only.
 *
 * @import {GraphNode, ModuleSpec, StepRun} from "../types.js"
 * @typedef {"idle" | "queued" | "running" | "completed" | "reused" | "failed" | "cancelled" | "skipped" | "stale" | "disabled" | "bypassed" | "frozen" | "stopped" | "will_run" | "maybe_reused"} VisualState
 */
import { STOPPED } from "../document/run_options.js";

/** @type {VisualState[]} */
export const VISUAL_STATES = ["idle", "queued", "running", "completed", "reused", "failed", "cancelled", "skipped", "stale", "disabled", "bypassed", "frozen", "stopped", "will_run", "maybe_reused"];

/** @type {{[state in VisualState]: string}} what a screen reader and a tooltip say */
export const STATE_WORDS = {
  idle: "not run yet", queued: "queued", running: "running", completed: "completed", reused: "reused from an earlier run",
  failed: "failed", cancelled: "cancelled", skipped: "skipped", stale: "changed since it ran", disabled: "disabled",
  bypassed: "bypassed", frozen: "frozen", stopped: "waits behind a breakpoint", will_run: "would run", maybe_reused: "would probably be reused",
};

/**
 * @param {GraphNode} node
 * @param {StepRun | undefined} step
 * @param {{isStale?: boolean, isLeftOut?: boolean}} [facts] `isLeftOut`: a run would skip it
 * @returns {VisualState}
 */
export function visualState(node, step, { isStale = false, isLeftOut = false } = {}) {
  if (node.state) return node.state.kind;
  if (isLeftOut && step?.status !== "running") return "skipped";
  if (!step) return "idle";
  if (step.status === "skipped" && step.detail === STOPPED) return "stopped";
  if (step.status === "queued") return "queued";
  if (step.status === "running" || step.status === "preparing") return "running";
  if (isStale) return "stale";
  return step.status === "completed" && step.reused ? "reused" : step.status;
}

/**
 * The line under a node's name after, or during, a run.
 *
 * @param {VisualState} state
 * @param {StepRun | undefined} step
 * @param {number} now seconds since the epoch
 * @param {{leftOut?: string, frozen?: string}} [facts] why a run would skip it; what it is frozen with
 */
export function resultLine(state, step, now, { leftOut = "", frozen = "" } = {}) {
  if (state === "frozen") return frozen || "Frozen";
  if (leftOut && state === "skipped") return leftOut;
  if (state === "disabled") return "Disabled";
  if (state === "bypassed") return "Bypassed";
  if (!step) return "";
  if (state === "queued") return step.detail ? capital(step.detail) : "Queued";
  if (state === "running") return runningLine(step, now);
  if (state === "failed") return step.error ? step.error.message : "Failed";
  if (state === "stopped") return "Waits behind a breakpoint";
  if (state === "skipped") return step.detail || step.reason || "Skipped";
  if (state === "cancelled") return "Cancelled";
  const time = step.reused ? "reused" : formatSeconds(step.seconds);
  const line = [resultText(step), time].filter(Boolean).join(" · ");
  return capital(line);
}

/** @param {string} line */
function capital(line) {
  return line.slice(0, 1).toUpperCase() + line.slice(1);
}

/** @param {number | null | undefined} seconds */
export function formatSeconds(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 0.0095) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
}

/** @param {StepRun} step @param {number} now */
function runningLine(step, now) {
  if (step.status === "preparing") return "Preparing";
  if (step.detail) return step.detail.slice(0, 1).toUpperCase() + step.detail.slice(1);
  const elapsed = step.started_at ? formatClock(now - step.started_at) : "";
  const share = typeof step.progress === "number" ? `${Math.round(step.progress * 100)} %` : "";
  return [step.progress_text || "Running", share, elapsed].filter(Boolean).join(" · ");
}

/** @param {number} seconds */
function formatClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const METRICS = ["auc", "accuracy", "f1", "r2", "coefficient_of_determination", "rmse", "root_mean_squared_error", "mae", "silhouette"];
/** @type {{[name: string]: string}} */
const METRIC_WORDS = { auc: "AUC", f1: "F1", r2: "R²", coefficient_of_determination: "R²", rmse: "RMSE", root_mean_squared_error: "RMSE", mae: "MAE" };

/** @param {StepRun} step */
function resultText(step) {
  const outputs = Object.values(step.outputs ?? {});
  const facts = Object.assign({}, ...outputs.map((output) => output.summary ?? {}), step.metrics ?? {});
  const metric = METRICS.find((name) => typeof facts[name] === "number");
  if (metric) return `${METRIC_WORDS[metric] ?? metric} ${Number(facts[metric]).toFixed(3)}`;
  const tables = outputs.flatMap(({ summary }) => (typeof summary?.rows === "number" ? [tableText(summary)] : []));
  if (tables.length) return tables.slice(0, 2).join(", ") + (tables.length > 2 ? ", …" : "");
  const learner = outputs.some(({ type }) => type === "Model") ? (facts.title ?? facts.learner) : "";
  return typeof learner === "string" ? learner.replaceAll("_", " ") : "";
}

/** @param {{[key: string]: any}} summary */
function tableText({ rows, columns }) {
  return columns === undefined ? `${groups(rows)} rows` : `${groups(rows)} × ${groups(columns)}`;
}

/** @param {number} value */
function groups(value) {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
