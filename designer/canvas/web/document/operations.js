/**
 * Operations on the graph document: applied and inverted. Pure; the Python twin is
 * `designer/document/operations.py`, and both pass the vectors in `tests/golden/operations.json`.
 *
 * @import {Change, Diagnostic, GraphDocument} from "../types.js"
 */
import { isDefinition, isNode, nodeAt, placeOf } from "./place.js";


/** A change that cannot be applied: what it refers to is gone, or its path is not usable. */
export class RefusedChange extends Error {
  /** @param {Diagnostic} diagnostic */
  constructor(diagnostic) {
    super(`${diagnostic.code} ${diagnostic.message}`);
    this.diagnostic = diagnostic;
  }
}

/**
 * The document after the changes; the given one is left as it was and shares what did not change.
 *
 * @param {GraphDocument} document
 * @param {readonly Change[]} changes
 * @returns {GraphDocument}
 * @throws {RefusedChange} when one of them cannot be applied; then none is
 */
export function applyChanges(document, changes) {
  const fresh = new Set();
  const root = own(fresh, document);
  for (const change of changes) applyChange(root, change, fresh);
  return root;
}

/**
 * The changes that take these back.
 *
 * @param {readonly Change[]} changes
 * @returns {Change[]}
 */
export function invertChanges(changes) {
  return changes.toReversed().map(({ path, before, after }) => {
    /** @type {Change} */
    const inverse = { path };
    if (after !== undefined) inverse.before = after;
    if (before !== undefined) inverse.after = before;
    return inverse;
  });
}

/**
 * The value at a path, `undefined` where nothing is.
 *
 * @param {any} document
 * @param {readonly string[]} path
 * @returns {any}
 */
export function valueAt(document, path) {
  let value = document;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/**
 * @param {any} root
 * @param {Change} change
 * @param {Set<object>} fresh objects that this call made and may change in place
 */
function applyChange(root, { path, after }, fresh) {
  if (!path.every(Boolean) || path.length === 0 || (path.length === 1 && path[0] === "format")) {
    throw refusal("G005", `The path '${path.join("/")}' cannot be changed.`, path);
  }
  const removes = after === undefined;
  const missing = missingAbove(root, path);
  if (missing && removes) return;
  if (missing) throw refusal("G009", `${missing} no longer exists.`, path);
  const parents = [root];
  for (const key of path.slice(0, -1)) {
    const parent = parents[parents.length - 1];
    const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (child === undefined && removes) break;
    if (child !== undefined && !isObject(child)) {
      throw refusal("G005", `'${path.join("/")}' leads through a value that is not an object.`, path);
    }
    const copy = own(fresh, child ?? {});
    put(parent, key, copy);
    parents.push(copy);
  }
  const key = path[parents.length - 1];
  if (!removes) put(parents[parents.length - 1], key, after);
  else {
    if (parents.length === path.length) delete parents[parents.length - 1][key];
    dropEmptyMaps(parents, path);
  }
}

/** What a path leads into that is not there, in words. @param {any} root @param {readonly string[]} path */
function missingAbove(root, path) {
  const place = placeOf(path);
  const { scope, inside } = place;
  if (scope.length > 0 && valueAt(root, scope) === undefined) return `Subgraph '${scope[1]}'`;
  const isInNode = nodeAt(place) !== null && !isNode(place);
  return isInNode && valueAt(root, [...scope, ...inside.slice(0, 2)]) === undefined ? `Node '${inside[1]}'` : "";
}

/**
 * An optional map that lost its last key goes too; node maps, nodes and definitions stay.
 *
 * @param {any[]} parents
 * @param {readonly string[]} path
 */
function dropEmptyMaps(parents, path) {
  for (let depth = parents.length - 1; depth > 0; depth--) {
    const place = placeOf(path.slice(0, depth));
    const stays = isNode(place) || isDefinition(place) || (place.inside.length === 1 && place.inside[0] === "nodes");
    if (stays || Object.keys(parents[depth]).length > 0) return;
    delete parents[depth - 1][path[depth - 1]];
  }
}

/** @param {Set<object>} fresh @param {any} value */
function own(fresh, value) {
  if (fresh.has(value)) return value;
  const copy = { ...value };
  fresh.add(copy);
  return copy;
}

/** Sets a key even where it is called `__proto__`. @param {any} object @param {string} key @param {any} value */
function put(object, key, value) {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** @param {any} value @returns {value is {[key: string]: any}} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {string} code @param {string} message @param {readonly string[]} path */
function refusal(code, message, path) {
  const where = path.map((part) => "/" + part.replaceAll("~", "~0").replaceAll("/", "~1")).join("");
  return new RefusedChange({ code, severity: "error", message, remedy: "Undo the edit or add what it refers to again.", where });
}
