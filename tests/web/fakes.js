// A server, its push channel and modules, small enough to read: what sync and session are tried against.
import { applyChanges, RefusedChange } from "../../designer/canvas/web/document/operations.js";

const port = (name, type, more = {}) => ({ name, type, ...more });

export const SPECS = Object.fromEntries(
  [
    { id: "data.load", title: "Load", inputs: [], outputs: [port("dataset", "Table")], parameters: [{ name: "token", kind: "secret" }] },
    { id: "data.split", title: "Split", inputs: [port("dataset", "Table")], outputs: [port("results_dataset1", "Table"), port("results_dataset2", "Table")] },
    { id: "learn.forest", title: "Forest", inputs: [], outputs: [port("untrained_model", "UntrainedModel")] },
    {
      id: "learn.train", title: "Train",
      inputs: [port("untrained_model", "UntrainedModel"), port("dataset", "Table")],
      outputs: [port("trained_model", "Model")],
    },
    { id: "data.add_rows", title: "Add Rows", inputs: [port("datasets", "Table", { many: true })], outputs: [port("results", "Table")] },
  ].map((spec) => [`${spec.id}@1.0.0`, { version: "1.0.0", digest: "b3:00", category: spec.id.split(".")[0], parameters: [], ...spec }]),
);

export const CARDS = Object.values(SPECS).map((spec) => ({
  id: spec.id, title: spec.title, category: spec.category, default: "1.0.0", versions: [{ version: "1.0.0", state: "active" }], spec,
}));

export class FakeServer {
  constructor(graph = { format: 1, nodes: {} }) {
    this.graph = graph;
    this.operations = [];
    this.subscribers = new Set();
    this.isReachable = true;
    /** What is known of the nodes' outputs before a run. */
    this.foreseen = {};
  }

  get revision() {
    return this.operations.length;
  }

  accept(operations) {
    const results = operations.map((operation) => this.acceptOne(operation));
    return { revision: this.revision, results, diagnostics: [] };
  }

  acceptOne(operation) {
    if (this.operations.some(({ id }) => id === operation.id)) return { id: operation.id, status: "duplicate", revision: this.revision };
    try {
      this.graph = applyChanges(this.graph, operation.changes);
    } catch (error) {
      if (!(error instanceof RefusedChange)) throw error;
      return { id: operation.id, status: "refused", diagnostics: [error.diagnostic] };
    }
    const stored = { ...structuredClone(operation), revision: this.revision + 1 };
    this.operations.push(stored);
    for (const send of this.subscribers) send({ kind: "operations", revision: this.revision, operations: [stored] });
    return { id: operation.id, status: "accepted", revision: this.revision };
  }
}

/** The transport of one tab; `hold` keeps requests and pushes back until `release` lets them through. */
export class FakeTransport {
  constructor(server) {
    this.server = server;
    this.held = [];
    this.isHolding = false;
    this.sent = [];
    this.pushed = [];
    this.loseAnswers = 0;
  }

  async snapshot() {
    const { graph, revision } = this.server;
    return { id: "p", name: "P", graph: structuredClone(graph), revision, modules: SPECS, diagnostics: [], last_run: null, read_only: false };
  }

  async send(operations) {
    this.sent.push(operations);
    if (this.isHolding) await new Promise((resolve) => this.held.push(resolve));
    await null;
    if (!this.server.isReachable) throw new Error("unreachable");
    const answer = this.server.accept(operations);
    if (this.loseAnswers-- > 0) throw new Error("connection lost after the server had committed");
    return structuredClone(answer);
  }

  async operationsAfter(revision) {
    return structuredClone({ revision: this.server.revision, operations: this.server.operations.slice(revision) });
  }

  async modules() {
    return { generation: 1, cards: CARDS };
  }

  async schemas() {
    return structuredClone({ revision: this.server.revision, nodes: this.server.foreseen, is_current: true });
  }

  async startRun(options) {
    this.started = [...(this.started ?? []), options];
    return { run: { id: "r1", status: "queued", steps: {} } };
  }

  async previewRun(options) {
    this.previewed = [...(this.previewed ?? []), options];
    const steps = Object.keys(this.server.graph.nodes).map((step) => ({ step, outcome: "runs", is_certain: true, reason: "it never ran" }));
    return { summary: `${steps.length} run`, can_run: true, steps, counts: { runs: steps.length }, forecast: {} };
  }

  async state(reference) {
    const operations = this.server.operations.slice(0, Number(reference));
    const graph = operations.reduce((document, { changes }) => applyChanges(document, changes), { format: 1, nodes: {} });
    return { title: `revision ${reference}`, graph: structuredClone(graph) };
  }

  async moduleSpec() {
    return null;
  }

  async origins() {
    return {};
  }

  async cancelRun() {}

  async runsBefore() {
    return [];
  }

  async run(id) {
    return { id, status: "queued", steps: {} };
  }

  openPush({ onMessage, onClose }) {
    this.onClose = onClose;
    this.onMessage = onMessage;
    const send = (message) => {
      const copy = structuredClone(message);
      if (this.isHolding) this.pushed.push(copy);
      else queueMicrotask(() => onMessage(copy));
    };
    this.server.subscribers.add(send);
    queueMicrotask(() => onMessage({ kind: "hello", revision: this.server.revision, run: null }));
    return { close: () => this.server.subscribers.delete(send) };
  }

  hold() {
    this.isHolding = true;
  }

  release(count = Infinity) {
    for (let i = 0; i < count && this.held.length; i++) this.held.shift()();
    for (let i = 0; i < count && this.pushed.length; i++) this.onMessage(this.pushed.shift());
    if (count === Infinity) this.isHolding = false;
  }
}

export const settle = async (turns = 20) => {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
};
