/**
 * Where things stand on a card, in canvas pixels from its corner: what `canvas.css` says, as numbers for
 * the painted card. Pure; widths of text come from whoever can measure them.
 *
 * @import {Face} from "./face.js"
 *
 * @typedef {"icon" | "title" | "comments" | "linked" | "notice" | "problem" | "status"} HeadPart
 * @typedef {{part: HeadPart, x: number, width: number}} HeadItem
 * @typedef {{text: string, isStrong: boolean}} Run
 * @typedef {(text: string, isStrong: boolean) => number} Measure width of a text in pixels
 */
import { NODE_HEIGHT } from "./geometry.js";

/** Border and padding of a card. */
const INSET = { left: 15, right: 11, top: 6 };
const LEFT = { subgraph: 17, opened: 7 };
const TERMINAL_INSET = 13;
const GAP = 6;
const ROW_GAP = 1;
const HEAD_HEIGHT = 20;
const LINE_HEIGHT = 15;
const ICON = 16;
const MARK = 15;
const PILL_PADDING = 6;

/** The part of a card between its paddings. @param {Pick<Face, "kind" | "width">} face */
export function innerOf({ kind, width }) {
  if (kind === "input" || kind === "output") return { left: TERMINAL_INSET, right: width - TERMINAL_INSET };
  return { left: LEFT[/** @type {"subgraph" | "opened"} */ (kind)] ?? INSET.left, right: width - INSET.right };
}

/** The top of each row; rows stand in the middle, those of an opened subgraph at the top. @param {Pick<Face, "kind" | "line">} face */
export function rowsOf({ kind, line }) {
  const height = HEAD_HEIGHT + (ROW_GAP + LINE_HEIGHT) * (line ? 2 : 1);
  const head = kind === "opened" ? INSET.top : (NODE_HEIGHT - height) / 2;
  const settings = head + HEAD_HEIGHT + ROW_GAP;
  return { head, settings, line: settings + LINE_HEIGHT + ROW_GAP };
}

/**
 * The parts of a card's head from left to right; the title takes what the marks leave.
 *
 * @param {Pick<Face, "kind" | "width" | "comments" | "uses" | "notice" | "problem" | "state">} face
 * @param {(part: "comments" | "linked", text: string) => number} widthOfCount
 * @returns {HeadItem[]}
 */
export function headItems(face, widthOfCount) {
  const { left, right } = innerOf(face);
  const isTerminal = face.kind === "input" || face.kind === "output";
  /** @type {[HeadPart, number][]} */
  const marks = [];
  if (!isTerminal && face.comments > 0) marks.push(["comments", Math.max(18, widthOfCount("comments", commentCount(face.comments)) + 8)]);
  if (!isTerminal && face.uses > 1) marks.push(["linked", widthOfCount("linked", String(face.uses)) + 23]);
  if (!isTerminal && face.notice) marks.push(["notice", MARK]);
  if (face.problem) marks.push(["problem", MARK]);
  if (!isTerminal && face.state !== "idle") marks.push(["status", ICON]);
  /** @type {HeadItem[]} */
  const items = [];
  let end = right;
  for (const [part, width] of marks.reverse()) {
    items.unshift({ part, x: end - width, width });
    end -= width + GAP;
  }
  const start = left + ICON + GAP;
  return [{ part: "icon", x: left, width: ICON }, { part: "title", x: start, width: Math.max(0, end - start) }, ...items];
}

/** @param {number} count */
export function commentCount(count) {
  return count > 99 ? "99+" : String(count);
}

/** The pill of what has to be set, at the right end. @param {Pick<Face, "kind" | "width" | "toSet">} face @param {Measure} measure */
export function settingsRoom(face, measure) {
  const { left, right } = innerOf(face);
  const pill = face.toSet ? measure(face.toSet, false) + 2 * PILL_PADDING : 0;
  return { left, room: right - left - (pill ? pill + GAP : 0), pill, pillX: right - pill };
}

/**
 * As much of the runs as there is room for, the rest an ellipsis.
 *
 * @param {readonly Run[]} runs
 * @param {number} room
 * @param {Measure} measure
 * @param {boolean} [isEllipsisStrong]
 * @returns {Run[]}
 */
export function fitted(runs, room, measure, isEllipsisStrong = false) {
  const widths = runs.map(({ text, isStrong }) => measure(text, isStrong));
  if (widths.reduce((sum, width) => sum + width, 0) <= room + 0.02) return [...runs];
  let left = room - measure(ELLIPSIS, isEllipsisStrong);
  /** @type {Run[]} */
  const fit = [];
  for (const [i, run] of runs.entries()) {
    if (widths[i] <= left) {
      fit.push(run);
      left -= widths[i];
      continue;
    }
    const text = beginning(run, left, measure);
    if (text) fit.push({ ...run, text });
    break;
  }
  return [...fit, { text: ELLIPSIS, isStrong: isEllipsisStrong }];
}

const ELLIPSIS = "…";

/** The longest beginning of a run that fits. @param {Run} run @param {number} room @param {Measure} measure */
function beginning({ text, isStrong }, room, measure) {
  const letters = [...text];
  let [least, most] = [0, letters.length - 1];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (measure(letters.slice(0, middle).join(""), isStrong) <= room) least = middle;
    else most = middle - 1;
  }
  return letters.slice(0, least).join("");
}
