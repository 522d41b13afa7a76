/**
 * The graph as a tree: nodes in the order of the work, below each its inputs, its outputs and, of a
 * subgraph shown with its inside, the nodes in there. Pure; rows are told apart by their keys.
 *
 * @import {GraphDocument, Port} from "../types.js"
 * @import {WireFact} from "./wires.js"
 *
 * @typedef {"node" | "input" | "output" | "inside"} RowKind  `inside`: the way to the nodes of a subgraph
 * @typedef {{key: string, kind: RowKind, node: string, port: Port | null, level: number, position: number, siblings: number, parent: string, isOpen: boolean | null}} OutlineRow
 *   `isOpen` is `null` for rows without children; `position` counts from 1
 * @typedef {{portsOf: (id: string) => {inputs: readonly Port[], outputs: readonly Port[]}, isSubgraph: (id: string) => boolean, isOpen: (key: string) => boolean}} OutlineFacts
 *   `isSubgraph`: whether its inside can be shown here
 */
import { NEW_PORT } from "./terminals.js";
import { wiresInto } from "./wires.js";

/** @param {string} node @param {"input" | "output" | "inside"} [kind] @param {string} [port] */
export function rowKey(node, kind, port = "") {
  return kind ? `${node}\n${kind}\n${port}` : node;
}

/** @param {string} key @returns {{node: string, kind: RowKind, port: string}} */
export function parseRowKey(key) {
  const [node, kind = "node", port = ""] = key.split("\n");
  return { node, kind: /** @type {RowKind} */ (kind), port };
}

/**
 * Every node after what feeds it; among those that are free, as they are read from top to bottom.
 *
 * @param {GraphDocument} document
 * @returns {string[]} all nodes once, also those of a circle
 */
export function workOrder({ nodes, layout }) {
  const places = layout?.nodes ?? {};
  const y = (/** @type {string} */ id) => places[id]?.y ?? 0;
  const x = (/** @type {string} */ id) => places[id]?.x ?? 0;
  const byPlace = (/** @type {string} */ a, /** @type {string} */ b) => y(a) - y(b) || x(a) - x(b);
  const feeders = (/** @type {string} */ id) =>
    [...new Set([...wiresInto({ format: 1, nodes }, id).map(({ node }) => node), ...(nodes[id].after ?? [])])].filter((other) => Object.hasOwn(nodes, other)).sort(byPlace);
  const done = new Set();
  const entered = new Set();
  /** @type {string[]} */
  const waiting = Object.keys(nodes).sort(byPlace).reverse();
  for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
    const missing = entered.has(id) ? [] : feeders(id).filter((other) => !entered.has(other));
    entered.add(id);
    if (missing.length > 0) waiting.push(...missing.reverse());
    else {
      waiting.pop();
      done.add(id);
    }
  }
  return [...done];
}

/**
 * The rows that are seen, from top to bottom.
 *
 * @param {GraphDocument} document
 * @param {readonly string[]} order as `workOrder` gives it
 * @param {OutlineFacts} facts
 * @returns {OutlineRow[]}
 */
export function outlineRows(document, order, facts) {
  const within = groupByHolder(document, order);
  /** @type {OutlineRow[]} */
  const rows = [];
  const add = (/** @type {readonly string[]} */ ids, /** @type {number} */ level, /** @type {string} */ parent) =>
    ids.forEach((id, index) => {
      const isLeaf = document.nodes[id].terminal?.name === NEW_PORT;
      const isOpen = isLeaf ? null : facts.isOpen(id);
      rows.push({ key: id, kind: "node", node: id, port: null, level, position: index + 1, siblings: ids.length, parent, isOpen });
      if (isOpen) addChildren(id, level + 1);
    });
  const addChildren = (/** @type {string} */ id, /** @type {number} */ level) => {
    const { inputs, outputs } = facts.portsOf(id);
    const inside = facts.isSubgraph(id) ? 1 : 0;
    const siblings = inputs.length + outputs.length + inside;
    let position = 0;
    const child = (/** @type {RowKind} */ kind, /** @type {Port | null} */ port, /** @type {boolean | null} */ isOpen = null) =>
      rows.push({ key: rowKey(id, /** @type {any} */ (kind), port?.name), kind, node: id, port, level, position: ++position, siblings, parent: id, isOpen });
    for (const port of inputs) child("input", port);
    for (const port of outputs) child("output", port);
    if (!inside) return;
    const isOpen = document.nodes[id].expanded === true;
    child("inside", null, isOpen);
    if (isOpen) add(within.get(id) ?? [], level + 1, rowKey(id, "inside"));
  };
  add(within.get("") ?? [], 1, "");
  return rows;
}

/** The wires that a row of a port stands for. @param {GraphDocument} document @param {ReadonlyMap<string, WireFact[]>} leaving @param {OutlineRow} row @returns {WireFact[]} */
export function wiresOfRow(document, leaving, { kind, node, port }) {
  if (!port) return [];
  if (kind === "input") return wiresInto(document, node).filter((wire) => wire.port === port.name);
  return leaving.get(`${node}.${port.name}`) ?? [];
}

/** All wires by the output that they leave. @param {GraphDocument} document @returns {Map<string, WireFact[]>} */
export function wiresBySource(document) {
  /** @type {Map<string, WireFact[]>} */
  const found = new Map();
  for (const id of Object.keys(document.nodes)) {
    for (const wire of wiresInto(document, id)) {
      const held = found.get(wire.source);
      if (held) held.push(wire);
      else found.set(wire.source, [wire]);
    }
  }
  return found;
}

/**
 * The next row, from the active one on and around, whose title begins with what was typed.
 *
 * @param {readonly OutlineRow[]} rows
 * @param {(row: OutlineRow) => string} titleOf
 * @param {number} from index of the active row
 * @param {string} typed one letter again and again goes from one match to the next
 * @returns {number} -1 for none
 */
export function typedAhead(rows, titleOf, from, typed) {
  const isRepeated = [...typed].every((letter) => letter === typed[0]);
  const wanted = (isRepeated ? typed.slice(0, 1) : typed).toLowerCase();
  const start = isRepeated ? from + 1 : Math.max(0, from);
  for (let step = 0; step < rows.length; step++) {
    const index = (start + step) % rows.length;
    if (titleOf(rows[index]).toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}

/** The part of a long list that is drawn. @param {{top: number, height: number}} view in px @param {number} rowPx @param {number} count @param {number} [margin] rows beyond each edge */
export function rowWindow({ top, height }, rowPx, count, margin = 8) {
  const first = Math.max(0, Math.floor(top / rowPx) - margin);
  return { first, last: Math.min(count, Math.ceil((top + height) / rowPx) + margin) };
}

/** The rows that must be open for a node to be seen, from the outside in. @param {GraphDocument} document @param {string} id @returns {string[]} */
export function rowsAround(document, id) {
  const around = [];
  for (let holder = document.nodes[id]?.within; holder; holder = document.nodes[holder]?.within) around.unshift(holder);
  return around;
}

/** @param {GraphDocument} document @param {readonly string[]} order @returns {Map<string, string[]>} nodes by the one that they are the inside of */
function groupByHolder({ nodes }, order) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const id of order) {
    const holder = nodes[id].within ?? "";
    const held = groups.get(holder);
    if (held) held.push(id);
    else groups.set(holder, [id]);
  }
  return groups;
}
