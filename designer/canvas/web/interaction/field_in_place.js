/**
 * A field that stands on the canvas until it is left.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */

/** What happens in the field is no gesture on the canvas. */
const OWN_EVENTS = ["pointerdown", "dblclick", "wheel", "copy", "cut", "paste", "contextmenu"];

/**
 * @param {CanvasView} view
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {object} how
 * @param {(event: KeyboardEvent) => boolean | undefined} how.answer whether a key keeps the text or drops it; neither for what only writes
 * @param {(text: string, isKept: boolean) => void} how.end called once, when the field is gone
 */
export function writeInPlace(view, field, { answer, end }) {
  let isDone = false;
  const finish = (/** @type {boolean} */ isKept) => {
    if (isDone) return;
    isDone = true;
    field.remove();
    view.root.focus({ preventScroll: true });
    end(field.value, isKept);
  };
  field.addEventListener("keydown", (/** @type {any} */ event) => {
    event.stopPropagation();
    const isKept = answer(event);
    if (isKept !== undefined) finish(isKept);
  });
  for (const type of OWN_EVENTS) field.addEventListener(type, (event) => event.stopPropagation());
  field.addEventListener("blur", () => finish(true));
  view.root.append(field);
  field.focus({ preventScroll: true });
  field.select();
}
