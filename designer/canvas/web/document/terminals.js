/**
 * Terminals: the ports of a subgraph as they are drawn inside it. An input port is a node that
 * gives, in a row above the others; an output port one that takes, in a row below. They are nodes of
 * the view only, `@in:raw` and `@out:ready`; the definition holds where its ports lead. Pure.
 *
 * @import {GraphDocument, GraphNode, InputValue, Point, SubgraphDefinition, WireValue} from "../types.js"
 * @import {PortKind} from "./subgraph_ports.js"
 *
 * @typedef {{kind: "inputs" | "outputs", name: string}} Terminal
 */
import { orderedNames } from "./subgraphs.js";
import { listOf, splitSource } from "./wires.js";

export const TERMINAL_WIDTH = 192;
/** The name of the terminal that is no port yet: a wire to or from it makes one. */
export const NEW_PORT = "+";
const PITCH = TERMINAL_WIDTH + 24;
const NODE = { width: 208, height: 64 };
const ROW = 112;
const GRID = 8;

/** @param {"inputs" | "outputs"} kind @param {string} name */
export function terminalId(kind, name) {
  return `${kind === "inputs" ? "@in" : "@out"}:${name}`;
}

/** The port that a node of the view stands for, `null` for a node of the pipeline. @param {string} id @returns {Terminal | null} */
export function terminalOf(id) {
  if (!isTerminal(id)) return null;
  const [side, name] = id.split(":");
  return { kind: side === "@in" ? "inputs" : "outputs", name };
}

/** @param {string} id */
export function isTerminal(id) {
  return id.startsWith("@");
}

/**
 * A definition's nodes with its terminals among them, wired to what the ports lead to; in each row
 * one more, for a new port.
 *
 * @param {GraphDocument} scoped the inside of a definition
 * @param {SubgraphDefinition} definition
 * @returns {GraphDocument}
 */
export function withTerminals(scoped, definition) {
  const nodes = { ...scoped.nodes };
  for (const name of orderedNames(definition, "inputs")) {
    const id = terminalId("inputs", name);
    for (const target of listOf(definition.inputs?.[name])) feed(nodes, target, `${id}.${name}`);
    nodes[id] = { terminal: { kind: "inputs", name, definition: scoped.definition ?? "" } };
  }
  for (const name of orderedNames(definition, "outputs")) {
    const source = definition.outputs?.[name];
    nodes[terminalId("outputs", name)] = { terminal: { kind: "outputs", name, definition: scoped.definition ?? "" }, ...(source ? { inputs: { [name]: source } } : {}) };
  }
  for (const kind of /** @type {const} */ (["inputs", "outputs"])) nodes[terminalId(kind, NEW_PORT)] = { terminal: { kind, name: NEW_PORT, definition: scoped.definition ?? "" } };
  const places = scoped.layout?.nodes ?? {};
  const { inputs: _, outputs: __, ...rest } = scoped;
  return { ...rest, nodes, layout: { ...scoped.layout, nodes: { ...places, ...terminalPlaces(places, definition) } } };
}

/** A wire more into an input; a single one stays a text. @param {{[id: string]: GraphNode}} nodes @param {string} target @param {string} source */
function feed(nodes, target, source) {
  const [id, port] = splitSource(target);
  const node = nodes[id];
  if (!node) return;
  const held = node.inputs?.[port];
  nodes[id] = { ...node, inputs: { ...node.inputs, [port]: held === undefined ? source : [...listOf(held), source] } };
}

/**
 * Where the terminals stand: above and below everything, near what they lead to, in their order.
 *
 * @param {{[id: string]: Point}} places
 * @param {SubgraphDefinition} definition
 * @returns {{[id: string]: Point}}
 */
function terminalPlaces(places, definition) {
  const all = Object.values(places);
  const top = all.length ? Math.min(...all.map(({ y }) => y)) : ROW;
  const bottom = all.length ? Math.max(...all.map(({ y }) => y)) : ROW;
  const middle = all.length ? (Math.min(...all.map(({ x }) => x)) + Math.max(...all.map(({ x }) => x)) + NODE.width) / 2 : NODE.width / 2;
  const row = (/** @type {"inputs" | "outputs"} */ kind, /** @type {number} */ y) => {
    const names = orderedNames(definition, kind);
    const wished = names.map((name) => wishedX(places, listOf(definition[kind]?.[name]).flatMap((end) => end ?? []), middle));
    const left = spread(wished);
    const last = left.length > 0 ? left[left.length - 1] + PITCH : Math.round((middle - TERMINAL_WIDTH / 2) / GRID) * GRID;
    return [...names, NEW_PORT].map((name, i) => /** @type {const} */ ([terminalId(kind, name), { x: left[i] ?? last, y }]));
  };
  return Object.fromEntries([...row("inputs", top - ROW), ...row("outputs", bottom + ROW)]);
}

/** The middle of what a terminal leads to. @param {{[id: string]: Point}} places @param {string[]} ends @param {number} otherwise */
function wishedX(places, ends, otherwise) {
  const found = ends.flatMap((end) => places[splitSource(end)[0]] ?? []);
  return found.length ? found.reduce((sum, { x }) => sum + x + NODE.width / 2, 0) / found.length : otherwise;
}

/** Left edges for these middles: in the same order, none over another, as near as that allows. @param {number[]} middles @returns {number[]} */
function spread(middles) {
  const left = middles.map((middle) => middle - TERMINAL_WIDTH / 2);
  /** Runs of terminals side by side, each as near to its wishes as a whole. @type {{start: number, wishes: number[]}[]} */
  const runs = [];
  for (const wish of left) {
    let run = { start: wish, wishes: [wish] };
    for (let last = runs.at(-1); last && last.start + last.wishes.length * PITCH > run.start; last = runs.at(-1)) {
      runs.pop();
      const wishes = [...last.wishes, ...run.wishes];
      run = { start: wishes.reduce((sum, x, i) => sum + x - i * PITCH, 0) / wishes.length, wishes };
    }
    runs.push(run);
  }
  return runs.flatMap(({ start, wishes }) => wishes.map((_, i) => Math.round((start + i * PITCH) / GRID) * GRID));
}

/**
 * An input without the wires from terminals.
 *
 * @param {InputValue} value
 * @returns {InputValue | undefined}
 */
export function withoutTerminalWires(value) {
  const left = listOf(/** @type {WireValue | WireValue[]} */ (value)).filter((wire) => !isTerminal(typeof wire === "string" ? wire : wire.from));
  if (left.length === listOf(value).length) return value;
  return left.length === 0 ? undefined : left.length > 1 ? left : left[0];
}
