/**
 * Undo and redo of one's own edits: an undo is one more operation.
 *
 * @import {Change, GraphDocument, Operation} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 * @import {Renames} from "./renaming.js"
 */
import { isEqual } from "./difference.js";
import { change, removeNodes } from "./edits.js";
import { isMentioned, numbered, renameKey } from "./free_names.js";
import { invertChanges, valueAt } from "./operations.js";
import { isDefinition, isNode, isWhole, nodeAt, placeOf } from "./place.js";
import { renameNodes } from "./renaming.js";
import { rootedChanges, scopedDocument } from "./scope.js";

const LIMIT = 500;
const UNDO = "Undo: ";
const REDO = "Redo: ";

export class History {
  constructor() {
    /** @type {Operation[]} */
    this.done = [];
    /** @type {Operation[]} */
    this.undone = [];
    /** Called after every change of the steps. @type {() => void} */
    this.onChange = () => {};
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
    this.onChange();
  }

  /**
   * Puts steps of an earlier page under those of this one.
   *
   * @param {{done: Operation[], undone: Operation[]}} earlier
   */
  takeUp({ done, undone }) {
    if (this.done.length === 0) this.undone = [...undone, ...this.undone];
    this.done = [...done, ...this.done].slice(-LIMIT);
  }

  /**
   * Steps that a page did not come to keep before it ended, from the edits that it did.
   *
   * @param {readonly Operation[]} operations
   */
  catchUp(operations) {
    const known = new Set([...this.done, ...this.undone].map(({ id }) => id));
    const missing = operations.slice(operations.findLastIndex(({ id }) => known.has(id)) + 1);
    const isTakenBack = missing.some(({ label }) => label.startsWith(UNDO) || label.startsWith(REDO));
    if (!isTakenBack) for (const operation of missing) this.record(operation);
  }

  /**
   * The step to take back, as label and changes; `null` when there is none.
   *
   * @param {GraphDocument} document
   * @param {ModuleStore} modules
   */
  takeBack(document, modules) {
    return this.#step("done", "undone", { document, modules, word: UNDO });
  }

  /** @param {GraphDocument} document @param {ModuleStore} modules */
  bringBack(document, modules) {
    return this.#step("undone", "done", { document, modules, word: REDO });
  }

  /** @param {string} id an operation that the server refused can be neither undone nor redone */
  forget(id) {
    this.done = this.done.filter((operation) => operation.id !== id);
    this.undone = this.undone.filter((operation) => operation.id !== id);
    this.onChange();
  }

  /** @param {{[old: string]: string}} renamed */
  rename(renamed) {
    this.done = this.done.map((operation) => renameNodes(operation, renamed));
    this.undone = this.undone.map((operation) => renameNodes(operation, renamed));
    this.onChange();
  }

  /**
   * Others deleted these nodes and subgraphs: what has their names later is not what we edited.
   *
   * @param {readonly (readonly string[])[]} paths
   */
  lose(paths) {
    const lost = new Set(paths.map((path) => path.join("\n")));
    const isLost = (/** @type {Change} */ { path }) => path.some((_, depth) => lost.has(path.slice(0, depth + 1).join("\n")));
    const without = (/** @type {Operation[]} */ steps) =>
      steps
        .map((operation) => (operation.changes.some(isLost) ? { ...operation, changes: operation.changes.filter((one) => !isLost(one)) } : operation))
        .filter(({ changes }) => changes.length > 0);
    this.done = without(this.done);
    this.undone = without(this.undone);
    this.onChange();
  }

  /**
   * @param {"done" | "undone"} from
   * @param {"done" | "undone"} to
   * @param {{document: GraphDocument, modules: ModuleStore, word: string}} context
   * @returns {{label: string, changes: Change[]} | null}
   */
  #step(from, to, { document, modules, word }) {
    for (let operation = this[from].pop(); operation; operation = this[from].pop()) {
      const names = namesToMake(document, operation, this[from]);
      if (Object.keys(names).length > 0) {
        operation = renameNodes(operation, names);
        this[from] = this[from].map((other) => renameNodes(other, names));
      }
      const changes = stillOurs(document, modules, invertChanges(operation.changes));
      if (changes.length === 0) continue;
      this[to].push({ ...operation, changes });
      this.onChange();
      return { label: word + operation.label, changes };
    }
    this.onChange();
    return null;
  }
}

/**
 * Other names for what a step brings back, where somebody else has made something of that name since.
 *
 * @param {GraphDocument} document
 * @param {Operation} operation
 * @param {Operation[]} others steps that speak of it too
 * @returns {Renames}
 */
function namesToMake(document, operation, others) {
  /** @type {Renames} */
  const names = {};
  for (const { path, before, after } of operation.changes) {
    const comesBack = after === undefined && isWhole(path);
    const found = comesBack ? valueAt(document, path) : undefined;
    if (found === undefined || isEqual(found, before)) continue;
    const text = JSON.stringify([operation, ...others]);
    const siblings = valueAt(document, path.slice(0, -1));
    names[renameKey(path)] = numbered(path[path.length - 1], (id) => !Object.hasOwn(siblings, id) && !isMentioned(text, id));
  }
  return names;
}

/**
 * The changes whose place still holds what we left there: a later edit by somebody else stays.
 * A node that goes takes the wires with it that others have drawn from it since; a subgraph that
 * others have edited or used since stays.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {Change[]} changes
 */
function stillOurs(document, modules, changes) {
  const made = new Set(changes.flatMap(({ path, after }) => (isWhole(path) && after !== undefined ? [path.join("\n")] : [])));
  const isThere = (/** @type {readonly string[]} */ path) => path.length === 0 || made.has(path.join("\n")) || valueAt(document, path) !== undefined;
  const touched = new Set(changes.map(({ path }) => path.join("\n")));
  const gone = goneNodes(changes);
  const kept = changes.flatMap(({ path, before, after }) => {
    const place = placeOf(path);
    const node = nodeAt(place) === null || isNode(place) ? [] : [...place.scope, "nodes", place.inside[1]];
    if (!isThere(place.scope) || !isThere(node)) return [];
    const isOurs = isNode(place) || place.inside[0] === "layout" || isEqual(valueAt(document, path), before);
    const isWanted = isDefinition(place) && after === undefined && isUsed(document, path[1], gone);
    const fresh = change(document, path, after);
    return isOurs && !isWanted && !isEqual(fresh.before, fresh.after) ? [fresh] : [];
  });
  const loose = [...gone.values()].flatMap(({ scope, ids }) => looseWires(document, scope, { ids, modules }));
  return [...loose.filter(({ path }) => !touched.has(path.join("\n"))), ...kept];
}

/** The nodes that changes take away, by where they live. @param {Change[]} changes */
function goneNodes(changes) {
  /** @type {Map<string, {scope: readonly string[], ids: Set<string>}>} */
  const gone = new Map();
  for (const { path, after } of changes) {
    const place = placeOf(path);
    if (!isNode(place) || after !== undefined) continue;
    const key = place.scope.join("\n");
    const entry = gone.get(key) ?? { scope: place.scope, ids: new Set() };
    entry.ids.add(place.inside[1]);
    gone.set(key, entry);
  }
  return gone;
}

/**
 * The changes that cut what leads to nodes that go.
 *
 * @param {GraphDocument} document
 * @param {readonly string[]} scope
 * @param {{ids: Set<string>, modules: ModuleStore}} what
 * @returns {Change[]}
 */
function looseWires(document, scope, { ids, modules }) {
  const definition = scope[1] ?? "";
  return rootedChanges(removeNodes(scopedDocument(document, definition), ids, { modules }), definition);
}

/**
 * Whether nodes that stay use a subgraph.
 *
 * @param {GraphDocument} document
 * @param {string} name
 * @param {Map<string, {ids: Set<string>}>} gone
 */
function isUsed(document, name, gone) {
  const scopes = [[], ...Object.keys(document.subgraphs ?? {}).map((other) => ["subgraphs", other])];
  return scopes.some((scope) => {
    if (scope[1] === name) return false;
    const ids = gone.get(scope.join("\n"))?.ids;
    const nodes = Object.entries(valueAt(document, [...scope, "nodes"]) ?? {});
    return nodes.some(([id, node]) => node.subgraph === name && !ids?.has(id));
  });
}
