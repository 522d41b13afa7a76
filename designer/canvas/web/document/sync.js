/**
 * Keeps a working copy and the server in step: own operations are logged, sent and retried until
 * they are acknowledged; the server's order arrives by push, with a catch-up where it has a gap.
 *
 * @import {Diagnostic, GraphDocument, Operation} from "../types.js"
 * @import {OperationLog} from "./op_log.js"
 * @import {Renames} from "./renaming.js"
 * @import {WorkingCopy} from "./working_copy.js"
 *
 * @typedef {{path: string[], theirs?: any, yours?: any, author?: string, client?: string, at?: number, revision?: number}} Conflict
 * @typedef {Operation & {revision: number, author?: string, at?: number, renamed?: Renames, conflicts?: Conflict[]}} LogEntry
 * @typedef {{id: string, status: "accepted" | "duplicate" | "refused", revision?: number, diagnostics?: Diagnostic[], conflicts?: Conflict[], renamed?: Renames}} OperationResult
 * @typedef {{revision: number, results: OperationResult[], diagnostics?: Diagnostic[]}} SendAnswer
 * @typedef {object} SyncTransport
 * @property {(operations: Operation[], heirOf: string[]) => Promise<SendAnswer>} send
 * @property {(revision: number) => Promise<{revision: number, operations: LogEntry[]}>} operationsAfter
 * @property {() => Promise<{graph: GraphDocument, revision: number}>} snapshot
 *
 * @typedef {"" | "signed-out" | "gone"} Obstacle why the server does not take edits, where it says so
 *
 * @typedef {object} SyncEvents
 * @property {() => void} onDocument the working copy's document has changed from outside
 * @property {() => void} onConnection
 * @property {(result: OperationResult, operation: Operation) => void} onResult refused or conflicting
 * @property {(renamed: Renames) => void} onRenamed nodes that we made have other ids from now on
 * @property {(items: Diagnostic[]) => void} onDiagnostics
 * @property {(entries: LogEntry[]) => void} onOthers operations of other clients have arrived
 */

import { isMentioned, numbered, renameKey } from "./free_names.js";
import { valueAt } from "./operations.js";
import { isWhole } from "./place.js";

const BATCH = 50;
const RETRY_MS = [250, 500, 1000, 2000, 4000];
const SLOW_MS = 1500;
/** Further behind than this, a snapshot is smaller than the operations. */
const FAR = 500;
/** @type {{[status: number]: Obstacle}} */
const OBSTACLES = { 401: "signed-out", 404: "gone" };

export class Sync {
  /**
   * @param {{copy: WorkingCopy, transport: SyncTransport, log: OperationLog, pipelineId: string, client: string, events: SyncEvents}} parts
   */
  constructor({ copy, transport, log, pipelineId, client, events }) {
    this.copy = copy;
    this.transport = transport;
    this.log = log;
    this.pipelineId = pipelineId;
    this.client = client;
    this.events = events;
    /** @type {Operation[]} not acknowledged, in order */
    this.queue = [];
    /** @type {string[]} earlier pages whose operations we took over */
    this.heirOf = [];
    this.isOnline = true;
    /** @type {Obstacle} */
    this.obstacle = "";
    /** Whether the browser keeps what waits; if not, closing the page would lose it. */
    this.isKept = true;
    this.failures = 0;
    this.batch = BATCH;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retryTimer = undefined;
    /** The request under way; a newer one takes the place of one that hangs. */
    this.sending = 0;
    this.turns = 0;
    this.isSlow = false;
    this.isClosed = false;
    /** @type {Promise<void> | null} */
    this.catchingUp = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.catchUpTimer = undefined;
    this.pushIsOpen = false;
    this.wasConnected = false;
    /** The newest revision that the server has spoken of. */
    this.newest = copy.revision;
    /** Our own renamed operations have arrived before the answer that tells all renames. */
    this.awaitsNames = false;
  }

  get connection() {
    const { obstacle, isKept } = this;
    return { state: this.isOnline ? "online" : "offline", waiting: this.queue.length, obstacle, isKept };
  }

  /** Takes over what earlier pages left in the log, and gives it. */
  async resume() {
    const left = await this.#left();
    const known = new Set(this.queue.map(({ id }) => id));
    const waiting = left.filter(({ id }) => !known.has(id));
    if (waiting.length === 0) return waiting;
    this.heirOf = [...new Set(waiting.map(({ client }) => client))];
    for (const operation of waiting) this.copy.take(operation);
    this.queue.push(...waiting);
    this.events.onConnection();
    this.events.onDocument();
    this.#send();
    return waiting;
  }

  /** What pages that are gone have left; a log that cannot be read now may be readable in a moment. */
  async #left() {
    for (const pause of RETRY_MS) {
      try {
        return await this.log.takeOver(this.pipelineId, this.client);
      } catch (error) {
        console.warn("The log of unsent edits could not be read.", error);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    this.#setKept(false);
    return [];
  }

  /**
   * Applies an own operation, logs it and sends it.
   *
   * @param {Operation} operation
   */
  push(operation) {
    this.copy.push(operation);
    this.queue.push(operation);
    this.log.add(this.pipelineId, operation).then((isKept) => this.#setKept(isKept), () => this.#setKept(false));
    this.events.onConnection();
    this.#send();
  }

  /**
   * Operations that the server pushed, in its order.
   *
   * @param {readonly LogEntry[]} operations
   * @param {number} revision the revision after the last of them
   */
  receive(operations, revision) {
    this.newest = Math.max(this.newest, revision);
    if (revision <= this.copy.revision || this.awaitsNames) return;
    if (!this.#take(operations, revision)) this.catchUp();
  }

  /** The push channel is open again: what was missed is fetched. @param {number} revision the server's */
  connected(revision) {
    this.pushIsOpen = true;
    this.obstacle = "";
    this.#setOnline(true);
    this.newest = revision;
    const behind = revision - this.copy.revision;
    if (behind < 0 || behind > FAR || (this.wasConnected && !this.copy.head)) this.#reload();
    else if (behind > 0 || this.wasConnected) this.catchUp();
    this.wasConnected = true;
    if (this.isSlow) this.sending = 0;
    this.retryNow();
  }

  disconnected() {
    this.pushIsOpen = false;
    this.#setOnline(false);
  }

  /** Fetches the operations after our revision, or a snapshot where the server has others. */
  catchUp() {
    this.catchingUp ??= this.#catchUp().finally(() => {
      this.catchingUp = null;
    });
    return this.catchingUp;
  }

  /** Sends now instead of at the next retry. */
  retryNow() {
    clearTimeout(this.retryTimer);
    this.#send();
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.catchUpTimer);
  }

  /** @returns {Promise<void>} */
  async #catchUp() {
    const { head, revision } = this.copy;
    const after = head ? revision - 1 : revision;
    const answer = await this.transport.operationsAfter(after).catch(() => null);
    if (!answer) return this.#catchUpLater();
    if (this.isClosed) return;
    const isOtherHistory = answer.revision < revision || (head && answer.operations[0]?.id !== head);
    if (isOtherHistory) return this.#reload();
    this.newest = Math.max(this.newest, answer.revision);
    if (answer.revision <= this.copy.revision || this.awaitsNames) return;
    if (!this.#take(answer.operations, answer.revision)) return this.#reload();
    if (this.newest > this.copy.revision && !this.awaitsNames) return this.#catchUp();
  }

  #catchUpLater() {
    clearTimeout(this.catchUpTimer);
    if (this.pushIsOpen && !this.isClosed) this.catchUpTimer = setTimeout(() => this.catchUp(), RETRY_MS[2]);
  }

  async #reload() {
    const before = this.copy.revision;
    const answer = await this.transport.snapshot().catch(() => null);
    if (!answer) return this.#catchUpLater();
    const isStale = answer.revision >= before && answer.revision < this.copy.revision;
    if (isStale || this.isClosed) return;
    this.copy.reset(answer.graph, answer.revision);
    this.newest = answer.revision;
    this.events.onDocument();
  }

  /**
   * @param {readonly LogEntry[]} operations
   * @param {number} revision
   * @returns {boolean} false when they do not follow on what we have
   */
  #take(operations, revision) {
    const fresh = operations.filter((operation) => operation.revision > this.copy.revision);
    const follow = fresh.every((operation, i) => operation.revision === this.copy.revision + 1 + i);
    if (!follow || fresh.at(-1)?.revision !== revision) return false;
    const waiting = new Set(this.queue.map(({ id }) => id));
    const own = fresh.filter(({ id }) => waiting.has(id));
    if (own.some(({ renamed }) => isFilled(renamed))) {
      // One answer tells all renames of a batch; told one by one they could be mistaken for each other.
      this.awaitsNames = true;
      this.retryNow();
      return true;
    }
    this.copy.confirm(fresh, revision);
    this.#settle(own.map(({ id, conflicts }) => ({ id, status: "accepted", conflicts })));
    const others = fresh.filter(({ client, id }) => client !== this.client && !this.heirOf.includes(client) && !waiting.has(id));
    if (others.length > 0) this.events.onOthers(others);
    this.events.onDocument();
    return true;
  }

  async #send() {
    if (this.sending || this.isClosed || this.queue.length === 0) return;
    const turn = (this.sending = ++this.turns);
    const sent = this.queue.slice(0, this.batch);
    const slow = setTimeout(() => this.#slowed(turn), SLOW_MS);
    const answer = await this.transport.send(sent, this.heirOf).catch((error) => ({ error }));
    clearTimeout(slow);
    // What a newer request has taken the place of is answered again by that one.
    if (this.sending !== turn || this.isClosed) return;
    this.sending = 0;
    this.isSlow = false;
    if ("error" in answer) this.#failed(sent, answer.error);
    else {
      this.#acknowledge(answer);
      this.#succeeded();
    }
    if (this.failures === 0) this.#send();
  }

  #succeeded() {
    this.failures = 0;
    if (this.queue.length === 0) this.batch = BATCH;
    this.obstacle = "";
    this.#setOnline(true);
  }

  /** @param {number} turn */
  #slowed(turn) {
    if (this.sending !== turn) return;
    this.isSlow = true;
    this.#setOnline(false);
  }

  /** @param {SendAnswer} answer */
  #acknowledge({ revision, results, diagnostics }) {
    const held = this.awaitsNames;
    this.#settle(results);
    for (const { id, status, revision: at } of results) {
      if (status !== "refused") this.copy.accept(id, at ?? revision);
    }
    this.awaitsNames = false;
    if (diagnostics && !this.pushIsOpen) this.events.onDiagnostics(diagnostics);
    this.newest = Math.max(this.newest, revision);
    if (revision > this.copy.revision && (held || !this.pushIsOpen)) this.catchUp();
    else this.events.onDocument();
  }

  /** What became of waiting operations, told by an answer or by their arrival, whichever was first. @param {readonly OperationResult[]} results */
  #settle(results) {
    const waiting = new Map(this.queue.map((operation) => [operation.id, operation]));
    const fresh = results.filter(({ id }) => waiting.has(id));
    if (fresh.length === 0) return;
    const done = new Set(fresh.map(({ id }) => id));
    this.queue = this.queue.filter(({ id }) => !done.has(id));
    for (const { id, status } of fresh) if (status === "refused") this.copy.refuse(id);
    const renamed = keptApart(Object.assign({}, ...fresh.map((result) => result.renamed)), this.queue, this.copy.document);
    if (isFilled(renamed)) this.#rename(renamed);
    this.log.settle([...done], isFilled(renamed) ? this.queue : []).catch(() => undefined);
    for (const result of fresh) {
      const isSilent = result.status !== "refused" && !result.conflicts?.length;
      if (!isSilent) this.events.onResult(result, /** @type {Operation} */ (waiting.get(result.id)));
    }
    this.events.onConnection();
  }

  /** @param {Renames} renamed */
  #rename(renamed) {
    this.copy.rename(renamed);
    const pending = new Map(this.copy.pending.map((operation) => [operation.id, operation]));
    this.queue = this.queue.map((operation) => pending.get(operation.id) ?? operation);
    this.events.onRenamed(renamed);
  }

  /** @param {Operation[]} sent @param {unknown} error */
  #failed(sent, error) {
    const { isRejected = false, diagnostics = [], status = 0 } = /** @type {{isRejected?: boolean, diagnostics?: Diagnostic[], status?: number}} */ (error ?? {});
    if (isRejected && sent.length > 1) {
      this.batch = 1;
      return;
    }
    if (isRejected) {
      // The server understood and said no; sending it again would say no for ever.
      this.#acknowledge({
        revision: this.newest,
        results: sent.map(({ id }) => ({ id, status: "refused", diagnostics })),
      });
      return;
    }
    this.obstacle = OBSTACLES[status] ?? "";
    this.#setOnline(false);
    this.events.onConnection();
    const delay = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.#send(), delay);
  }

  /** @param {boolean} isOnline */
  #setOnline(isOnline) {
    if (isOnline === this.isOnline || this.isClosed) return;
    this.isOnline = isOnline;
    this.events.onConnection();
  }

  /** @param {boolean} isKept */
  #setKept(isKept) {
    if (isKept === this.isKept || this.isClosed) return;
    this.isKept = isKept;
    this.events.onConnection();
  }
}

/** @param {object | undefined} map */
function isFilled(map) {
  return map !== undefined && Object.keys(map).length > 0;
}

/**
 * The renames of a batch, with those of what was made since under names that they give.
 *
 * @param {Renames} renamed
 * @param {readonly Operation[]} queue
 * @param {GraphDocument} root
 * @returns {Renames}
 */
function keptApart(renamed, queue, root) {
  const given = new Set(Object.entries(renamed).map(([key, fresh]) => [...siblingsOf(key), fresh].join("/")));
  const text = JSON.stringify(queue);
  const all = { ...renamed };
  for (const { path, before } of queue.flatMap(({ changes }) => changes)) {
    if (before !== undefined || !isWhole(path)) continue;
    const now = [...path.slice(0, -1).map((key, i) => (i === 1 && path[0] === "subgraphs" && renamed[`subgraphs/${key}`]) || key), ...path.slice(-1)];
    const key = renameKey(now);
    if (!given.has(now.join("/")) || Object.hasOwn(renamed, key)) continue;
    const siblings = valueAt(root, now.slice(0, -1)) ?? {};
    all[key] = numbered(now[now.length - 1], (id) => !Object.hasOwn(siblings, id) && !Object.values(all).includes(id) && !isMentioned(text, id));
  }
  return all;
}

/** @param {string} key as in renames */
function siblingsOf(key) {
  return key.includes("/") ? key.split("/").slice(0, -1) : ["nodes"];
}
