/**
 * Freezing nodes with the outputs of their last run. Pure.
 *
 * @import {ArtifactRef, GraphDocument, GraphNode, Port} from "../types.js"
 */

/**
 * @param {Iterable<string>} ids nodes of the scope
 * @param {{root: GraphDocument, definition: string, outputsOf: (id: string) => {[port: string]: ArtifactRef}, portsOf: (id: string) => readonly Port[], titleOf: (id: string) => string}} view
 * @returns {{states: Map<string, NonNullable<GraphNode["state"]>>, reason: string, remedy: string}} no states where there is a reason against it
 */
export function freezing(ids, { root, definition, outputsOf, portsOf, titleOf }) {
  /** @type {Map<string, NonNullable<GraphNode["state"]>>} */
  const states = new Map();
  const refused = (/** @type {string} */ reason, /** @type {string} */ remedy) => ({ states: new Map(), reason, remedy });
  const uses = definition ? usesOf(root, definition) : 1;
  for (const id of ids) {
    const outputs = outputsOf(id);
    const names = portsOf(id).map(({ name }) => name);
    if (names.length === 0) return refused(`'${titleOf(id)}' has no outputs to freeze.`, "Choose a node that gives something.");
    if (uses > 1) return refused(`'${titleOf(id)}' is inside a subgraph that is used in ${uses} places.`, "Freeze the subgraph's node instead.");
    if (!names.every((name) => outputs[name])) return refused(`'${titleOf(id)}' has no output yet that could be frozen.`, "Run to it first (Shift+Enter), then freeze it.");
    states.set(id, { kind: "frozen", artifacts: Object.fromEntries(names.map((name) => [name, outputs[name].digest])) });
  }
  return { states, reason: "", remedy: "" };
}

/** In how many places a definition is used. @param {GraphDocument} root @param {string} definition */
export function usesOf(root, definition) {
  const parts = [root.nodes, ...Object.values(root.subgraphs ?? {}).map(({ nodes }) => nodes ?? {})];
  return parts.flatMap((nodes) => Object.values(nodes)).filter(({ subgraph }) => subgraph === definition).length;
}
