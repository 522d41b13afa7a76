/**
 * The keyboard: a key press finds its action. Sequences wait for their second chord and say what
 * it may be.
 *
 * @import {Action, ActionContext, ActionRegistry} from "./registry.js"
 */
import { chordOf } from "./chords.js";
import { isOff } from "./registry.js";

const SEQUENCE_MS = 4000;

/**
 * @param {ActionRegistry} registry
 * @param {ActionContext} context
 * @param {(keys: string) => void} onPrefix what has been pressed of a sequence, empty when it ends
 * @returns {() => void} stops listening
 */
export function listenToActions(registry, context, onPrefix = () => undefined) {
  let prefix = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const wait = (/** @type {string} */ keys) => {
    clearTimeout(timer);
    if (keys === prefix) return;
    prefix = keys;
    registry.isWaiting = keys !== "";
    onPrefix(keys);
    if (keys) timer = setTimeout(() => wait(""), SEQUENCE_MS);
  };

  /** @param {KeyboardEvent} event @param {(action: Action) => boolean} counts */
  const press = (event, counts) => {
    const chord = chordOf(event);
    if (!chord) return;
    const isSecond = prefix !== "";
    const keys = isSecond ? `${prefix} ${chord}` : chord;
    const { actions, isPrefix } = registry.match(keys);
    const usable = actions.filter(counts);
    const chosen = usable.find((action) => !isOff(action, context)) ?? null;
    if (isSecond) wait("");
    if (chosen) {
      event.preventDefault();
      event.stopPropagation();
      leaveField(event.target);
      chosen.run(context, event);
    } else if ((usable.length === actions.length && usable.some((action) => !action.yields)) || isSecond) event.preventDefault();
    else if (isPrefix && registry.continuations(keys).some(({ action }) => counts(action))) {
      event.preventDefault();
      wait(keys);
    }
  };

  // In a field only these count; everywhere else they are found with the others.
  const onEarly = (/** @type {KeyboardEvent} */ event) => {
    if (!isInDialog(event.target) && isTyping(event.target) && !isFieldsOwn(event)) press(event, ({ where }) => where === "always");
  };
  const onDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || isTyping(event.target) || isInDialog(event.target)) return;
    const isOnCanvas = isLoose() || (event.target instanceof Node && context.view.root.contains(event.target)) || isTwin(event.target);
    press(event, ({ where }) => where === "page" || where === "always" || isOnCanvas);
  };
  const onPointer = () => wait("");
  document.addEventListener("keydown", onEarly, true);
  document.addEventListener("keydown", onDown);
  document.addEventListener("pointerdown", onPointer, true);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("keydown", onEarly, true);
    document.removeEventListener("keydown", onDown);
    document.removeEventListener("pointerdown", onPointer, true);
  };
}

/** A field is left first, so that its value counts. @param {EventTarget | null} target */
function leaveField(target) {
  if (isTyping(target)) /** @type {HTMLElement} */ (target).blur();
}

/** Whether a field does something of its own with the keys. @param {KeyboardEvent} event */
function isFieldsOwn(event) {
  return event.target instanceof HTMLElement && (event.target.dataset.ownKeys ?? "").split(" ").includes(chordOf(event));
}

/** Whether no element has the focus and no dialog is open. */
export function isLoose() {
  return document.activeElement === document.body && !document.querySelector("dialog[open]");
}

/** Whether the keys of the canvas count here too: it shows the same nodes. @param {unknown} target */
function isTwin(target) {
  return target instanceof Element && target.closest("[data-canvas-keys]") !== null;
}

/** @param {unknown} target */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select") || target.closest(".cm-editor") !== null;
}

/** @param {unknown} target */
function isInDialog(target) {
  return document.querySelector("dialog:modal") !== null || (target instanceof Element && target.closest("dialog[open], .dc-menu") !== null);
}
