/**
 * F2: the name becomes a field in place.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { writeInPlace } from "./field_in_place.js";

/** @param {CanvasView} view @param {string} id */
export function renameInPlace(view, id) {
  view.reveal(id);
  const slot = view.scene.index.get(id);
  if (slot === undefined) return;
  const { zoom } = view.viewport;
  const at = view.viewport.toScreen(view.scene.rect(slot));
  const field = document.createElement("input");
  field.className = "dc-rename";
  field.value = view.session.titleOf(id);
  field.setAttribute("aria-label", "Name of the node");
  Object.assign(field.style, {
    left: `${at.x + 8 * zoom}px`, top: `${at.y + 4 * zoom}px`, width: `${(view.scene.width[slot] - 16) * zoom}px`,
    height: `${28 * zoom}px`, fontSize: `${13 * zoom}px`,
  });
  writeInPlace(view, field, {
    answer: ({ key }) => ({ Enter: true, Escape: false })[key],
    end(text, isKept) {
      const title = view.session.modules.specOf(view.session.document.nodes[id])?.title;
      if (isKept && text.trim() !== view.session.titleOf(id)) view.session.rename(id, text.trim() === title ? "" : text);
    },
  });
}
