/**
 * Frames and notes as the canvas shows them: where they are, and what of them is under the pointer.
 * A gesture may hold some at another place than the document has them.
 *
 * @import {Frame, GraphLayout, Note, Point, Rect} from "../types.js"
 * @typedef {{kind: "mark", key: string, part: "title" | "edge" | "body" | Corner}} MarkHit
 * @typedef {"nw" | "ne" | "sw" | "se"} Corner
 */
import { FRAME_TITLE, markKey } from "../document/annotations.js";
import { intersects } from "./geometry.js";

const EDGE_PX = 6;
const CORNER_PX = 12;
export const LEAST_SIZE = { frames: { width: 120, height: 72 }, notes: { width: 96, height: 40 } };

export class Marks {
  constructor() {
    /** @type {Map<string, Frame>} */
    this.frames = new Map();
    /** @type {Map<string, Note>} */
    this.notes = new Map();
    /** Places that a gesture holds. @type {Map<string, Rect>} */
    this.held = new Map();
    /** @type {GraphLayout | undefined} */
    this.layout = undefined;
  }

  /** @param {GraphLayout | undefined} layout @returns {boolean} whether anything differs */
  update(layout) {
    if (this.layout?.frames === layout?.frames && this.layout?.notes === layout?.notes) return false;
    this.layout = layout;
    this.frames = new Map(Object.entries(layout?.frames ?? {}).filter(([, frame]) => isRect(frame)).sort(([, a], [, b]) => b.width * b.height - a.width * a.height));
    this.notes = new Map(Object.entries(layout?.notes ?? {}).filter(([, note]) => isRect(note)));
    return true;
  }

  get size() {
    return this.frames.size + this.notes.size;
  }

  /** @param {string} key @returns {Rect | null} */
  rect(key) {
    const [kind, id] = key.split("/");
    return this.held.get(key) ?? (kind === "frames" ? this.frames : this.notes).get(id) ?? null;
  }

  /** Large frames first, so that small ones lie on them. @param {Rect} view @returns {{id: string, key: string, rect: Rect, frame: Frame}[]} */
  framesIn(view) {
    return [...this.frames].flatMap(([id, frame]) => {
      const key = markKey("frames", id);
      const rect = this.held.get(key) ?? frame;
      return intersects(rect, view) ? [{ id, key, rect, frame }] : [];
    });
  }

  /** @param {Rect} view @returns {{id: string, key: string, rect: Rect, note: Note}[]} */
  notesIn(view) {
    return [...this.notes].flatMap(([id, note]) => {
      const key = markKey("notes", id);
      const rect = this.held.get(key) ?? note;
      return intersects(rect, view) ? [{ id, key, rect, note }] : [];
    });
  }

  /**
   * What of a frame or note is at a point. The inside of a frame is empty canvas.
   *
   * @param {Point} point
   * @param {number} zoom
   * @returns {MarkHit | null}
   */
  hit(point, zoom) {
    const around = { x: point.x - CORNER_PX / zoom, y: point.y - CORNER_PX / zoom, width: (2 * CORNER_PX) / zoom, height: (2 * CORNER_PX) / zoom };
    for (const { key, rect } of this.notesIn(around).reverse()) {
      const part = cornerAt(rect, point, zoom) ?? (holds(rect, point) ? "body" : null);
      if (part) return { kind: "mark", key, part };
    }
    for (const { key, rect } of this.framesIn(around).reverse()) {
      const part = cornerAt(rect, point, zoom) ?? framePart(rect, point, zoom);
      if (part) return { kind: "mark", key, part };
    }
    return null;
  }

  /** Frames and notes that lie wholly inside a box. @param {Rect} box @returns {string[]} */
  inside(box) {
    const isInside = (/** @type {Rect} */ { x, y, width, height }) => x >= box.x && y >= box.y && x + width <= box.x + box.width && y + height <= box.y + box.height;
    return [...this.framesIn(box), ...this.notesIn(box)].filter(({ rect }) => isInside(rect)).map(({ key }) => key);
  }

  /** The rectangle around all of them. @returns {Rect[]} */
  rects() {
    return [...this.frames.values(), ...this.notes.values()];
  }
}

/** @param {any} value */
function isRect(value) {
  return [value?.x, value?.y, value?.width, value?.height].every(Number.isFinite);
}

/** @param {Rect} rect @param {Point} point @param {number} zoom @returns {Corner | null} */
function cornerAt({ x, y, width, height }, point, zoom) {
  const near = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a - b) <= CORNER_PX / zoom / 1.5;
  const vertical = near(point.y, y) ? "n" : near(point.y, y + height) ? "s" : "";
  const horizontal = near(point.x, x) ? "w" : near(point.x, x + width) ? "e" : "";
  return vertical && horizontal ? /** @type {Corner} */ (vertical + horizontal) : null;
}

/** @param {Rect} rect @param {Point} point @param {number} zoom @returns {"title" | "edge" | null} */
function framePart(rect, point, zoom) {
  if (!holds(rect, point)) return null;
  if (point.y < rect.y + FRAME_TITLE) return "title";
  const edge = EDGE_PX / zoom;
  const isEdge = point.x < rect.x + edge || point.x > rect.x + rect.width - edge || point.y > rect.y + rect.height - edge;
  return isEdge ? "edge" : null;
}

/** @param {Rect} rect @param {Point} point */
function holds({ x, y, width, height }, point) {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}
