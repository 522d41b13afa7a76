/**
 * The operation log: what the server has not acknowledged yet, kept in IndexedDB so that closing
 * the page, a crash or a dead server loses nothing. One log per pipeline, shared by its tabs.
 *
 * @import {Operation} from "../types.js"
 * @typedef {{load: (pipelineId: string) => Promise<Operation[]>, add: (pipelineId: string, operation: Operation) => Promise<void>, remove: (ids: string[]) => Promise<void>}} OperationLog
 */

const DATABASE = "designer";
const STORE = "operations";

/**
 * The log in the browser's database; in memory where the browser has none (private windows).
 *
 * @returns {OperationLog}
 */
export function openOperationLog() {
  if (typeof indexedDB === "undefined") return new MemoryLog();
  const opening = openDatabase();
  const fallback = new MemoryLog();
  /** @type {<T>(use: (database: IDBDatabase) => Promise<T>, otherwise: () => Promise<T>) => Promise<T>} */
  const withDatabase = async (use, otherwise) => {
    const database = await opening;
    return database ? use(database) : otherwise();
  };
  return {
    load: (pipelineId) => withDatabase((db) => loadAll(db, pipelineId), () => fallback.load(pipelineId)),
    add: (pipelineId, operation) =>
      withDatabase((db) => write(db, (store) => store.put({ pipelineId, operation, key: operation.id })), () => fallback.add(pipelineId, operation)),
    remove: (ids) => withDatabase((db) => write(db, (store) => removeKeys(store, ids)), () => fallback.remove(ids)),
  };
}

/** The same log without a database. */
export class MemoryLog {
  constructor() {
    /** @type {{pipelineId: string, operation: Operation}[]} */
    this.entries = [];
  }

  /** @param {string} pipelineId */
  async load(pipelineId) {
    return this.entries.filter((entry) => entry.pipelineId === pipelineId).map((entry) => entry.operation);
  }

  /** @param {string} pipelineId @param {Operation} operation */
  async add(pipelineId, operation) {
    this.entries.push({ pipelineId, operation });
  }

  /** @param {string[]} ids */
  async remove(ids) {
    this.entries = this.entries.filter((entry) => !ids.includes(entry.operation.id));
  }
}

/** @returns {Promise<IDBDatabase | null>} */
function openDatabase() {
  return new Promise((resolve) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: "sequence", autoIncrement: true });
      store.createIndex("pipelineId", "pipelineId");
      store.createIndex("key", "key", { unique: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

/** @param {IDBDatabase} database @param {string} pipelineId @returns {Promise<Operation[]>} in the order they were made */
function loadAll(database, pipelineId) {
  return new Promise((resolve, reject) => {
    const request = database.transaction(STORE).objectStore(STORE).index("pipelineId").getAll(pipelineId);
    request.onsuccess = () => resolve(request.result.map((entry) => entry.operation));
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBDatabase} database @param {(store: IDBObjectStore) => void} act @returns {Promise<void>} */
function write(database, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore(STORE));
  });
}

/** @param {IDBObjectStore} store @param {string[]} ids */
function removeKeys(store, ids) {
  for (const id of ids) {
    const request = store.index("key").getKey(id);
    request.onsuccess = () => {
      if (request.result !== undefined) store.delete(request.result);
    };
  }
}
