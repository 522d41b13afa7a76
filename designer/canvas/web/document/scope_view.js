/**
 * What a scope shows, and the way back: the document as it is drawn at some place, and the changes
 * of the whole document that an edit of that drawing means. Pure.
 *
 * @import {Change, GraphDocument, GraphNode, Point, SubgraphDefinition} from "../types.js"
 *
 * @import {Expanded} from "./expanded_use.js"
 * @import {SuggestedPlaces} from "./suggested_places.js"
 * @typedef {{changes: Change[], reason: string}} Rooted `reason`: why the edit cannot be made here
 */
import { difference } from "./difference.js";
import { FRAME, NODE } from "./expanded_layout.js";
import { expandUse, foldUse } from "./expanded_use.js";
import { applyChanges } from "./operations.js";
import { scopedDocument, SEPARATOR } from "./scope.js";
import { expose, removePort, renamePort, reorder } from "./subgraph_ports.js";
import { definitionOf, orderedNames, present, usedFrom, withFields, withHolder } from "./subgraphs.js";
import { withEveryPlace } from "./suggested_places.js";
import { isTerminal, NEW_PORT, terminalId, terminalOf, withoutTerminalWires, withTerminals } from "./terminals.js";
import { listOf, oneOrMore, sourceOf, splitSource, wiresOf } from "./wires.js";

/** Keys of the view that are not kept in the definition but in the document. */
const SHARED = /** @type {const} */ (["name", "parameters", "subgraphs"]);

export class ScopeView {
  /**
   * @param {GraphDocument} root
   * @param {string} definition empty for the pipeline itself
   * @param {readonly string[]} [expanded] nodes that are shown with their inside, outer ones first
   * @param {SuggestedPlaces} [places] of nodes that have none
   */
  constructor(root, definition, expanded = [], places = {}) {
    const drawn = [definition, ...(expanded.length ? usedFrom(root, definition) : [])];
    /** Nodes that are drawn next to terminals or inside others have a place. */
    this.root = definition || expanded.length ? withEveryPlace(root, drawn, places) : root;
    this.definition = definition;
    /** Without anything expanded. */
    this.plain = definition ? withTerminals(scopedDocument(this.root, definition), definitionOf(this.root, definition)) : this.root;
    this.document = this.plain;
    /** @type {{before: GraphDocument, shown: GraphDocument, expanded: Expanded}[]} */
    this.steps = [];
    /** @type {Map<string, string[]>} */
    this.paths = new Map();
    for (const id of expanded) {
      const step = expandUse(this.document, id);
      if (!step) continue;
      this.steps.push({ before: this.document, shown: step.document, expanded: step.expanded });
      this.document = step.document;
      for (const [view, inner] of step.expanded.inner) this.paths.set(view, [...this.pathOf(id), inner]);
    }
  }

  /** The nodes to go into, from this scope on, to come to a node of the view. @param {string} id @returns {string[]} its own id last */
  pathOf(id) {
    return this.paths.get(id) ?? [id];
  }

  /** Where the document holds a node of the view. @param {string} id @returns {{definition: string, id: string}} */
  homeOf(id) {
    for (const { expanded } of this.steps) {
      const inner = expanded.inner.get(id);
      if (inner !== undefined) return { definition: expanded.name, id: inner };
    }
    return { definition: this.definition, id };
  }

  /**
   * What belongs to places of the document, by the nodes of the view that stand for them.
   *
   * @template T
   * @param {ReadonlyMap<string, T>} byPlace by the definition, a line break, and the node's id there
   * @returns {Map<string, T>}
   */
  atHome(byPlace) {
    /** @type {Map<string, T>} */
    const found = new Map();
    if (byPlace.size === 0) return found;
    for (const [place, value] of byPlace) {
      const [definition, id] = place.split("\n");
      if (definition === this.definition && this.document.nodes[id]) found.set(id, value);
    }
    for (const { expanded } of this.steps) {
      for (const [id, inner] of expanded.inner) {
        const value = byPlace.get(`${expanded.name}\n${inner}`);
        if (value !== undefined) found.set(id, value);
      }
    }
    return found;
  }

  /** The innermost expanded node whose frame holds a point; empty for none. @param {Point} point */
  insideAt({ x, y }) {
    const { nodes, layout } = this.document;
    return this.expanded.findLast((id) => {
      const members = Object.keys(nodes).filter((one) => one === id || one.startsWith(id + SEPARATOR));
      const places = members.flatMap((one) => layout?.nodes?.[one] ?? []);
      const [xs, ys] = [places.map((place) => place.x), places.map((place) => place.y)];
      return x >= Math.min(...xs) - FRAME && x <= Math.max(...xs) + NODE.width + FRAME && y >= Math.min(...ys) - FRAME && y <= Math.max(...ys) + NODE.height + FRAME;
    }) ?? "";
  }

  /** Uses that are shown with their inside, outer ones first. */
  get expanded() {
    return this.steps.map(({ expanded }) => expanded.id);
  }

  /** Whether what is drawn is not just what the document holds. */
  get isApart() {
    return this.document !== this.root;
  }

  /** Edits of what is drawn, as changes of the whole document. @param {readonly Change[]} changes @returns {Rooted} */
  rooted(changes) {
    if (this.plain === this.root && this.steps.length === 0) return { changes: [...changes], reason: "" };
    let after = applyChanges(this.document, changes);
    for (const { before, shown, expanded } of this.steps.toReversed()) {
      const folded = foldUse(before, shown, after, expanded);
      if (typeof folded === "string") return { changes: [], reason: folded };
      after = folded;
    }
    const folded = this.definition ? this.#folded(after) : withHolder(after, "", after);
    return typeof folded === "string" ? { changes: [], reason: folded } : { changes: difference(this.root, folded), reason: "" };
  }

  /** The whole document that a changed drawing of a definition means, or why there is none. @param {GraphDocument} after @returns {GraphDocument | string} */
  #folded(after) {
    const { root, definition, plain: before } = this;
    const held = definitionOf(root, definition);
    const reason = refusal(after);
    if (reason) return reason;
    const shared = Object.fromEntries(SHARED.flatMap((key) => (after[key] === before[key] ? [] : [[key, after[key]]])));
    const nodes = Object.fromEntries(Object.entries(after.nodes).flatMap(([id, node]) => (isTerminal(id) ? [] : [[id, plainNode(id, node, { before, held })]])));
    const inside = {
      ...held, nodes, inputs: ledInputs(held, after), outputs: ledOutputs(held, after), parameters: after.promoted,
      label: after.label, description: after.about, layout: plainLayout(held, before, after),
    };
    let folded = withHolder({ ...root, ...shared, subgraphs: { ...(after.subgraphs ?? {}), [definition]: held } }, definition, present(Object.entries(inside)));
    for (const id of Object.keys(before.nodes).filter(isTerminal)) folded = this.#withPort(folded, id, after);
    for (const { kind, end } of newPorts(after)) folded = expose(folded, definition, kind, end).root;
    return reordered(folded, definition, after);
  }

  /** What became of a port: gone with its wires, or with another name everywhere. @param {GraphDocument} folded @param {string} id @param {GraphDocument} after */
  #withPort(folded, id, after) {
    const { kind, name } = /** @type {import("./terminals.js").Terminal} */ (terminalOf(id));
    const node = after.nodes[id];
    if (name === NEW_PORT) return folded;
    if (!node) return removePort(folded, this.definition, kind, name);
    if (node.label === undefined || node.label === name) return folded;
    const renamed = renamePort(folded, this.definition, kind, { from: name, to: node.label });
    return renamed.ok ? renamed.root : folded;
  }
}

/** Why a drawing with terminals says something that a definition cannot hold. @param {GraphDocument} after */
function refusal(after) {
  for (const [id, node] of Object.entries(after.nodes)) {
    for (const wire of Object.values(node.inputs ?? {}).flatMap((value) => listOf(/** @type {any} */ (value)))) {
      const isFromPort = isTerminal(sourceOf(wire));
      if (isFromPort && isTerminal(id)) return "An input of a subgraph cannot be its output. Put a node between them.";
      if (isFromPort && typeof wire === "object" && wire.disabled) return "The wire from a port cannot be disabled here. Disable the wire into the subgraph.";
    }
  }
  return "";
}

/** A node without the wires from terminals; the same object when nothing of it changed. @param {string} id @param {GraphNode} node @param {{before: GraphDocument, held: SubgraphDefinition}} from @returns {GraphNode} */
function plainNode(id, node, { before, held }) {
  if (node === before.nodes[id]) return held.nodes[id];
  const inputs = present(Object.entries(node.inputs ?? {}).map(([port, value]) => [port, withoutTerminalWires(value)]));
  return withFields(node, { inputs });
}

/** What wires to and from the terminals that are no ports yet ask for. @param {GraphDocument} after @returns {{kind: "inputs" | "outputs", end: string}[]} */
function newPorts(after) {
  /** @type {{kind: "inputs" | "outputs", end: string}[]} */
  const asked = [];
  for (const { node, target, port, source } of wiresOf(after)) {
    if (node === terminalId("inputs", NEW_PORT)) asked.push({ kind: "inputs", end: `${target}.${port}` });
    if (target === terminalId("outputs", NEW_PORT)) asked.push({ kind: "outputs", end: source });
  }
  return asked;
}

/** Where the input ports lead now; what they led to before comes first. @param {SubgraphDefinition} held @param {GraphDocument} after */
function ledInputs(held, after) {
  /** @type {Map<string, string[]>} */
  const found = new Map(orderedNames(held, "inputs").map((name) => [name, []]));
  for (const [id, node] of Object.entries(after.nodes)) {
    for (const [port, value] of Object.entries(node.inputs ?? {})) {
      for (const wire of listOf(/** @type {any} */ (value))) {
        const terminal = terminalOf(splitSource(sourceOf(wire))[0]);
        if (terminal && !isTerminal(id)) found.get(terminal.name)?.push(`${id}.${port}`);
      }
    }
  }
  return Object.fromEntries([...found].map(([name, ends]) => {
    const earlier = listOf(held.inputs?.[name]).filter((end) => ends.includes(end));
    return [name, oneOrMore([...new Set([...earlier, ...ends])])];
  }));
}

/** @param {SubgraphDefinition} held @param {GraphDocument} after */
function ledOutputs(held, after) {
  return Object.fromEntries(Object.keys(held.outputs ?? {}).map((name) => {
    const value = after.nodes[terminalId("outputs", name)]?.inputs?.[name];
    const wire = listOf(/** @type {any} */ (value)).at(-1);
    return [name, wire === undefined ? null : sourceOf(wire)];
  }));
}

/** The looks without the terminals' places. @param {SubgraphDefinition} held @param {GraphDocument} before @param {GraphDocument} after */
function plainLayout(held, before, after) {
  if (after.layout === before.layout) return held.layout;
  const nodes = Object.entries(after.layout?.nodes ?? {}).filter(([id]) => !isTerminal(id));
  return { ...after.layout, nodes: Object.fromEntries(nodes) };
}

/** Ports stand as their terminals do, from left to right. @param {GraphDocument} folded @param {string} definition @param {GraphDocument} after */
function reordered(folded, definition, after) {
  let result = folded;
  for (const kind of /** @type {const} */ (["inputs", "outputs"])) {
    const names = orderedNames(definitionOf(result, definition), kind);
    const across = new Map(names.map((name) => [name, after.layout?.nodes?.[terminalId(kind, name)]?.x]));
    if ([...across.values()].some((x) => x === undefined)) continue;
    const wanted = names.toSorted((a, b) => (across.get(a) ?? 0) - (across.get(b) ?? 0));
    if (wanted.join("\n") !== names.join("\n")) result = reorder(result, definition, kind, wanted);
  }
  return result;
}
