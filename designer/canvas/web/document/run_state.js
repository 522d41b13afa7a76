/**
 * A run as it moves: one event after the other.
 *
 * @import {Run, StepRun} from "../types.js"
 * @typedef {{run_id: string, kind: "run" | "step" | "log" | "metric" | "progress" | "meter", step?: string, status?: any, at?: number, data?: any, error?: any}} RunEvent
 */

/**
 * Puts an event into a run.
 *
 * @param {Run} run changed in place
 * @param {RunEvent} event
 * @returns {StepRun | null} the step that changed, as a new object
 */
export function applyRunEvent(run, event) {
  if (event.kind === "run") {
    Object.assign(run, event.data ?? {}, event.status ? { status: event.status } : {}, event.error ? { error: event.error } : {});
    return null;
  }
  if (!event.step || event.kind === "log") return null;
  /** @type {StepRun} */
  const held = run.steps[event.step] ?? { step: event.step, status: "queued" };
  const step = { ...held, ...stepFields(held, event) };
  run.steps[event.step] = step;
  return step;
}

/** @param {StepRun} held @param {RunEvent} event @returns {Partial<StepRun>} */
function stepFields(held, { kind, status, at, data = {}, error }) {
  if (kind === "meter") return { meter: data };
  if (kind === "progress") return { progress: data.share ?? null, progress_text: data.text ?? "" };
  if (kind === "metric") {
    return data.index === undefined || data.index === null ? { metrics: { ...held.metrics, [data.name]: data.value } } : {};
  }
  const started = status === "running" && held.started_at == null && at ? { started_at: at } : {};
  const meter = status && status !== "running" ? { meter: null } : {};
  return { ...started, ...meter, ...data, ...(status ? { status } : {}), ...(error ? { error } : {}) };
}
