/**
 * What is asked of a run, and what of it goes on later. Pure.
 *
 * @import {Run} from "../types.js"
 * @typedef {{to?: string[], from?: string[], only?: string[], failed?: boolean, stop_before?: string[], regenerate?: boolean, parameters?: object, failure_policy?: string}} RunOptions
 *   nodes by the id of their step
 */
import { isTerminal } from "./terminals.js";

export const STOPPED = "stopped at a breakpoint";

/** @type {readonly ("to" | "from" | "only")[]} */
const RANGES = ["to", "from", "only"];

/** Whether a run stopped at a breakpoint and can go on. @param {Run | null} run */
export function canContinue(run) {
  return run?.status === "completed" && (run.stopped_before ?? []).length > 0;
}

/**
 * The options that go on with a run from where it stopped: what is done stays, the next breakpoints count.
 *
 * @param {Run} run
 * @param {readonly string[]} breakpoints steps that have one now
 * @returns {RunOptions}
 */
export function continuation(run, breakpoints) {
  const { to, only } = run.scope ?? {};
  const from = run.stopped_before ?? [];
  const further = breakpoints.filter((step) => !from.includes(step));
  return {
    from, stop_before: further, parameters: run.parameters ?? {}, failure_policy: run.failure_policy ?? "stop",
    ...(to?.length ? { to } : {}), ...(only?.length ? { only } : {}),
  };
}

/**
 * The options with the steps of a scope's nodes.
 *
 * @param {RunOptions} options nodes by their id in the scope
 * @param {(id: string) => string} stepOf
 * @returns {RunOptions}
 */
export function inSteps(options, stepOf) {
  const named = RANGES.flatMap((key) => (options[key] ? [[key, options[key]?.filter((id) => !isTerminal(id)).map(stepOf)]] : []));
  return { ...options, ...Object.fromEntries(named) };
}

/** What a run was, or is to be, in words. @param {RunOptions} options @param {(step: string) => string} titleOf */
export function rangeWords({ to, from, only, failed, regenerate }, titleOf) {
  const named = (/** @type {string[]} */ steps) => (steps.length === 1 ? `'${titleOf(steps[0])}'` : `${steps.length} nodes`);
  if (failed) return "Failed and downstream";
  if (only?.length) return `Only ${named(only)}`;
  if (from?.length) return `From ${named(from)}`;
  if (to?.length) return `To ${named(to)}`;
  return regenerate ? "All again" : "All";
}
