/**
 * What the keyboard does to the canvas besides actions: Space held pans, Tab shows the focus and
 * brings the node that has it into view.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { isLoose, isTyping } from "../actions/keyboard.js";

/** @param {CanvasView} view @returns {() => void} stops listening */
export function listenToKeys(view) {
  const { root } = view;
  const onDown = (/** @type {KeyboardEvent} */ event) => {
    view.keysDown.add(event.key.toUpperCase());
    if (event.key !== " " || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isLoose() && (!(event.target instanceof Node && root.contains(event.target)) || isTyping(event.target))) return;
    event.preventDefault();
    const { session } = view;
    const focused = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (focused && !session.selection.nodes.has(focused)) session.select([focused]);
    else view.machine.setSpace(true);
  };
  const onUp = (/** @type {KeyboardEvent} */ event) => {
    view.keysDown.delete(event.key.toUpperCase());
    if (event.key === " ") view.machine.setSpace(false);
    if (event.key === "Tab") root.classList.add("dc-keyboard");
  };
  const onFocus = (/** @type {FocusEvent} */ event) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (!id || !(/** @type {HTMLElement} */ (event.target).matches(":focus-visible"))) return;
    view.pinned.add(id);
    view.reveal(id);
  };
  const onBlur = (/** @type {FocusEvent} */ event) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (id) view.pinned.delete(id);
    view.machine.setSpace(false);
    view.keysDown.clear();
  };
  document.addEventListener("keydown", onDown);
  document.addEventListener("keyup", onUp);
  root.addEventListener("focusin", onFocus);
  root.addEventListener("focusout", onBlur);
  return () => {
    document.removeEventListener("keydown", onDown);
    document.removeEventListener("keyup", onUp);
    root.removeEventListener("focusin", onFocus);
    root.removeEventListener("focusout", onBlur);
  };
}
