/**
 * Frames and notes: what people write around nodes. They live in the layout only and never change
 * what runs. A frame holds the nodes that lie inside it, by place. Pure.
 *
 * @import {Change, Frame, GraphDocument, GraphLayout, Note, Point, Rect} from "../types.js"
 * @typedef {"frames" | "notes"} MarkKind
 */
import { change } from "./change.js";

export const FRAME_TITLE = 32;
const NODE = { width: 208, height: 64 };
const PADDING = 24;
const GRID = 8;
/** Colours of frames and notes, by the name that the file holds; the first is what a fresh one has. */
export const FRAME_COLOURS = ["blue", "teal", "green", "amber", "red", "purple", "grey"];

/** The name of a frame or note in a selection. @param {MarkKind} kind @param {string} id */
export function markKey(kind, id) {
  return `${kind}/${id}`;
}

/** @param {string} key @returns {{kind: MarkKind, id: string}} */
export function parseMark(key) {
  const [kind, id] = key.split("/");
  return { kind: kind === "notes" ? "notes" : "frames", id };
}

/** @param {GraphLayout | undefined} layout @param {string} key @returns {Frame | Note | null} */
export function markOf(layout, key) {
  const { kind, id } = parseMark(key);
  return layout?.[kind]?.[id] ?? null;
}

/** @param {GraphDocument} document @param {MarkKind} kind @returns {string} a free id */
export function freeMark(document, kind) {
  const taken = document.layout?.[kind] ?? {};
  const stem = kind === "frames" ? "frame" : "note";
  let number = 1;
  while (Object.hasOwn(taken, `${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** The frame around a rectangle, with room for its title. @param {Rect} inner @returns {Rect} */
export function frameAround({ x, y, width, height }) {
  const left = Math.floor((x - PADDING) / GRID) * GRID;
  const top = Math.floor((y - PADDING - FRAME_TITLE) / GRID) * GRID;
  return { x: left, y: top, width: Math.ceil((x + width + PADDING - left) / GRID) * GRID, height: Math.ceil((y + height + PADDING - top) / GRID) * GRID };
}

/** @param {GraphDocument} document @param {MarkKind} kind @param {string} id @param {Frame | Note | undefined} after */
export function setMark(document, kind, id, after) {
  return change(document, ["layout", kind, id], after);
}

/**
 * What lies inside a frame: nodes by their middle, notes and other frames whole.
 *
 * @param {GraphDocument} document
 * @param {string} id of the frame
 * @returns {{nodes: string[], marks: string[]}}
 */
export function insideFrame(document, id) {
  const frame = document.layout?.frames?.[id];
  if (!frame) return { nodes: [], marks: [] };
  const nodes = Object.entries(document.layout?.nodes ?? {}).filter(([node, { x, y }]) => document.nodes[node] && holds(frame, { x: x + NODE.width / 2, y: y + NODE.height / 2 })).map(([node]) => node);
  const marks = allMarks(document.layout).filter(({ key, rect }) => key !== markKey("frames", id) && holds(frame, rect) && holds(frame, { x: rect.x + rect.width, y: rect.y + rect.height }));
  return { nodes, marks: marks.map(({ key }) => key) };
}

/**
 * Nodes and marks, with all that lies in the frames among them.
 *
 * @param {GraphDocument} document
 * @param {Iterable<string>} ids
 * @param {Iterable<string>} keys
 * @returns {{nodes: Set<string>, marks: Set<string>}}
 */
export function withInside(document, ids, keys) {
  const [nodes, marks] = [new Set(ids), new Set(keys)];
  for (const key of [...marks]) {
    const { kind, id } = parseMark(key);
    if (kind !== "frames") continue;
    const inside = insideFrame(document, id);
    for (const node of inside.nodes) nodes.add(node);
    for (const mark of inside.marks) marks.add(mark);
  }
  return { nodes, marks };
}

/** @param {GraphLayout | undefined} layout @returns {{key: string, rect: Rect}[]} frames first */
export function allMarks(layout) {
  return /** @type {const} */ (["frames", "notes"]).flatMap((kind) => Object.entries(layout?.[kind] ?? {}).map(([id, rect]) => ({ key: markKey(kind, id), rect })));
}

/** @param {GraphDocument} document @param {Iterable<string>} keys @param {Point} by @returns {Change[]} */
export function moveMarks(document, keys, by) {
  return [...keys].flatMap((key) => {
    const held = markOf(document.layout, key);
    const { kind, id } = parseMark(key);
    return held ? [setMark(document, kind, id, { ...held, x: held.x + by.x, y: held.y + by.y })] : [];
  });
}

/** @param {GraphDocument} document @param {Iterable<string>} keys @returns {Change[]} */
export function removeMarks(document, keys) {
  return [...keys].flatMap((key) => {
    const { kind, id } = parseMark(key);
    return markOf(document.layout, key) ? [setMark(document, kind, id, undefined)] : [];
  });
}

/** @param {Rect} rect @param {Point} point */
function holds(rect, point) {
  return point.x >= rect.x && point.x <= rect.x + rect.width && point.y >= rect.y && point.y <= rect.y + rect.height;
}
