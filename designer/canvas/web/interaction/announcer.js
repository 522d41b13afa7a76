/** One line that screen readers speak: what a gesture did, or why it was refused. */
export class Announcer {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.element = document.createElement("div");
    this.element.className = "dc-live";
    this.element.setAttribute("aria-live", "polite");
    parent.append(this.element);
  }

  /** @param {string} text */
  say(text) {
    this.element.textContent = text;
  }
}
