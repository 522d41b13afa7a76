/**
 * Looks when a selection becomes a subgraph, or a subgraph its nodes again: places, bends, frames
 * and notes go along and stay beside each other as they were. Pure.
 *
 * @import {Frame, GraphLayout, Note, Point, Rect} from "../types.js"
 * @import {Holder} from "./subgraphs.js"
 */
import { bendEnds } from "./bends.js";
import { freeName } from "./subgraphs.js";
import { splitSource } from "./wires.js";

const NODE = { width: 208, height: 64 };
const GRID = 8;
/** What is left between nodes, and how far a node goes out of the way. */
const GAP = 24;
const REACH = 600;

/**
 * The looks inside and outside after a collapse.
 *
 * @param {Holder} holder
 * @param {{id: string, inside: ReadonlySet<string>, inputs: Map<string, {targets: string[]}>, outputs: Map<string, {source: string}>}} made
 * @returns {{inner: GraphLayout | null, outer: GraphLayout}}
 */
export function collapsedLayout(holder, { id, inside, inputs, outputs }) {
  const layout = holder.layout ?? {};
  const [innerNodes, outerNodes] = parted(layout.nodes, (node) => inside.has(node));
  const isFramed = (/** @type {Frame} */ frame) => {
    const within = Object.entries(layout.nodes ?? {}).filter(([, place]) => contains(frame, middleOf(place)));
    return within.length > 0 && within.every(([node]) => inside.has(node));
  };
  const [innerFrames, outerFrames] = parted(layout.frames, (_, frame) => isFramed(frame));
  const [innerNotes, outerNotes] = parted(layout.notes, (_, note) => Object.values(innerFrames).some((frame) => contains(frame, centreOf(note))));
  const bends = collapsedBends(layout.wires ?? {}, { id, inside, inputs, outputs });
  const order = { inputs: byPlace(inputs, ({ targets }) => innerNodes[nodeOf(targets[0])]), outputs: byPlace(outputs, ({ source }) => innerNodes[nodeOf(source)]) };
  const ports = Object.fromEntries(Object.entries(order).filter(([, names]) => names.join() !== names.toSorted().join()));
  const middle = placeFor(Object.values(innerNodes));
  const place = middle && clearOf(middle, Object.values(outerNodes));
  const inner = filled({ nodes: innerNodes, frames: innerFrames, notes: innerNotes, wires: bends.inner, ports, origin: place ?? {} });
  const outer = { ...layout, nodes: place ? { ...outerNodes, [id]: place } : outerNodes, frames: outerFrames, notes: outerNotes, wires: bends.outer };
  return { inner, outer };
}

/**
 * The looks of a scope after one of its subgraph nodes became its inside again.
 *
 * @param {GraphLayout | undefined} layout
 * @param {GraphLayout | undefined} inner of the definition
 * @param {{id: string, renamed: ReadonlyMap<string, string>, leads: (port: string) => string | undefined, gives: (port: string) => string | undefined}} how
 *   `leads`: the first thing that an input port of the subgraph feeds; `gives`: what an output port of it gives; by the new names
 * @returns {GraphLayout}
 */
export function unpackedLayout(layout = {}, inner = {}, { id, renamed, leads, gives }) {
  const { [id]: stood, ...others } = layout.nodes ?? {};
  const home = originOf(inner);
  const shift = { x: (stood?.x ?? 0) - home.x, y: (stood?.y ?? 0) - home.y };
  const moved = Object.fromEntries(Object.entries(inner.nodes ?? {}).map(([node, place]) => [renamed.get(node) ?? node, { ...place, ...shifted(place, shift) }]));
  /** @type {{[key: string]: [number, number][]}} */
  const wires = {};
  for (const [key, bends] of Object.entries(layout.wires ?? {})) {
    const { source, target } = wireEnds(key);
    const from = source.node === id ? gives(source.port) : source.end;
    const to = target.node === id ? leads(target.port) : target.end;
    if (from && to) wires[`${from}>${to}`] ??= bends;
  }
  const renamedEnd = (/** @type {string} */ end) => `${renamed.get(nodeOf(end)) ?? nodeOf(end)}${end.slice(nodeOf(end).length)}`;
  for (const [key, bends] of Object.entries(inner.wires ?? {})) {
    const { source, target } = wireEnds(key);
    const [from, to] = [renamed.get(source.node), renamed.get(target.node)];
    if (from && to) wires[`${from}.${source.port}>${to}.${target.port}`] = bends.map(([x, y]) => [x + shift.x, y + shift.y]);
  }
  return { ...layout, nodes: { ...others, ...moved }, wires, frames: joined(layout.frames, inner.frames, shift), notes: joined(layout.notes, inner.notes, shift) };
}

/** Where one node stands for several: in the middle of them. @param {Point[]} places @returns {Point | null} */
export function placeFor(places) {
  if (places.length === 0) return null;
  const middle = (/** @type {number[]} */ values) => (Math.min(...values) + Math.max(...values)) / 2;
  const snap = (/** @type {number} */ value) => Math.round(value / GRID) * GRID;
  return { x: snap(middle(places.map(({ x }) => x))), y: snap(middle(places.map(({ y }) => y))) };
}

/** The nearest place that covers no other node. @param {Point} wished @param {Point[]} others @returns {Point} */
function clearOf(wished, others) {
  const near = others.filter(({ x, y }) => Math.hypot(x - wished.x, y - wished.y) < REACH);
  const isFree = (/** @type {Point} */ { x, y }) => near.every((other) => Math.abs(other.x - x) >= NODE.width + GAP || Math.abs(other.y - y) >= NODE.height + GAP);
  const along = (/** @type {"x" | "y"} */ axis, /** @type {number} */ size) => [wished[axis], ...near.flatMap((other) => [other[axis] - size - GAP, other[axis] + size + GAP])];
  const free = along("x", NODE.width).flatMap((x) => along("y", NODE.height).map((y) => ({ x, y }))).filter(isFree);
  const far = (/** @type {Point} */ { x, y }) => Math.hypot(x - wished.x, y - wished.y);
  return free.toSorted((a, b) => far(a) - far(b))[0] ?? wished;
}

/** The place inside a definition that lies where a node that uses it stands. @param {GraphLayout} layout of the definition @returns {Point} */
export function originOf(layout) {
  /** @type {Point | undefined} */
  const held = layout.origin;
  return held ?? placeFor(Object.values(layout.nodes ?? {})) ?? { x: 0, y: 0 };
}

/**
 * Bends of wires among the nodes go inside; those of a wire across the border stay with the port.
 *
 * @param {{[key: string]: [number, number][]}} wires
 * @param {{id: string, inside: ReadonlySet<string>, inputs: Map<string, {targets: string[]}>, outputs: Map<string, {source: string}>}} made
 */
function collapsedBends(wires, { id, inside, inputs, outputs }) {
  /** @type {{[key: string]: [number, number][]}} */
  const inner = {};
  /** @type {{[key: string]: [number, number][]}} */
  const outer = {};
  for (const [key, bends] of Object.entries(wires)) {
    const { source, target } = wireEnds(key);
    const [comesFrom, goesTo] = [inside.has(source.node), inside.has(target.node)];
    if (comesFrom && goesTo) inner[key] = bends;
    else {
      const from = comesFrom ? portNamed(id, [...outputs].find(([, port]) => port.source === source.end)) : source.end;
      const to = goesTo ? portNamed(id, [...inputs].find(([, port]) => port.targets.includes(target.end))) : target.end;
      if (from && to) outer[`${from}>${to}`] ??= bends;
    }
  }
  return { inner, outer };
}

/** @param {string} id @param {[string, unknown] | undefined} port */
function portNamed(id, port) {
  return port && `${id}.${port[0]}`;
}

/** The two ends that the key of a wire's bends names. @param {string} key */
function wireEnds(key) {
  const { source, target } = bendEnds(key);
  return { source: endOf(source), target: endOf(target) };
}

/** @param {string} end `node.port` */
function endOf(end) {
  const [node, port] = splitSource(end);
  return { end, node, port };
}

/** Names by where what they lead to stands, from left to right. @template T @param {Map<string, T>} ports @param {(port: T) => Point | undefined} placeOf */
function byPlace(ports, placeOf) {
  const across = (/** @type {T} */ port) => placeOf(port)?.x ?? 0;
  return [...ports].sort(([, a], [, b]) => across(a) - across(b)).map(([name]) => name);
}

/** @param {string} end `node.port` */
function nodeOf(end) {
  return end.slice(0, end.indexOf("."));
}

/** @template T @param {{[key: string]: T} | undefined} object @param {(key: string, item: T) => boolean} isInner @returns {[{[key: string]: T}, {[key: string]: T}]} */
function parted(object, isInner) {
  const entries = Object.entries(object ?? {});
  const split = (/** @type {boolean} */ wanted) => Object.fromEntries(entries.filter(([key, item]) => isInner(key, item) === wanted));
  return [split(true), split(false)];
}

/** @template {Rect} T @param {{[key: string]: T} | undefined} held @param {{[key: string]: T} | undefined} added @param {Point} shift */
function joined(held, added, shift) {
  const all = { ...held };
  for (const [key, item] of Object.entries(added ?? {})) all[freeName(new Set(Object.keys(all)), key)] = { ...item, ...shifted(item, shift) };
  return all;
}

/** @param {{[section: string]: object}} layout @returns {GraphLayout | null} */
function filled(layout) {
  const entries = Object.entries(layout).filter(([, section]) => Object.keys(section).length > 0);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** @param {Point} point @param {Point} by */
function shifted({ x, y }, by) {
  return { x: x + by.x, y: y + by.y };
}

/** @param {Point} place */
function middleOf({ x, y }) {
  return { x: x + NODE.width / 2, y: y + NODE.height / 2 };
}

/** @param {Rect | Note} rect */
function centreOf({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/** @param {Rect} rect @param {Point} point */
function contains({ x, y, width, height }, point) {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}
