/**
 * The changes that turn one document into another, as fine as people's edits are. Pure; the Python
 * twin is `designer/document/difference.py`, and both pass the vectors in
 * `tests/golden/differences.json`.
 *
 * @import {Change, GraphDocument} from "../types.js"
 */
import { isDefinition, isNode, placeOf } from "./place.js";

const MAPS = new Set(["nodes", "parameters", "outputs", "subgraphs", "layout"]);
const NODE_MAPS = new Set(["inputs", "parameters", "run"]);

/**
 * Changes that lead from one document to the other; `format` is left alone. Wires and ports come
 * after the nodes they name when those are new, before when they go.
 *
 * @param {GraphDocument} before
 * @param {GraphDocument} after
 * @returns {Change[]}
 */
export function difference(before, after) {
  /** @type {Change[]} */
  const changes = [];
  walk([], before, after, changes);
  return changes.map((change) => ({ change, order: orderOf(change) })).sort((a, b) => a.order - b.order).map(({ change }) => change);
}

/** @param {string[]} path @param {any} before @param {any} after @param {Change[]} found */
function walk(path, before, after, found) {
  if (isEqual(before, after) || (path.length === 1 && path[0] === "format")) return;
  if (!isFine(path) || !isObject(before) || !isObject(after)) {
    /** @type {Change} */
    const change = { path };
    if (before !== undefined) change.before = before;
    if (after !== undefined) change.after = after;
    found.push(change);
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)].sort(byCode))) {
    const child = [...path, key];
    walk(child, inside(before, child), inside(after, child), found);
  }
}

/** @param {any} container @param {string[]} path of what is wanted in it */
function inside(container, path) {
  const key = path[path.length - 1];
  if (Object.hasOwn(container, key)) return container[key];
  const place = placeOf(path);
  return isFine(path) && !isNode(place) && !isDefinition(place) ? {} : undefined;
}

/** Whether the keys of the object at the path change one by one; else it is replaced whole. @param {string[]} path */
function isFine(path) {
  const { scope, inside: rest } = placeOf(path);
  const [kind, , part] = rest;
  if (rest.length === 0) return true;
  if (rest.length === 1) return MAPS.has(kind) || (kind === "inputs" && scope.length > 0);
  if (rest.length === 2) return kind === "nodes" || kind === "layout" || kind === "subgraphs";
  return rest.length === 3 && kind === "nodes" && NODE_MAPS.has(part);
}

/** @param {Change} change */
function orderOf({ path, before, after }) {
  const place = placeOf(path);
  const isWhole = isNode(place) || isDefinition(place);
  if (isWhole && before === undefined) return 0;
  return isWhole && after === undefined ? 2 : 1;
}

/** @param {any} a @param {any} b @returns {boolean} */
export function isEqual(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

/** Order of code units, as Python sorts ids. @param {string} a @param {string} b */
function byCode(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param {any} value @returns {value is {[key: string]: any}} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
