/**
 * Two people made a node or subgraph with the same name: the later one gets another, everywhere.
 * Renames are told as old to new: `split` is a node at the top, `subgraphs/prepare` a subgraph,
 * `subgraphs/prepare/nodes/split` a node inside it. The Python twin is
 * `designer/document/renaming.py`, and both pass the vectors in `tests/golden/renames.json`.
 *
 * @import {Change, Operation} from "../types.js"
 * @import {Place} from "./place.js"
 * @typedef {{[old: string]: string}} Renames
 */
import { isDefinition, placeOf } from "./place.js";

/**
 * The operation with nodes and subgraphs renamed, in paths, wires, ports and uses.
 *
 * @param {Operation} operation
 * @param {Renames} renamed
 * @returns {Operation}
 */
export function renameNodes(operation, renamed) {
  return { ...operation, changes: operation.changes.map((change) => renameChange(change, renamed)) };
}

/**
 * What a node is called now.
 *
 * @param {Renames} renamed
 * @param {string} definition the subgraph it lives in, by its name now; empty at the top
 * @param {string} id
 */
export function renamedNode(renamed, definition, id) {
  return lookUp(renamed, definition ? `subgraphs/${definition}/nodes/${id}` : id) ?? id;
}

/** @param {Change} change @param {Renames} renamed @returns {Change} */
function renameChange(change, renamed) {
  const fresh = change.path[0] === "subgraphs" && lookUp(renamed, change.path.slice(0, 2).join("/"));
  const path = fresh ? ["subgraphs", fresh, ...change.path.slice(2)] : change.path;
  const renaming = new Renaming(renamed, placeOf(path).scope);
  /** @type {Change} */
  const result = { path: renaming.path(path) };
  if (change.before !== undefined) result.before = renaming.value(path, change.before);
  if (change.after !== undefined) result.after = renaming.value(path, change.after);
  return result;
}

/** The renames as one scope sees them. */
class Renaming {
  /** @param {Renames} renamed @param {readonly string[]} scope */
  constructor(renamed, scope) {
    this.renamed = renamed;
    this.prefix = scope.length > 0 ? `${scope.join("/")}/nodes/` : "";
  }

  /** @param {readonly string[]} path */
  path(path) {
    const { scope, inside } = placeOf(path);
    const at = inside[0] === "nodes" ? 1 : inside[0] === "layout" && inside[1] === "nodes" ? 2 : inside.length;
    return [...scope, ...inside.map((key, depth) => (depth === at ? this.#node(key) : key))];
  }

  /** @param {readonly string[]} path @param {any} value @returns {any} */
  value(path, value) {
    const place = placeOf(path);
    if (!isDefinition(place) || !isObject(value)) return this.#value(place, value);
    const inner = new Renaming(this.renamed, path);
    return mapValues(value, (item, key) => inner.value([...path, key], item));
  }

  /** @param {Place} place @param {any} value @returns {any} */
  #value(place, value) {
    const { scope, inside } = place;
    const [kind, , part] = inside;
    const depth = inside.length;
    const deeper = (/** @type {any} */ item, /** @type {string} */ key) => this.#value({ scope, inside: [...inside, key] }, item);
    if (kind === "outputs" || (scope.length > 0 && (kind === "inputs" || kind === "parameters"))) {
      return depth === 1 && isObject(value) ? mapValues(value, deeper) : depth === 2 ? this.#wires(value) : value;
    }
    if (kind !== "nodes") return value;
    if (depth === 1 && isObject(value)) return mapValues(value, deeper, (id) => this.#node(id));
    if (depth === 2 && isObject(value)) return mapValues(value, deeper);
    if (part === "inputs" && depth === 3 && isObject(value)) return mapValues(value, (wires) => this.#wires(wires));
    if (part === "inputs" && depth === 4) return this.#wires(value);
    if (depth !== 3) return value;
    if (part === "after" && Array.isArray(value)) return value.map((id) => this.#node(id));
    return part === "subgraph" ? (lookUp(this.renamed, `subgraphs/${value}`) ?? value) : value;
  }

  /** @param {any} id */
  #node(id) {
    return lookUp(this.renamed, this.prefix + id) ?? id;
  }

  /** @param {any} wire @returns {any} */
  #wires(wire) {
    if (Array.isArray(wire)) return wire.map((item) => this.#wires(item));
    if (isObject(wire)) return "from" in wire ? { ...wire, from: this.#wires(wire.from) } : wire;
    if (typeof wire !== "string") return wire;
    const dot = wire.indexOf(".");
    return dot > 0 ? this.#node(wire.slice(0, dot)) + wire.slice(dot) : wire;
  }
}

/** @param {Renames} renamed @param {string} key @returns {string | undefined} */
function lookUp(renamed, key) {
  return Object.hasOwn(renamed, key) ? renamed[key] : undefined;
}

/**
 * @param {{[key: string]: any}} object
 * @param {(item: any, key: string) => any} change
 * @param {(key: string) => string} [name]
 */
function mapValues(object, change, name = (key) => key) {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [name(key), change(item, key)]));
}

/** @param {any} value @returns {value is {[key: string]: any}} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
