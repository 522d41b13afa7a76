/**
 * Asks once what the mouse wheel should do; it goes by itself when nobody answers.
 *
 * @import {CanvasSettings} from "./settings.js"
 */

const PATIENCE_MS = 20_000;

export class WheelQuestion {
  /** @param {HTMLElement} parent @param {CanvasSettings} settings */
  constructor(parent, settings) {
    this.parent = parent;
    this.settings = settings;
    /** @type {HTMLElement | null} */
    this.element = null;
    this.wasAsked = false;
  }

  ask() {
    if (this.wasAsked) return;
    this.wasAsked = true;
    this.element = document.createElement("div");
    this.element.className = "dc-question";
    this.element.setAttribute("role", "status");
    this.element.append("The mouse wheel should ", this.#button("zoom", "Zoom"), this.#button("pan", "Scroll"), this.#small());
    for (const type of ["pointerdown", "dblclick", "wheel"]) this.element.addEventListener(type, (event) => event.stopPropagation());
    this.parent.append(this.element);
    setTimeout(() => this.close(), PATIENCE_MS);
  }

  close() {
    this.element?.remove();
    this.element = null;
  }

  /** @param {"zoom" | "pan"} value @param {string} text */
  #button(value, text) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.addEventListener("click", () => {
      this.settings.set("wheel", value);
      this.close();
    });
    return button;
  }

  #small() {
    return Object.assign(document.createElement("small"), { textContent: "Ctrl and the wheel always zooms. The settings change it later." });
  }
}
