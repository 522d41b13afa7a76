/**
 * The one thing that canvas and panels talk to: document, selection, run, undo, connection.
 *
 * Events (`event.detail` in brackets): `document`, `selection`, `status` ({nodes}), `diagnostics`,
 * `connection`, `run`, `modules`, `presence`, `open` ({node, port?, tab?}), `focus` ({node}),
 * `notice` ({kind: "info" | "error", message, remedy?, diagnostics?}), `log` (RunEvent).
 *
 * @import {Change, Diagnostic, GraphDocument, Operation, Point, Run, StepRun} from "./types.js"
 * @import {OperationLog} from "./document/op_log.js"
 * @import {OperationResult} from "./document/sync.js"
 * @import {RunEvent} from "./document/run_state.js"
 * @import {PipelineSnapshot, PushMessage, Transport} from "./transport.js"
 */
import * as edits from "./document/edits.js";
import { copyText, parseCopied, pasteChanges } from "./document/clipboard.js";
import { EARLIER_RUNS, EarlierRuns } from "./document/earlier_runs.js";
import { History } from "./document/history.js";
import { keepHistory } from "./document/history_keeper.js";
import { newId } from "./document/identity.js";
import { ModuleStore } from "./document/module_store.js";
import { openOperationLog } from "./document/op_log.js";
import { RefusedChange } from "./document/operations.js";
import { applyRunEvent } from "./document/run_state.js";
import { documentBefore, staleNodes } from "./document/staleness.js";
import { Sync } from "./document/sync.js";
import { parseWireKey, wiresInto, wiresOf } from "./document/wires.js";
import { WorkingCopy } from "./document/working_copy.js";

/** @typedef {{nodes: Set<string>, wires: Set<string>}} Selection */

export class EditorSession extends EventTarget {
  /**
   * @param {{transport: Transport, pipelineId?: string, runId?: string, readOnly?: boolean, client?: string, log?: OperationLog}} options
   */
  constructor({ transport, pipelineId = "", runId = "", readOnly = false, client = newId(), log = openOperationLog() }) {
    super();
    this.transport = transport;
    this.pipelineId = pipelineId;
    this.runId = runId;
    this.readOnly = readOnly;
    this.client = client;
    this.modules = new ModuleStore();
    this.history = new History();
    /** @type {Selection} */
    this.selection = { nodes: new Set(), wires: new Set() };
    /** @type {Run | null} */
    this.run = null;
    /** @type {Map<string, StepRun>} */
    this.statuses = new Map();
    /** @type {Set<string>} nodes that were edited, or stand behind an edit, since the run */
    this.stale = new Set();
    /** The document of the run, to tell what is stale. @type {GraphDocument | null} */
    this.ran = null;
    this.earlier = new EarlierRuns();
    /** Events by run that came before the run itself. @type {Map<string, RunEvent[]>} */
    this.early = new Map();
    /** @type {Diagnostic[]} */
    this.diagnostics = [];
    this.presence = 1;
    this.isLoaded = false;
    /** Where a node without a place goes; the canvas answers with the middle of its view. @type {() => Point} */
    this.viewCentre = () => ({ x: 0, y: 0 });
    this.copy = new WorkingCopy({ format: 1, nodes: {} }, 0);
    /** @type {{close: () => void} | null} */
    this.push = null;
    this.forgetHistory = () => {};
    /** @type {GraphDocument} */
    this.shown = this.copy.document;
    this.sync = new Sync({
      copy: this.copy, transport, log, pipelineId, client,
      events: {
        onDocument: () => this.#documentChanged(),
        onConnection: () => this.#emit("connection", this.connection),
        onResult: (result, operation) => this.#resulted(result, operation),
        onDiagnostics: (items) => this.#setDiagnostics(items),
      },
    });
  }

  /** Fetches the pipeline, takes up unsent edits, and follows the server from then on. */
  async load() {
    const cards = this.transport.modules().catch(() => null);
    const snapshot = await this.transport.snapshot();
    this.modules.addSpecs(snapshot.modules ?? {});
    this.readOnly = this.readOnly || snapshot.read_only;
    this.pipelineId ||= snapshot.id;
    this.copy.reset(snapshot.graph, snapshot.revision);
    this.isLoaded = true;
    this.#documentChanged();
    this.#setDiagnostics(snapshot.diagnostics ?? []);
    this.#setRun(snapshot.last_run ?? null);
    if (!this.readOnly) {
      this.forgetHistory = keepHistory(this.history, this.pipelineId);
      await this.sync.resume();
    }
    this.#follow();
    const answer = await cards;
    if (answer) this.#setCards(answer);
    this.#findEditsSince(this.run).then(() => this.#recallEarlier());
  }

  get document() {
    return this.copy.document;
  }

  get revision() {
    return this.copy.revision;
  }

  get connection() {
    return this.sync.connection;
  }

  get canUndo() {
    return !this.readOnly && this.history.canUndo;
  }

  get canRedo() {
    return !this.readOnly && this.history.canRedo;
  }

  /**
   * One gesture: its changes are applied at once, sent, and undone together. `before` is filled in.
   *
   * @param {string} label what undo will say it takes back
   * @param {Change[]} changes
   * @returns {boolean} whether anything changed
   */
  edit(label, changes) {
    const operation = this.#apply(label, changes);
    if (operation) this.history.record(operation);
    if (operation) this.#documentChanged();
    return operation !== null;
  }

  undo() {
    if (!this.canUndo) return;
    const step = this.history.takeBack(this.document, this.modules);
    if (step) this.#apply(step.label, step.changes);
    this.#documentChanged();
  }

  redo() {
    if (!this.canRedo) return;
    const step = this.history.bringBack(this.document, this.modules);
    if (step) this.#apply(step.label, step.changes);
    this.#documentChanged();
  }

  /**
   * @param {string} moduleId
   * @param {{version?: string, x?: number, y?: number}} [where]
   * @returns {string} the id of the new node, empty when the module is not usable
   */
  addNode(moduleId, { version, x, y } = {}) {
    const spec = this.modules.spec(moduleId, version);
    if (!spec) {
      this.notify({ kind: "error", message: `Module '${moduleId}' has no usable version.`, remedy: "Open the library and set its default version." });
      return "";
    }
    const centre = this.viewCentre();
    const id = edits.freeId(this.document.nodes, moduleId.slice(moduleId.lastIndexOf(".") + 1));
    const at = { x: snap(x ?? centre.x - 104), y: snap(y ?? centre.y - 32) };
    if (!this.edit(`Add ${spec.title}`, edits.addNode(this.document, id, edits.nodeOf(spec), at))) return "";
    this.select([id]);
    return id;
  }

  /** @param {Iterable<string>} ids @param {{heal?: boolean}} [how] */
  removeNodes(ids, { heal = false } = {}) {
    const gone = new Set([...ids].filter((id) => this.document.nodes[id]));
    if (gone.size === 0) return;
    const label = gone.size === 1 ? `Delete ${this.titleOf([...gone][0])}` : `Delete ${gone.size} nodes`;
    this.edit(label, edits.removeNodes(this.document, gone, { heal, modules: this.modules }));
  }

  /**
   * @param {string} source `node.port`
   * @param {string} target node id
   * @param {string} port
   * @returns {{ok: boolean, reason: string}}
   */
  connect(source, target, port) {
    const reason = edits.refusalOf(this.document, this.modules, source, { node: target, port });
    if (reason) return { ok: false, reason };
    const spec = this.modules.portsOf(this.document, target).inputs.find((item) => item.name === port);
    this.edit("Connect", edits.connect(this.document, source, { node: target, port, many: spec?.many ?? false }));
    return { ok: true, reason: "" };
  }

  /** @param {Iterable<string>} keys wires as `target.port` or `target.port#position` */
  disconnect(keys) {
    const list = [...keys];
    this.edit(list.length === 1 ? "Delete wire" : `Delete ${list.length} wires`, edits.removeWires(this.document, list));
  }

  /**
   * Takes the input end of a wire to another port, in one step.
   *
   * @param {string} key
   * @param {string} target
   * @param {string} port
   * @returns {{ok: boolean, reason: string}}
   */
  moveWire(key, target, port) {
    const wire = wiresOf(this.document).find((item) => item.key === key);
    if (!wire) return { ok: false, reason: "The wire is no longer there." };
    if (wire.target === target && wire.port === port) return { ok: true, reason: "" };
    const reason = edits.refusalOf(this.document, this.modules, wire.source, { node: target, port });
    if (reason) return { ok: false, reason };
    const spec = this.modules.portsOf(this.document, target).inputs.find((item) => item.name === port);
    const cut = edits.removeWires(this.document, [key]);
    const joined = edits.connect(this.document, wire.source, { node: target, port, many: spec?.many ?? false });
    this.edit("Move wire", [...cut, ...joined]);
    return { ok: true, reason: "" };
  }

  /** Deletes everything that is selected, in one step. */
  removeSelected() {
    const { nodes, wires } = this.selection;
    if (nodes.size === 0) this.disconnect(wires);
    else {
      const gone = new Set(nodes);
      const changes = edits.removeNodes(this.document, gone, { modules: this.modules });
      const touched = new Set(changes.map(({ path }) => path.join("\n")));
      const cut = edits.removeWires(this.document, wires).filter(({ path }) => !gone.has(path[1]) && !touched.has(path.join("\n")));
      this.edit(gone.size === 1 ? `Delete ${this.titleOf([...gone][0])}` : `Delete ${gone.size} nodes`, [...cut, ...changes]);
    }
  }

  /** The output port that a wire comes from. @param {string} key */
  sourceOf(key) {
    return wiresInto(this.document, parseWireKey(key).target).find((wire) => wire.key === key)?.output ?? "";
  }

  /** What a wire carries, in words. @param {string} key */
  wireWords(key) {
    const wire = wiresInto(this.document, parseWireKey(key).target).find((item) => item.key === key);
    if (!wire) return "";
    const port = this.modules.portsOf(this.document, wire.node).outputs.find(({ name }) => name === wire.output);
    const artifact = this.statuses.get(wire.node)?.outputs?.[wire.output];
    return [`${this.titleOf(wire.node)} → ${this.titleOf(wire.target)}`, port?.type, artifactWords(artifact)].filter(Boolean).join(" · ");
  }

  /** @param {string} id @param {string} name @param {any} value `undefined` goes back to the default */
  setParameter(id, name, value) {
    const spec = this.modules.specOf(this.document.nodes[id])?.parameters?.find((item) => item.name === name);
    this.edit(`Change ${spec?.title || name}`, [edits.change(this.document, ["nodes", id, "parameters", name], value)]);
  }

  /** @param {string} id @param {string} label empty goes back to the module's title */
  rename(id, label) {
    this.edit("Rename", [edits.change(this.document, ["nodes", id, "label"], label.trim() || undefined)]);
  }

  /** @param {Iterable<string>} ids @param {boolean} isDisabled */
  setDisabled(ids, isDisabled) {
    const state = isDisabled ? { kind: "disabled" } : undefined;
    const changes = [...ids].map((id) => edits.change(this.document, ["nodes", id, "state"], state));
    this.edit(isDisabled ? "Disable" : "Enable", changes);
  }

  /** The selected nodes as JSON text, without secrets. */
  copyText() {
    return copyText(this.document, this.selection.nodes, this.modules);
  }

  /**
   * @param {string} text
   * @param {{at?: Point | null, keepOuter?: boolean, label?: string}} [how]
   * @returns {string[]} the ids of the new nodes; empty when the text holds no graph
   */
  paste(text, { at = null, keepOuter = false, label } = {}) {
    const copied = parseCopied(text);
    if (!copied || this.readOnly) return [];
    const { changes, ids } = pasteChanges(this.document, copied, { at, keepOuter });
    if (!this.edit(label ?? (ids.length === 1 ? "Paste" : `Paste ${ids.length} nodes`), changes)) return [];
    this.select(ids);
    return ids;
  }

  duplicate() {
    if (this.selection.nodes.size === 0) return;
    this.paste(this.copyText(), { keepOuter: true, label: "Duplicate" });
  }

  /** @param {Iterable<string>} ids @param {Iterable<string>} [wires] */
  select(ids, wires = []) {
    const nodes = new Set(ids);
    const keys = new Set(wires);
    if (isSame(nodes, this.selection.nodes) && isSame(keys, this.selection.wires)) return;
    this.selection = { nodes, wires: keys };
    this.#emit("selection", this.selection);
  }

  /** Selects a node and brings it into view. @param {string} id */
  focusNode(id) {
    if (!this.document.nodes[id]) return;
    this.select([id]);
    this.#emit("focus", { node: id });
  }

  /** @param {string} node @param {string} port */
  openPort(node, port) {
    this.#emit("open", { node, port, tab: "output" });
  }

  /** @param {string} node @param {string} [tab] */
  openNode(node, tab = "properties") {
    this.#emit("open", { node, tab });
  }

  /** @param {{kind: "info" | "error", message: string, remedy?: string, diagnostics?: Diagnostic[]}} notice */
  notify(notice) {
    this.#emit("notice", notice);
  }

  /** @param {{to?: string[], from?: string[], only?: string[], regenerate?: boolean, parameters?: object, failure_policy?: string}} [options] */
  async startRun(options = {}) {
    if (this.connection.state === "offline") {
      this.notify({ kind: "error", message: "The server cannot be reached, so nothing can run.", remedy: "Wait until the editor is online again." });
      return;
    }
    try {
      await this.#settled();
      const { run } = await this.transport.startRun(options);
      this.#setRun(run, this.document);
    } catch (error) {
      this.#failed(error, "The run could not be started.");
    }
  }

  async cancelRun() {
    if (!this.run) return;
    await this.transport.cancelRun(this.run.id).catch((error) => this.#failed(error, "The run could not be cancelled."));
  }

  /** Goes back to an earlier revision, as one more edit; it arrives by push, like everybody's. @param {number} revision */
  async restore(revision) {
    await this.#settled();
    await this.transport.restore(revision).catch((error) => this.#failed(error, "The revision could not be restored."));
  }

  /** What people call a node. @param {string} id */
  titleOf(id) {
    const node = this.document.nodes[id];
    return node?.label || this.modules.specOf(node)?.title || id;
  }

  destroy() {
    this.forgetHistory();
    this.sync.close();
    this.push?.close();
  }

  /** @param {string} label @param {Change[]} changes @returns {Operation | null} */
  #apply(label, changes) {
    if (this.readOnly) return null;
    const filled = changes.map(({ path, after }) => edits.change(this.document, path, after));
    const real = filled.filter(({ before, after }) => before !== after);
    if (real.length === 0) return null;
    const operation = { id: newId(), client: this.client, label, changes: real };
    try {
      this.sync.push(operation);
    } catch (error) {
      if (!(error instanceof RefusedChange)) throw error;
      this.notify({ kind: "error", message: error.diagnostic.message, remedy: error.diagnostic.remedy, diagnostics: [error.diagnostic] });
      return null;
    }
    return operation;
  }

  #documentChanged() {
    if (this.shown === this.document) return;
    this.shown = this.document;
    this.#findStale();
    this.#dropGoneSelection();
    this.#emit("document", this.document);
  }

  #findStale() {
    const { earlier, ran, run, statuses, document } = this;
    const beside = earlier.stepsBeside(run);
    const own = beside.size ? new Map([...statuses].filter(([id]) => !beside.has(id))) : statuses;
    const stale = new Set([...(ran ? staleNodes(ran, document, own) : []), ...earlier.staleBeside(run, document)]);
    const changed = [...stale].filter((id) => !this.stale.has(id)).concat([...this.stale].filter((id) => !stale.has(id)));
    this.stale = stale;
    if (changed.length > 0) this.#emit("status", { nodes: changed });
  }

  #dropGoneSelection() {
    const { nodes, wires } = this.selection;
    if (nodes.size === 0 && wires.size === 0) return;
    const present = wires.size ? new Set(wiresOf(this.document).map((wire) => wire.key)) : wires;
    this.select([...nodes].filter((id) => this.document.nodes[id]), [...wires].filter((key) => present.has(key)));
  }

  /** @param {OperationResult} result @param {Operation} operation */
  #resulted(result, operation) {
    if (result.renamed) {
      this.history.rename(result.renamed);
      const renamed = result.renamed;
      this.select([...this.selection.nodes].map((id) => renamed[id] ?? id));
    }
    if (result.status === "refused") {
      this.history.forget(operation.id);
      const first = result.diagnostics?.[0];
      this.notify({ kind: "error", message: `'${operation.label}' could not be kept: ${first?.message ?? "the server refused it."}`, remedy: first?.remedy, diagnostics: result.diagnostics });
    } else if (result.conflicts?.length) {
      const places = result.conflicts.map(({ path }) => path.slice(1).join(" · ")).join(", ");
      this.notify({ kind: "info", message: `Somebody else edited the same place (${places}). Your edit was kept; undo brings theirs back.` });
    }
    this.#documentChanged();
  }

  /** @param {Diagnostic[]} items */
  #setDiagnostics(items) {
    this.diagnostics = items;
    this.#emit("diagnostics", items);
  }

  /** @param {Run | null} run @param {GraphDocument | null} [ran] its document, where that is known already */
  #setRun(run, ran = null) {
    if (this.run && run && run.id !== this.run.id) this.earlier.keep(this.run, this.ran);
    this.run = run;
    this.statuses = new Map([...this.earlier.stepsBeside(run), ...Object.entries(run?.steps ?? {})]);
    if (ran) {
      this.ran = ran;
      this.#findStale();
    }
    const early = (run && this.early.get(run.id)) ?? [];
    for (const event of early) this.#runEvent(/** @type {Run} */ (run), event);
    if (run) this.early.delete(run.id);
    this.#emit("run", run);
    this.#emit("status", { nodes: Object.keys(this.document.nodes) });
  }

  /** @param {{cards: any[], generation: number}} answer */
  #setCards({ cards, generation }) {
    this.modules.setCards(cards, generation);
    this.#emit("modules", { generation });
  }

  #follow() {
    this.push = this.transport.openPush({
      onMessage: (message) => this.#receive(message),
      onClose: () => this.sync.disconnected(),
    });
  }

  /** @param {PushMessage} message */
  #receive(message) {
    if (message.kind === "hello") this.#greeted(message);
    else if (message.kind === "operations") this.sync.receive(message.operations, message.revision);
    else if (message.kind === "diagnostics") this.#setDiagnostics(message.items);
    else if (message.kind === "run") this.#runEvents(message.events);
    else if (message.kind === "modules") this.reloadModules();
    else if (message.kind === "presence") {
      this.presence = message.clients;
      this.#emit("presence", message.clients);
    }
  }

  /** @param {PushMessage} message */
  #greeted({ revision, run }) {
    if (!this.runId) this.sync.connected(revision);
    else this.sync.connected(this.copy.revision);
    if (run && (!this.runId || run.id === this.runId)) this.#setRun(run);
  }

  async reloadModules() {
    const answer = await this.transport.modules().catch(() => null);
    if (answer) this.#setCards(answer);
  }

  /** @param {RunEvent[]} events */
  #runEvents(events) {
    const nodes = new Set();
    for (const event of events) {
      if (this.runId && event.run_id !== this.runId) continue;
      if (this.run?.id !== event.run_id) this.#keepForLater(event);
      else if (this.#runEvent(this.run, event)) nodes.add(event.step);
    }
    if (nodes.size > 0) this.#emit("status", { nodes: [...nodes] });
  }

  /** @param {Run} run @param {RunEvent} event @returns {boolean} whether a step changed */
  #runEvent(run, event) {
    if (event.kind === "log") this.#emit("log", event);
    const step = applyRunEvent(run, event);
    if (step) this.statuses.set(step.step, step);
    else if (event.kind === "run") this.#emit("run", run);
    return step !== null;
  }

  /** Events of a run that is not here yet: started elsewhere, or quicker than the answer that starts it. @param {RunEvent} event */
  #keepForLater(event) {
    const early = this.early.get(event.run_id);
    if (early) early.push(event);
    else {
      this.early.set(event.run_id, [event]);
      this.#fetchRun(event.run_id);
    }
  }

  /** @param {string} id */
  async #fetchRun(id) {
    const run = await this.transport.run(id).catch(() => null);
    const isOlder = run && this.run && (run.number ?? 0) < (this.run.number ?? 0);
    if (!run || isOlder) this.early.delete(id);
    if (!run || isOlder || this.run?.id === id) return;
    this.#setRun(run);
    await this.#findEditsSince(run);
  }

  /** What was edited between a run and now is stale. @param {Run | null} run */
  async #findEditsSince(run) {
    if (this.readOnly || !this.pipelineId || !run) return;
    const { revision, confirmed } = this.copy;
    const since = run.revision ?? revision;
    const answer = since < revision ? await this.transport.operationsAfter(since).catch(() => null) : null;
    if (this.run?.id !== run.id || (since < revision && !answer)) return;
    this.ran = documentBefore(confirmed, answer?.operations.slice(0, revision - since) ?? []);
    this.#findStale();
  }

  /** After a run of a part of the pipeline, the results that the other nodes still have. */
  async #recallEarlier() {
    const newest = this.run;
    const isWhole = Object.keys(this.document.nodes).every((id) => this.statuses.has(id));
    if (!newest || this.readOnly || isWhole) return;
    const runs = await this.transport.runsBefore(newest, EARLIER_RUNS).catch(() => []);
    if (runs.length === 0 || this.run?.id !== newest.id) return;
    const since = Math.min(...runs.map((run) => run.revision ?? 0));
    const { revision, confirmed } = this.copy;
    const answer = await this.transport.operationsAfter(since).catch(() => null);
    if (!answer || this.run?.id !== newest.id) return;
    const made = answer.operations.slice(0, revision - since);
    for (const run of runs.reverse()) this.earlier.keep(run, documentBefore(confirmed, made.slice((run.revision ?? 0) - since)));
    this.#setRun(this.run);
    this.#findStale();
  }

  /** Waits until the server holds every edit: a run must see what the person sees. */
  async #settled() {
    if (this.sync.queue.length === 0) return;
    await new Promise((resolve) => {
      const check = () => {
        if (this.sync.queue.length > 0) return;
        this.removeEventListener("connection", check);
        resolve(undefined);
      };
      this.addEventListener("connection", check);
      this.sync.retryNow();
    });
  }

  /** @param {any} error @param {string} otherwise */
  #failed(error, otherwise) {
    if (error?.diagnostics?.length) this.#setDiagnostics(error.diagnostics);
    this.notify({ kind: "error", message: error?.message || otherwise, remedy: error?.remedy, diagnostics: error?.diagnostics });
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Rows, columns and size of an artifact. @param {import("./types.js").ArtifactRef | undefined} artifact */
function artifactWords(artifact) {
  if (!artifact) return "";
  const { rows, columns } = artifact.summary ?? {};
  const table = rows === undefined ? "" : `${rows} × ${columns}`;
  const size = artifact.bytes < 1e6 ? `${Math.max(1, Math.round(artifact.bytes / 1e3))} kB` : `${(artifact.bytes / 1e6).toFixed(1)} MB`;
  return [table, size].filter(Boolean).join(" · ");
}

/** @param {number} value */
function snap(value) {
  return Math.round(value / 8) * 8;
}

/** @param {Set<string>} a @param {Set<string>} b */
function isSame(a, b) {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
