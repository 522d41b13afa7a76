/**
 * What is seen while the view moves: a picture larger than the view, copied, shifted and scaled. While
 * one serves, the next is painted step by step, a little in every frame.
 *
 * @import {Rect} from "../types.js"
 * @import {Viewport} from "./viewport.js"
 *
 * @typedef {{rect: Rect, zoom: number, ratio: number, isNear: boolean}} Taken what of the canvas a picture shows, how large, and whether its nodes are cards
 * @typedef {Taken & {canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}} Picture
 * @typedef {(context: CanvasRenderingContext2D, taken: Taken) => Iterator<void>} PaintSteps leaves the context as it likes
 * @typedef {{ratio: number, isNear: boolean, isZooming: boolean, paint: PaintSteps}} TakenHow `ratio`: device pixels per CSS pixel
 */
import { grown } from "./geometry.js";

/** How much of the view lies around it on each side; one that is needed at once is smaller. */
const AROUND = 0.25;
const AROUND_AT_ONCE = 0.08;
/** How much a picture is scaled at most. */
const LARGEST_SCALE = 1.6;
/** The same while the view is zoomed faster than pictures are made. */
const HURRIED_SCALE = 3;
/** The next one is made when this one is scaled so much, or so little of it is left beside the view. */
const AMPLE_SCALE = 1.2;
const AMPLE_AROUND = AROUND / 2;
/** How far ahead the next one is taken: as far as the view has come, at most so much. */
const AHEAD_SCALE = 1.25;
const AHEAD_SHIFT = 0.6;
/** While the view is zoomed pictures are of a few sizes, so that letters of each size are drawn once. */
const LEVEL = 1.25;

const ENOUGH = { scale: LARGEST_SCALE, around: 0 };

export class MovingPicture {
  constructor() {
    /** @type {Picture | null} */
    this.shown = null;
    /** @type {{picture: Picture, steps: Iterator<void>} | null} */
    this.next = null;
    /** @type {HTMLCanvasElement[]} */
    this.spare = [];
    this.probe = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  }

  /** Whether there is one, or one is being made. */
  get isInUse() {
    return this.shown !== null || this.next !== null;
  }

  /** What it shows is not so any more. */
  discard() {
    if (this.shown) this.#keep(this.shown.canvas);
    if (this.next) this.#keep(this.next.picture.canvas);
    this.shown = this.next = null;
  }

  /** Gives its memory back. */
  release() {
    this.discard();
    this.spare = [];
  }

  /** Whether a view that moves can be made of it. @param {Viewport} viewport */
  serves(viewport) {
    return this.shown !== null && serves(this.shown, viewport, ENOUGH);
  }

  /** Whether it is good enough for a frame or two: scaled, and perhaps with a view around it. @param {Viewport} viewport */
  helps({ zoom }) {
    return this.shown !== null && isScaledBy(this.shown, zoom, HURRIED_SCALE);
  }

  /** Whether nothing of the view is outside. @param {Viewport} viewport */
  covers({ rect }) {
    return this.shown !== null && contains(this.shown.rect, rect);
  }

  /** Has one that serves, at once: the next one if it does, else one of little more than the view. @param {Viewport} viewport @param {TakenHow} how */
  take(viewport, how) {
    if (this.next && !serves(this.next.picture, viewport, ENOUGH)) this.#drop();
    if (!this.next) this.#begin(takenAround(atLevel(viewport, how), how, AROUND_AT_ONCE), how.paint);
    while (this.next) this.#step(this.next);
  }

  /** Paints at the next picture, if one will be needed. @param {Viewport} viewport @param {TakenHow} how @param {number} ms the time for it */
  advance(viewport, how, ms) {
    if (this.next && !serves(this.next.picture, viewport, ENOUGH)) this.#drop();
    if (!this.next && !this.#isAmple(viewport, how)) this.#begin(this.#takenAhead(viewport, how), how.paint);
    const until = performance.now() + ms;
    while (this.next && performance.now() < until) this.#step(this.next);
  }

  /** Whether what is shown will do for a while. @param {Viewport} viewport @param {TakenHow} how */
  #isAmple(viewport, { isNear, isZooming }) {
    if (this.shown?.isNear !== isNear || (!isZooming && this.shown.zoom !== viewport.zoom)) return false;
    return serves(this.shown, viewport, { scale: AMPLE_SCALE, around: AMPLE_AROUND });
  }

  /** Puts it where it belongs. @param {CanvasRenderingContext2D} context in device pixels @param {Viewport} viewport */
  copyTo(context, { x, y, zoom }) {
    if (!this.shown) return;
    const { canvas, rect, zoom: own, ratio } = this.shown;
    const scale = zoom / own;
    const [left, top] = [(rect.x * zoom + x) * ratio, (rect.y * zoom + y) * ratio];
    // Only shifted: on whole pixels it stays sharp, and costs less.
    if (zoom === own) context.setTransform(1, 0, 0, 1, Math.round(left), Math.round(top));
    else context.setTransform(scale, 0, 0, scale, left, top);
    context.drawImage(canvas, 0, 0);
  }

  /** Paints into what is shown, in canvas coordinates. @param {(context: CanvasRenderingContext2D) => void} act */
  paint(act) {
    if (!this.shown) return;
    place(this.shown);
    act(this.shown.context);
  }

  /** @param {Taken} wished @param {PaintSteps} paint */
  #begin(wished, paint) {
    const from = this.shown && isOfOneKind(this.shown, wished) ? this.shown : null;
    const taken = from ? { ...wished, rect: inStep(wished, from) } : wished;
    const scale = taken.zoom * taken.ratio;
    const size = { width: Math.round(taken.rect.width * scale), height: Math.round(taken.rect.height * scale) };
    const canvas = this.spare.pop() ?? document.createElement("canvas");
    if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return;
    context.reset(); // one that was given up half-way has a clip
    const picture = { ...taken, canvas, context };
    place(picture);
    this.next = { picture, steps: from ? extended(from, picture, paint) : paint(context, taken) };
  }

  /** @param {Viewport} viewport @param {TakenHow} how */
  #takenAhead(viewport, how) {
    const taken = takenAround(atLevel(this.shown ? ahead(viewport, this.shown, how) : viewport, how), how, AROUND);
    return serves(taken, viewport, ENOUGH) ? taken : takenAround(atLevel(viewport, how), how, AROUND);
  }

  /** @param {{picture: Picture, steps: Iterator<void>}} next */
  #step({ picture, steps }) {
    const { done } = steps.next();
    this.#flush(picture.canvas);
    if (!done) return;
    if (this.shown) this.#keep(this.shown.canvas);
    this.shown = picture;
    this.next = null;
  }

  /** A browser that draws without a GPU draws late, all at once when a canvas is read: so it is read, and the time is known. @param {HTMLCanvasElement} canvas */
  #flush(canvas) {
    const context = this.probe.getContext("2d");
    context?.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
    context?.reset(); // else the next stroke would have to copy the whole canvas first
  }

  #drop() {
    if (this.next) this.#keep(this.next.picture.canvas);
    this.next = null;
  }

  /** @param {HTMLCanvasElement} canvas */
  #keep(canvas) {
    if (this.spare.length < 2) this.spare.push(canvas);
  }
}

/** @typedef {Pick<Viewport, "rect" | "zoom">} View */

/**
 * Where a view will be if it goes on as it has since a picture was taken.
 *
 * @param {View} view
 * @param {Taken} taken
 * @param {{isZooming: boolean}} how
 * @returns {View}
 */
export function ahead({ rect, zoom }, taken, { isZooming }) {
  const scale = !isZooming ? 1 : clamped(zoom / taken.zoom, 1 / AHEAD_SCALE, AHEAD_SCALE);
  const most = AHEAD_SHIFT * AROUND * Math.max(rect.width, rect.height);
  const middle = middleOf(rect);
  const start = middleOf(taken.rect);
  const shift = (/** @type {number} */ by) => (!isZooming ? Math.round(clamped(by, -most, most) * zoom) / zoom : 0);
  const size = { width: rect.width / scale, height: rect.height / scale };
  const x = middle.x + shift(middle.x - start.x) - size.width / 2;
  const y = middle.y + shift(middle.y - start.y) - size.height / 2;
  return { rect: { x, y, ...size }, zoom: zoom * scale };
}

/** The same part of the canvas in one of a few sizes, while the view is zoomed. @param {View} view @param {{isZooming: boolean}} how @returns {View} */
export function atLevel(view, { isZooming }) {
  if (!isZooming) return view;
  return { rect: view.rect, zoom: LEVEL ** Math.round(Math.log(view.zoom) / Math.log(LEVEL)) };
}

/** @param {Rect} rect */
function middleOf({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/** @param {number} value @param {number} least @param {number} most */
function clamped(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

/**
 * What a picture for a view takes in. It begins a whole number of pixels beside the view, so that a view
 * that is shifted by whole pixels is copied as it would be painted.
 *
 * @param {View} view
 * @param {{ratio: number, isNear: boolean}} how
 * @param {number} share of the view on each side
 * @returns {Taken}
 */
export function takenAround({ rect, zoom }, { ratio, isNear }, share) {
  const around = Math.round(share * Math.max(rect.width, rect.height) * zoom * ratio) / ratio;
  return { rect: grown(rect, around / zoom), zoom, ratio, isNear };
}

/**
 * Whether a picture is enough for a view: nothing of it is outside, nor is it scaled much.
 *
 * @param {Taken} taken
 * @param {View} view
 * @param {{scale: number, around: number}} limits `around`: what must be left on each side, as a share of the view
 */
export function serves(taken, { rect, zoom }, { scale, around }) {
  return isScaledBy(taken, zoom, scale) && contains(taken.rect, grown(rect, around * Math.max(rect.width, rect.height)));
}

/** Whether a picture is scaled so much at most. @param {Taken} taken @param {number} zoom @param {number} most */
function isScaledBy(taken, zoom, most) {
  const scale = zoom / taken.zoom;
  return scale <= most && scale >= 1 / most;
}

/** @param {Taken} a @param {Taken} b */
function isOfOneKind(a, b) {
  return a.zoom === b.zoom && a.ratio === b.ratio && a.isNear === b.isNear;
}

/** A rectangle a whole number of pixels beside that of another picture. @param {Taken} taken @param {Taken} other @returns {Rect} */
function inStep({ rect, zoom, ratio }, other) {
  const scale = zoom * ratio;
  const snapped = (/** @type {number} */ at, /** @type {number} */ to) => to + Math.round((at - to) * scale) / scale;
  return { ...rect, x: snapped(rect.x, other.rect.x), y: snapped(rect.y, other.rect.y) };
}

/** What two pictures have in common is copied, the rest is painted. @param {Picture} from @param {Picture} to @param {PaintSteps} paint @returns {Generator<void, void>} */
function* extended(from, to, paint) {
  const { context, zoom, ratio } = to;
  const scale = zoom * ratio;
  context.setTransform(1, 0, 0, 1, Math.round((from.rect.x - to.rect.x) * scale), Math.round((from.rect.y - to.rect.y) * scale));
  context.drawImage(from.canvas, 0, 0);
  yield;
  for (const rect of outside(to.rect, from.rect)) {
    place(to);
    context.save();
    context.beginPath();
    context.rect(rect.x, rect.y, rect.width, rect.height);
    context.clip();
    for (const steps = paint(context, { rect, zoom, ratio, isNear: to.isNear }); !steps.next().done; ) yield;
    context.restore();
  }
}

/**
 * What of a rectangle is not in another one.
 *
 * @param {Rect} rect
 * @param {Rect} other
 * @returns {Rect[]}
 */
export function outside(rect, other) {
  const [left, right] = [Math.max(rect.x, other.x), Math.min(rect.x + rect.width, other.x + other.width)];
  const [top, bottom] = [Math.max(rect.y, other.y), Math.min(rect.y + rect.height, other.y + other.height)];
  if (left >= right || top >= bottom) return [rect];
  return [
    { x: rect.x, y: rect.y, width: left - rect.x, height: rect.height },
    { x: right, y: rect.y, width: rect.x + rect.width - right, height: rect.height },
    { x: left, y: rect.y, width: right - left, height: top - rect.y },
    { x: left, y: bottom, width: right - left, height: rect.y + rect.height - bottom },
  ].filter(({ width, height }) => width > 0 && height > 0);
}

/** In canvas coordinates. @param {Picture} picture */
function place({ context, rect, zoom, ratio }) {
  const scale = zoom * ratio;
  context.setTransform(scale, 0, 0, scale, -rect.x * scale, -rect.y * scale);
}

/** @param {Rect} outer @param {Rect} inner */
function contains(outer, inner) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
}
