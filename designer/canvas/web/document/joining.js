/**
 * A new node that comes with its wires: behind an output, before an input, or into a wire. Pure.
 *
 * @import {Change, GraphDocument, GraphNode, InputValue, ModuleSpec, Point, Port} from "../types.js"
 *
 * @typedef {{from: string, port: string}} JoinAfter  `from`: `node.port` that feeds the new node's input `port`
 * @typedef {{to: {node: string, port: string, many: boolean}, port: string}} JoinBefore  the new node's output `port` feeds `to`
 * @typedef {{wire: string, input: string, output: string}} JoinInto  the wire comes in at `input` and goes on from `output`
 * @typedef {JoinAfter | JoinBefore | JoinInto} Join
 * @typedef {{side: "input" | "output", type: string}} WireEnd  the end that a new node should meet
 */
import { bendsOfGone } from "./bends.js";
import { change } from "./change.js";
import { connect } from "./edits.js";
import { isCompatible } from "./module_store.js";
import { parseWireKey, reachable, sourceOf, splitSource } from "./wires.js";

/** The node that a new one is joined to. @param {Join} join */
export function joinedNode(join) {
  if ("wire" in join) return parseWireKey(join.wire).target;
  return "from" in join ? splitSource(join.from)[0] : join.to.node;
}

/** A node needs this much between the nodes it goes between, in canvas pixels. */
const ROOM = 176;

/**
 * The ports of a module that fit a wire's end, best first; those that fit equally well share a rank.
 *
 * @param {Pick<ModuleSpec, "inputs" | "outputs"> | null | undefined} spec
 * @param {WireEnd} end
 * @returns {{port: Port, rank: number}[]}
 */
export function fittingPorts(spec, { side, type }) {
  const ports = (side === "output" ? spec?.inputs : spec?.outputs) ?? [];
  const fits = (/** @type {Port} */ port) => (side === "output" ? isCompatible(type, port.type) : isCompatible(port.type, type));
  const rank = (/** @type {Port} */ port) => (port.type === type ? 0 : 2) + (port.optional ? 1 : 0);
  return ports.filter(fits).map((port) => ({ port, rank: rank(port) })).sort((a, b) => a.rank - b.rank);
}

/** Those that fit best: more than one where a person has to choose. @param {{port: Port, rank: number}[]} fitting */
export function bestPorts(fitting) {
  return fitting.filter(({ rank }) => rank === fitting[0].rank).map(({ port }) => port);
}

/**
 * The ports by which a module fits into a wire, `null` where it does not.
 *
 * @param {Pick<ModuleSpec, "inputs" | "outputs"> | null} spec
 * @param {{output: string, input: string}} types at the ends of the wire
 * @returns {{input: string, output: string} | null}
 */
export function spliceFit(spec, { output, input }) {
  const [into] = fittingPorts(spec, { side: "output", type: output });
  const [out] = fittingPorts(spec, { side: "input", type: input });
  return into && out ? { input: into.port.name, output: out.port.name } : null;
}

/**
 * The wires of a new node: its own inputs, and the changes at other nodes.
 *
 * @param {GraphDocument} document
 * @param {string} id of the new node
 * @param {Join} join
 * @returns {{inputs: {[port: string]: InputValue}, changes: Change[]}}
 */
export function joinChanges(document, id, join) {
  if ("from" in join) return { inputs: { [join.port]: join.from }, changes: [] };
  if ("to" in join) return { inputs: {}, changes: connect(document, `${id}.${join.port}`, join.to) };
  const { target, port } = parseWireKey(join.wire);
  const source = wireSource(document, join.wire);
  if (source === null) return { inputs: {}, changes: [] };
  const led = change(document, ["nodes", target, "inputs", port], withSource(document, join.wire, `${id}.${join.output}`));
  return { inputs: { [join.input]: source }, changes: [led, ...bendsOfGone(document, source, target, port)] };
}

/**
 * Moves what is below a wire further down, where the gap is too small for a node.
 *
 * @param {GraphDocument} document
 * @param {string} wire
 * @param {ReadonlySet<string>} except nodes that stay where they are
 * @returns {Change[]}
 */
export function makeRoom(document, wire, except = new Set()) {
  const places = document.layout?.nodes ?? {};
  const { target } = parseWireKey(wire);
  const source = wireSource(document, wire)?.split(".", 1)[0];
  const above = source === undefined ? undefined : places[source];
  const below = places[target];
  if (!above || !below || below.y <= above.y) return [];
  const missing = Math.ceil((ROOM - (below.y - above.y - 64)) / 8) * 8;
  if (missing <= 0) return [];
  const behind = [target, ...reachable(document, [target], "downstream")].filter((id) => id !== source && !except.has(id));
  return behind.flatMap((id) => {
    const place = places[id];
    return place && place.y >= below.y ? [change(document, ["layout", "nodes", id], { ...place, y: place.y + missing })] : [];
  });
}

/** Where a node goes that is put into a wire: in the middle of the gap. @param {GraphDocument} document @param {string} wire @param {Point} wished corner @returns {Point} */
export function placeInWire(document, wire, wished) {
  const places = document.layout?.nodes ?? {};
  const source = wireSource(document, wire)?.split(".", 1)[0];
  const above = source === undefined ? undefined : places[source];
  const below = places[parseWireKey(wire).target];
  if (!above || !below || below.y <= above.y) return wished;
  const gap = Math.max(below.y - above.y - 64, ROOM);
  return { x: wished.x, y: above.y + 64 + (gap - 64) / 2 };
}

/** What a wire comes from, as `node.port`. @param {GraphDocument} document @param {string} key @returns {string | null} */
export function wireSource(document, key) {
  const { target, port, position } = parseWireKey(key);
  const held = document.nodes[target]?.inputs?.[port];
  if (held === undefined) return null;
  const wire = Array.isArray(held) ? held[position] : held;
  return wire === undefined ? null : sourceOf(wire);
}

/** An input's value with another source in one wire's place. @param {GraphDocument} document @param {string} key @param {string} source @returns {InputValue} */
export function withSource(document, key, source) {
  const { target, port, position } = parseWireKey(key);
  const held = document.nodes[target]?.inputs?.[port];
  return Array.isArray(held) ? held.map((wire, i) => (i === position ? source : wire)) : source;
}
