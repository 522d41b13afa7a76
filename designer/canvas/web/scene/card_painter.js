/**
 * A node near enough to be read, painted: the same card that `node_card.js` makes of elements, while
 * the view moves. `canvas.css` says how a card looks; what differs here is seen as a flicker.
 *
 * @import {Face} from "./face.js"
 * @import {Colours} from "./colours.js"
 * @import {HeadItem} from "./card_layout.js"
 *
 * @typedef {{isSelected?: boolean, isHovered?: boolean, isFound?: boolean, hasFocus?: boolean}} CardFlags
 * @typedef {{colours: Colours, zoom: number, letters: boolean, now: number, flags?: CardFlags}} CardLook `now`: ms, turns the rings
 */
import { HUES } from "../document/people.js";
import { commentCount, fitted, headItems, innerOf, rowsOf, settingsRoom } from "./card_layout.js";
import { paintPorts } from "./card_ports_painter.js";
import { paintIcon, paintRuns, setFont, widthOf } from "./card_text.js";
import { mixed } from "./colours.js";
import { NODE_HEIGHT } from "./geometry.js";
import { NOTICE_ICONS, PROBLEM_ICONS, ringShare } from "./node_card.js";
import { VISUAL_STATES } from "./node_state.js";
import { typeIndex } from "./port_shapes.js";
import { paintShadow } from "./shadow_sprites.js";
import { BREAKPOINT, GLYPHS } from "./status_glyphs.js";

const RADIUS = 8;
const TITLE = 13;
const SMALL = 11;
const TINY = 10;
/** Baselines, from the top of a row. */
const TITLE_BASELINE = 15;
const LINE_BASELINE = 11;
const RECEDING = 0.62;
const OFF = 0.55;

/** @type {Map<string, Path2D>} */
const paths = new Map();

/** @param {CanvasRenderingContext2D} context in canvas coordinates @param {Face} face @param {{x: number, y: number}} corner @param {CardLook} look */
export function paintCard(context, face, { x, y }, look) {
  context.save();
  context.translate(x, y);
  context.textBaseline = "alphabetic";
  if (face.kind === "input" || face.kind === "output") paintTerminal(context, face, look);
  else {
    if (face.kind === "subgraph") paintStack(context, face, look);
    paintBody(context, face, look);
    paintContent(context, face, look);
    if (face.hasBreakpoint) paintBreakpoint(context, look.colours);
    if (face.others.length > 0) paintOthers(context, face, look.colours);
  }
  paintPorts(context, face, look);
  context.restore();
}

/** Only what a run changes, for a card that is painted already. @param {CanvasRenderingContext2D} context in canvas coordinates @param {Face} face @param {{x: number, y: number}} corner @param {CardLook} look */
export function repaintCard(context, face, { x, y }, look) {
  context.save();
  context.translate(x, y);
  context.textBaseline = "alphabetic";
  context.beginPath();
  context.roundRect(0, 0, face.width, NODE_HEIGHT, RADIUS);
  context.clip();
  paintBody(context, face, look);
  paintContent(context, face, look);
  paintPorts(context, face, { ...look, letters: false, zoom: 0 });
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {CardLook} look */
function paintStack(context, { width }, { colours, flags = {} }) {
  const box = { x: 5, y: 5, width, height: NODE_HEIGHT, radius: RADIUS };
  paintShadow(context, box, colours.shadows);
  fillBox(context, box, colours.node);
  strokeBox(context, box, flags.isSelected ? colours.accent : colours.line);
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {CardLook} look */
function paintBody(context, face, look) {
  const { colours, flags = {} } = look;
  const box = { x: 0, y: 0, width: face.width, height: NODE_HEIGHT, radius: RADIUS };
  if (face.kind === "opened") return paintOpened(context, box, look);
  if (!face.isReceding && !flags.hasFocus) paintShadow(context, box, colours.shadows);
  paintRings(context, box, look);
  fillGround(context, face, box, colours);
  const isDashed = ["disabled", "skipped", "stopped"].includes(face.state);
  strokeBox(context, box, borderOf(face, look), isDashed);
}

/** @typedef {{x: number, y: number, width: number, height: number, radius: number}} Box */

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {CardLook} look */
function paintOpened(context, box, { colours, flags = {} }) {
  if (!flags.isSelected) return;
  fillBox(context, box, colours.accentSoft);
  strokeBox(context, box, colours.accent);
}

/** What stands around a body like a shadow without blur. @param {CanvasRenderingContext2D} context @param {Box} box @param {CardLook} look */
function paintRings(context, box, { colours, flags = {} }) {
  if (flags.hasFocus) {
    fillBox(context, grownBox(box, 4), colours.accent);
    fillBox(context, grownBox(box, 2), colours.surface);
  } else if (flags.isFound) fillBox(context, grownBox(box, 3), colours.found);
  else if (flags.isSelected) fillBox(context, grownBox(box, 1.5), colours.accent);
}

/** The ground, with the category along its left side. @param {CanvasRenderingContext2D} context @param {Face} face @param {Box} box @param {Colours} colours */
function fillGround(context, { category, kind, isReceding }, box, colours) {
  const isPile = kind === "subgraph";
  fillBox(context, box, isReceding ? mixed(colours.canvas, colours.node, 0.55) : colours.node);
  context.fillStyle = isReceding ? mixed(colours.node, colours.category(category), 0.45) : colours.category(category);
  context.beginPath();
  context.roundRect(1, 1, isPile ? 3 : 4, NODE_HEIGHT - 2, [RADIUS - 1, 0, 0, RADIUS - 1]);
  if (isPile) context.rect(6, 0, 2, NODE_HEIGHT);
  context.fill();
}

/** @param {Face} face @param {CardLook} look */
function borderOf({ state }, { colours, flags = {} }) {
  if (flags.isSelected) return colours.accent;
  if (flags.isHovered) return colours.lineStrong;
  if (state === "failed") return colours.failed;
  return state === "running" || state === "will_run" ? colours.running : colours.line;
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {CardLook} look */
function paintContent(context, face, look) {
  const { left, right } = innerOf(face);
  const rows = rowsOf(face);
  const faint = face.isReceding ? RECEDING : 1;
  const off = face.state === "disabled" ? OFF : 1;
  context.globalAlpha = off;
  paintHead(context, face, rows.head, look, faint);
  context.globalAlpha = off * faint;
  if (face.meter.length > 0) paintMeter(context, face, rows.settings, look);
  else paintSettings(context, face, rows.settings, look);
  context.globalAlpha = 1;
  if (face.line) paintLine(context, face.line, { x: left, y: rows.line + LINE_BASELINE, room: right - left, colour: lineColour(face, look.colours), look });
}

/** @param {Face} face @param {Colours} colours */
function lineColour({ state }, colours) {
  if (state === "failed") return colours.failed;
  return state === "running" ? colours.running : colours.ink2;
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {number} top @param {CardLook} look @param {number} faint how much of icon and title is seen */
function paintHead(context, face, top, look, faint) {
  const { colours } = look;
  const alpha = context.globalAlpha;
  for (const item of headItems(face, countWidth(context, colours))) {
    context.globalAlpha = item.part === "icon" || item.part === "title" ? alpha * faint : alpha;
    paintHeadItem(context, face, item, top, look);
  }
  context.globalAlpha = alpha;
}

/** @param {CanvasRenderingContext2D} context @param {Colours} colours @returns {(part: "comments" | "linked", text: string) => number} */
function countWidth(context, { weights }) {
  return (part, text) => (part === "comments" ? widthOf(context, text, TINY, weights.strong) : widthOf(context, text, SMALL, weights.normal));
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {HeadItem} item @param {number} top @param {CardLook} look */
function paintHeadItem(context, face, { part, x, width }, top, look) {
  const { colours } = look;
  if (part === "icon") paintIcon(context, face.icon, { x, y: top + 2, size: 16, colour: colours.category(face.category) });
  if (part === "title") paintTitle(context, face.title, { x, y: top + TITLE_BASELINE, room: width, isStrong: true, colour: colours.ink, look });
  if (part === "comments") paintComments(context, face.comments, { x, y: top + 2, width, colours });
  if (part === "linked") paintLinked(context, face.uses, { x, y: top + 2, width, colours });
  if (part === "notice" && face.notice) paintIcon(context, NOTICE_ICONS[face.notice.kind], { x, y: top + 3, size: 15, colour: face.notice.kind === "newer" ? colours.ink3 : colours.warning });
  if (part === "problem" && face.problem) paintIcon(context, PROBLEM_ICONS[face.problem], { x, y: top + 3, size: 15, colour: face.problem === "error" ? colours.failed : colours.warning });
  if (part === "status") paintStatus(context, face, { x, y: top + 2, look });
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {{x: number, y: number, room: number, isStrong: boolean, colour: string, look: CardLook}} how */
function paintTitle(context, text, { x, y, room, isStrong, colour, look }) {
  const { weights } = look.colours;
  const measure = (/** @type {string} */ part, /** @type {boolean} */ strong) => widthOf(context, part, TITLE, strong ? weights.strong : weights.normal);
  paintRuns(context, fitted([{ text, isStrong }], room, measure, isStrong), { x, y, size: TITLE, weights, colour });
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {{x: number, y: number, room: number, colour: string, look: CardLook}} how */
function paintLine(context, text, { x, y, room, colour, look }) {
  paintRuns(context, fitted([{ text, isStrong: false }], room, smallMeasure(context, look.colours)), { x, y, size: SMALL, weights: look.colours.weights, colour });
}

/** @param {CanvasRenderingContext2D} context @param {Colours} colours @returns {import("./card_layout.js").Measure} */
function smallMeasure(context, { weights }) {
  return (text, isStrong) => widthOf(context, text, SMALL, isStrong ? weights.strong : weights.normal);
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {number} top @param {CardLook} look */
function paintSettings(context, face, top, { colours }) {
  const measure = smallMeasure(context, colours);
  const { left, room, pill, pillX } = settingsRoom(face, measure);
  const runs = face.subtitle.map(({ text, isChanged }, i) => ({ text: i > 0 ? ` · ${text}` : text, isStrong: isChanged }));
  paintRuns(context, fitted(runs, room, measure), { x: left, y: top + LINE_BASELINE, size: SMALL, weights: colours.weights, colour: colours.ink3, strongColour: colours.ink2 });
  if (!pill) return;
  fillBox(context, { x: pillX, y: top, width: pill, height: 15, radius: 7 }, mixed(colours.node, colours.warning, 0.14));
  setFont(context, SMALL, colours.weights.normal);
  context.fillStyle = colours.warning;
  context.fillText(face.toSet, pillX + 6, top + LINE_BASELINE);
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {number} top @param {CardLook} look */
function paintMeter(context, face, top, { colours }) {
  const { left, right } = innerOf(face);
  const measure = smallMeasure(context, colours);
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {string} */ colour) =>
    paintRuns(context, [{ text, isStrong: false }], { x, y: top + LINE_BASELINE, size: SMALL, weights: colours.weights, colour });
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, 15);
  context.clip();
  let x = left;
  for (const { name, value } of face.meter) {
    if (name) {
      write(name, x, colours.ink3);
      x += measure(name, false) + 4;
    }
    write(value, x, colours.ink2);
    x += Math.max(measure(value, false), 5 * measure("0", false)) + 8;
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {number} count @param {{x: number, y: number, width: number, colours: Colours}} how */
function paintComments(context, count, { x, y, width, colours }) {
  context.fillStyle = colours.ink2;
  context.beginPath();
  context.roundRect(x, y, width, 16, [8, 8, 8, 0]);
  context.fill();
  setFont(context, TINY, colours.weights.strong);
  context.fillStyle = colours.node;
  context.textAlign = "center";
  context.fillText(commentCount(count), x + width / 2, y + 12);
  context.textAlign = "start";
}

/** @param {CanvasRenderingContext2D} context @param {number} uses @param {{x: number, y: number, width: number, colours: Colours}} how */
function paintLinked(context, uses, { x, y, width, colours }) {
  fillBox(context, { x, y, width, height: 16, radius: 8 }, colours.surface3);
  paintIcon(context, "link", { x: x + 4, y: y + 2, size: 12, colour: colours.ink2 });
  setFont(context, SMALL, colours.weights.normal);
  context.fillText(String(uses), x + 18, y + 12);
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {{x: number, y: number, look: CardLook}} how */
function paintStatus(context, { state, progress }, { x, y, look }) {
  const colour = look.colours.states[VISUAL_STATES.indexOf(state)];
  context.translate(x, y);
  if (state === "running") paintRing(context, progress, colour, look.now);
  else {
    context.fillStyle = colour;
    context.fill(pathOf(GLYPHS[state]), "evenodd");
  }
  context.translate(-x, -y);
}

/** @param {CanvasRenderingContext2D} context @param {number | null} progress @param {string} colour @param {number} now */
function paintRing(context, progress, colour, now) {
  const start = -Math.PI / 2 + (progress === null ? ((now % 1000) / 1000) * 2 * Math.PI : 0);
  context.strokeStyle = colour;
  context.lineWidth = 2.4;
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * 0.22;
  context.beginPath();
  context.arc(8, 8, 6, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = alpha;
  context.beginPath();
  context.arc(8, 8, 6, start, start + ringShare(progress) * 2 * Math.PI);
  context.stroke();
}

/** Over the ring of a card that is painted already. @param {CanvasRenderingContext2D} context in canvas coordinates @param {Face} face @param {{x: number, y: number}} corner @param {CardLook} look */
export function paintTurningRing(context, face, { x, y }, { colours, now }) {
  const status = headItems(face, countWidth(context, colours)).find(({ part }) => part === "status");
  if (face.progress !== null || !status) return;
  const [left, top] = [x + status.x, y + rowsOf(face).head + 2];
  context.fillStyle = colours.node;
  context.fillRect(left - 0.5, top - 0.5, 17, 17);
  context.translate(left, top);
  paintRing(context, null, colours.running, now);
  context.translate(-left, -top);
}

/** @param {CanvasRenderingContext2D} context @param {Colours} colours */
function paintBreakpoint(context, colours) {
  const shape = pathOf(BREAKPOINT);
  context.save();
  context.translate(-6, -6);
  context.scale(14 / 12, 14 / 12);
  context.strokeStyle = colours.canvas;
  context.lineWidth = 1.6;
  context.stroke(shape);
  context.fillStyle = colours.ink;
  context.fill(shape);
  context.restore();
}

/** Who else has it selected. @param {CanvasRenderingContext2D} context @param {Face} face @param {Colours} colours */
function paintOthers(context, { others, width }, colours) {
  const [first, ...more] = others;
  const colour = colours.mark(HUES[first.hue]);
  context.lineWidth = 1.5;
  context.strokeStyle = colour;
  context.setLineDash([4.5, 3]);
  context.beginPath();
  context.roundRect(-3.25, -3.25, width + 6.5, NODE_HEIGHT + 6.5, RADIUS + 3.25);
  context.stroke();
  context.setLineDash([]);
  const measure = (/** @type {string} */ text) => widthOf(context, text, TINY, colours.weights.strong);
  const runs = fitted([{ text: more.length ? `${first.title} +${more.length}` : first.title, isStrong: true }], width - 20, measure, true);
  const tag = runs.reduce((sum, { text }) => sum + measure(text), 12);
  context.fillStyle = mixed(colours.ink, colour, 0.8);
  context.beginPath();
  context.roundRect(width - 4 - tag, -18, tag, 15, [4, 4, 0, 0]);
  context.fill();
  paintRuns(context, runs, { x: width + 2 - tag, y: -7, size: TINY, weights: colours.weights, colour: colours.node });
}

/** @param {CanvasRenderingContext2D} context @param {Face} face @param {CardLook} look */
function paintTerminal(context, face, look) {
  const { colours, flags = {} } = look;
  const top = face.kind === "input" ? NODE_HEIGHT / 2 : 0;
  const box = { x: 0, y: top, width: face.width, height: NODE_HEIGHT / 2, radius: NODE_HEIGHT / 4 };
  if (flags.hasFocus || flags.isSelected) paintRings(context, box, { ...look, flags: { ...flags, isFound: false } });
  if (!face.isNew || flags.hasFocus || flags.isSelected) fillBox(context, box, face.isNew ? colours.canvas : colours.surface2);
  strokeBox(context, box, flags.isSelected ? colours.accent : flags.isHovered && !face.isNew ? colours.lineStrong : colours.line, face.isNew);
  const type = [...face.outputs, ...face.inputs][0]?.type ?? "Any";
  const ink = face.isNew ? (flags.isHovered ? colours.ink : colours.ink3) : colours.ink;
  const rowTop = top + (NODE_HEIGHT / 2 - 20) / 2;
  for (const { part, x, width } of headItems(face, () => 0)) {
    if (part === "icon") paintIcon(context, face.icon, { x, y: rowTop + 2, size: 16, colour: face.isNew ? ink : colours.types[typeIndex(type)] });
    if (part === "title") paintTitle(context, face.title, { x, y: rowTop + TITLE_BASELINE, room: width, isStrong: false, colour: ink, look });
    if (part === "problem" && face.problem) paintIcon(context, PROBLEM_ICONS[face.problem], { x, y: rowTop + 3, size: 15, colour: face.problem === "error" ? colours.failed : colours.warning });
  }
}

/** @param {string} text */
function pathOf(text) {
  const path = paths.get(text) ?? new Path2D(text);
  paths.set(text, path);
  return path;
}

/** @param {Box} box @param {number} by @returns {Box} */
function grownBox({ x, y, width, height, radius }, by) {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by, radius: radius + by };
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {string} colour */
function fillBox(context, { x, y, width, height, radius }, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
}

/** A border of one pixel inside a box. @param {CanvasRenderingContext2D} context @param {Box} box @param {string} colour @param {boolean} [isDashed] */
function strokeBox(context, { x, y, width, height, radius }, colour, isDashed = false) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  if (isDashed) context.setLineDash([3, 2]);
  context.beginPath();
  context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, radius - 0.5);
  context.stroke();
  if (isDashed) context.setLineDash([]);
}
