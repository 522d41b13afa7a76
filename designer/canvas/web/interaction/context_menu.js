/**
 * The menu of the right mouse button. Built from text nodes only.
 *
 * @import {Point} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Hit} from "../scene/hit_test.js"
 * @typedef {{icon: string, text: string, keys?: string, act: () => void, isDanger?: boolean, isOff?: boolean} | null} Item `null` is a line
 */
import { removeSelected, toggleDisabled } from "./keys.js";

export class ContextMenu {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    /** @type {HTMLElement | null} */
    this.element = null;
  }

  /** @param {Hit} hit what is under the pointer @param {Point} at on the page */
  open(hit, at) {
    this.close();
    const items = hit.kind === "wire" ? this.#wireItems() : hit.kind === "nothing" ? this.#canvasItems() : this.#nodeItems(this.view.scene.ids[hit.slot]);
    this.element = this.#build(items);
    document.body.append(this.element);
    const { width, height } = this.element.getBoundingClientRect();
    this.element.style.left = `${Math.max(4, Math.min(at.x, innerWidth - width - 4))}px`;
    this.element.style.top = `${Math.max(4, Math.min(at.y, innerHeight - height - 4))}px`;
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

  /** @param {string} id @returns {Item[]} */
  #nodeItems(id) {
    const { view } = this;
    const { session } = view;
    const ids = [...session.selection.nodes];
    const areOff = ids.every((item) => session.document.nodes[item]?.state?.kind === "disabled");
    const isOff = session.readOnly;
    return [
      { icon: "play_arrow", text: "Run to here", keys: "Shift+Enter", act: () => session.startRun({ to: ids }), isOff },
      { icon: "last_page", text: "Run from here", keys: "Alt+Enter", act: () => session.startRun({ from: ids }), isOff },
      { icon: "looks_one", text: "Run only this", act: () => session.startRun({ only: ids }), isOff },
      null,
      { icon: "tune", text: "Properties", keys: "Enter", act: () => session.openNode(id, "properties") },
      { icon: "drive_file_rename_outline", text: "Rename", keys: "F2", act: () => view.rename(id), isOff },
      { icon: "content_copy", text: "Copy", keys: "Ctrl+C", act: () => this.#copy() },
      { icon: "control_point_duplicate", text: "Duplicate", keys: "Ctrl+D", act: () => session.duplicate(), isOff },
      { icon: areOff ? "toggle_on" : "toggle_off", text: areOff ? "Enable" : "Disable", keys: "Ctrl+M", act: () => toggleDisabled(view), isOff },
      null,
      { icon: "delete", text: "Delete", keys: "Del", act: () => removeSelected(view), isDanger: true, isOff },
      { icon: "healing", text: "Delete and reconnect", keys: "Ctrl+Del", act: () => session.removeNodes(ids, { heal: true }), isDanger: true, isOff },
    ];
  }

  /** @returns {Item[]} */
  #wireItems() {
    return [{ icon: "delete", text: "Delete wire", keys: "Del", act: () => removeSelected(this.view), isDanger: true, isOff: this.view.session.readOnly }];
  }

  /** @returns {Item[]} */
  #canvasItems() {
    const { view } = this;
    const { session } = view;
    return [
      { icon: "play_arrow", text: "Run all", keys: "Ctrl+Enter", act: () => session.startRun(), isOff: session.readOnly },
      null,
      { icon: "undo", text: "Undo", keys: "Ctrl+Z", act: () => session.undo(), isOff: !session.canUndo },
      { icon: "redo", text: "Redo", keys: "Ctrl+Y", act: () => session.redo(), isOff: !session.canRedo },
      { icon: "select_all", text: "Select all", keys: "Ctrl+A", act: () => session.select(Object.keys(session.document.nodes)) },
      { icon: "fit_screen", text: "Show everything", keys: "Shift+F", act: () => view.fit() },
    ];
  }

  #copy() {
    navigator.clipboard?.writeText(this.view.session.copyText()).catch(() => undefined);
  }

  /** @param {Item[]} items */
  #build(items) {
    const menu = document.createElement("div");
    menu.className = "dc-menu";
    menu.setAttribute("role", "menu");
    menu.append(...items.map((item) => (item ? this.#button(item) : document.createElement("hr"))));
    menu.addEventListener("keydown", (event) => this.#walk(event, menu));
    menu.addEventListener("contextmenu", (event) => event.preventDefault());
    return menu;
  }

  /** @param {NonNullable<Item>} item */
  #button({ icon, text, keys = "", act, isDanger = false, isOff = false }) {
    const button = document.createElement("button");
    button.type = "button";
    button.disabled = isOff;
    button.setAttribute("role", "menuitem");
    button.classList.toggle("dc-danger", isDanger);
    const sign = Object.assign(document.createElement("i"), { className: "material-icons", textContent: icon });
    sign.setAttribute("aria-hidden", "true");
    button.append(sign, text, Object.assign(document.createElement("kbd"), { textContent: keys }));
    button.addEventListener("click", () => {
      this.close();
      this.view.root.focus({ preventScroll: true });
      act();
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
  }
}
