/**
 * The one thing that canvas and panels talk to: document, selection, run, undo, connection.
 *
 * `root` is the whole document; `document` is what the current scope shows of it, the pipeline
 * itself or the inside of a subgraph, and every edit and node id is relative to that.
 *
 * Events (`event.detail` in brackets): `document`, `scope`, `selection`, `status` ({steps}),
 * `diagnostics`, `schemas`, `connection`, `edited` ({label}), `run`, `modules`, `open` ({node, port?, tab?}),
 * `focus` ({node} or {mark}), `versions`, `notice` (Notice), `log` (RunEvent), `preview`, `breakpoints`.
 *
 * @import {Change, Diagnostic, GraphDocument, GraphNode, Operation, Point, StepRun} from "./types.js"
 * @import {MarkKind} from "./document/annotations.js"
 * @import {NodeForesight} from "./document/foresight.js"
 * @import {Join} from "./document/joining.js"
 * @import {OperationLog} from "./document/op_log.js"
 * @import {LogEntry, OperationResult} from "./document/sync.js"
 * @import {PushMessage} from "./push_channel.js"
 * @import {PipelineSnapshot, Transport} from "./transport.js"
 */
import { frameAround, freeMark, markKey, markOf, parseMark, removeMarks, setMark, withInside } from "./document/annotations.js";
import { Breakpoints } from "./document/breakpoints.js";
import { wentOver } from "./document/conflicts.js";
import { difference } from "./document/difference.js";
import * as edits from "./document/edits.js";
import { copyText, parseCopied, pasteChanges } from "./document/clipboard.js";
import { Foresight } from "./document/foresight.js";
import { freezing } from "./document/freezing.js";
import { FrozenFacts } from "./document/frozen_facts.js";
import { History } from "./document/history.js";
import { keepHistory } from "./document/history_keeper.js";
import { openShelves } from "./document/history_shelves.js";
import { newId } from "./document/identity.js";
import { joinChanges, joinedNode, makeRoom, placeInWire } from "./document/joining.js";
import { ModuleStore } from "./document/module_store.js";
import { openOperationLog } from "./document/op_log.js";
import { RefusedChange } from "./document/operations.js";
import { isWhole } from "./document/place.js";
import { renamedNode } from "./document/renaming.js";
import { stepsByNode } from "./document/plan_preview.js";
import { RunFollower } from "./document/run_follower.js";
import { RunPreviews } from "./document/run_previews.js";
import { definitionAt, definitionOfPath, nodeOfStep, scopeOf, stepId, whereabouts } from "./document/scope.js";
import { ScopeView } from "./document/scope_view.js";
import { withSuggestedPlaces } from "./document/suggested_places.js";
import { bypassRefusal, leftOut, setStates, stateOf } from "./document/switches.js";
import { Sync } from "./document/sync.js";
import { isCircular } from "./document/subgraphs.js";
import { wiresOf } from "./document/wires.js";
import { WorkingCopy } from "./document/working_copy.js";
import { Clashes } from "./clashes.js";
import { Comments } from "./comments.js";
import { ExpandedUses } from "./expanded_uses.js";
import { Presence } from "./presence.js";
import { PublishedDefinitions } from "./published_definitions.js";
import { snapToGrid } from "./scene/geometry.js";
import { RunControl } from "./running.js";
import { ScopeResults } from "./scope_results.js";
import { SubgraphEdits } from "./subgraph_edits.js";
import { Wiring } from "./wiring.js";
import { WorkingTogether } from "./working_together.js";

/**
 * @import {Shelves} from "./document/history_keeper.js"
 * @import {Whereabouts} from "./document/scope.js"
 * @typedef {{kind: "info" | "error", message: string, remedy?: string, diagnostics?: Diagnostic[], key?: string, progress?: number, action?: {label: string, run: () => void}}} Notice
 *   `key`: a later notice with the same key takes its place, an empty message ends it; `progress`: it stays, between 0 and 1
 * @typedef {{nodes: Set<string>, wires: Set<string>, marks: Set<string>}} Selection  marks: frames and notes
 * @typedef {import("./document/run_options.js").RunOptions} RunOptions
 */

export class EditorSession extends EventTarget {
  /**
   * @param {{transport: Transport, pipelineId?: string, runId?: string, readOnly?: boolean, client?: string, log?: OperationLog, shelves?: Shelves}} options
   */
  constructor({ transport, pipelineId = "", runId = "", readOnly = false, client = newId(), log = openOperationLog(), shelves = openShelves() }) {
    super();
    this.shelves = shelves;
    this.transport = transport;
    this.pipelineId = pipelineId;
    this.runId = runId;
    /** Whether nothing can be changed here, wherever the scope is. */
    this.isFixed = readOnly;
    this.client = client;
    this.modules = new ModuleStore();
    this.history = new History();
    /** @type {Selection} */
    this.selection = { nodes: new Set(), wires: new Set(), marks: new Set() };
    /** @type {Diagnostic[]} */
    this.diagnostics = [];
    this.foresight = new Foresight();
    /** What is pushed of it while it is asked for. @type {[string, NodeForesight | null][][] | null} */
    this.pushedSchemas = null;
    this.isLoaded = false;
    /** @type {import("./document/suggested_places.js").SuggestedPlaces} */
    this.places = {};
    /** Where a node without a place goes; the canvas answers with the middle of its view. @type {() => Point} */
    this.viewCentre = () => ({ x: 0, y: 0 });
    this.copy = new WorkingCopy({ format: 1, nodes: {} }, 0);
    /** @type {{close: () => void, send?: (message: object) => void} | null} */
    this.push = null;
    this.forgetHistory = () => {};
    /** The subgraph nodes that were entered, from the outside in. @type {readonly string[]} */
    this.scope = [];
    /** Where the scope leads, as it was last asked for. @type {{root: GraphDocument, scope: readonly string[], here: Whereabouts} | null} */
    this.found = null;
    this.expanded = new ExpandedUses(pipelineId || runId);
    /** The whole document that the listeners have seen. @type {GraphDocument} */
    this.shown = this.copy.document;
    /** @type {{here: Whereabouts, version: number, view: ScopeView} | null} */
    this.drawn = null;
    this.wires = new Wiring(this);
    this.running = new RunControl(this);
    this.results = new ScopeResults(this);
    this.subgraphs = new SubgraphEdits(this);
    this.clashes = new Clashes(this);
    this.together = new WorkingTogether(this);
    this.comments = new Comments(this);
    this.presence = new Presence(this);
    this.published = new PublishedDefinitions({ modules: this.modules, transport, onArrived: () => this.#modulesChanged() });
    this.runs = new RunFollower({
      copy: this.copy, transport, only: runId,
      events: {
        onRun: () => this.#runChanged(),
        onSteps: (steps) => this.#emit("status", { steps }),
        onLog: (event) => this.#emit("log", event),
      },
    });
    this.frozen = new FrozenFacts((digests) => transport.origins(digests), () => this.#allChanged());
    this.breakpoints = new Breakpoints(pipelineId);
    this.breakpoints.addEventListener("change", () => this.#breakpointsChanged());
    this.previews = new RunPreviews({
      ask: (options) => this.settled().then(() => transport.previewRun({ ...options, ...this.running.stops() })),
      world: () => `${this.revision} ${this.run?.id} ${this.run?.status} ${this.breakpoints.steps(this.root)}`,
      onChange: () => this.#emit("preview", this.previews.shown),
    });
    /** @type {{nodes: GraphDocument["nodes"] | null, reasons: Map<string, string>}} */
    this.outside = { nodes: null, reasons: new Map() };
    /** @type {{preview: object | null, document: GraphDocument | null, steps: Map<string, import("./document/plan_preview.js").PreviewStep>}} */
    this.outlook = { preview: null, document: null, steps: new Map() };
    this.sync = new Sync({
      copy: this.copy, transport, log, pipelineId, client,
      events: {
        onDocument: () => this.#documentChanged(),
        onConnection: () => this.#emit("connection", this.connection),
        onResult: (result, operation) => this.#resulted(result, operation),
        onRenamed: (renamed) => this.#renamed(renamed),
        onOthers: (entries) => this.#othersDid(entries),
        onDiagnostics: (items) => this.#setDiagnostics(items),
      },
    });
  }

  /** Fetches the pipeline, takes up unsent edits, and follows the server from then on. */
  async load() {
    const cards = this.transport.modules().catch(() => null);
    const snapshot = await this.transport.snapshot();
    this.modules.addSpecs(snapshot.modules ?? {});
    this.modules.addDefinitions(snapshot.definitions ?? {});
    this.isFixed = this.isFixed || snapshot.read_only;
    this.pipelineId ||= snapshot.id;
    this.places = snapshot.places ?? {};
    this.copy.reset(snapshot.graph, snapshot.revision);
    this.isLoaded = true;
    this.#documentChanged();
    this.#setDiagnostics(snapshot.diagnostics ?? []);
    this.runs.isLive = !this.isFixed && this.pipelineId !== "";
    this.runs.set(snapshot.last_run ?? null);
    if (!this.isFixed) {
      this.forgetHistory = await keepHistory(this.history, this.pipelineId, this.shelves, { clashes: this.clashes });
      this.history.catchUp(await this.sync.resume());
    }
    this.#follow();
    const answer = await cards;
    if (answer) this.#setCards(answer);
    void this.runs.recall();
  }

  /** The whole document, whatever the scope. */
  get root() {
    return this.copy.document;
  }

  /** What the scope shows of the document. */
  get document() {
    return this.view.document;
  }

  /** Where the scope leads; as far as it leads anywhere. @returns {Whereabouts} */
  get here() {
    const { root, scope } = this;
    if (this.found?.root === root && this.found.scope === scope) return this.found.here;
    let here = null;
    for (let length = scope.length; here === null; length--) here = this.whereabouts(scope.slice(0, length));
    this.found = { root, scope, here };
    return here;
  }

  /** The drawing of the scope, and the way back from it. */
  get view() {
    const { here, scope, expanded, drawn } = this;
    if (drawn?.here === here && drawn.version === expanded.version) return drawn.view;
    const view = new ScopeView(here.root, here.definition, expanded.within(scope), here.published ? {} : this.places);
    this.drawn = { here, version: expanded.version, view };
    return view;
  }

  /** The name of the definition that the scope shows; empty at the pipeline itself, with its module before it in a published one. */
  get definition() {
    return [this.here.published, this.here.definition].filter(Boolean).join("/");
  }

  /** Whether what the scope shows cannot be changed: an earlier run, or the inside of a published subgraph. */
  get readOnly() {
    return this.isFixed || this.here.published !== "";
  }

  get run() {
    return this.runs.run;
  }

  /** Step runs by the id of the step; nodes of the scope are asked for with `stepOf`. */
  get statuses() {
    return this.runs.statuses;
  }

  /** Steps that were edited, or stand behind an edit, since they ran. */
  get stale() {
    return this.runs.stale;
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
   * @param {Change[]} changes inside the scope
   * @returns {boolean} whether anything changed
   */
  edit(label, changes) {
    if (this.readOnly) return false;
    const { changes: rooted, reason } = this.view.rooted(changes);
    if (reason) this.notify({ kind: "error", message: reason });
    const isDone = this.editRoot(label, rooted);
    if (!isDone && this.view.isApart) this.redraw();
    return isDone;
  }

  /** Draws the scope anew: a gesture left something where the document does not have it. */
  redraw() {
    this.drawn = null;
    this.#emit("document", this.document);
  }

  /** The same for changes of the whole document. @param {string} label @param {Change[]} changes */
  editRoot(label, changes) {
    const operation = this.#apply(label, withSuggestedPlaces(this.root, changes, this.places));
    if (operation) this.history.record(operation);
    if (operation) this.#documentChanged();
    if (operation) this.#emit("edited", { label });
    return operation !== null;
  }

  undo() {
    if (!this.canUndo) return;
    const step = this.history.takeBack(this.root, this.modules);
    if (step) this.#apply(step.label, step.changes);
    this.#documentChanged();
    if (step) this.#showChanged(step.changes);
    if (step) this.#emit("edited", { label: step.label });
  }

  redo() {
    if (!this.canRedo) return;
    const step = this.history.bringBack(this.root, this.modules);
    if (step) this.#apply(step.label, step.changes);
    this.#documentChanged();
    if (step) this.#showChanged(step.changes);
    if (step) this.#emit("edited", { label: step.label });
  }

  /**
   * @param {string} moduleId
   * @param {{version?: string, x?: number, y?: number, join?: Join | null}} [where]
   * @returns {string} the id of the new node, empty when the module is not usable
   */
  addNode(moduleId, { version, ...where } = {}) {
    const spec = this.modules.spec(moduleId, version);
    if (spec) return this.place(edits.nodeOf(spec), { name: moduleId.slice(moduleId.lastIndexOf(".") + 1), title: spec.title, ...where });
    this.notify({ kind: "error", message: `Module '${moduleId}' has no usable version.`, remedy: "Open the library and set its default version." });
    return "";
  }

  /**
   * A new node, with the wires that join it to others, in one step.
   *
   * @param {GraphNode} node
   * @param {{name: string, title: string, x?: number, y?: number, join?: Join | null}} how `name`: what its id is made from
   * @returns {string} its id
   */
  place(node, { name, title, x, y, join = null }) {
    const centre = this.viewCentre();
    const wished = { x: x ?? centre.x - 104, y: y ?? centre.y - 32 };
    const inside = join ? (this.document.nodes[joinedNode(join)]?.within ?? "") : this.view.insideAt({ x: wished.x + 104, y: wished.y + 32 });
    if (node.subgraph && isCircular(this.root, this.document.nodes[inside]?.subgraph ?? this.view.definition, node.subgraph)) {
      this.notify({ kind: "error", message: `'${title}' cannot be put inside itself.` });
      return "";
    }
    const id = edits.freeId(this.document.nodes, name, inside);
    const isInto = join !== null && "wire" in join;
    const at = isInto ? placeInWire(this.document, join.wire, wished) : wished;
    const room = isInto ? makeRoom(this.document, join.wire) : [];
    const { inputs, changes } = join ? joinChanges(this.document, id, join) : { inputs: {}, changes: [] };
    const wired = Object.keys(inputs).length ? { ...node, inputs: { ...node.inputs, ...inputs } } : node;
    const added = edits.addNode(this.document, id, wired, { x: snapToGrid(at.x), y: snapToGrid(at.y) });
    if (!this.edit(`Add ${title}`, [...added, ...changes, ...room])) return "";
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

  /** Deletes everything that is selected, in one step. */
  removeSelected() {
    const { nodes, wires, marks } = this.selection;
    if (nodes.size === 0 && marks.size === 0) this.wires.disconnect(wires);
    else {
      const gone = new Set(nodes);
      const changes = edits.removeNodes(this.document, gone, { modules: this.modules });
      const touched = new Set(changes.map(({ path }) => path.join("\n")));
      const cut = edits.removeWires(this.document, wires).filter(({ path }) => !gone.has(path[1]) && !touched.has(path.join("\n")));
      this.edit(`Delete ${this.#whatIsSelected()}`, [...cut, ...changes, ...removeMarks(this.document, marks)]);
    }
  }

  #whatIsSelected() {
    const { nodes, marks } = this.selection;
    const count = nodes.size + marks.size;
    if (count > 1) return marks.size ? `${count} things` : `${count} nodes`;
    return nodes.size ? this.titleOf([...nodes][0]) : this.markTitle([...marks][0]);
  }

  /** @param {string} id @param {string} name @param {any} value `undefined` goes back to the default */
  setParameter(id, name, value) {
    const spec = this.modules.specOf(this.document.nodes[id])?.parameters?.find((item) => item.name === name);
    this.edit(`Change ${spec?.title || name}`, [edits.change(this.document, ["nodes", id, "parameters", name], value)]);
  }

  /** A subgraph that nothing else uses has the name itself. @param {string} id @param {string} label empty goes back to the module's title */
  rename(id, label) {
    const { subgraph, label: held } = this.document.nodes[id] ?? {};
    if (subgraph && held === undefined && this.subgraphs.countUses(subgraph) === 1) this.subgraphs.rename(subgraph, label);
    else this.edit("Rename", [edits.change(this.document, ["nodes", id, "label"], label.trim() || undefined)]);
  }

  /** @param {Iterable<string>} ids @param {boolean} isDisabled */
  setDisabled(ids, isDisabled) {
    const state = isDisabled ? { kind: "disabled" } : undefined;
    const changes = [...ids].map((id) => edits.change(this.document, ["nodes", id, "state"], state));
    this.edit(isDisabled ? "Disable" : "Enable", changes);
  }

  /** What comes in is handed on, where it can be. @param {Iterable<string>} ids @param {boolean} isBypassed */
  setBypassed(ids, isBypassed) {
    const list = [...ids];
    const reason = isBypassed ? (list.map((id) => bypassRefusal(this.document, this.modules, id, this.titleOf(id))).find(Boolean) ?? "") : "";
    if (reason) this.notify({ kind: "error", message: reason, remedy: "Connect what it should hand on, or disable it." });
    else this.edit(isBypassed ? "Bypass" : "Enable", setStates(this.document, list, () => (isBypassed ? { kind: "bypassed" } : undefined)));
  }

  /** Holds on to the outputs of the last run. @param {Iterable<string>} ids */
  freeze(ids) {
    const { root, definition } = this;
    const { states, reason, remedy } = freezing(ids, {
      root, definition,
      outputsOf: (id) => this.stepOf(id)?.outputs ?? {},
      portsOf: (id) => this.modules.portsOf(this.document, id).outputs,
      titleOf: (id) => this.titleOf(id),
    });
    if (reason) this.notify({ kind: "error", message: reason, remedy });
    else this.edit(states.size === 1 ? "Freeze" : `Freeze ${states.size} nodes`, setStates(this.document, states.keys(), (id) => states.get(id)));
  }

  /** @param {Iterable<string>} ids */
  unfreeze(ids) {
    const frozen = [...ids].filter((id) => stateOf(this.document, id) === "frozen");
    this.edit(frozen.length === 1 ? "Unfreeze" : `Unfreeze ${frozen.length} nodes`, setStates(this.document, frozen, () => undefined));
  }

  /** The nodes of this scope that a run would skip although nobody switched them off, with the reason. */
  get leftOut() {
    const { document } = this;
    if (this.outside.nodes !== document.nodes) this.outside = { nodes: document.nodes, reasons: leftOut(document, (id) => this.titleOf(id)) };
    return this.outside.reasons;
  }

  /** What the preview that is shown says of a node of this scope. @param {string} id */
  outcomeOf(id) {
    const preview = this.previews.shown?.preview ?? null;
    if (!preview) return undefined;
    const { document, outlook } = this;
    if (outlook.preview !== preview || outlook.document !== document) this.outlook = { preview, document, steps: stepsByNode(preview, (step) => this.nodeOfStep(step)) };
    return this.outlook.steps.get(id);
  }

  /** What is selected as JSON text, without secrets; frames bring what lies in them. */
  copyText() {
    const { nodes, marks } = withInside(this.document, this.selection.nodes, this.selection.marks);
    return copyText(this.document, nodes, this.modules, { marks, pipelineId: this.pipelineId });
  }

  /**
   * @param {string} text
   * @param {{at?: Point | null, by?: Point, keepOuter?: boolean, label?: string, inside?: string}} [how] `at`: the middle of what is pasted, else it is moved `by`
   * @returns {string[]} the ids of the new nodes; empty when the text holds no graph
   */
  paste(text, { at = null, by, keepOuter = false, label, inside } = {}) {
    const copied = parseCopied(text);
    if (!copied || this.readOnly) return [];
    const within = inside ?? (at ? this.view.insideAt(at) : "");
    const { changes, ids, marks, reason } = pasteChanges(this.document, copied, { at, by, keepOuter, pipelineId: this.pipelineId, inside: within });
    if (reason) this.notify({ kind: "error", message: reason });
    if (!this.edit(label ?? (ids.length === 1 ? "Paste" : `Paste ${ids.length} nodes`), changes)) return [];
    this.select(ids, [], marks);
    return [...ids, ...marks];
  }

  duplicate() {
    if (this.selection.nodes.size + this.selection.marks.size === 0) return;
    const [first, ...more] = new Set([...this.selection.nodes].map((id) => this.document.nodes[id]?.within ?? ""));
    this.paste(this.copyText(), { keepOuter: true, label: "Duplicate", inside: more.length === 0 ? first : "" });
  }

  /** @param {Iterable<string>} ids @param {Iterable<string>} [wireKeys] @param {Iterable<string>} [markKeys] */
  select(ids, wireKeys = [], markKeys = []) {
    const [nodes, wires, marks] = [new Set(ids), new Set(wireKeys), new Set(markKeys)];
    const { selection } = this;
    if (isSame(nodes, selection.nodes) && isSame(wires, selection.wires) && isSame(marks, selection.marks)) return;
    this.selection = { nodes, wires, marks };
    this.#emit("selection", this.selection);
  }

  /** Selects a node and brings it into view. @param {string} id */
  focusNode(id) {
    if (!this.document.nodes[id]) return;
    this.select([id]);
    this.#emit("focus", { node: id });
  }

  /** Selects a frame or note and brings it into view. @param {string} key */
  focusMark(key) {
    if (!markOf(this.document.layout, key)) return;
    this.select([], [], [key]);
    this.#emit("focus", { mark: key });
  }

  /** Goes into a subgraph node of this scope. @param {string} id @returns {boolean} whether there is an inside */
  enter(id) {
    return this.goTo([...this.scope, ...this.view.pathOf(id)]);
  }

  /** Goes out of the innermost subgraph and selects the node that stands for it. */
  leave() {
    const id = this.scope.at(-1);
    if (id !== undefined && this.goTo(this.scope.slice(0, -1))) this.select([id]);
  }

  /** @param {readonly string[]} scope @returns {boolean} whether it leads somewhere */
  goTo(scope) {
    if (this.whereabouts(scope) === null) return false;
    if (stepId(scope, "") === stepId(this.scope, "")) return true;
    this.select([]);
    this.scope = [...scope];
    this.modules.follow(this.here.root);
    this.#emit("scope", this.scope);
    this.#emit("document", this.document);
    return true;
  }

  /** Where a scope leads, `null` where it leads nowhere. @param {readonly string[]} scope */
  whereabouts(scope) {
    return whereabouts(this.root, scope, (node) => {
      const document = this.modules.definitionOf(node);
      return document && { key: this.modules.publishedKey(node), document };
    });
  }

  /** The id of the step that a node of this scope becomes. @param {string} id */
  stepId(id) {
    return stepId(this.scope, id);
  }

  /** The node of this scope that a step belongs to, `null` for one of another scope. @param {string} step */
  nodeOfStep(step) {
    return nodeOfStep(this.document, this.scope, step);
  }

  /** @param {string} id @returns {StepRun | undefined} what the run says of a node; of a subgraph, all of its steps */
  stepOf(id) {
    return this.results.of(id);
  }

  /** Whether a node of this scope, or anything inside it, was edited since it ran. @param {string} id */
  isStale(id) {
    const step = this.stepId(id);
    if (!this.modules.isSubgraph(this.document.nodes[id])) return this.stale.has(step);
    return [...this.stale].some((other) => other === step || other.startsWith(`${step}__`));
  }

  /** @param {string} node @param {string} port */
  openPort(node, port) {
    this.#emit("open", { node, port, tab: "output" });
  }

  /** @param {string} node @param {string} [tab] */
  openNode(node, tab = "properties") {
    this.#emit("open", { node, tab });
  }

  /** @param {Notice} notice */
  notify(notice) {
    this.#emit("notice", notice);
  }

  /** Goes back to an earlier state, as one gesture. @param {string} reference the number of a revision or the name of a version */
  async restore(reference) {
    try {
      const { title, graph } = await this.transport.state(reference);
      await this.published.know(graph);
      if (this.editRoot(`Restore ${title}`, difference(this.root, graph))) return;
      this.notify({ kind: "info", message: `The pipeline is already as in ${title}.` });
    } catch (error) {
      this.failed(error, "The state could not be restored.");
    }
  }

  /** A frame around the selected nodes, or an empty one at a place. @param {Point} at @returns {string} its key in a selection */
  addFrame(at) {
    const places = [...this.selection.nodes].flatMap((id) => this.document.layout?.nodes?.[id] ?? []);
    const rects = [...places.map((place) => ({ ...place, width: 208, height: 64 })), ...[...this.selection.marks].flatMap((key) => markOf(this.document.layout, key) ?? [])];
    const rect = frameAround(rects.length ? around(rects) : { x: at.x - 160, y: at.y - 64, width: 320, height: 160 });
    return this.#addMark("frames", rect);
  }

  /** @param {Point} at @returns {string} its key in a selection */
  addNote(at) {
    return this.#addMark("notes", { x: snapToGrid(at.x), y: snapToGrid(at.y), width: 208, height: 96, text: "" });
  }

  /** @param {MarkKind} kind @param {any} mark */
  #addMark(kind, mark) {
    const id = freeMark(this.document, kind);
    if (!this.edit(kind === "frames" ? "Add frame" : "Add note", [setMark(this.document, kind, id, mark)])) return "";
    this.select([], [], [markKey(kind, id)]);
    return markKey(kind, id);
  }

  /** What people call a frame or note. @param {string} key */
  markTitle(key) {
    const { kind } = parseMark(key);
    const title = kind === "frames" ? /** @type {any} */ (markOf(this.document.layout, key))?.title : "";
    return title ? `frame '${title}'` : kind === "frames" ? "frame" : "note";
  }

  /** What people call a node of this scope. @param {string} id */
  titleOf(id) {
    return this.nameOf(this.document.nodes[id], id);
  }

  /** What people call a node of whatever scope. @param {GraphNode | undefined} node @param {string} id */
  nameOf(node, id) {
    return node?.label || this.modules.specOf(node)?.title || id;
  }

  destroy() {
    this.forgetHistory();
    this.sync.close();
    this.presence.close();
    this.push?.close();
  }

  /** @param {string} label @param {Change[]} changes @returns {Operation | null} */
  #apply(label, changes) {
    if (this.readOnly) return null;
    const filled = changes.map(({ path, after }) => edits.change(this.root, path, after));
    const real = filled.filter(({ before, after }) => before !== after);
    if (real.length === 0) return null;
    const operation = { id: newId(), client: this.client, label, base: this.copy.revision, changes: real };
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
    if (this.shown === this.root) return;
    this.shown = this.root;
    this.modules.follow(this.root);
    this.runs.findStale();
    this.published.follow(this.root);
    this.#leaveGoneScope();
    this.modules.follow(this.here.root);
    this.#dropGoneSelection();
    this.#emit("document", this.document);
    this.previews.refresh();
    void this.frozen.follow(this.root);
  }

  /** A scope whose node or definition is gone is left, as far as it takes. */
  #leaveGoneScope() {
    let scope = this.scope;
    while (this.whereabouts(scope) === null) scope = scope.slice(0, -1);
    if (scope === this.scope) return;
    this.scope = scope;
    this.#emit("scope", scope);
  }

  /** Undo and redo are seen: the view goes where they changed something. @param {readonly Change[]} changes */
  #showChanged(changes) {
    const definition = definitionOfPath(changes[0]?.path ?? []);
    const isDrawn = this.view.steps.some(({ expanded }) => expanded.name === definition);
    if (definition === this.definition || isDrawn) return;
    const scope = scopeOf(this.root, definition);
    if (scope) this.goTo(scope);
  }

  #dropGoneSelection() {
    const { nodes, wires, marks } = this.selection;
    if (nodes.size === 0 && wires.size === 0 && marks.size === 0) return;
    const present = wires.size ? new Set(wiresOf(this.document).map((wire) => wire.key)) : wires;
    this.select([...nodes].filter((id) => this.document.nodes[id]), [...wires].filter((key) => present.has(key)), [...marks].filter((key) => markOf(this.document.layout, key)));
  }

  /** @param {OperationResult} result @param {Operation} operation */
  #resulted(result, operation) {
    if (result.status === "refused") {
      this.history.forget(operation.id);
      const first = result.diagnostics?.[0];
      this.notify({ kind: "error", message: `'${operation.label}' could not be kept: ${first?.message ?? "the server refused it."}`, remedy: first?.remedy, diagnostics: result.diagnostics });
    } else if (result.conflicts?.length) {
      this.clashes.add(wentOver(result.conflicts, operation));
    }
    this.#documentChanged();
  }

  /** @param {LogEntry[]} entries */
  #othersDid(entries) {
    const gone = entries.flatMap(({ changes }) => changes.filter(({ path, after }) => after === undefined && isWhole(path)));
    if (gone.length > 0) this.history.lose(gone.map(({ path }) => path));
    this.clashes.follow(entries);
  }

  /** @param {{[old: string]: string}} renamed */
  #renamed(renamed) {
    this.history.rename(renamed);
    const nameIn = (/** @type {readonly string[]} */ scope, /** @type {string} */ id) => renamedNode(renamed, definitionAt(this.root, scope) ?? "", id);
    this.scope = this.scope.reduce((scope, id) => [...scope, nameIn(scope, id)], /** @type {string[]} */ ([]));
    this.select([...this.selection.nodes].map((id) => nameIn(this.scope, id)));
  }

  /** @param {Diagnostic[]} items */
  #setDiagnostics(items) {
    this.diagnostics = items;
    this.#emit("diagnostics", items);
  }

  #runChanged() {
    this.previews.refresh();
    this.#emit("run", this.run);
    this.#emit("status", { steps: [...this.statuses.keys()] });
  }

  #breakpointsChanged() {
    this.previews.refresh();
    this.#emit("breakpoints", this.breakpoints);
  }

  #allChanged() {
    this.#emit("status", { steps: Object.keys(this.document.nodes).map((id) => this.stepId(id)) });
  }

  /** @param {{cards: any[], generation: number}} answer */
  #setCards({ cards, generation }) {
    this.modules.setCards(cards, generation);
    this.#modulesChanged();
  }

  #modulesChanged() {
    this.published.follow(this.root);
    this.#emit("modules", { generation: this.modules.generation });
  }

  #follow() {
    this.push = this.transport.openPush({
      onMessage: (message) => this.#receive(message),
      onClose: () => this.sync.disconnected(),
    });
  }

  /** @param {PushMessage} message */
  #receive(message) {
    this.together.receive(message);
    this.comments.receive(message);
    this.presence.receive(message);
    if (message.kind === "hello") this.#greeted(message);
    else if (message.kind === "operations") this.sync.receive(message.operations, message.revision);
    else if (message.kind === "diagnostics") this.#setDiagnostics(message.items);
    else if (message.kind === "run") this.runs.receive(message.events);
    else if (message.kind === "modules") this.reloadModules();
    else if (message.kind === "schemas") this.#foreseen(message.nodes);
  }

  /** @param {PushMessage} message */
  #greeted({ revision, run, diagnostics }) {
    if (!this.runId) this.sync.connected(revision);
    else this.sync.connected(this.copy.revision);
    if (run && (!this.runId || run.id === this.runId)) this.runs.set(run);
    if (!this.runs.isLive) return;
    if (diagnostics) this.#setDiagnostics(diagnostics);
    void this.reloadSchemas();
  }

  /** What is not known yet is pushed when it is; what is pushed meanwhile is newer than the answer. */
  async reloadSchemas() {
    /** @type {[string, NodeForesight | null][][]} */
    const since = [];
    this.pushedSchemas = since;
    const answer = await this.transport.schemas().catch(() => null);
    if (since !== this.pushedSchemas) return;
    this.pushedSchemas = null;
    if (!answer) return;
    this.foresight.replace(answer.nodes);
    for (const entries of since) this.foresight.take(entries);
    this.#emit("schemas", this.foresight);
  }

  /** @param {[string, NodeForesight | null][]} entries */
  #foreseen(entries) {
    this.pushedSchemas?.push(entries);
    this.foresight.take(entries);
    this.#emit("schemas", this.foresight);
  }

  async reloadModules() {
    const answer = await this.transport.modules().catch(() => null);
    if (answer) this.#setCards(answer);
  }

  /** Waits until the server holds every edit: a run must see what the person sees. */
  async settled() {
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
  failed(error, otherwise) {
    if (error?.diagnostics?.length) this.#setDiagnostics(error.diagnostics);
    this.notify({ kind: "error", message: error?.message || otherwise, remedy: error?.remedy, diagnostics: error?.diagnostics });
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The rectangle around all of these. @param {import("./types.js").Rect[]} rects @returns {import("./types.js").Rect} */
function around(rects) {
  const [x, y] = [Math.min(...rects.map((rect) => rect.x)), Math.min(...rects.map((rect) => rect.y))];
  return { x, y, width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x, height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y };
}


/** @param {Set<string>} a @param {Set<string>} b */
function isSame(a, b) {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
