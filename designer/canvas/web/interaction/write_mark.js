/**
 * Writing in place: the title of a frame, the text of a note.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { writeInPlace } from "./field_in_place.js";
import { GRID } from "../scene/geometry.js";
import { FRAME_TITLE, markOf, parseMark, setMark } from "../document/annotations.js";

/** @param {CanvasView} view @param {string} key */
export function writeMark(view, key) {
  const { session, marks, viewport } = view;
  const rect = marks.rect(key);
  const held = markOf(session.document.layout, key);
  if (!rect || !held || session.readOnly) return;
  const { kind, id } = parseMark(key);
  const isFrame = kind === "frames";
  const { zoom } = viewport;
  const at = viewport.toScreen(rect);
  const field = document.createElement(isFrame ? "input" : "textarea");
  field.className = isFrame ? "dc-rename" : "dc-rename dc-write";
  field.value = (isFrame ? /** @type {any} */ (held).title : /** @type {any} */ (held).text) ?? "";
  field.setAttribute("aria-label", isFrame ? "Title of the frame" : "Text of the note, in Markdown");
  field.placeholder = isFrame ? "Title" : "Text, **strong**, - lists, [links](address)";
  const scale = Math.max(0.8, zoom);
  Object.assign(field.style, {
    left: `${at.x + 6 * zoom}px`, top: `${at.y + 4 * zoom}px`, fontSize: `${13 * scale}px`,
    width: `${Math.max(160, (rect.width - 12) * zoom)}px`, height: isFrame ? `${(FRAME_TITLE - 8) * scale}px` : `${Math.max(96, (rect.height - 8) * zoom)}px`,
  });
  view.writing = key;
  view.draw();
  writeInPlace(view, field, {
    answer({ key: pressed, ctrlKey, metaKey }) {
      if (pressed === "Escape") return !isFrame;
      return pressed === "Enter" && (isFrame || ctrlKey || metaKey) ? true : undefined;
    },
    end(text, isKept) {
      view.writing = "";
      view.draw();
      const now = markOf(session.document.layout, key);
      if (!isKept || !now) return;
      const after = isFrame ? { ...now, title: text.trim() || undefined } : { ...now, text, height: fitting(view, text, now) };
      session.edit(isFrame ? "Rename frame" : "Write note", [setMark(session.document, kind, id, withoutEmpty(after))]);
    },
  });
}

/** A note grows with its text; it gets smaller by hand only. @param {CanvasView} view @param {string} text @param {import("../types.js").Rect} rect */
function fitting(view, text, { width, height }) {
  return Math.max(height, Math.ceil(view.noteLayer.heightOf(text, width) / GRID) * GRID);
}

/** @param {any} mark @returns {any} */
function withoutEmpty(mark) {
  return Object.fromEntries(Object.entries(mark).filter(([, value]) => value !== undefined));
}
