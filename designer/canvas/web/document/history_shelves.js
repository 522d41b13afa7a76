/**
 * Where the steps of undo and unsettled clashes lie: in the browser's database, one shelf for each open page, held by a
 * lock of the browser for as long as its page lives.
 *
 * @import {Operation} from "../types.js"
 * @import {Shelf, Shelves, Steps} from "./history_keeper.js"
 */
import { browserDatabase, GroupWriter, result } from "./browser_database.js";
import { hold } from "./page_locks.js";

const LOCK = "designer.shelf.";
const writer = new GroupWriter(["shelves", "steps"], "relaxed");
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** @returns {Shelves} */
export function openShelves() {
  return { list, load, write, claim: (id) => hold(LOCK + id) };
}

/** The same shelves without a database and locks. @implements {Shelves} */
export class MemoryShelves {
  constructor() {
    /** @type {Map<string, Shelf>} */
    this.shelves = new Map();
    /** @type {Map<string, Map<string, Operation>>} */
    this.steps = new Map();
    /** @type {Set<string>} */
    this.claimed = new Set();
  }

  /** @param {string} pipelineId */
  async list(pipelineId) {
    return [...this.shelves.values()].filter((shelf) => shelf.pipelineId === pipelineId).sort((a, b) => b.at - a.at);
  }

  /** @param {string} id */
  async load(id) {
    return inOrder(this.shelves.get(id), this.steps.get(id) ?? new Map());
  }

  /** @param {Shelf} shelf @param {{put: Operation[], remove: string[]}} change */
  async write(shelf, { put, remove }) {
    const steps = this.steps.get(shelf.id) ?? new Map();
    for (const operation of put) steps.set(operation.id, operation);
    for (const id of remove) steps.delete(id);
    this.steps.set(shelf.id, steps);
    this.shelves.set(shelf.id, shelf);
  }

  /** @param {string} id */
  async claim(id) {
    if (this.claimed.has(id)) return false;
    this.claimed.add(id);
    return true;
  }
}

/** @param {string} pipelineId @returns {Promise<Shelf[]>} */
async function list(pipelineId) {
  const database = await browserDatabase();
  if (!database) return [];
  const index = database.transaction("shelves").objectStore("shelves").index("pipelineId");
  const shelves = await result(index.getAll(pipelineId));
  const old = shelves.filter(({ at }) => at < Date.now() - KEPT_MS).map(({ id }) => id);
  if (old.length > 0) await forget(database, old);
  return shelves.filter(({ id }) => !old.includes(id)).sort((a, b) => b.at - a.at);
}

/** @param {string} id @returns {Promise<Steps>} */
async function load(id) {
  const database = await browserDatabase();
  if (!database) return { done: [], undone: [], clashes: [] };
  const reading = database.transaction(["shelves", "steps"]);
  const [shelf, entries] = await Promise.all([
    result(reading.objectStore("shelves").get(id)),
    result(reading.objectStore("steps").getAll(stepsOf(id))),
  ]);
  return inOrder(shelf, new Map(entries.map((entry) => [entry.id, entry.operation])));
}

/** @param {Shelf} shelf @param {{put: Operation[], remove: string[]}} change */
async function write(shelf, { put, remove }) {
  const database = await browserDatabase();
  if (!database) return;
  await writer.write(database, (transaction) => {
    const steps = transaction.objectStore("steps");
    transaction.objectStore("shelves").put(shelf);
    for (const operation of put) steps.put({ shelf: shelf.id, id: operation.id, operation });
    for (const id of remove) steps.delete([shelf.id, id]);
  });
}

/** @param {IDBDatabase} database @param {string[]} ids */
function forget(database, ids) {
  return writer.write(database, (transaction) => {
    for (const id of ids) {
      transaction.objectStore("shelves").delete(id);
      transaction.objectStore("steps").delete(stepsOf(id));
    }
  });
}

/** @param {string} id */
function stepsOf(id) {
  return IDBKeyRange.bound([id], [id, []]);
}

/** @param {Shelf | undefined} shelf @param {Map<string, Operation>} steps @returns {Steps} */
function inOrder(shelf, steps) {
  /** @param {string[]} ids */
  const pick = (ids) => ids.flatMap((id) => steps.get(id) ?? []);
  return { done: pick(shelf?.done ?? []), undone: pick(shelf?.undone ?? []), clashes: shelf?.clashes ?? [] };
}
