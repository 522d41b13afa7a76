/**
 * A module dragged from the palette becomes a node where it is dropped.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { NODE_HEIGHT, NODE_WIDTH } from "../scene/geometry.js";

export const MODULE_TYPE = "application/x-designer-module";

/** @param {CanvasView} view @returns {() => void} */
export function listenToDrops(view) {
  const onOver = (/** @type {DragEvent} */ event) => {
    if (view.session.readOnly || !event.dataTransfer?.types.includes(MODULE_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  };
  const onDrop = (/** @type {DragEvent} */ event) => {
    const text = event.dataTransfer?.getData(MODULE_TYPE);
    if (!text || view.session.readOnly) return;
    event.preventDefault();
    const { module, version } = JSON.parse(text);
    const { x, y } = view.viewport.toCanvas(view.screenPoint(event));
    const id = view.session.addNode(module, { version: version ?? undefined, x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 });
    if (id) view.announcer.say(`${view.session.titleOf(id)} added.`);
    view.root.focus({ preventScroll: true });
  };
  view.root.addEventListener("dragover", onOver);
  view.root.addEventListener("drop", onDrop);
  return () => {
    view.root.removeEventListener("dragover", onOver);
    view.root.removeEventListener("drop", onDrop);
  };
}
