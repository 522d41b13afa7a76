/**
 * The plus in the middle of the wire under the pointer: adds a module into the wire.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { middleOf } from "../scene/wire_path.js";

const SHOW_MS = 120;
const HIDE_MS = 350;
const NEAR_ENOUGH = 0.5;

export class WirePlus {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    this.wire = -1;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.element = document.createElement("button");
    Object.assign(this.element, { type: "button", className: "dc-plus", textContent: "+", tabIndex: -1, hidden: true, title: "Add a module into this wire" });
    this.element.setAttribute("aria-label", "Add a module into this wire");
    this.element.addEventListener("pointerdown", (event) => event.stopPropagation());
    this.element.addEventListener("dblclick", (event) => event.stopPropagation());
    this.element.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.element.addEventListener("pointerleave", () => this.follow(-1));
    this.element.addEventListener("click", () => this.#add());
    view.root.append(this.element);
  }

  /** @param {number} wire the one under the pointer, -1 for none */
  follow(wire) {
    const { session, viewport, machine } = this.view;
    if (wire === this.wire) {
      if (wire >= 0) clearTimeout(this.timer);
      return;
    }
    clearTimeout(this.timer);
    if (wire < 0) this.timer = setTimeout(() => this.hide(), HIDE_MS);
    else if (!session.readOnly && this.view.context.page && viewport.zoom >= NEAR_ENOUGH && !machine.gesture) this.timer = setTimeout(() => this.#show(wire), SHOW_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.wire = -1;
    this.element.hidden = true;
  }

  /** @param {number} wire */
  #show(wire) {
    const { scene, viewport } = this.view;
    if (wire >= scene.wireCount) return;
    this.wire = wire;
    const { x, y } = viewport.toScreen(middleOf(scene, wire));
    this.element.style.transform = `translate(${x - 10}px, ${y - 10}px)`;
    this.element.hidden = false;
  }

  #add() {
    const { scene, viewport, context } = this.view;
    const wire = this.wire;
    if (wire < 0 || wire >= scene.wireCount) return;
    this.hide();
    const at = middleOf(scene, wire);
    void context.page?.quickAdd({ at, screen: viewport.toScreen(at), wire: scene.wireKeys[wire] });
  }
}
