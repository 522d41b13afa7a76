/**
 * A picture of many nodes from afar, larger than the view. While the view moves it is copied,
 * shifted and scaled; only where it ends, or is scaled too much, another is taken.
 *
 * @import {Rect} from "../types.js"
 * @import {Viewport} from "./viewport.js"
 */
import { grown } from "./geometry.js";

/** From this many nodes on a copy is cheaper than painting them. */
export const PICTURE_ABOVE = 150;
/** How much of the view lies around it on each side. */
const AROUND = 0.25;
const LARGEST_SCALE = 1.6;

export class OverviewPicture {
  constructor() {
    this.canvas = document.createElement("canvas");
    /** What of the canvas it shows. @type {Rect | null} */
    this.rect = null;
    this.zoom = 1;
    this.ratio = 1;
  }

  /** What it shows is not so any more. */
  discard() {
    this.rect = null;
  }

  /** Whether a view that moves can be made of it. @param {Viewport} viewport */
  serves({ rect, zoom }) {
    if (!this.rect || !contains(this.rect, rect)) return false;
    const scale = zoom / this.zoom;
    return scale < LARGEST_SCALE && scale > 1 / LARGEST_SCALE;
  }

  /**
   * Takes it anew around a view.
   *
   * @param {Viewport} viewport
   * @param {number} ratio device pixels per CSS pixel
   * @param {(context: CanvasRenderingContext2D, rect: Rect) => void} paint in canvas coordinates
   */
  take({ rect, zoom }, ratio, paint) {
    this.rect = grown(rect, AROUND * Math.max(rect.width, rect.height));
    this.zoom = zoom;
    this.ratio = ratio;
    const pixels = { width: Math.ceil(this.rect.width * zoom * ratio), height: Math.ceil(this.rect.height * zoom * ratio) };
    if (this.canvas.width !== pixels.width || this.canvas.height !== pixels.height) Object.assign(this.canvas, pixels);
    this.paint((context) => paint(context, /** @type {Rect} */ (this.rect)));
  }

  /** Paints into it, in canvas coordinates. @param {(context: CanvasRenderingContext2D) => void} act */
  paint(act) {
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context || !this.rect) return;
    const scale = this.zoom * this.ratio;
    context.setTransform(scale, 0, 0, scale, -this.rect.x * scale, -this.rect.y * scale);
    act(context);
  }

  /** Puts it where it belongs. @param {CanvasRenderingContext2D} context in canvas coordinates @param {Viewport} viewport */
  copyTo(context, { x, y, zoom }) {
    if (!this.rect) return;
    if (zoom !== this.zoom) return context.drawImage(this.canvas, this.rect.x, this.rect.y, this.rect.width, this.rect.height);
    // Only shifted: on whole pixels it stays sharp, and costs less.
    context.save();
    context.setTransform(1, 0, 0, 1, Math.round((this.rect.x * zoom + x) * this.ratio), Math.round((this.rect.y * zoom + y) * this.ratio));
    context.drawImage(this.canvas, 0, 0);
    context.restore();
  }
}

/** @param {Rect} outer @param {Rect} inner */
function contains(outer, inner) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
}
