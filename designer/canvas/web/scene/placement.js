/**
 * Places for nodes that have none: those that the server suggested on opening; for nodes that came
 * later, rows by depth, in the order of the document.
 *
 * @import {GraphDocument, Point} from "../types.js"
 */
import { wiresOf } from "../document/wires.js";

const ROW = 112;
const COLUMN = 240;

/**
 * @param {GraphDocument} document
 * @param {{[id: string]: Point}} [suggested]
 * @returns {Map<string, Point>} only the nodes without a place, below those that have one
 */
export function placesForTheRest(document, suggested = {}) {
  const held = document.layout?.nodes ?? {};
  const homeless = Object.keys(document.nodes).filter((id) => !held[id]);
  /** @type {Map<string, Point>} */
  const places = new Map(homeless.flatMap((id) => (suggested[id] ? [[id, suggested[id]]] : [])));
  const missing = homeless.filter((id) => !places.has(id));
  if (missing.length === 0) return places;
  const bottom = Math.max(0, ...[...Object.values(held), ...places.values()].map((place) => place.y + ROW));
  const depths = depthsOf(document);
  /** @type {Map<number, string[]>} */
  const rows = new Map();
  for (const id of missing) {
    const depth = depths.get(id) ?? 0;
    rows.set(depth, [...(rows.get(depth) ?? []), id]);
  }
  for (const [depth, ids] of rows) {
    ids.forEach((id, i) => places.set(id, { x: 40 + (i - (ids.length - 1) / 2) * COLUMN, y: bottom + 40 + depth * ROW }));
  }
  return places;
}

/** @param {GraphDocument} document @returns {Map<string, number>} the longest way from a source; circles end where they close */
function depthsOf(document) {
  /** @type {Map<string, string[]>} */
  const sources = new Map();
  for (const wire of wiresOf(document)) sources.set(wire.target, [...(sources.get(wire.target) ?? []), wire.node]);
  /** @type {Map<string, number>} */
  const depths = new Map();
  for (const start of Object.keys(document.nodes)) {
    const stack = [start];
    while (stack.length) {
      const id = stack[stack.length - 1];
      const open = (sources.get(id) ?? []).filter((other) => !depths.has(other) && !stack.includes(other));
      if (open.length) stack.push(open[0]);
      else {
        depths.set(id, Math.max(0, ...(sources.get(id) ?? []).map((other) => (depths.get(other) ?? -1) + 1)));
        stack.pop();
      }
    }
  }
  return depths;
}
