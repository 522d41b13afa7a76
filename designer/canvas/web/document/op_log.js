/**
 * The operation log: what the server has not acknowledged yet, kept in the browser's database so
 * that closing the page, a crash or a dead server loses nothing. Each open page looks after its own
 * operations, and takes over those of pages that are gone.
 *
 * @import {Operation} from "../types.js"
 *
 * @typedef {object} OperationLog
 * @property {(pipelineId: string, client: string) => Promise<Operation[]>} takeOver those of pages that are gone, in the order they were made; the client looks after them from then on
 * @property {(pipelineId: string, operation: Operation) => Promise<boolean>} add whether it outlives the page
 * @property {(ids: readonly string[], rewritten: readonly Operation[]) => Promise<void>} settle removes some and writes others anew, at once
 */
import { browserDatabase, GroupWriter } from "./browser_database.js";
import { heldNames, hold } from "./page_locks.js";

const STORE = "operations";
const LOCK = "designer.page.";
const writer = new GroupWriter([STORE], "strict");

/**
 * The log in the browser's database; in memory where the browser has none.
 *
 * @returns {OperationLog}
 */
export function openOperationLog() {
  const fallback = new MemoryLog();
  return {
    async takeOver(pipelineId, client) {
      await hold(LOCK + client);
      const database = await browserDatabase();
      return database ? takeOver(database, pipelineId, client) : fallback.takeOver(pipelineId);
    },
    async add(pipelineId, operation) {
      const database = await browserDatabase();
      if (!database) return fallback.add(pipelineId, operation).then(() => false);
      await writer.write(database, (write) => {
        write.objectStore(STORE).put({ pipelineId, operation, key: operation.id, keeper: operation.client });
      });
      return true;
    },
    async settle(ids, rewritten) {
      const database = await browserDatabase();
      if (!database) return fallback.settle(ids, rewritten);
      return writer.write(database, (write) => settleIn(write.objectStore(STORE), ids, rewritten));
    },
  };
}

/** The same log without a database. */
export class MemoryLog {
  constructor() {
    /** @type {{pipelineId: string, operation: Operation}[]} */
    this.entries = [];
  }

  /** @param {string} pipelineId */
  async takeOver(pipelineId) {
    return this.entries.filter((entry) => entry.pipelineId === pipelineId).map((entry) => entry.operation);
  }

  /** @param {string} pipelineId @param {Operation} operation */
  async add(pipelineId, operation) {
    this.entries.push({ pipelineId, operation });
    return true;
  }

  /** @param {readonly string[]} ids @param {readonly Operation[]} rewritten */
  async settle(ids, rewritten) {
    const fresh = new Map(rewritten.map((operation) => [operation.id, operation]));
    this.entries = this.entries
      .filter(({ operation }) => !ids.includes(operation.id))
      .map((entry) => ({ ...entry, operation: fresh.get(entry.operation.id) ?? entry.operation }));
  }
}

/** @param {IDBDatabase} database @param {string} pipelineId @param {string} client @returns {Promise<Operation[]>} */
async function takeOver(database, pipelineId, client) {
  const held = await heldNames();
  /** @type {Operation[]} */
  const taken = [];
  await writer.write(database, (write) => {
    const request = write.objectStore(STORE).index("pipelineId").openCursor(pipelineId);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return;
      if (!held.has(LOCK + cursor.value.keeper)) {
        taken.push(cursor.value.operation);
        cursor.update({ ...cursor.value, keeper: client });
      }
      cursor.continue();
    };
  });
  return taken;
}

/** @param {IDBObjectStore} store @param {readonly string[]} ids @param {readonly Operation[]} rewritten */
function settleIn(store, ids, rewritten) {
  for (const id of ids) find(store, id, (entry) => store.delete(entry.sequence));
  for (const operation of rewritten) find(store, operation.id, (entry) => store.put({ ...entry, operation }));
}

/** @param {IDBObjectStore} store @param {string} id @param {(entry: any) => void} act */
function find(store, id, act) {
  const request = store.index("key").get(id);
  request.onsuccess = () => {
    if (request.result !== undefined) act(request.result);
  };
}
