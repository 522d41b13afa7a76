/**
 * The state of a subgraph node: what its inner steps are together. Pure.
 *
 * @import {ArtifactRef, Status, StepRun} from "../types.js"
 */
import { sumOfMeters } from "./meters.js";
import { STOPPED } from "./run_options.js";

/** The first of these that any step has is what the whole is. @type {Status[]} */
const LOUDEST = ["failed", "running", "preparing", "cancelled"];

/**
 * @param {string} id of the node
 * @param {readonly StepRun[]} steps of its inside; none when nothing of it ran
 * @param {{[port: string]: ArtifactRef}} outputs at its own ports
 * @returns {StepRun | undefined}
 */
export function aggregateSteps(id, steps, outputs) {
  if (steps.length === 0) return undefined;
  const ended = steps.filter(({ status }) => status === "completed" || status === "skipped");
  const failed = steps.find(({ status }) => status === "failed");
  const ran = steps.filter(({ seconds, reused }) => typeof seconds === "number" && !reused);
  const share = steps.reduce((sum, step) => sum + shareOf(step), 0) / steps.length;
  const meters = steps.flatMap(({ status, meter }) => (status === "running" && meter ? [meter] : []));
  const isStopped = steps.some(({ detail }) => detail === STOPPED);
  const started = steps.flatMap(({ started_at }) => started_at ?? []);
  return {
    step: id,
    status: isStopped && ended.length === steps.length ? "skipped" : statusOf(steps, ended.length),
    detail: isStopped ? STOPPED : "",
    meter: sumOfMeters(meters),
    reused: ended.length === steps.length && ended.every((step) => step.reused || step.status === "skipped"),
    seconds: ran.length ? ran.reduce((sum, step) => sum + (step.seconds ?? 0), 0) : null,
    started_at: started.length ? Math.min(...started) : null,
    finished_at: Math.max(...steps.map(({ finished_at }) => finished_at ?? 0)) || null,
    progress: share,
    progress_text: `${ended.length} of ${steps.length}`,
    outputs,
    error: failed?.error ?? null,
  };
}

/** @param {readonly StepRun[]} steps @param {number} ended @returns {Status} */
function statusOf(steps, ended) {
  const loud = LOUDEST.find((status) => steps.some((step) => step.status === status));
  if (loud) return loud;
  if (ended === steps.length) return steps.every(({ status }) => status === "skipped") ? "skipped" : "completed";
  return ended > 0 ? "running" : "queued";
}

/** @param {StepRun} step */
function shareOf({ status, progress }) {
  if (status === "running") return progress ?? 0;
  return status === "queued" || status === "preparing" ? 0 : 1;
}
