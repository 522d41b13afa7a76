/**
 * The browser's own database: unacknowledged operations and the steps of undo. Everything here
 * outlives a closed page, a crashed tab and a killed browser.
 */

const NAME = "designer";
const VERSION = 2;
const RETRY_MS = [50, 200, 500, 1000];

/** @type {Promise<IDBDatabase | null> | null} */
let opening = null;

/** The open database; `null` where the browser has none (private windows of some). */
export function browserDatabase() {
  opening ??= typeof indexedDB === "undefined" ? Promise.resolve(null) : openAtLast();
  return opening;
}

/** After a crash the files may need a moment until they can be opened. @returns {Promise<IDBDatabase | null>} */
async function openAtLast() {
  for (const pause of RETRY_MS) {
    const database = await open().catch((error) => console.warn("The browser's database could not be opened.", error));
    if (database) return database;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return null;
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const forget = () => (opening = null);
      request.result.onclose = forget;
      // A page of a newer designer must not wait for this one to be closed.
      request.result.onversionchange = () => {
        request.result.close();
        forget();
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
 * Writes in order; those that come while one is under way go together in the next, so that however
 * fast somebody draws, what was drawn is on disk two writes later.
 */
export class GroupWriter {
  /**
   * @param {string[]} stores
   * @param {IDBTransactionDurability} durability `strict` outlives a power cut, `relaxed` a killed browser
   */
  constructor(stores, durability) {
    this.stores = stores;
    this.durability = durability;
    /** @type {((transaction: IDBTransaction) => void)[]} */
    this.waiting = [];
    /** @type {Promise<void> | null} */
    this.next = null;
    /** @type {Promise<unknown>} */
    this.current = Promise.resolve();
  }

  /** @param {IDBDatabase} database @param {(transaction: IDBTransaction) => void} act @returns {Promise<void>} */
  write(database, act) {
    this.waiting.push(act);
    this.next ??= this.current.then(() => {
      this.next = null;
      const acts = this.waiting.splice(0);
      const done = writing(database, { stores: this.stores, durability: this.durability }, acts);
      this.current = done.catch(() => undefined);
      return done;
    });
    return this.next;
  }
}

/**
 * One write, all of it or nothing.
 *
 * @param {IDBDatabase} database
 * @param {{stores: string[], durability: IDBTransactionDurability}} how
 * @param {((transaction: IDBTransaction) => void)[]} acts
 * @returns {Promise<void>}
 */
function writing(database, { stores, durability }, acts) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readwrite", { durability });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    for (const act of acts) act(transaction);
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
