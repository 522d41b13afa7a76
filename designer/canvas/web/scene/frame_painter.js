/**
 * What one animation frame draws: ground, frames, wires, chips or cards, what hovers above them.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Rect} from "../types.js"
 */
import { paintBackground } from "./background.js";
import { paintChips } from "./chip_painter.js";
import { paintExpanded } from "./expanded_painter.js";
import { grown } from "./geometry.js";
import { paintFrames, paintNotes } from "./mark_painter.js";
import { OverviewPicture, PICTURE_ABOVE } from "./overview_picture.js";
import { paintOverlay } from "./overlay.js";
import { paintWires } from "./wire_painter.js";

export const DOM_ABOVE = 0.45;
const DOM_AT_MOST = 250;
const SETTLE_MS = 80;
const MARGIN_PX = 160;
/** New cards in one frame. */
const MOUNTS_MOVING = 6;
const MOUNTS_RESTING = 60;

export class FramePainter {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    this.request = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.settleTimer = undefined;
    this.lastView = [NaN, NaN, NaN];
    /** Whether the next frame paints everything, or only these chips. */
    this.isDirty = true;
    /** @type {Set<number>} */
    this.changedChips = new Set();
    this.picture = new OverviewPicture();
    this.isFar = false;
    this.frameMs = 0;
    this.frameAt = -Infinity;
    this.drawn = 0;
  }

  /** What is drawn has changed. Many askers share one frame. */
  ask = () => {
    this.picture.discard();
    this.askMoved();
  };

  /** The same is seen from elsewhere. */
  askMoved = () => {
    this.isDirty = true;
    this.#request();
  };

  /** From afar a change of state repaints its chip only. @param {Iterable<number>} slots */
  askChips(slots) {
    if (this.isFar) for (const slot of slots) this.changedChips.add(slot);
    this.#request();
  }

  stop() {
    cancelAnimationFrame(this.request);
    clearTimeout(this.settleTimer);
  }

  #request() {
    this.request ||= requestAnimationFrame(this.#frame);
  }

  #frame = () => {
    this.request = 0;
    const { view } = this;
    const started = performance.now();
    if (started - this.frameAt < view.settings.frameMs) return this.#request();
    this.frameAt = started;
    const ratio = view.ground.width / view.viewport.width;
    const context = /** @type {CanvasRenderingContext2D} */ (view.ground.getContext("2d", { alpha: false }));
    if (this.isDirty) this.#paintAll(context, ratio);
    else this.#paintChangedChips(context);
    this.isDirty = false;
    this.changedChips.clear();
    this.#paintTop(ratio);
    view.bar.show();
    if (view.minimap.paint(view, started)) setTimeout(() => this.#request(), 60);
    this.frameMs = performance.now() - started;
  };

  /** @param {CanvasRenderingContext2D} context @param {number} ratio */
  #paintAll(context, ratio) {
    const { scene, viewport, colours } = this.view;
    const { rect, zoom } = viewport;
    const isMoving = this.#isMoving();
    const isFromAfar = zoom < DOM_ABOVE;
    const isServed = isMoving && isFromAfar && this.picture.serves(viewport);
    const slots = isServed ? [] : scene.inside(rect);
    const isNear = !isFromAfar && slots.length <= DOM_AT_MOST;
    this.isFar = !isNear;
    if (!isServed) this.drawn = slots.length;
    context.setTransform(1, 0, 0, 1, 0, 0);
    paintBackground(context, viewport, colours, ratio);
    context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * viewport.x, ratio * viewport.y);
    if (!isNear) this.view.layer.hideAll();
    if (isServed) return this.#copyPicture(context);
    if (isMoving && isFromAfar && slots.length > PICTURE_ABOVE) {
      this.picture.take(viewport, ratio, (into, around) => this.#paintPicture(into, around));
      return this.#copyPicture(context);
    }
    this.#paintWorld(context, { rect, slots, isNear, isMoving });
    this.#showNotes(context, isNear);
  }

  /** @param {CanvasRenderingContext2D} into @param {Rect} rect */
  #paintPicture(into, rect) {
    into.fillStyle = this.view.colours.canvas;
    into.fillRect(rect.x, rect.y, rect.width, rect.height);
    this.#paintWorld(into, { rect, slots: this.view.scene.inside(rect), isNear: false, isMoving: true });
    const { marks, colours, session, viewport } = this.view;
    paintNotes(into, marks, { rect, zoom: viewport.zoom, colours, selected: session.selection.marks });
  }

  /** @param {CanvasRenderingContext2D} context */
  #copyPicture(context) {
    const { scene, noteLayer, viewport } = this.view;
    const slots = [...this.changedChips].filter((slot) => scene.ids[slot]);
    if (slots.length > 0) this.picture.paint((into) => this.#paintChips(into, slots));
    this.picture.copyTo(context, viewport);
    if (noteLayer.shown.size > 0) noteLayer.hideAll();
  }

  /** @param {CanvasRenderingContext2D} context @param {{rect: Rect, slots: number[], isNear: boolean, isMoving: boolean}} what */
  #paintWorld(context, { rect, slots, isNear, isMoving }) {
    const { scene, session, marks, colours, viewport } = this.view;
    const { zoom } = viewport;
    paintFrames(context, marks, { rect, zoom, colours, selected: session.selection.marks, hidden: this.view.writing });
    paintExpanded(context, scene, { view: session.view, zoom, colours });
    paintWires(context, scene, { rect, zoom, colours, emphasis: this.#emphasis(), isMoving });
    const chips = isNear ? this.#showCards(slots, rect, isMoving) : slots;
    if (chips.length > 0) this.#paintChips(context, chips);
  }

  /** @param {CanvasRenderingContext2D} context @param {boolean} isNear */
  #showNotes(context, isNear) {
    const { marks, noteLayer, session, viewport, colours } = this.view;
    if (marks.notes.size === 0 && noteLayer.shown.size === 0) return;
    if (isNear) return noteLayer.show(viewport, session.selection.marks);
    noteLayer.hideAll();
    paintNotes(context, marks, { rect: viewport.rect, zoom: viewport.zoom, colours, selected: session.selection.marks });
  }

  /** Nodes cover wires, so their chips alone can be painted anew. @param {CanvasRenderingContext2D} context left as the last whole frame set it */
  #paintChangedChips(context) {
    const { scene, viewport } = this.view;
    const slots = [...this.changedChips].filter((slot) => scene.ids[slot]);
    const inView = slots.filter((slot) => scene.isInside(viewport.rect, slot));
    if (inView.length > 0) this.#paintChips(context, inView);
    if (slots.length > 0) this.picture.paint((into) => this.#paintChips(into, slots));
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} slots */
  #paintChips(context, slots) {
    const { scene, session, colours, found, viewport } = this.view;
    paintChips(context, scene, { slots, zoom: viewport.zoom, isNear: !this.isFar, colours, selected: session.selection.nodes, found });
  }

  /** Whether the view differs from the last frame's; soon after it rests, one more frame is drawn with care. */
  #isMoving() {
    const { layer, viewport } = this.view;
    const { x, y, zoom } = viewport;
    const [lastX, lastY, lastZoom] = this.lastView;
    this.lastView = [x, y, zoom];
    const isMoving = x !== lastX || y !== lastY || zoom !== lastZoom;
    layer.setMoving(isMoving);
    if (!isMoving) return false;
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

  /**
   * The nodes in view as cards; which of them have to wait is painted as chips meanwhile.
   *
   * @param {number[]} inView
   * @param {Rect} rect
   * @param {boolean} isMoving
   */
  #showCards(inView, rect, isMoving) {
    const { layer, pinned, scene, session, viewport } = this.view;
    const held = session.selection.nodes.size <= 20 ? session.selection.nodes : [];
    const kept = [...pinned, ...held].flatMap((id) => scene.index.get(id) ?? []);
    const around = inView.length > DOM_AT_MOST / 2 ? [] : scene.inside(grown(rect, MARGIN_PX / viewport.zoom));
    const budget = isMoving ? MOUNTS_MOVING : MOUNTS_RESTING;
    const late = layer.show({ inView, nearby: [...kept, ...around], viewport, budget });
    if (late.length > 0) this.askMoved();
    return late;
  }

  #emphasis() {
    const { scene, session, hoveredWires, hiddenWire } = this.view;
    const selected = new Set();
    for (const key of session.selection.wires) {
      const wire = scene.wireIndex.get(key);
      if (wire !== undefined) selected.add(wire);
    }
    return { selected, hovered: hoveredWires, hidden: hiddenWire };
  }
}
