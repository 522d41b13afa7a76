/**
 * Breakpoints of one pipeline: nodes and wires before which a run stops. They are no part of the
 * graph: each browser keeps its own and sends them with a run.
 *
 * @import {GraphDocument} from "../types.js"
 * @typedef {{scope: readonly string[], node: string, wire?: string}} Breakpoint `wire`: its key; the run stops before its target
 */
import { browserStorage, keptList } from "./browser_storage.js";
import { definitionAt, scopedDocument, stepId } from "./scope.js";
import { parseWireKey, wiresInto } from "./wires.js";

const STORED = "designer.breakpoints.";

export class Breakpoints extends EventTarget {
  /** @param {string} pipelineId @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} [storage] */
  constructor(pipelineId, storage = browserStorage()) {
    super();
    this.key = STORED + pipelineId;
    this.storage = storage;
    /** @type {Map<string, Breakpoint>} */
    this.all = new Map(keptList(storage, this.key, isBreakpoint).map((point) => [nameOf(point), point]));
  }

  get size() {
    return this.all.size;
  }

  /** @param {readonly string[]} scope @param {string} node */
  hasNode(scope, node) {
    return this.all.has(nameOf({ scope, node }));
  }

  /** @param {readonly string[]} scope @param {string} wire */
  hasWire(scope, wire) {
    return this.all.has(nameOf({ scope, node: parseWireKey(wire).target, wire }));
  }

  /** The nodes and wires of a scope that have one. @param {readonly string[]} scope @returns {{nodes: string[], wires: string[]}} */
  in(scope) {
    const own = [...this.all.values()].filter((point) => stepId(point.scope, "") === stepId(scope, ""));
    return { nodes: own.flatMap(({ node, wire }) => (wire ? [] : [node])), wires: own.flatMap(({ wire }) => wire ?? []) };
  }

  /**
   * Sets a breakpoint on each, or takes it away where all have one.
   *
   * @param {readonly string[]} scope
   * @param {{nodes?: Iterable<string>, wires?: Iterable<string>}} what
   * @returns {boolean} whether they have one now
   */
  toggle(scope, { nodes = [], wires = [] }) {
    const points = [
      ...[...nodes].map((node) => ({ scope, node })),
      ...[...wires].map((wire) => ({ scope, node: parseWireKey(wire).target, wire })),
    ];
    const isOn = !points.every((point) => this.all.has(nameOf(point)));
    for (const point of points) isOn ? this.all.set(nameOf(point), point) : this.all.delete(nameOf(point));
    this.#changed();
    return isOn;
  }

  clear() {
    this.all.clear();
    this.#changed();
  }

  /**
   * The steps before which a run stops; what is no longer in the document is left out.
   *
   * @param {GraphDocument} root
   * @returns {string[]}
   */
  steps(root) {
    const steps = [...this.all.values()].flatMap(({ scope, node, wire }) => {
      const definition = definitionAt(root, scope);
      if (definition === null) return [];
      const document = scopedDocument(root, definition);
      const isThere = wire ? wiresInto(document, node).some(({ key, disabled }) => key === wire && !disabled) : Boolean(document.nodes[node]);
      return isThere ? [stepId(scope, node)] : [];
    });
    return [...new Set(steps)];
  }

  #changed() {
    if (this.all.size === 0) this.storage?.removeItem(this.key);
    else this.storage?.setItem(this.key, JSON.stringify([...this.all.values()]));
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {Breakpoint} point */
function nameOf({ scope, node, wire }) {
  return [...scope, wire ? `wire ${wire}` : node].join("\n");
}

/** @param {any} point @returns {point is Breakpoint} */
function isBreakpoint(point) {
  return Array.isArray(point?.scope) && typeof point.node === "string";
}
