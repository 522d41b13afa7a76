/**
 * A small card beside a wire on which the pointer rests: what it carries, how much, from when.
 * The pointer goes through it.
 *
 * @import {Point} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {WireFacts} from "../document/wire_facts.js"
 * @import {ColumnSchema} from "../document/foresight.js"
 */
import { typeWord } from "../document/foresight.js";
import { typeIcon } from "../results/table/cells.js";
import { shapeAt, typeVariable } from "../scene/port_shapes.js";

const PAUSE_MS = 400;
const BESIDE = 20;
const SVG = "http://www.w3.org/2000/svg";

export class WireCard {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    /** The wire that is shown, or soon will be. */
    this.key = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.element = Object.assign(document.createElement("div"), { className: "dc-card", hidden: true });
    this.element.setAttribute("role", "tooltip");
    view.root.append(this.element);
  }

  /** @param {string} key the wire under the pointer, empty for none @param {Point} at on the screen, from the canvas's corner */
  follow(key, at) {
    if (key === "") return this.hide();
    if (key === this.key && !this.element.hidden) return;
    this.hide();
    this.key = key;
    this.timer = setTimeout(() => this.#show(at), PAUSE_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.key = "";
    this.element.hidden = true;
  }

  /** More is known by now. */
  refresh() {
    if (!this.element.hidden) this.#fill();
  }

  /** @param {Point} at */
  #show(at) {
    if (!this.#fill()) return;
    this.element.hidden = false;
    const { width, height } = this.view.viewport;
    const { offsetWidth, offsetHeight } = this.element;
    const x = at.x + BESIDE + offsetWidth > width ? at.x - BESIDE - offsetWidth : at.x + BESIDE;
    const y = Math.max(8, Math.min(at.y + BESIDE, height - offsetHeight - 8));
    this.element.style.transform = `translate(${Math.max(8, x)}px, ${y}px)`;
  }

  #fill() {
    const facts = this.view.session.wires.facts(this.key);
    if (facts) this.element.replaceChildren(...lines(facts));
    return facts !== null;
  }
}

/** @param {WireFacts} facts */
function lines({ type, size, origin, before, columns, rest, why }) {
  const head = element("div", "dc-card-head", typeMark(type), element("strong", "", type), element("span", "dc-card-size", size));
  const notes = [origin, before, why].filter(Boolean).map((text) => element("div", "dc-card-note", text));
  const list = columns.length ? [element("ul", "dc-card-columns", ...columns.map(columnLine))] : [];
  return [head, ...notes, ...list, ...(rest ? [element("div", "dc-card-note", rest)] : [])];
}

/** @param {ColumnSchema} column */
function columnLine(column) {
  const icon = element("i", "material-icons", typeIcon({ ...column, type: column.type ?? "" }));
  const about = [typeWord(column), column.role, column.is_certain === false ? "may be missing" : ""].filter(Boolean).join(" · ");
  return element("li", "", icon, element("span", "dc-card-name", column.name), element("span", "dc-card-about", about));
}

/** @param {string} type */
function typeMark(type) {
  const mark = document.createElementNS(SVG, "svg");
  mark.setAttribute("viewBox", "-6 -6 12 12");
  mark.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", shapeAt(type));
  mark.style.color = `var(${typeVariable(type)})`;
  mark.append(path);
  return mark;
}

/** @param {string} tag @param {string} name @param {(string | Element)[]} content */
function element(tag, name, ...content) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...content);
  return made;
}
