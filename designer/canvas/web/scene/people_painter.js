/**
 * What people left at nodes, where nodes are painted: bubbles with the number of open threads, and who
 * has selected a node. Cards have their own.
 *
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 */
import { HUES } from "../document/people.js";
import { mixed } from "./colours.js";
import { NODE_HEIGHT } from "./geometry.js";

const LEAST_PX = 5;
const NUMBER_ABOVE_PX = 9;
const BUBBLE = 16;
/** A bubble is never larger than half a chip. */
const MOST = 40;
const FONT = '"Inter Variable", Inter, system-ui, sans-serif';

/** @typedef {{zoom: number, colours: Colours}} Look */

/** At the upper right corner of each; from afar the shape alone. @param {CanvasRenderingContext2D} context in canvas coordinates @param {Scene} scene @param {readonly number[]} slots @param {Look} look */
export function paintComments(context, scene, slots, { zoom, colours }) {
  const size = Math.min(MOST, Math.max(BUBBLE, 12 / zoom));
  if (size * zoom < LEAST_PX) return;
  context.font = `600 ${size * 0.66}px ${FONT}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const slot of slots) {
    const count = scene.comments.get(slot);
    if (!count) continue;
    const x = scene.x[slot] + scene.width[slot] - size * 0.7;
    const y = scene.y[slot] - size * 0.3;
    context.fillStyle = colours.ink;
    context.strokeStyle = colours.canvas;
    context.lineWidth = 1.5 / zoom;
    context.beginPath();
    context.roundRect(x, y, size, size, [size / 2, size / 2, size / 2, 0]);
    context.fill();
    context.stroke();
    if (size * zoom < NUMBER_ABOVE_PX) continue;
    context.fillStyle = colours.node;
    context.fillText(count > 9 ? "9+" : String(count), x + size / 2, y + size * 0.54);
  }
  context.textAlign = "start";
}

/** A dashed line around each and, while it can be read, the initials below. @param {CanvasRenderingContext2D} context in canvas coordinates @param {Scene} scene @param {readonly number[]} slots @param {Look} look */
export function paintOthers(context, scene, slots, { zoom, colours }) {
  const size = Math.min(MOST, Math.max(BUBBLE, 14 / zoom));
  context.lineWidth = 2 / zoom;
  context.font = `600 ${size * 0.6}px ${FONT}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const slot of slots) {
    const [first] = scene.others.get(slot) ?? [];
    if (!first) continue;
    const gap = 5 / zoom;
    context.strokeStyle = colours.mark(HUES[first.hue]);
    context.setLineDash([6 / zoom, 4 / zoom]);
    context.strokeRect(scene.x[slot] - gap, scene.y[slot] - gap, scene.width[slot] + 2 * gap, NODE_HEIGHT + 2 * gap);
    context.setLineDash([]);
    if (size * zoom < NUMBER_ABOVE_PX) continue;
    context.fillStyle = mixed(colours.ink, colours.mark(HUES[first.hue]), 0.8);
    context.beginPath();
    context.roundRect(scene.x[slot] - gap, scene.y[slot] - gap - size * 0.6, size * 1.3, size, size / 4);
    context.fill();
    context.fillStyle = colours.node;
    context.fillText(first.isOwn ? "You" : first.initials, scene.x[slot] - gap + size * 0.65, scene.y[slot] - gap - size * 0.06);
  }
  context.textAlign = "start";
}
