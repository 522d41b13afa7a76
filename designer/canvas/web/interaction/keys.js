/**
 * The keyboard on the canvas, and the clipboard.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Arrow} from "./walk.js"
 */
import { moveNodes } from "../document/edits.js";
import { GRID } from "../scene/geometry.js";
import { neighbour } from "./walk.js";

/** @type {{[key: string]: [number, number]}} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** A paste this soon after the middle button went up comes from it. */
const MIDDLE_PASTE_MS = 200;

/** @param {CanvasView} view @returns {() => void} */
export function listenToKeys(view) {
  const onDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (press(view, event)) event.preventDefault();
  };
  // Keys belong to the canvas also while nothing has the focus: after Esc in a field, after a click beside one.
  const onLooseDown = (/** @type {KeyboardEvent} */ event) => {
    if (isLoose()) onDown(event);
  };
  const onUp = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === " ") view.machine.setSpace(false);
    if (event.key === "Tab") view.root.classList.add("dc-keyboard");
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
  };
  const { root } = view;
  root.addEventListener("keydown", onDown);
  document.addEventListener("keydown", onLooseDown);
  document.addEventListener("keyup", onUp);
  root.addEventListener("focusin", onFocus);
  root.addEventListener("focusout", onBlur);
  return () => {
    root.removeEventListener("keydown", onDown);
    document.removeEventListener("keydown", onLooseDown);
    document.removeEventListener("keyup", onUp);
    root.removeEventListener("focusin", onFocus);
    root.removeEventListener("focusout", onBlur);
  };
}

/** @param {CanvasView} view @returns {() => void} */
export function listenToClipboard(view) {
  let keepOuter = false;
  let lastCopied = "";
  let middleReleasedAt = -Infinity;
  const isOurs = () => isLoose() || (view.root.contains(document.activeElement) && !isTyping(document.activeElement));
  const isTextMarked = () => isLoose() && getSelection()?.isCollapsed === false;
  const onCopy = (/** @type {ClipboardEvent} */ event) => {
    const { session } = view;
    if (!isOurs() || isTextMarked() || session.selection.nodes.size === 0 || !event.clipboardData) return;
    event.preventDefault();
    lastCopied = session.copyText();
    event.clipboardData.setData("text/plain", lastCopied);
    view.announcer.say(`${session.selection.nodes.size} copied.`);
    if (event.type === "cut") session.removeNodes(session.selection.nodes);
  };
  const onPaste = (/** @type {ClipboardEvent} */ event) => {
    if (!isOurs()) return;
    event.preventDefault();
    // On Linux the middle button pastes what was marked last; on the canvas it only pans.
    if (event.timeStamp - middleReleasedAt < MIDDLE_PASTE_MS) return;
    const text = event.clipboardData?.getData("text/plain") || lastCopied;
    const ids = view.session.paste(text, { at: view.pointer, keepOuter });
    if (ids.length > 0) view.announcer.say(`${ids.length} pasted.`);
    else if (text) view.session.notify({ kind: "info", message: "The clipboard holds no pipeline nodes." });
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    keepOuter = event.shiftKey;
  };
  const onRelease = (/** @type {MouseEvent} */ event) => {
    if (event.button === 1) middleReleasedAt = event.timeStamp;
  };
  document.addEventListener("copy", onCopy);
  document.addEventListener("cut", onCopy);
  document.addEventListener("paste", onPaste);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("mouseup", onRelease, true);
  return () => {
    document.removeEventListener("copy", onCopy);
    document.removeEventListener("cut", onCopy);
    document.removeEventListener("paste", onPaste);
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("mouseup", onRelease, true);
  };
}

/** @param {CanvasView} view @param {KeyboardEvent} event @returns {boolean} whether the key did something */
function press(view, event) {
  const hasCommand = event.ctrlKey || event.metaKey;
  if (event.key in ARROWS) return arrow(view, event, hasCommand);
  return hasCommand ? command(view, event) : plain(view, event);
}

/** @param {CanvasView} view @param {KeyboardEvent} event */
function command(view, event) {
  const { session } = view;
  const { nodes } = session.selection;
  switch (event.key.toLowerCase()) {
    case "z":
      event.shiftKey ? session.redo() : session.undo();
      return true;
    case "y":
      session.redo();
      return true;
    case "d":
      session.duplicate();
      return true;
    case "a":
      session.select(Object.keys(session.document.nodes));
      return true;
    case "m":
      if (nodes.size > 0) toggleDisabled(view);
      return true;
    case "enter":
      session.startRun();
      return true;
    case ".":
      session.cancelRun();
      return true;
    case "delete":
    case "backspace":
      session.removeNodes(nodes, { heal: true });
      return true;
    default:
      return false;
  }
}

/** @param {CanvasView} view @param {KeyboardEvent} event */
function plain(view, event) {
  const { session } = view;
  const [first] = session.selection.nodes;
  const focused = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
  switch (event.key) {
    case " ":
      if (focused && !session.selection.nodes.has(focused)) session.select([focused]);
      else view.machine.setSpace(true);
      return true;
    case "Delete":
    case "Backspace":
      removeSelected(view);
      return true;
    case "Escape":
      if (!view.machine.cancel()) session.select([]);
      return true;
    case "Enter":
      if (event.shiftKey && first) session.startRun({ to: [...session.selection.nodes] });
      else if (event.altKey && first) session.startRun({ from: [...session.selection.nodes] });
      else if (focused ?? first) openProperties(view, focused ?? first);
      return true;
    case "F2":
      if (first) view.rename(first);
      return true;
    case "f":
      view.fit(session.selection.nodes);
      return true;
    case "F":
      view.fit();
      return true;
    case "0":
      view.zoomTo(1);
      return true;
    case "+":
    case "=":
      view.zoomTo(view.viewport.zoom * 1.25);
      return true;
    case "-":
      view.zoomTo(view.viewport.zoom / 1.25);
      return true;
    default:
      return false;
  }
}

/** @param {CanvasView} view @param {KeyboardEvent} event @param {boolean} hasCommand */
function arrow(view, event, hasCommand) {
  const { session, scene } = view;
  if (hasCommand) {
    nudge(view, ARROWS[event.key], event.shiftKey ? 4 : 1);
    return true;
  }
  const focused = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
  const id = focused ?? [...session.selection.nodes].at(-1);
  const from = id === undefined ? undefined : scene.index.get(id);
  const to = from === undefined ? firstSlot(view) : neighbour(scene, from, /** @type {Arrow} */ (event.key));
  if (to < 0) return true;
  const next = scene.ids[to];
  session.select(event.shiftKey ? [...session.selection.nodes, next] : [next]);
  view.reveal(next);
  view.root.focus({ preventScroll: true });
  view.announcer.say(view.layer.faces.get(next)?.label ?? scene.titles[to]);
  return true;
}

/** The node nearest to the middle of the view. @param {CanvasView} view */
function firstSlot({ scene, viewport }) {
  const middle = viewport.toCanvas({ x: viewport.width / 2, y: viewport.height / 2 });
  let found = -1;
  let least = Infinity;
  for (const slot of scene.index.values()) {
    const distance = Math.hypot(scene.x[slot] - middle.x, scene.y[slot] - middle.y);
    if (distance >= least) continue;
    least = distance;
    found = slot;
  }
  return found;
}

/** @param {CanvasView} view @param {[number, number]} direction @param {number} steps */
function nudge({ session, scene }, [dx, dy], steps) {
  const places = [...session.selection.nodes].flatMap((id) => {
    const slot = scene.index.get(id);
    if (slot === undefined) return [];
    return [/** @type {const} */ ([id, { x: scene.x[slot] + dx * GRID * steps, y: scene.y[slot] + dy * GRID * steps }])];
  });
  session.edit(places.length === 1 ? "Nudge" : `Nudge ${places.length} nodes`, moveNodes(session.document, places));
}

/** @param {CanvasView} view @param {string} id */
function openProperties({ session }, id) {
  session.select([id]);
  session.openNode(id, "properties");
}

/** Nodes and wires that are selected go in one step. @param {CanvasView} view */
export function removeSelected({ session, announcer }) {
  const { nodes, wires } = session.selection;
  const count = nodes.size + wires.size;
  if (count === 0 || session.readOnly) return;
  session.removeSelected();
  announcer.say(`${count} deleted.`);
}

/** @param {CanvasView} view */
export function toggleDisabled({ session }) {
  const { nodes } = session.selection;
  const areAllOff = [...nodes].every((id) => session.document.nodes[id]?.state?.kind === "disabled");
  session.setDisabled(nodes, !areAllOff);
}

/** Whether no element has the focus and no dialog is open. */
function isLoose() {
  return document.activeElement === document.body && !document.querySelector("dialog[open]");
}

/** @param {unknown} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
