/**
 * The browser's own database: unacknowledged operations and the steps of undo. Everything here
 * outlives a closed page, a crashed tab and a killed browser.
 */

const NAME = "designer";
const VERSION = 2;

/** @type {Promise<IDBDatabase | null> | null} */
let opening = null;

/** The open database; `null` where the browser has none (private windows of some). */
export function browserDatabase() {
  opening ??= typeof indexedDB === "undefined" ? Promise.resolve(null) : open();
  return opening;
}

/** @returns {Promise<IDBDatabase | null>} */
function open() {
  return new Promise((resolve) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      // A page of a newer designer must not wait for this one to be closed.
      request.result.onversionchange = () => {
        request.result.close();
        opening = null;
      };
      resolve(request.result);
    };
  });
}

/** @param {IDBDatabase} database @param {number} from */
function upgrade(database, from) {
  if (from < 1) {
    const store = database.createObjectStore("operations", { keyPath: "sequence", autoIncrement: true });
    store.createIndex("pipelineId", "pipelineId");
    store.createIndex("key", "key", { unique: true });
  }
  if (from < 2) {
    database.createObjectStore("shelves", { keyPath: "id" }).createIndex("pipelineId", "pipelineId");
    database.createObjectStore("steps", { keyPath: ["shelf", "id"] });
  }
}

/**
 * One write, all of it or nothing; once this resolves it is on disk.
 *
 * @param {IDBDatabase} database
 * @param {string[]} stores
 * @param {(transaction: IDBTransaction) => void} act
 * @returns {Promise<void>}
 */
export function writing(database, stores, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    act(transaction);
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
