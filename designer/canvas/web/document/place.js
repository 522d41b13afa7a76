/**
 * Where nodes live: at the top of the document, or inside the definition of a subgraph. What holds
 * for a path below `nodes` at the top holds for the same path below `subgraphs/<name>`. The Python
 * twin is `designer/document/place.py`.
 *
 * @typedef {{scope: readonly string[], inside: readonly string[]}} Place `scope` is the way to
 *   where the nodes live, empty at the top; a whole definition lies at the top too
 */

/** @param {readonly string[]} path @returns {Place} */
export function placeOf(path) {
  if (path.length > 2 && path[0] === "subgraphs") return { scope: path.slice(0, 2), inside: path.slice(2) };
  return { scope: [], inside: path };
}

/** The id of the node that a place leads to or into. @param {Place} place */
export function nodeAt({ inside }) {
  return inside[0] === "nodes" && inside.length > 1 ? inside[1] : null;
}

/** Whether a place is a whole node. @param {Place} place */
export function isNode({ inside }) {
  return inside[0] === "nodes" && inside.length === 2;
}

/** Whether a place is the whole definition of a subgraph. @param {Place} place */
export function isDefinition({ scope, inside }) {
  return scope.length === 0 && inside[0] === "subgraphs" && inside.length === 2;
}

/** Whether a path is a whole node, wherever it lives, or a whole definition. @param {readonly string[]} path */
export function isWhole(path) {
  const place = placeOf(path);
  return isNode(place) || isDefinition(place);
}
