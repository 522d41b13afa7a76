/**
 * While a sequence of chords waits for its next one: what may follow.
 *
 * @import {ActionContext, ActionRegistry} from "../actions/registry.js"
 */
import { keysText } from "../actions/chords.js";
import { isOff } from "../actions/registry.js";

export class SequenceHint {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.element = document.createElement("div");
    this.element.className = "dc-sequence";
    this.element.setAttribute("role", "status");
    this.element.hidden = true;
    parent.append(this.element);
  }

  /** @param {string} keys what has been pressed, empty hides it @param {ActionRegistry} actions @param {ActionContext} context */
  show(keys, actions, context) {
    this.element.hidden = keys === "";
    if (keys === "") return;
    const rows = actions.continuations(keys).map(({ keys: next, action }) => {
      const row = document.createElement("div");
      row.classList.toggle("dc-off", isOff(action, context));
      row.append(Object.assign(document.createElement("kbd"), { textContent: keysText(next) }), action.title);
      return row;
    });
    this.element.replaceChildren(Object.assign(document.createElement("strong"), { textContent: `${keysText(keys)} …` }), ...rows);
  }
}
