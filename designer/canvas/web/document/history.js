/**
 * Undo and redo of one's own edits: an undo is one more operation.
 *
 * @import {Change, GraphDocument, Operation} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 */
import { change, removeNodes } from "./edits.js";
import { invertChanges, renameNodes, valueAt } from "./operations.js";

const LIMIT = 500;

export class History {
  constructor() {
    /** @type {Operation[]} */
    this.done = [];
    /** @type {Operation[]} */
    this.undone = [];
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** @param {Operation} operation a fresh edit: what was undone before it is gone */
  record(operation) {
    this.done.push(operation);
    if (this.done.length > LIMIT) this.done.shift();
    this.undone = [];
  }

  /**
   * The step to take back, as label and changes; `null` when there is none.
   *
   * @param {GraphDocument} document
   * @param {ModuleStore} modules
   */
  takeBack(document, modules) {
    return this.#step(this.done, this.undone, { document, modules, word: "Undo" });
  }

  /** @param {GraphDocument} document @param {ModuleStore} modules */
  bringBack(document, modules) {
    return this.#step(this.undone, this.done, { document, modules, word: "Redo" });
  }

  /** @param {string} id an operation that the server refused can be neither undone nor redone */
  forget(id) {
    this.done = this.done.filter((operation) => operation.id !== id);
    this.undone = this.undone.filter((operation) => operation.id !== id);
  }

  /** @param {{[old: string]: string}} renamed */
  rename(renamed) {
    this.done = this.done.map((operation) => renameNodes(operation, renamed));
    this.undone = this.undone.map((operation) => renameNodes(operation, renamed));
  }

  /**
   * @param {Operation[]} from
   * @param {Operation[]} to
   * @param {{document: GraphDocument, modules: ModuleStore, word: string}} context
   * @returns {{label: string, changes: Change[]} | null}
   */
  #step(from, to, { document, modules, word }) {
    for (let operation = from.pop(); operation; operation = from.pop()) {
      const changes = stillOurs(document, modules, invertChanges(operation.changes));
      if (changes.length === 0) continue;
      to.push({ ...operation, changes });
      return { label: `${word}: ${operation.label}`, changes };
    }
    return null;
  }
}

/**
 * The changes whose place still holds what we left there: a later edit by somebody else stays.
 * A node that goes takes the wires with it that others have drawn from it since.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {Change[]} changes
 */
function stillOurs(document, modules, changes) {
  const created = new Set(changes.flatMap(({ path, after }) => (isNode(path) && after !== undefined ? [path[1]] : [])));
  const gone = new Set(changes.flatMap(({ path, after }) => (isNode(path) && after === undefined ? [path[1]] : [])));
  const touched = new Set(changes.map(({ path }) => path.join("\n")));
  const kept = changes.flatMap(({ path, before, after }) => {
    if (path[0] === "nodes" && path.length > 2 && !document.nodes[path[1]] && !created.has(path[1])) return [];
    const isOurs = isNode(path) || path[0] === "layout" || isEqual(valueAt(document, path), before);
    const fresh = change(document, path, after);
    return isOurs && !isEqual(fresh.before, fresh.after) ? [fresh] : [];
  });
  const loose = gone.size === 0 ? [] : removeNodes(document, gone, { modules }).filter(({ path }) => !touched.has(path.join("\n")));
  return [...loose, ...kept];
}

/** @param {readonly string[]} path */
function isNode(path) {
  return path[0] === "nodes" && path.length === 2;
}

/** @param {any} a @param {any} b @returns {boolean} */
export function isEqual(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}
