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
 * @returns {{node: string | null, parameter: string | null, port: string | null}}
 */
export function placeOf(where) {
  const [, root, node, kind, name] = where.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (root !== "nodes" || !node) return { node: null, parameter: null, port: null };
  return {
    node,
    parameter: kind === "parameters" ? (name ?? null) : null,
    port: kind === "inputs" ? (name ?? null) : null,
  };
}
