/**
 * What is most often done with a selection, floating above it. It waits until the hand rests.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { actionButton, refreshButton, shield } from "./buttons.js";

const ONE = ["run.to", "run.only", "draw.duplicate", "draw.disable", "together.comment", "draw.delete"];
const SEVERAL = ["run.to", "run.only", "arrange.tidy", "draw.frame", "draw.duplicate", "draw.disable", "draw.delete"];
const REST_MS = 260;
const GAP_PX = 14;

export class Toolbox {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    this.element = document.createElement("div");
    this.element.className = "dc-toolbox";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", "Selection");
    this.element.hidden = true;
    shield(this.element);
    view.root.append(this.element);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.shown = "";
  }

  /** Something of the view or the selection changed: the box comes back when it rests. */
  later() {
    clearTimeout(this.timer);
    this.element.hidden = true;
    if (this.view.session.selection.nodes.size > 0 && !this.view.session.readOnly) this.timer = setTimeout(() => this.#show(), REST_MS);
  }

  #show() {
    const { view } = this;
    const { nodes } = view.session.selection;
    if (view.machine.gesture || view.machine.press || nodes.size === 0 || view.isFar) return;
    const rect = view.scene.bounds([...nodes].flatMap((id) => view.scene.index.get(id) ?? []));
    if (!rect) return;
    this.#fill(nodes.size > 1 ? SEVERAL : ONE);
    this.element.hidden = false;
    const corner = view.viewport.toScreen(rect);
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = corner.x + (rect.width * view.viewport.zoom - width) / 2;
    const y = corner.y - height - GAP_PX;
    const isOutside = y < 4 || x + width < 0 || x > view.viewport.width || y > view.viewport.height;
    this.element.hidden = isOutside;
    this.element.style.transform = `translate(${Math.round(Math.max(4, Math.min(x, view.viewport.width - width - 4)))}px, ${Math.round(y)}px)`;
  }

  /** @param {string[]} ids */
  #fill(ids) {
    if (this.shown !== ids.join()) this.element.replaceChildren(...ids.map((id) => actionButton(this.view, id)));
    this.shown = ids.join();
    [...this.element.children].forEach((button, i) => refreshButton(this.view, /** @type {HTMLButtonElement} */ (button), ids[i]));
  }
}
