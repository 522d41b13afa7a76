/**
 * Wires without aiming: which ports of two nodes belong together. Pure.
 *
 * @import {GraphDocument, Port} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 * @typedef {{source: string, node: string, output: Port, target: string, input: Port, rank: number}} Link  `source` as `node.port`
 */
import { refusalOf } from "./edits.js";
import { isCompatible } from "./module_store.js";
import { reachable } from "./wires.js";

/**
 * Every wire that could lead out of a node, best first.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {string} from
 * @param {Iterable<string>} [targets] all nodes where none are named
 * @returns {Link[]}
 */
export function linksFrom(document, modules, from, targets = Object.keys(document.nodes)) {
  const { outputs } = modules.portsOf(document, from);
  const above = reachable(document, [from], "upstream");
  const links = [...targets].flatMap((target) => {
    if (target === from || above.has(target)) return [];
    const { inputs } = modules.portsOf(document, target);
    return outputs.flatMap((output) => inputs.flatMap((input) => link(document, from, output, target, input)));
  });
  return links.sort((a, b) => a.rank - b.rank);
}

/**
 * The best wire between two nodes; the upper one feeds the lower one where both ways would do.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {string} a
 * @param {string} b
 * @returns {{link: Link | null, reason: string}}
 */
export function linkBetween(document, modules, a, b) {
  const y = (/** @type {string} */ id) => document.layout?.nodes?.[id]?.y ?? 0;
  const [upper, lower] = y(a) <= y(b) ? [a, b] : [b, a];
  const best = linksFrom(document, modules, upper, [lower])[0] ?? linksFrom(document, modules, lower, [upper])[0];
  if (best) return { link: best, reason: "" };
  const output = modules.portsOf(document, upper).outputs[0];
  const input = modules.portsOf(document, lower).inputs[0];
  const reason = output && input ? refusalOf(document, modules, `${upper}.${output.name}`, { node: lower, port: input.name }) : "";
  return { link: null, reason: reason || "No output of one fits an input of the other." };
}

/** @param {GraphDocument} document @param {string} from @param {Port} output @param {string} target @param {Port} input @returns {Link[]} */
function link(document, from, output, target, input) {
  if (!isCompatible(output.type, input.type)) return [];
  const source = `${from}.${output.name}`;
  const held = document.nodes[target]?.inputs?.[input.name];
  if (held === source || (Array.isArray(held) && held.includes(source))) return [];
  const isFree = held === undefined || input.many;
  const rank = (isFree ? 0 : 8) + (output.type === input.type ? 0 : 4) + (input.optional ? 2 : 0) + (isUsed(document, source) ? 1 : 0);
  return [{ source, node: from, output, target, input, rank }];
}

/** @param {GraphDocument} document @param {string} source */
function isUsed(document, source) {
  return Object.values(document.nodes).some(({ inputs }) => Object.values(inputs ?? {}).some((value) => value === source || (Array.isArray(value) && value.includes(source))));
}
