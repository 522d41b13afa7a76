// Diagnostics in order, and the place in the graph that each one points to. Pure.

/**
 * @import {Diagnostic} from "../types.js"
 */

/** @type {Record<string, number>} */
const RANK = { error: 0, warning: 1, info: 2 };

/**
 * Errors first, then warnings, each in the order the server gave.
 *
 * @param {readonly Diagnostic[]} items
 */
export function sortDiagnostics(items) {
  return [...items].sort((a, b) => (RANK[a.severity ?? "error"] ?? 0) - (RANK[b.severity ?? "error"] ?? 0));
}

/**
 * The node, and the parameter or port, that a JSON Pointer leads to.
 *
 * @param {string} where
 * @returns {{definition: string, node: string | null, parameter: string | null, port: string | null, position: number}}
 *   `definition`: the subgraph that holds the node, empty for the pipeline itself; `position` of a wire in the
 *   port's list, -1 without one
 */
export function placeOf(where) {
  const parts = where.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const definition = parts[1] === "subgraphs" ? (parts[2] ?? "") : "";
  const [root, node, kind, name, position] = parts.slice(definition ? 3 : 1);
  if (root !== "nodes" || !node) return { definition, node: null, parameter: null, port: null, position: -1 };
  return {
    definition,
    node,
    parameter: kind === "parameters" ? (name ?? null) : null,
    port: kind === "inputs" ? (name ?? null) : null,
    position: kind === "inputs" && position !== undefined ? Number(position) : -1,
  };
}
