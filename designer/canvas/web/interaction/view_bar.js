/**
 * The bar in the corner of the canvas: how large it is drawn, and how it likes to be used.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { actionButton, refreshButton, shield } from "./buttons.js";

const BUTTONS = ["view.zoom_out", "view.zoom_in", "view.fit_all"];
const MENU = ["view.actual", "view.back", "view.forward", null, "view.minimap", "view.snap", "view.letters", "view.frames", "view.wheel"];

export class ViewBar {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    this.element = document.createElement("div");
    this.element.className = "dc-bar";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", "View");
    shield(this.element);
    const [smaller, larger, all] = BUTTONS.map((id) => actionButton(view, id));
    this.zoom = Object.assign(document.createElement("button"), { type: "button", className: "dc-zoom", tabIndex: -1, title: "Zoom to 100 %" });
    this.zoom.addEventListener("click", () => view.zoomTo(1));
    const more = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, title: "More of the view" });
    more.setAttribute("aria-label", "More of the view");
    more.append(Object.assign(document.createElement("i"), { className: "material-icons", textContent: "more_horiz" }));
    more.addEventListener("click", () => {
      const { left, top } = more.getBoundingClientRect();
      view.menu.show(MENU, { x: left, y: top - 8 }, { isAbove: true });
    });
    this.element.append(smaller, this.zoom, larger, all, more);
    view.root.append(this.element);
    this.buttons = [smaller, larger, all];
    this.shown = NaN;
  }

  /** The zoom as it is now. */
  show() {
    const percent = Math.round(this.view.viewport.zoom * 100);
    if (percent === this.shown) return;
    this.shown = percent;
    this.zoom.textContent = `${percent} %`;
    this.buttons.forEach((button, i) => refreshButton(this.view, button, BUTTONS[i]));
  }
}
