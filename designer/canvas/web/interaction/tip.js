/**
 * A small text at the pointer: why a wire is refused, what a port is.
 *
 * @import {Point} from "../types.js"
 */
export class Tip {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.element = document.createElement("div");
    this.element.className = "dc-tip";
    this.element.hidden = true;
    parent.append(this.element);
  }

  /** @param {string} text empty hides it @param {Point} at on the screen, from the canvas's corner @param {{isRefusal?: boolean}} [how] */
  show(text, at, { isRefusal = false } = {}) {
    this.element.hidden = text === "";
    if (text === "") return;
    if (this.element.textContent !== text) this.element.textContent = text;
    this.element.classList.toggle("dc-tip-refusal", isRefusal);
    this.element.style.transform = `translate(${at.x + 14}px, ${at.y + 16}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}
