// The tabs of a step: its outputs, what else there is to see, what came into it. Pure.

import { portTitle } from "../document/edits.js";
import { capital, formatName } from "./format.js";

/**
 * @import {ArtifactRef, Port, StepRun} from "../types.js"
 * @typedef {{port: string, step: string, output: string, label: string, artifact: ArtifactRef | null}} StepInput
 * @typedef {{id: string, name: string, title: string, icon?: string, type?: string, hint?: string, input?: StepInput}} StepTab
 */

/**
 * Outputs by the module's order, then error, metrics and log, then the inputs.
 *
 * @param {StepRun | null} step
 * @param {object} facts
 * @param {readonly Port[]} facts.outputs the module's
 * @param {readonly Port[]} [facts.inputs] the module's
 * @param {readonly StepInput[]} [facts.brought] what came into them
 * @param {readonly unknown[] | null} [facts.inside] the steps of a subgraph, which has no log of its own
 * @returns {StepTab[]}
 */
export function stepTabs(step, { outputs, inputs = [], brought = [], inside = null }) {
  const made = step?.outputs ?? {};
  const names = [...new Set([...outputs.map((port) => port.name), ...Object.keys(made)])];
  /** @type {StepTab[]} */
  const tabs = names.map((name) => ({
    id: `port:${name}`,
    name,
    title: titleOf(name, outputs),
    type: made[name]?.type ?? outputs.find((port) => port.name === name)?.type ?? "Any",
  }));
  if (step?.error) tabs.push(hasBeenCancelled(step) ? CANCELLED : ERROR);
  if (Object.keys(step?.metrics ?? {}).length) tabs.push({ id: "metrics", name: "", title: "Metrics", icon: "speed" });
  if (inside === null) tabs.push({ id: "log", name: "", title: "Log", icon: "article" });
  else if (inside.length > 0) tabs.push({ id: "inside", name: "", title: "Steps inside", icon: "account_tree" });
  return [...tabs, ...brought.map((input, at) => inputTab(input, at, inputs, brought))];
}

/** @type {StepTab} */
const ERROR = { id: "error", name: "", title: "Error", icon: "error" };
/** @type {StepTab} */
const CANCELLED = { id: "error", name: "", title: "Why it ended", icon: "block" };

/**
 * @param {StepInput} input
 * @param {number} at
 * @param {readonly Port[]} ports
 * @param {readonly StepInput[]} brought
 * @returns {StepTab}
 */
function inputTab(input, at, ports, brought) {
  const wires = brought.filter(({ port }) => port === input.port);
  const place = wires.length > 1 ? ` ${brought.slice(0, at + 1).filter(({ port }) => port === input.port).length}` : "";
  return {
    id: `in:${input.port}${place ? `#${place.trim()}` : ""}`,
    name: input.port,
    title: `${titleOf(input.port, ports)}${place}`,
    type: input.artifact?.type ?? ports.find((port) => port.name === input.port)?.type ?? "Any",
    hint: `What came in from ${input.label}`,
    input,
  };
}

/** @param {string} name @param {readonly Port[]} ports */
function titleOf(name, ports) {
  const port = ports.find((item) => item.name === name);
  return port ? capital(portTitle(port)) : formatName(name);
}

/**
 * Whether a step ended because a person wanted it to.
 *
 * @param {StepRun} step
 */
export function hasBeenCancelled(step) {
  return step.status === "cancelled" || step.error?.code === "R004";
}

/**
 * The tab that is wished for by an address or by a click.
 *
 * @param {{port?: string | null, tab?: string | null} | null} wish
 */
export function wishedTab(wish) {
  if (wish?.port) return wish.port.startsWith("in:") ? wish.port : `port:${wish.port}`;
  return ["log", "error", "metrics", "inside"].includes(wish?.tab ?? "") ? String(wish?.tab) : "";
}
