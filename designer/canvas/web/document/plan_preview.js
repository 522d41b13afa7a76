/**
 * What a run would do, step by step, as the canvas and the plan's list show it. Pure.
 *
 * @import {GraphDocument} from "../types.js"
 * @typedef {"runs" | "reused" | "probably_reused" | "keeps" | "frozen" | "skipped" | "waits" | "invalid"} Outcome
 * @typedef {{low_s: number, typical_s: number, high_s: number, memory_bytes?: number | null, gpu_memory_bytes?: number | null, runs: number, basis: string}} Estimate
 * @typedef {{cpus?: number, memory_gib?: number, gpus?: number, gpu_numbers?: number[]}} Slots what is left out: one processor, nothing else
 * @typedef {{step: string, label?: string, outcome: Outcome, is_certain: boolean, reason: string, target?: string, asks?: Slots, from_run?: number, from_run_id?: string, made_at?: number | null, estimate?: Estimate | null, diagnostics?: any[]}} PreviewStep
 * @typedef {{summary: string, can_run: boolean, steps: PreviewStep[], counts: {[outcome: string]: number}, forecast: any, stopped_before?: string[], diagnostics?: any[]}} RunPreview
 * @typedef {import("../scene/node_state.js").VisualState} VisualState
 */
import { formatDuration } from "./durations.js";

/** The state that stands for an outcome on the canvas. @type {{[outcome in Outcome]: VisualState}} */
export const OUTCOME_STATES = {
  runs: "will_run", reused: "reused", probably_reused: "maybe_reused", keeps: "reused", frozen: "frozen", skipped: "skipped",
  waits: "stopped", invalid: "failed",
};

/** @type {{[outcome in Outcome]: string}} */
export const OUTCOME_WORDS = {
  runs: "runs", reused: "reused", probably_reused: "probably reused", keeps: "kept as it is", frozen: "frozen", skipped: "skipped",
  waits: "waits", invalid: "has a problem",
};

/** Of a subgraph's inside, the first of these is what the node shows. @type {Outcome[]} */
const LOUDEST = ["invalid", "runs", "probably_reused", "waits", "reused", "keeps", "frozen", "skipped"];

/**
 * The steps by the node of the scope that they belong to.
 *
 * @param {RunPreview} preview
 * @param {(step: string) => string | null} nodeOfStep
 * @returns {Map<string, PreviewStep>} of a subgraph, what its inside is together
 */
export function stepsByNode(preview, nodeOfStep) {
  /** @type {Map<string, PreviewStep[]>} */
  const groups = new Map();
  for (const step of preview.steps) {
    const node = nodeOfStep(step.step);
    if (node !== null) groups.set(node, [...(groups.get(node) ?? []), step]);
  }
  return new Map([...groups].map(([node, steps]) => [node, steps.length === 1 ? steps[0] : together(node, steps)]));
}

/** @param {string} node @param {PreviewStep[]} steps @returns {PreviewStep} */
function together(node, steps) {
  const outcome = LOUDEST.find((one) => steps.some((step) => step.outcome === one)) ?? "skipped";
  const same = steps.filter((step) => step.outcome === outcome);
  return { step: node, outcome, is_certain: same.some((step) => step.is_certain), reason: same.length === steps.length ? same[0].reason : `${same.length} of ${steps.length} inside: ${same[0].reason}` };
}

/** The line on a node's face. @param {PreviewStep} step */
export function previewLine({ outcome, from_run, estimate, reason }) {
  if (outcome === "runs") return estimate ? `Runs · ${estimateWords(estimate)}` : "Runs · no past run";
  if (outcome === "probably_reused") return "Probably reused";
  if (outcome === "reused" || outcome === "keeps") return from_run ? `${outcome === "reused" ? "Reused" : "Kept"} from run ${from_run}` : "Reused";
  if (outcome === "frozen") return "Frozen";
  return reason;
}

/** `about 2 s` or `2 to 5 s`, the same as `runtime/execution/summary.py`. @param {{low_s: number, typical_s: number, high_s: number}} estimate */
export function estimateWords({ low_s, typical_s, high_s }) {
  const [low, typical, high] = [low_s, typical_s, high_s].map(formatDuration);
  if (high_s < 1 || high_s <= Math.max(low_s, 0.05) * 1.5) return typical_s < 0.1 ? typical : `about ${typical}`;
  if (low === high) return `about ${high}`;
  const [number, ...unit] = low.split(" ");
  return `${high.endsWith(` ${unit.join(" ")}`) && unit.length === 1 && high.split(" ").length === 2 ? number : low} to ${high}`;
}

/**
 * What a step asks of its target, or holds there.
 *
 * @param {Slots | null | undefined} slots
 * @param {{isPlainToo?: boolean}} [options] say one processor too, which is what most steps ask for
 */
export function slotsWords(slots, { isPlainToo = false } = {}) {
  const { cpus = 1, memory_gib: memory = 0, gpus = 0, gpu_numbers: numbers = [] } = slots ?? {};
  if (!isPlainToo && cpus === 1 && !memory && !gpus) return "";
  const parts = [];
  if (numbers.length) parts.push(`${gpus < 1 ? `${gpus} of ` : ""}GPU ${numbers.join(" and ")}`);
  else if (gpus) parts.push(counted(gpus, "GPU"));
  if (memory) parts.push(`${memory} GiB`);
  parts.push(counted(cpus, "processor"));
  return parts.join(", ");
}

/** @param {number} count @param {string} word */
function counted(count, word) {
  if (count < 1) return `${count} of a ${word}`;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
