/**
 * Where things stand when a use is shown with its inside: the nodes inside around the place of the
 * use, everything else aside; and the way back. Pure.
 *
 * @import {GraphDocument, GraphLayout, NodeLayout, Point, Rect} from "../types.js"
 * @import {Expanded, Spread} from "./expanded_use.js"
 */
import { isEqual } from "./difference.js";
import { SEPARATOR } from "./scope.js";
import { originOf } from "./subgraph_layout.js";

export const NODE = { width: 208, height: 64 };
/** From what stands in a frame to its line, as it is drawn. */
export const FRAME = 12;
const PADDING = 24;
const GAP = 24;
const INSET = 12;
const HEAD = NODE.height + INSET;

/** Where a use stands in its frame. @param {Rect} frame @returns {Point} */
export function cornerOf({ x, y }) {
  return { x: x + INSET, y: y + INSET };
}

/** Room for nodes, and above them for the use itself. @param {Point[]} places @returns {Rect} */
export function frameAround(places) {
  const left = Math.min(...places.map(({ x }) => x)) - PADDING;
  const top = Math.min(...places.map(({ y }) => y)) - PADDING - HEAD;
  const right = Math.max(...places.map(({ x }) => x)) + NODE.width + PADDING;
  const bottom = Math.max(...places.map(({ y }) => y)) + NODE.height + PADDING;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param {GraphLayout} layout @param {GraphLayout} inside @param {{expanded: Expanded, viewId: (inner: string) => string}} how @returns {GraphLayout} */
export function spreadLayout(layout, inside, { expanded, viewId }) {
  const { id, inner, shift, corner, spread } = expanded;
  const moved = (/** @type {Point} */ item) => ({ ...item, x: item.x + shift.x, y: item.y + shift.y });
  /** @type {{[id: string]: NodeLayout}} */
  const nodes = mapValues(layout.nodes ?? {}, (place) => beside(place, spread) ?? apart(place, spread, NODE));
  for (const [view, one] of inner) nodes[view] = moved(inside.nodes?.[one] ?? originOf(inside));
  nodes[id] = { ...layout.nodes?.[id], ...corner };
  const wires = mapValues(layout.wires ?? {}, (bends) => bends.map(([x, y]) => pair(apart({ x, y }, spread, { width: 0, height: 0 }))));
  for (const [key, bends] of Object.entries(inside.wires ?? {})) {
    const [source, target] = key.split(">");
    wires[`${viewId(source)}>${viewId(target ?? "")}`] = bends.map(([x, y]) => pair(moved({ x, y })));
  }
  const boxes = (/** @type {{[key: string]: any} | undefined} */ held, /** @type {{[key: string]: any} | undefined} */ added) => ({
    ...mapValues(held ?? {}, (box) => apart(box, spread, box)),
    ...Object.fromEntries(Object.entries(added ?? {}).map(([key, box]) => [viewId(key), moved(box)])),
  });
  return { ...layout, nodes, wires, frames: boxes(layout.frames, inside.frames), notes: boxes(layout.notes, inside.notes) };
}

/** The looks around the use, without the room that it takes in the view. @param {GraphDocument} before @param {GraphDocument} shown @param {GraphDocument} after @param {Expanded} expanded @returns {GraphLayout | undefined} */
export function foldedLayout(before, shown, after, expanded) {
  if (after.layout === shown.layout) return before.layout;
  const { id, spread, corner } = expanded;
  const isInner = (/** @type {string} */ key) => key.startsWith(id + SEPARATOR);
  /** @type {(kind: "nodes" | "frames" | "notes", change: (item: any) => any) => {[key: string]: any}} */
  const back = (kind, change) => Object.fromEntries(Object.entries(after.layout?.[kind] ?? {}).flatMap(([key, item]) => {
    if (isInner(key) || (key === id && kind === "nodes")) return [];
    return [[key, item === shown.layout?.[kind]?.[key] ? before.layout?.[kind]?.[key] : change(item)]];
  }));
  const nodes = back("nodes", (place) => together(place, spread, NODE));
  const [was, is] = [before.layout?.nodes?.[id], after.layout?.nodes?.[id]];
  if (was && is && after.nodes[id]) nodes[id] = is.x === corner.x && is.y === corner.y ? was : { ...was, x: was.x + is.x - corner.x, y: was.y + is.y - corner.y };
  const wires = Object.fromEntries(Object.entries(after.layout?.wires ?? {}).flatMap(([key, bends]) => {
    if (key.split(">").every(isInner)) return [];
    if (bends === shown.layout?.wires?.[key]) return [[key, before.layout?.wires?.[key] ?? bends]];
    return [[key, bends.map(([x, y]) => pair(together({ x, y }, spread, { width: 0, height: 0 })))]];
  }));
  return { ...after.layout, nodes, wires, frames: back("frames", (box) => together(box, spread, box)), notes: back("notes", (box) => together(box, spread, box)) };
}

/** The looks of the definition, where something inside was moved. @param {GraphLayout | undefined} layout @param {{shown: GraphDocument, after: GraphDocument, expanded: Expanded}} edit @returns {GraphLayout | undefined} */
export function foldedInnerLayout(layout, { shown, after, expanded }) {
  if (after.layout === shown.layout) return layout;
  const { id, inner, shift } = expanded;
  const start = id + SEPARATOR;
  const moved = (/** @type {Point} */ item) => ({ ...item, x: item.x - shift.x, y: item.y - shift.y });
  const changed = (/** @type {"nodes" | "frames" | "notes"} */ kind) => {
    /** @type {{[key: string]: any}} */
    const held = { ...layout?.[kind] };
    for (const key of new Set([...Object.keys(shown.layout?.[kind] ?? {}), ...Object.keys(after.layout?.[kind] ?? {})])) {
      const one = kind === "nodes" ? inner.get(key) : key.startsWith(start) ? key.slice(start.length) : undefined;
      const item = after.layout?.[kind]?.[key];
      if (one === undefined || item === shown.layout?.[kind]?.[key]) continue;
      if (item === undefined) delete held[one];
      else held[one] = moved(item);
    }
    return held;
  };
  const wires = { ...layout?.wires };
  for (const key of new Set([...Object.keys(shown.layout?.wires ?? {}), ...Object.keys(after.layout?.wires ?? {})])) {
    const ends = key.split(">");
    const bends = after.layout?.wires?.[key];
    if (!ends.every((end) => end.startsWith(start)) || bends === shown.layout?.wires?.[key]) continue;
    const own = ends.map((end) => end.slice(start.length)).join(">");
    if (bends === undefined) delete wires[own];
    else wires[own] = bends.map(([x, y]) => pair(moved({ x, y })));
  }
  const result = /** @type {GraphLayout} */ (Object.fromEntries(Object.entries({ ...layout, nodes: changed("nodes"), frames: changed("frames"), notes: changed("notes"), wires }).filter(([, section]) => Object.keys(section).length > 0)));
  return isEqual(result, layout ?? {}) ? layout : { origin: originOf(layout ?? {}), ...result };
}

/** A node that lay over the use lies beside its frame; `null` for other nodes. @param {NodeLayout} place @param {Spread} spread @returns {NodeLayout | null} */
function beside(place, { node, frame }) {
  const away = { x: place.x - node.x, y: place.y - node.y };
  if (Math.abs(away.x) >= NODE.width || Math.abs(away.y) >= NODE.height) return null;
  if (Math.abs(away.x) * NODE.height > Math.abs(away.y) * NODE.width) return { ...place, x: away.x < 0 ? frame.x - NODE.width - GAP : frame.x + frame.width + GAP };
  return { ...place, y: away.y < 0 ? frame.y - NODE.height - GAP : frame.y + frame.height + GAP };
}

/** Away from a node that takes more room now. @template {Point} T @param {T} item @param {Spread} spread @param {{width: number, height: number}} size @returns {T} */
function apart(item, { node, frame }, { width, height }) {
  const dx = item.x >= node.x + node.width ? frame.x + frame.width - (node.x + node.width) : item.x + width <= node.x ? frame.x - node.x : 0;
  const dy = item.y >= node.y + node.height ? frame.y + frame.height - (node.y + node.height) : item.y + height <= node.y ? frame.y - node.y : 0;
  return { ...item, x: item.x + dx, y: item.y + dy };
}

/** The inverse: where something would be without that room. @template {Point} T @param {T} item @param {Spread} spread @param {{width: number, height: number}} size @returns {T} */
function together(item, { node, frame }, { width, height }) {
  const dx = item.x >= frame.x + frame.width ? frame.x + frame.width - (node.x + node.width) : item.x + width <= frame.x ? frame.x - node.x : 0;
  const dy = item.y >= frame.y + frame.height ? frame.y + frame.height - (node.y + node.height) : item.y + height <= frame.y ? frame.y - node.y : 0;
  return { ...item, x: item.x - dx, y: item.y - dy };
}

/** @param {Point} point @returns {[number, number]} */
function pair({ x, y }) {
  return [x, y];
}

/** @template T, R @param {{[key: string]: T}} object @param {(item: T) => R} change @returns {{[key: string]: R}} */
function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(item)]));
}
