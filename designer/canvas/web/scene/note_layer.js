/**
 * Notes near enough to be read, as elements: their text is Markdown, and nothing in it becomes
 * markup of its own.
 *
 * @import {Marks} from "./marks.js"
 * @import {Viewport} from "./viewport.js"
 */
import { markdownElements, parseMarkdown } from "../panels/markdown.js";

export class NoteLayer {
  /** @param {HTMLElement} parent @param {Marks} marks */
  constructor(parent, marks) {
    this.marks = marks;
    this.element = document.createElement("div");
    this.element.className = "dc-notes";
    parent.append(this.element);
    /** @type {Map<string, {element: HTMLElement, text: string}>} */
    this.shown = new Map();
  }

  /** @param {Viewport} viewport @param {ReadonlySet<string>} selected */
  show(viewport, selected) {
    this.element.style.transform = `translate(${viewport.x}px, ${viewport.y}px) scale(${viewport.zoom})`;
    const inView = new Map(this.marks.notesIn(viewport.rect).map((item) => [item.key, item]));
    for (const [key, { element }] of this.shown) if (!inView.has(key)) this.#drop(key, element);
    for (const [key, { rect, note }] of inView) {
      const element = this.#elementOf(key, note.text);
      element.toggleAttribute("data-selected", selected.has(key));
      element.style.setProperty("--mark", `var(--mark-${note.colour ?? "amber"}, var(--mark-amber))`);
      Object.assign(element.style, { left: `${rect.x}px`, top: `${rect.y}px`, width: `${rect.width}px`, height: `${rect.height}px` });
    }
  }

  /** How high a note of this text and width has to be, in canvas pixels. @param {string} text @param {number} width */
  heightOf(text, width) {
    const probe = document.createElement("div");
    probe.className = "dc-note";
    probe.style.width = `${width}px`;
    probe.append(...markdownElements(parseMarkdown(text)));
    this.element.append(probe);
    const height = probe.scrollHeight + 2;
    probe.remove();
    return height;
  }

  hideAll() {
    for (const [key, { element }] of this.shown) this.#drop(key, element);
  }

  /** @param {string} key @param {string} text */
  #elementOf(key, text) {
    const held = this.shown.get(key);
    if (held?.text === text) return held.element;
    const element = held?.element ?? document.createElement("div");
    if (!held) {
      element.className = "dc-note";
      element.setAttribute("role", "note");
      this.element.append(element);
    }
    element.replaceChildren(...markdownElements(parseMarkdown(text)));
    if (text.trim() === "") element.textContent = "Double-click to write";
    element.toggleAttribute("data-empty", text.trim() === "");
    this.shown.set(key, { element, text });
    return element;
  }

  /** @param {string} key @param {HTMLElement} element */
  #drop(key, element) {
    element.remove();
    this.shown.delete(key);
  }
}
