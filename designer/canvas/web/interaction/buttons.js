/**
 * A button of the canvas that does an action.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { keysText } from "../actions/chords.js";
import { isOff, titleOf } from "../actions/registry.js";

/** @param {CanvasView} view @param {string} id of the action */
export function actionButton(view, id) {
  const action = view.actions.get(id);
  const button = document.createElement("button");
  Object.assign(button, { type: "button", tabIndex: -1 });
  const sign = Object.assign(document.createElement("i"), { className: "material-icons", textContent: action.icon ?? "" });
  sign.setAttribute("aria-hidden", "true");
  button.append(sign);
  button.classList.toggle("dc-danger", action.isDanger ?? false);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    if (!isOff(action, view.context)) action.run(view.context, event);
    view.root.focus({ preventScroll: true });
  });
  refreshButton(view, button, id);
  return button;
}

/** @param {CanvasView} view @param {HTMLButtonElement} button @param {string} id */
export function refreshButton(view, button, id) {
  const action = view.actions.get(id);
  const keys = view.actions.firstKeys(id);
  const title = titleOf(action, view.context);
  button.disabled = isOff(action, view.context);
  button.title = keys ? `${title} (${keysText(keys)})` : title;
  button.setAttribute("aria-label", title);
  if (action.isOn) button.setAttribute("aria-pressed", String(action.isOn(view.context)));
}

/** Keeps what happens in a bar from the canvas under it. @param {HTMLElement} bar */
export function shield(bar) {
  for (const type of ["pointerdown", "pointerup", "dblclick", "wheel", "contextmenu"]) bar.addEventListener(type, (event) => event.stopPropagation());
}
