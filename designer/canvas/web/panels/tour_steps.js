/**
 * The steps of the tour and how each is seen to be done. Pure.
 *
 * @import {GraphDocument, Run} from "../types.js"
 * @typedef {{nodes: number, wires: number, values: string, run: string, isCompleted: boolean, reused: number, opened: number}} TourFacts what a person has done so far
 * @typedef {{id: string, title: string, text: (keys: (action: string) => string) => string, isDone: (before: TourFacts, now: TourFacts) => boolean}} TourStep
 */
import { wiresOf } from "../document/wires.js";

/** @type {readonly TourStep[]} */
export const TOUR_STEPS = [
  {
    id: "add", title: "Add a module",
    text: (keys) => `Double-click an empty place${keys("draw.add") && ` or press ${keys("draw.add")}`}, type “summarize” and press Enter.`,
    isDone: (before, now) => now.nodes > before.nodes,
  },
  {
    id: "wire", title: "Draw a wire",
    text: (keys) => `Drag from the port under a node to the port on top of the new one.${keys("draw.link") && ` By keys: select a node, press ${keys("draw.link")} and type where to.`}`,
    isDone: (before, now) => now.wires > before.wires,
  },
  {
    id: "set", title: "Set something",
    text: (keys) => `Select a node: its parameters are beside the canvas. Change one.${keys("draw.undo") && ` ${keys("draw.undo")} takes any step back,`}${keys("help.module") && ` ${keys("help.module")} explains the module.`}`,
    isDone: (before, now) => now.values !== before.values,
  },
  {
    id: "run", title: "Run it",
    text: (keys) => `Press ${keys("run.all") || "Run"}. Every node shows how far it is.`,
    isDone: (before, now) => now.isCompleted && now.run !== before.run,
  },
  {
    id: "look", title: "Look at a result",
    text: (keys) => `Click the port under a node${keys("draw.output") && `, or select the node and press ${keys("draw.output")}`}.`,
    isDone: (before, now) => now.opened !== before.opened,
  },
  {
    id: "reuse", title: "See why it is reused",
    text: (keys) => `Run once more${keys("run.all") && ` (${keys("run.all")})`}: nothing has changed, so nothing is computed again. The bolt on a node says so, “Last run” beside the canvas says why.`,
    isDone: (before, now) => now.isCompleted && now.run !== before.run && now.reused > 0,
  },
];

/** @param {GraphDocument} document @param {Run | null} run @param {number} opened when something was looked at last @returns {TourFacts} */
export function tourFacts(document, run, opened) {
  const nodes = Object.values(document.nodes);
  const isCompleted = run?.status === "completed";
  return {
    nodes: nodes.length,
    wires: wiresOf(document).length,
    values: JSON.stringify([document.parameters ?? {}, nodes.map(({ parameters }) => parameters ?? {}).filter((own) => Object.keys(own).length > 0)]),
    run: isCompleted ? (run?.id ?? "") : "",
    isCompleted,
    reused: Object.values(run?.steps ?? {}).filter(({ reused }) => reused).length,
    opened,
  };
}
