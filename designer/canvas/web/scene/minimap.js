/**
 * The whole graph in a corner: failed nodes as red crosses, running ones as blue dots, what waits at a
 * breakpoint as bars, the view as a frame.
 *
 * @import {Point, Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 * @import {Viewport} from "./viewport.js"
 */
import { NODE_HEIGHT } from "./geometry.js";
import { VISUAL_STATES } from "./node_state.js";

const WIDTH = 176;
const HEIGHT = 116;
const ON_ABOVE = 30;
const SLOW_MS = 120;
const LOUD = /** @type {const} */ (["stopped", "running", "failed"]);
/** How large the mark of a loud state is. */
const MARK_PX = 6;

export class Minimap {
  /**
   * @param {HTMLElement} parent
   * @param {(point: Point) => void} onMove a point of the canvas that should come to the middle
   */
  constructor(parent, onMove) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "dc-minimap";
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.hidden = true;
    parent.append(this.canvas);
    this.ratio = devicePixelRatio || 1;
    Object.assign(this.canvas, { width: WIDTH * this.ratio, height: HEIGHT * this.ratio });
    this.nodes = document.createElement("canvas");
    Object.assign(this.nodes, { width: this.canvas.width, height: this.canvas.height });
    this.scale = 1;
    this.left = 0;
    this.top = 0;
    this.paintedAt = -Infinity;
    this.isDirty = true;
    this.#listen(onMove);
  }

  /** The nodes have changed; they are painted again on the next slow tick. */
  invalidate() {
    this.isDirty = true;
  }

  /** @param {{scene: Scene, viewport: Viewport, colours: Colours, settings: {minimap: string}}} view @param {number} now @returns {boolean} whether it wants another frame */
  paint({ scene, viewport, colours, settings }, now) {
    this.canvas.hidden = settings.minimap === "off" || (settings.minimap === "auto" && scene.nodeCount <= ON_ABOVE);
    if (this.canvas.hidden) return false;
    const isDue = now - this.paintedAt >= Math.max(SLOW_MS, scene.nodeCount / 10);
    if (this.isDirty && isDue) {
      this.#paintNodes(scene, colours);
      this.paintedAt = now;
      this.isDirty = false;
    }
    this.#paintFrame(viewport.rect, colours);
    return this.isDirty;
  }

  /** @param {Scene} scene @param {Colours} colours */
  #paintNodes(scene, colours) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.nodes.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.nodes.width, this.nodes.height);
    const all = scene.bounds();
    if (!all) return;
    this.scale = Math.min((WIDTH - 16) / all.width, (HEIGHT - 16) / all.height);
    this.left = all.x - (WIDTH / this.scale - all.width) / 2;
    this.top = all.y - (HEIGHT / this.scale - all.height) / 2;
    const scale = this.scale * this.ratio;
    context.setTransform(scale, 0, 0, scale, -this.left * scale, -this.top * scale);
    const least = 1.5 / this.scale;
    const loud = new Set(LOUD.map((state) => VISUAL_STATES.indexOf(state)));
    context.fillStyle = colours.lineStrong;
    for (const slot of scene.index.values()) {
      if (!loud.has(scene.state[slot])) context.fillRect(scene.x[slot], scene.y[slot], scene.width[slot], Math.max(NODE_HEIGHT, least));
    }
    for (const slot of scene.index.values()) {
      if (!loud.has(scene.state[slot])) continue;
      context.fillStyle = context.strokeStyle = colours.states[scene.state[slot]];
      const middle = { x: scene.x[slot] + scene.width[slot] / 2, y: scene.y[slot] + NODE_HEIGHT / 2 };
      mark(context, VISUAL_STATES[scene.state[slot]], middle, MARK_PX / this.scale);
    }
  }

  /** @param {Rect} view @param {Colours} colours */
  #paintFrame(view, colours) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.nodes, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.strokeStyle = colours.accent;
    context.lineWidth = 1.5;
    const [x, y] = [(view.x - this.left) * this.scale, (view.y - this.top) * this.scale];
    context.strokeRect(x, y, Math.max(3, view.width * this.scale), Math.max(3, view.height * this.scale));
  }

  /** @param {(point: Point) => void} onMove */
  #listen(onMove) {
    const move = (/** @type {PointerEvent} */ event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      onMove({ x: (event.clientX - left) / this.scale + this.left, y: (event.clientY - top) / this.scale + this.top });
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      this.canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      event.stopPropagation();
      if (event.buttons & 1) move(event);
    });
  }
}

/**
 * A state that must be found, by its shape too.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} state
 * @param {Point} middle
 * @param {number} size
 */
function mark(context, state, { x, y }, size) {
  const half = size / 2;
  context.lineWidth = size / 3;
  context.beginPath();
  if (state === "running") context.arc(x, y, half, 0, 2 * Math.PI);
  else if (state === "failed") {
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
  } else {
    context.rect(x - half, y - half, size / 3, size);
    context.rect(x + half - size / 3, y - half, size / 3, size);
  }
  if (state === "failed") context.stroke();
  else context.fill();
}
