/**
 * Frames under everything else, and notes while they are too small to be read.
 *
 * @import {Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Marks} from "./marks.js"
 */
import { FRAME_TITLE } from "../document/annotations.js";

const RADIUS = 10;
const TITLE_PX = 13;
const FONT = '"Inter Variable", Inter, system-ui, sans-serif';
/** From farther away a title would be larger than its frame. */
const TITLE_ABOVE = 0.08;

/**
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Marks} marks
 * @param {{rect: Rect, zoom: number, colours: Colours, selected: ReadonlySet<string>, hidden: string}} view `hidden`: the one whose title is being written
 */
export function paintFrames(context, marks, { rect, zoom, colours, selected, hidden }) {
  if (marks.frames.size === 0) return;
  for (const { key, rect: place, frame } of marks.framesIn(rect)) {
    const colour = colours.mark(frame.colour);
    context.beginPath();
    context.roundRect(place.x, place.y, place.width, place.height, RADIUS);
    context.fillStyle = colour;
    context.globalAlpha = 0.09;
    context.fill();
    context.globalAlpha = selected.has(key) ? 1 : 0.55;
    context.strokeStyle = selected.has(key) ? colours.accent : colour;
    context.lineWidth = (selected.has(key) ? 2 : 1) / zoom;
    context.stroke();
    context.globalAlpha = 1;
    if (frame.title && key !== hidden && zoom > TITLE_ABOVE) paintTitle(context, place, frame.title, { zoom, colour: colours.ink2 });
    if (selected.size === 1 && selected.has(key)) paintCorners(context, place, { zoom, colours });
  }
}

/** @param {CanvasRenderingContext2D} context @param {Marks} marks @param {{rect: Rect, zoom: number, colours: Colours, selected: ReadonlySet<string>}} view */
export function paintNotes(context, marks, { rect, zoom, colours, selected }) {
  for (const { key, rect: place, note } of marks.notesIn(rect)) {
    context.fillStyle = colours.note;
    context.strokeStyle = selected.has(key) ? colours.accent : colours.lineStrong;
    context.lineWidth = (selected.has(key) ? 2 : 1) / zoom;
    context.fillRect(place.x, place.y, place.width, place.height);
    context.strokeRect(place.x, place.y, place.width, place.height);
    const first = note.text.split("\n", 1)[0].replace(/^[#>*-]+\s*/, "");
    if (zoom > 0.2) paintTitle(context, place, first, { zoom, colour: colours.ink2 });
  }
}

/** @param {CanvasRenderingContext2D} context @param {Rect} place @param {string} text @param {{zoom: number, colour: string}} how */
function paintTitle(context, place, text, { zoom, colour }) {
  const size = Math.min(place.height / 3, Math.max(TITLE_PX, Math.min(34, 10 / zoom)));
  const room = Math.floor((place.width - 24) / (size * 0.56));
  if (room < 3) return;
  context.font = `600 ${size}px ${FONT}`;
  context.textBaseline = "middle";
  context.fillStyle = colour;
  const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  context.fillText(shown, place.x + 12, place.y + Math.max(FRAME_TITLE / 2, size * 0.8));
}

/** @param {CanvasRenderingContext2D} context @param {Rect} place @param {{zoom: number, colours: Colours}} how */
export function paintCorners(context, { x, y, width, height }, { zoom, colours }) {
  const half = 4 / zoom;
  context.fillStyle = colours.node;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5 / zoom;
  for (const [cx, cy] of [[x, y], [x + width, y], [x, y + height], [x + width, y + height]]) {
    context.fillRect(cx - half, cy - half, 2 * half, 2 * half);
    context.strokeRect(cx - half, cy - half, 2 * half, 2 * half);
  }
}
