/**
 * Keeps a working copy and the server in step: own operations are logged, sent and retried until
 * they are acknowledged; the server's order arrives by push, with a catch-up where it has a gap.
 *
 * @import {Diagnostic, GraphDocument, Operation} from "../types.js"
 * @import {OperationLog} from "./op_log.js"
 * @import {WorkingCopy} from "./working_copy.js"
 *
 * @typedef {{id: string, status: "accepted" | "duplicate" | "refused", revision?: number, diagnostics?: Diagnostic[], conflicts?: {path: string[], theirs?: any, yours?: any}[], renamed?: {[old: string]: string}}} OperationResult
 * @typedef {{revision: number, results: OperationResult[], diagnostics?: Diagnostic[]}} SendAnswer
 * @typedef {object} SyncTransport
 * @property {(body: {client: string, base_revision: number, operations: Operation[]}) => Promise<SendAnswer>} send
 * @property {(revision: number) => Promise<{revision: number, operations: Operation[]}>} operationsAfter
 * @property {() => Promise<{graph: GraphDocument, revision: number}>} snapshot
 *
 * @typedef {object} SyncEvents
 * @property {() => void} onDocument the working copy's document has changed from outside
 * @property {() => void} onConnection
 * @property {(result: OperationResult, operation: Operation) => void} onResult refused, renamed or conflicting
 * @property {(items: Diagnostic[]) => void} onDiagnostics
 */

const BATCH = 50;
const RETRY_MS = [250, 500, 1000, 2000, 4000];
const SLOW_MS = 1500;

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
    this.isOnline = true;
    this.failures = 0;
    this.batch = BATCH;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retryTimer = undefined;
    this.isSending = false;
    this.isClosed = false;
    /** @type {Promise<void> | null} */
    this.catchingUp = null;
    this.pushIsOpen = false;
  }

  get connection() {
    return { state: this.isOnline ? "online" : "offline", waiting: this.queue.length };
  }

  /** Takes up what an earlier page left in the log. */
  async resume() {
    const left = await this.log.load(this.pipelineId).catch(() => []);
    const known = new Set(this.queue.map((operation) => operation.id));
    const waiting = left.filter((operation) => !known.has(operation.id));
    if (waiting.length === 0) return;
    for (const operation of waiting) this.#take(operation);
    this.events.onDocument();
    this.#send();
  }

  /**
   * Applies an own operation, logs it and sends it.
   *
   * @param {Operation} operation
   */
  push(operation) {
    this.copy.push(operation);
    this.queue.push(operation);
    this.log.add(this.pipelineId, operation).catch(() => undefined);
    this.events.onConnection();
    this.#send();
  }

  /**
   * Operations that the server pushed, in its order.
   *
   * @param {readonly Operation[]} operations
   * @param {number} revision the revision after the last of them
   */
  receive(operations, revision) {
    if (revision <= this.copy.revision) return;
    const first = operations[0]?.revision ?? revision - operations.length + 1;
    if (first > this.copy.revision + 1) {
      this.catchUp();
      return;
    }
    const fresh = operations.filter((operation, i) => (operation.revision ?? first + i) > this.copy.revision);
    this.copy.confirm(fresh, revision);
    this.events.onDocument();
  }

  /** The push channel is open again: what was missed is fetched. @param {number} revision the server's */
  connected(revision) {
    this.pushIsOpen = true;
    this.#setOnline(true);
    if (revision > this.copy.revision) this.catchUp();
    else if (revision < this.copy.revision) this.#reload();
    this.#send();
  }

  disconnected() {
    this.pushIsOpen = false;
    this.#setOnline(false);
  }

  /** Fetches the operations after our revision, or a snapshot where the server has them no more. */
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
  }

  async #catchUp() {
    try {
      const { operations, revision } = await this.transport.operationsAfter(this.copy.revision);
      this.copy.confirm(operations, revision);
    } catch {
      return;
    }
    this.events.onDocument();
  }

  async #reload() {
    try {
      const { graph, revision } = await this.transport.snapshot();
      this.copy.reset(graph, revision);
    } catch {
      return;
    }
    this.events.onDocument();
  }

  /** @param {Operation} operation from the log; refused ones are shown and dropped */
  #take(operation) {
    try {
      this.copy.push(operation);
    } catch (error) {
      const diagnostics = [/** @type {{diagnostic?: Diagnostic}} */ (error).diagnostic].flatMap((d) => d ?? []);
      this.events.onResult({ id: operation.id, status: "refused", diagnostics }, operation);
      this.log.remove([operation.id]).catch(() => undefined);
      return;
    }
    this.queue.push(operation);
  }

  async #send() {
    if (this.isSending || this.isClosed || this.queue.length === 0) return;
    this.isSending = true;
    const operations = this.queue.slice(0, this.batch);
    const slow = setTimeout(() => this.#setOnline(false), SLOW_MS);
    try {
      const answer = await this.transport.send({ client: this.client, base_revision: this.copy.revision, operations });
      this.failures = 0;
      this.#acknowledge(operations, answer);
      if (this.queue.length === 0) this.batch = BATCH;
      this.#setOnline(true);
    } catch (error) {
      this.#failed(operations, error);
    } finally {
      clearTimeout(slow);
      this.isSending = false;
    }
    if (this.failures === 0) this.#send();
  }

  /** @param {Operation[]} sent @param {SendAnswer} answer */
  #acknowledge(sent, answer) {
    const done = new Map(answer.results.map((result) => [result.id, result]));
    this.queue = this.queue.filter((operation) => !done.has(operation.id));
    this.log.remove([...done.keys()]).catch(() => undefined);
    for (const operation of sent) {
      const result = done.get(operation.id);
      if (!result) continue;
      if (result.status === "refused") this.copy.refuse(operation.id);
      if (result.renamed && Object.keys(result.renamed).length > 0) this.#rename(result.renamed);
      if (result.status === "refused" || result.renamed || result.conflicts?.length) this.events.onResult(result, operation);
    }
    if (answer.diagnostics) this.events.onDiagnostics(answer.diagnostics);
    this.events.onConnection();
    const isBehind = answer.revision > this.copy.revision;
    if (isBehind && !this.pushIsOpen) this.catchUp();
    else this.events.onDocument();
  }

  /** @param {{[old: string]: string}} renamed */
  #rename(renamed) {
    this.copy.rename(renamed);
    const pending = new Map(this.copy.pending.map((operation) => [operation.id, operation]));
    this.queue = this.queue.map((operation) => pending.get(operation.id) ?? operation);
  }

  /** @param {Operation[]} operations @param {unknown} error */
  #failed(operations, error) {
    const { isRejected = false, diagnostics = [] } = /** @type {{isRejected?: boolean, diagnostics?: Diagnostic[]}} */ (error ?? {});
    if (isRejected && operations.length > 1) {
      this.batch = 1;
      return;
    }
    if (isRejected) {
      // The server understood and said no; sending it again would say no for ever.
      const results = operations.map(({ id }) => ({ id, status: /** @type {const} */ ("refused"), diagnostics }));
      this.#acknowledge(operations, { revision: this.copy.revision, results });
      return;
    }
    this.#setOnline(false);
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
}
