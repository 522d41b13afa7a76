/**
 * The outputs that may feed an input port, nearest first. Pure: wiring without a mouse chooses among them.
 *
 * @import {GraphDocument, Port} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 *
 * @typedef {{source: string, node: string, port: Port, isOnlyPort: boolean}} PossibleSource
 */
import { isCompatible } from "./module_store.js";
import { reachable } from "./wires.js";

/**
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {{node: string, port: string}} target
 * @returns {PossibleSource[]}
 */
export function possibleSources(document, modules, target) {
  const input = modules.portsOf(document, target.node).inputs.find((port) => port.name === target.port);
  if (!input) return [];
  const behind = new Set([target.node, ...reachable(document, [target.node], "downstream")]);
  const found = Object.keys(document.nodes).flatMap((node) => {
    if (behind.has(node)) return [];
    const { outputs } = modules.portsOf(document, node);
    const fitting = outputs.filter((port) => isCompatible(port.type, input.type));
    return fitting.map((port) => ({ source: `${node}.${port.name}`, node, port, isOnlyPort: outputs.length === 1 }));
  });
  const far = distancesFrom(document, target.node);
  return found.sort((a, b) => far(a.node) - far(b.node));
}

/** @param {GraphDocument} document @param {string} id @returns {(other: string) => number} */
function distancesFrom(document, id) {
  const places = document.layout?.nodes ?? {};
  const here = places[id];
  return (other) => {
    const there = places[other];
    return here && there ? Math.hypot(here.x - there.x, here.y - there.y) : Infinity;
  };
}
