/**
 * What one animation frame draws: the world and its nodes where the view rests, a picture of them
 * while it moves, and above both what hovers.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Rect} from "../types.js"
 */
import { paintBackground } from "./background.js";
import { grown } from "./geometry.js";
import { paintNotes } from "./mark_painter.js";
import { MovingPicture } from "./moving_picture.js";
import { paintOverlay } from "./overlay.js";
import { WorldPainter } from "./world_painter.js";

export const DOM_ABOVE = 0.45;
const DOM_AT_MOST = 250;
/** From afar so many nodes cost more than a picture of them. */
const MANY = 150;
const SETTLE_MS = 80;
/** How long a view rests until the picture's memory is given back. */
const RELEASE_MS = 4000;
const MARGIN_PX = 160;
/** New cards in one frame; the others are painted until it is their turn. */
const MOUNTS = 60;
/** Where a view comes to rest nobody sees the difference, but a long frame is felt. */
const MOUNTS_AFTER_MOVE = 6;
/** What a frame spends on the next picture: a share of the time between two frames. */
const PICTURE_SHARE = 0.4;
const PICTURE_MS = { least: 3, most: 6 };

export class FramePainter {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    this.request = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.settleTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.releaseTimer = undefined;
    this.lastView = [NaN, NaN, NaN];
    this.isZooming = false;
    /** Whether the next frame paints everything, or only these nodes. */
    this.isDirty = true;
    /** Whether more has changed than the place of the view. */
    this.hasChanged = true;
    /** @type {Set<number>} */
    this.changed = new Set();
    /** Nodes that changed while the next picture was made: it may show them as they were. @type {Set<number>} */
    this.outdated = new Set();
    this.world = new WorldPainter(view);
    this.picture = new MovingPicture();
    this.isFar = false;
    this.frameMs = 0;
    this.frameAt = -Infinity;
    this.pictureMs = PICTURE_MS.least;
    this.drawn = 0;
  }

  /** A hand comes down: the elements are under it at once. */
  rest() {
    const { layer, viewport } = this.view;
    if (!layer.isAway) return;
    layer.setAway(false);
    layer.follow(viewport);
    this.lastView = [viewport.x, viewport.y, viewport.zoom];
    this.askMoved();
  }

  /** What is drawn has changed. Many askers share one frame. */
  ask = () => {
    this.picture.discard();
    this.hasChanged = true;
    this.askMoved();
  };

  /** The same is seen from elsewhere. */
  askMoved = () => {
    this.isDirty = true;
    this.#request();
  };

  /** These nodes look different; where they are painted they are painted anew. @param {Iterable<number>} slots */
  askNodes(slots) {
    if (this.isFar || this.picture.isInUse) for (const slot of slots) this.changed.add(slot);
    this.#request();
  }

  stop() {
    cancelAnimationFrame(this.request);
    clearTimeout(this.settleTimer);
    clearTimeout(this.releaseTimer);
  }

  #request() {
    this.request ||= requestAnimationFrame(this.#frame);
  }

  #frame = () => {
    this.request = 0;
    const { view } = this;
    const started = performance.now();
    if (started - this.frameAt < view.settings.frameMs) return this.#request();
    this.pictureMs = Math.min(PICTURE_MS.most, Math.max(PICTURE_MS.least, (started - this.frameAt) * PICTURE_SHARE));
    this.frameAt = started;
    const ratio = view.ground.width / view.viewport.width;
    const context = /** @type {CanvasRenderingContext2D} */ (view.ground.getContext("2d", { alpha: false }));
    this.#paintChanged(context);
    const { isDirty } = this;
    this.isDirty = false; // cards that have to wait ask for another frame
    if (isDirty) this.#paintAll(context, ratio);
    this.hasChanged = false;
    this.#paintTop(ratio);
    view.bar.show();
    if (view.minimap.paint(view, started)) setTimeout(() => this.#request(), 60);
    this.frameMs = performance.now() - started;
  };

  /** @param {CanvasRenderingContext2D} context @param {number} ratio */
  #paintAll(context, ratio) {
    const { viewport, scene, layer } = this.view;
    const isMoving = this.#isMoving();
    // What changes from frame to frame, a drag at the edge say, needs no picture of each.
    if (isMoving && !this.hasChanged && this.#paintPicture(context, ratio)) return;
    const slots = scene.inside(viewport.rect);
    const isNear = this.#isNear(slots.length);
    this.isFar = !isNear;
    this.drawn = slots.length;
    layer.setAway(false);
    layer.setMoving(isMoving);
    if (!isNear) layer.hideAll();
    this.#paintDirectly(context, ratio, { slots, isNear, isMoving });
  }

  /** @param {number} nodes in view */
  #isNear(nodes) {
    return this.view.viewport.zoom >= DOM_ABOVE && nodes <= DOM_AT_MOST;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ratio @param {{slots: number[], isNear: boolean, isMoving: boolean}} what */
  #paintDirectly(context, ratio, { slots, isNear, isMoving }) {
    const { viewport, colours } = this.view;
    const { rect } = viewport;
    context.setTransform(1, 0, 0, 1, 0, 0);
    paintBackground(context, viewport, colours, ratio);
    this.#toCanvas(context, ratio);
    this.world.paintGround(context, rect, isMoving);
    if (isNear) this.world.paintCards(context, isMoving ? this.#moveCards(slots) : this.#showCards(slots, rect));
    else if (slots.length > 0) this.world.paintChips(context, slots);
    this.#showNotes(context, isNear);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ratio */
  #toCanvas(context, ratio) {
    const { x, y, zoom } = this.view.viewport;
    context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
  }

  /** What is seen while the view moves; the next picture is worked at meanwhile. @param {CanvasRenderingContext2D} context @param {number} ratio @returns {boolean} whether there is a picture that serves */
  #paintPicture(context, ratio) {
    const { viewport, layer, noteLayer, marks, session } = this.view;
    const isNear = this.#isPictureNear();
    if (isNear && this.world.hasCoveredNotes(viewport.rect)) return false;
    const how = { ratio, isNear, isZooming: this.isZooming, paint: this.world.steps };
    const isHurried = this.isZooming && this.picture.shown !== null;
    if (isHurried || this.picture.serves(viewport)) this.picture.advance(viewport, how, this.pictureMs);
    else if (isNear || this.picture.shown || this.#areMany()) this.picture.take(viewport, how);
    if (!this.picture.shown || !(isHurried || this.picture.serves(viewport))) return false;
    if (!this.picture.next) this.#repaintOutdated();
    layer.setAway(true);
    const helps = this.picture.helps(viewport);
    if (!helps || !this.picture.covers(viewport)) this.#paintAround(context, ratio);
    if (helps) this.picture.copyTo(context, viewport);
    this.#toCanvas(context, ratio);
    const isShownNear = helps && this.picture.shown.isNear;
    this.isFar = !isShownNear;
    if (isShownNear) this.world.turnRings(context, viewport.rect);
    if (isShownNear && marks.notes.size > 0) noteLayer.show(viewport, session.selection.marks);
    else if (noteLayer.shown.size > 0) noteLayer.hideAll();
    return true;
  }

  /** What is beside the picture while the view is zoomed out faster than pictures are made. @param {CanvasRenderingContext2D} context @param {number} ratio */
  #paintAround(context, ratio) {
    const { viewport, scene, colours } = this.view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    paintBackground(context, viewport, colours, ratio);
    this.#toCanvas(context, ratio);
    this.world.paintGround(context, viewport.rect, true);
    this.world.paintChips(context, scene.inside(viewport.rect));
  }

  #isPictureNear() {
    const { viewport, scene } = this.view;
    return viewport.zoom >= DOM_ABOVE && this.#isNear(scene.inside(viewport.rect).length);
  }

  #areMany() {
    const { scene, viewport } = this.view;
    return scene.nodeCount > MANY && scene.inside(viewport.rect).length > MANY;
  }

  /** @param {CanvasRenderingContext2D} context @param {boolean} isNear */
  #showNotes(context, isNear) {
    const { marks, noteLayer, session, viewport, colours } = this.view;
    if (marks.notes.size === 0 && noteLayer.shown.size === 0) return;
    if (isNear) return noteLayer.show(viewport, session.selection.marks);
    noteLayer.hideAll();
    paintNotes(context, marks, { rect: viewport.rect, zoom: viewport.zoom, colours, selected: session.selection.marks });
  }

  /** Nodes cover wires, so they alone can be painted anew: where the last whole frame has painted them, and in the picture. @param {CanvasRenderingContext2D} context left as the last whole frame set it */
  #paintChanged(context) {
    const { scene, viewport } = this.view;
    const slots = [...this.changed].filter((slot) => scene.ids[slot]);
    this.changed.clear();
    if (slots.length === 0) return;
    this.#repaint(slots);
    if (this.picture.next) for (const slot of slots) this.outdated.add(slot);
    const inView = slots.filter((slot) => scene.isInside(viewport.rect, slot));
    if (!this.isDirty && this.isFar) this.world.paintChips(context, inView);
  }

  /** In the picture. @param {number[]} slots */
  #repaint(slots) {
    const { shown } = this.picture;
    if (!shown) return;
    const inside = slots.filter((slot) => this.view.scene.isInside(shown.rect, slot));
    if (inside.length === 0) return;
    this.picture.paint((into) => (shown.isNear ? this.world.repaintCards(into, inside, shown.zoom) : this.world.paintChips(into, inside, shown.zoom)));
  }

  #repaintOutdated() {
    if (this.outdated.size === 0) return;
    this.#repaint([...this.outdated].filter((slot) => this.view.scene.ids[slot]));
    this.outdated.clear();
  }

  /** Whether the view differs from the last frame's; soon after it rests, one more frame is drawn with care. */
  #isMoving() {
    const { x, y, zoom } = this.view.viewport;
    const [lastX, lastY, lastZoom] = this.lastView;
    this.lastView = [x, y, zoom];
    this.isZooming = zoom !== lastZoom;
    clearTimeout(this.releaseTimer);
    this.releaseTimer = setTimeout(() => this.picture.release(), RELEASE_MS);
    if (x === lastX && y === lastY && zoom === lastZoom) return false;
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(this.askMoved, SETTLE_MS);
    return true;
  }

  /** @param {number} ratio */
  #paintTop(ratio) {
    const { overlay, top, scene, viewport, colours } = this.view;
    const isEmpty = Object.keys(overlay).length === 0;
    if (isEmpty && top.hidden) return;
    top.hidden = isEmpty;
    const context = /** @type {CanvasRenderingContext2D} */ (top.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, top.width, top.height);
    if (!isEmpty) paintOverlay(context, scene, { overlay, viewport, colours, ratio });
  }

  /** While the view moves no card is mounted. @param {number[]} inView @returns {number[]} the nodes to be painted */
  #moveCards(inView) {
    const { layer, viewport } = this.view;
    layer.follow(viewport);
    return layer.missing(inView);
  }

  /** @param {number[]} inView @param {Rect} rect @returns {number[]} the nodes to be painted until they are mounted */
  #showCards(inView, rect) {
    const { layer, pinned, scene, session, viewport } = this.view;
    const held = session.selection.nodes.size <= 20 ? session.selection.nodes : [];
    const kept = [...pinned, ...held].flatMap((id) => scene.index.get(id) ?? []);
    const around = inView.length > DOM_AT_MOST / 2 ? [] : scene.inside(grown(rect, MARGIN_PX / viewport.zoom));
    const late = layer.show({ inView, nearby: [...kept, ...around], viewport, budget: this.picture.isInUse ? MOUNTS_AFTER_MOVE : MOUNTS });
    if (late.length > 0) this.askMoved();
    return late;
  }
}
