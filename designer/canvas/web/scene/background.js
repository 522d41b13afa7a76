/**
 * The dotted ground: painted once per zoom into a tile larger than the view, then only shifted.
 *
 * @import {Colours} from "./colours.js"
 * @import {Viewport} from "./viewport.js"
 */
import { GRID } from "./geometry.js";

const SPACING = GRID * 3;

export class Background {
  constructor() {
    this.tile = document.createElement("canvas");
    this.painted = "";
    this.step = SPACING;
  }

  /**
   * Covers the whole view.
   *
   * @param {CanvasRenderingContext2D} context in device pixels
   * @param {Viewport} viewport
   * @param {Colours} colours
   * @param {number} ratio device pixels per CSS pixel
   */
  paint(context, viewport, colours, ratio) {
    const key = [viewport.zoom, viewport.width, viewport.height, ratio, colours.canvas, colours.dot].join();
    if (this.painted !== key) {
      this.#paintTile(viewport, colours, ratio);
      this.painted = key;
    }
    const shift = (/** @type {number} */ origin) => Math.round((((origin % this.step) + this.step) % this.step) * ratio - this.step * ratio);
    context.drawImage(this.tile, shift(viewport.x), shift(viewport.y));
  }

  /** @param {Viewport} viewport @param {Colours} colours @param {number} ratio */
  #paintTile(viewport, colours, ratio) {
    this.step = SPACING * viewport.zoom;
    while (this.step < 14) this.step *= 2;
    const width = Math.ceil((viewport.width + this.step * 2) * ratio);
    const height = Math.ceil((viewport.height + this.step * 2) * ratio);
    if (this.tile.width !== width || this.tile.height !== height) Object.assign(this.tile, { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (this.tile.getContext("2d", { alpha: false }));
    context.fillStyle = colours.canvas;
    context.fillRect(0, 0, width, height);
    context.fillStyle = colours.dot;
    const size = Math.max(1, Math.round(ratio * Math.min(1.5, 0.6 + viewport.zoom * 0.7)));
    context.beginPath();
    for (let y = 0; y < height; y += this.step * ratio) {
      for (let x = 0; x < width; x += this.step * ratio) context.rect(Math.round(x), Math.round(y), size, size);
    }
    context.fill();
  }
}
