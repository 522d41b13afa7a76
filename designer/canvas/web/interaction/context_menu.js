/**
 * The menu of the right mouse button, made from actions. Built from text nodes only.
 *
 * @import {Point} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Hit} from "../scene/hit_test.js"
 */
import { keysText } from "../actions/chords.js";
import { isTerminal } from "../document/terminals.js";
import { isOff, titleOf } from "../actions/registry.js";

/** `null` is a line. @type {{[kind: string]: (string | null)[]}} */
export const MENUS = {
  node: [
    "run.to", "run.from", "run.only", "run.breakpoint", null,
    "draw.edit", "draw.rename", "draw.link", null,
    "subgraph.collapse", "subgraph.enter", "subgraph.expand", "subgraph.unpack", "subgraph.independent", "subgraph.copy", "subgraph.publish", null,
    "draw.copy", "draw.duplicate", "draw.frame", null,
    "draw.disable", "draw.bypass", "draw.freeze", null,
    "select.upstream", "select.downstream", "select.connected", null,
    "together.comment", "together.comments_on", "together.copy_link", null,
    "draw.delete", "draw.delete_heal",
  ],
  terminal: ["draw.rename", null, "draw.delete"],
  wire: ["draw.disable_wire", "run.breakpoint", null, "draw.delete"],
  mark: ["draw.write", "draw.duplicate", "draw.copy", null, "draw.delete"],
  nothing: ["draw.add", "draw.note", "draw.frame", null, "run.all", "run.preview", null, "draw.paste", "draw.undo", "draw.redo", null, "together.comment", null, "select.all", "view.fit_all", "subgraph.leave"],
};

export class ContextMenu {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    /** @type {HTMLElement | null} */
    this.element = null;
  }

  /** @param {Hit} hit what is under the pointer @param {Point} at on the page */
  open(hit, at) {
    const kind = { port: "node", bend: "wire" }[/** @type {string} */ (hit.kind)] ?? hit.kind;
    const isOnTerminal = (hit.kind === "node" || hit.kind === "port") && isTerminal(this.view.scene.ids[hit.slot]);
    this.show(MENUS[isOnTerminal ? "terminal" : kind] ?? [], at);
  }

  /** @param {readonly (string | null)[]} ids of actions @param {Point} at on the page @param {{isAbove?: boolean}} [how] `isAbove`: its lower edge is at the place */
  show(ids, at, { isAbove = false } = {}) {
    this.close();
    this.element = this.#build(ids);
    document.body.append(this.element);
    const { width, height } = this.element.getBoundingClientRect();
    this.element.style.left = `${Math.max(4, Math.min(at.x, innerWidth - width - 4))}px`;
    this.element.style.top = `${Math.max(4, Math.min(isAbove ? at.y - height : at.y, innerHeight - height - 4))}px`;
    this.element.querySelector("button")?.focus();
    addEventListener("pointerdown", this.#outside, true);
  }

  close() {
    removeEventListener("pointerdown", this.#outside, true);
    this.element?.remove();
    this.element = null;
  }

  #outside = (/** @type {PointerEvent} */ event) => {
    if (!(event.target instanceof Node && this.element?.contains(event.target))) this.close();
  };

  /** @param {readonly (string | null)[]} ids */
  #build(ids) {
    const menu = document.createElement("div");
    menu.className = "dc-menu";
    menu.setAttribute("role", "menu");
    const shown = ids.filter((id) => !id || !this.view.actions.get(id).isAbsent?.(this.view.context));
    menu.append(...shown.map((id) => (id ? this.#button(id) : document.createElement("hr"))));
    menu.addEventListener("keydown", (event) => this.#walk(event, menu));
    menu.addEventListener("contextmenu", (event) => event.preventDefault());
    return menu;
  }

  /** @param {string} id */
  #button(id) {
    const { actions, context } = this.view;
    const action = actions.get(id);
    const button = document.createElement("button");
    button.type = "button";
    button.disabled = isOff(action, context);
    button.setAttribute("role", "menuitem");
    button.classList.toggle("dc-danger", action.isDanger ?? false);
    if (action.isOn) Object.assign(button, { role: "menuitemcheckbox", ariaChecked: String(action.isOn(context)) });
    const symbol = action.isOn?.(context) ? "check" : (action.icon ?? "");
    const sign = Object.assign(document.createElement("i"), { className: "material-icons", textContent: symbol });
    sign.setAttribute("aria-hidden", "true");
    button.append(sign, titleOf(action, context), Object.assign(document.createElement("kbd"), { textContent: keysText(actions.firstKeys(id)) }));
    button.addEventListener("click", (event) => {
      this.close();
      this.view.root.focus({ preventScroll: true });
      action.run(context, event);
    });
    return button;
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} menu */
  #walk(event, menu) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      this.close();
      this.view.root.focus({ preventScroll: true });
    } else if (step) {
      const buttons = [...menu.querySelectorAll("button:not(:disabled)")].filter((item) => item instanceof HTMLElement);
      const at = buttons.findIndex((item) => item === document.activeElement);
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
