// A network that a test drives by hand: nothing arrives unless it says so, and what is lost is lost.

/** The server's end: a merge (the model or the real one) and the pages that listen. */
export class Server {
  constructor(merge) {
    this.merge = merge;
    this.lines = new Set();
    /** Verdicts by operation id, as they were answered or would have been. */
    this.verdicts = new Map();
  }

  async apply(operations, heirOf) {
    const before = this.merge.revision;
    const answer = await this.merge.apply(structuredClone(operations), heirOf);
    for (const { id, status } of answer.results) if (status !== "duplicate") this.verdicts.set(id, status);
    if (answer.revision > before) {
      const accepted = (await this.merge.operationsAfter(before)).operations;
      for (const line of this.lines) line.pushes.push({ kind: "operations", revision: answer.revision, operations: structuredClone(accepted) });
    }
    return answer;
  }
}

/** The transport of one page: requests and pushes wait here until the test lets them through. */
export class Line {
  constructor(server, { specs, cards }) {
    this.server = server;
    this.specs = specs;
    this.cards = cards;
    this.requests = [];
    this.pushes = [];
    this.handlers = null;
  }

  get isConnected() {
    return this.server.lines.has(this);
  }

  get isQuiet() {
    return this.requests.length === 0 && this.pushes.length === 0;
  }

  async snapshot() {
    if (!this.handlers) return this.#whole();
    return this.#request(() => this.#whole());
  }

  send(operations, heirOf) {
    const copy = structuredClone(operations);
    return this.#request(() => this.server.apply(copy, [...heirOf]));
  }

  operationsAfter(revision) {
    return this.#request(() => this.server.merge.operationsAfter(revision));
  }

  async modules() {
    return { generation: 1, cards: this.cards };
  }

  async schemas() {
    return { revision: 0, nodes: {}, is_current: false };
  }

  async runsBefore() {
    return [];
  }

  openPush(handlers) {
    this.handlers = handlers;
    return { close: () => this.server.lines.delete(this) };
  }

  connect() {
    if (this.isConnected) return;
    this.server.lines.add(this);
    this.pushes = [{ kind: "hello", revision: this.server.merge.revision, run: null }];
  }

  disconnect() {
    if (!this.isConnected) return;
    this.server.lines.delete(this);
    this.pushes = [];
    this.handlers.onClose();
  }

  /** The next push arrives; with `swap` the one after it overtakes it. */
  deliverPush(swap = false) {
    const [message] = this.pushes.splice(swap && this.pushes.length > 1 && this.pushes[0].kind !== "hello" ? 1 : 0, 1);
    if (message) this.handlers.onMessage(message);
  }

  /**
   * A request reaches the server, and its answer the page.
   *
   * @param {number} at which of those under way
   * @param {{isLost?: boolean, isUnanswered?: boolean, isTwice?: boolean}} fate
   */
  async deliverRequest(at, { isLost = false, isUnanswered = false, isTwice = false } = {}) {
    const [request] = this.requests.splice(at, 1);
    if (!request) return;
    if (isLost) return request.reject(new Error("connection lost"));
    const answer = await request.act();
    if (isTwice) this.requests.push({ ...request, resolve: () => undefined, reject: () => undefined });
    if (isUnanswered) request.reject(new Error("connection lost after the server had committed"));
    else request.resolve(structuredClone(answer));
  }

  async #whole() {
    const { graph, revision } = await this.server.merge.snapshot();
    return { id: "p", name: "P", graph: structuredClone(graph), revision, modules: this.specs, diagnostics: [], last_run: null, read_only: false };
  }

  #request(act) {
    return new Promise((resolve, reject) => this.requests.push({ act, resolve, reject }));
  }
}
