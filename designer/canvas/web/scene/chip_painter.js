/**
 * Nodes that are too small for a face: category edge, name while it can be read, state as the fill.
 *
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 */
import { NODE_HEIGHT } from "./geometry.js";
import { VISUAL_STATES } from "./node_state.js";

const EDGE = 8;
const TEXT_ABOVE = 0.2;
const ROUND_ABOVE = 0.25;
/** States that must be seen from afar. @type {Set<string>} */
const LOUD = new Set(["failed", "running"]);

/**
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Scene} scene
 * @param {{slots: number[], zoom: number, colours: Colours, selected: ReadonlySet<string>}} view
 */
export function paintChips(context, scene, { slots, zoom, colours, selected }) {
  const byState = grouped(slots, (slot) => scene.state[slot]);
  for (const [state, group] of byState) {
    context.fillStyle = colours.node;
    fillNodes(context, scene, group, zoom);
    if (VISUAL_STATES[state] === "idle") continue;
    context.fillStyle = colours.states[state];
    context.globalAlpha = zoom >= TEXT_ABOVE ? 0.3 : LOUD.has(VISUAL_STATES[state]) ? 1 : 0.6;
    fillNodes(context, scene, group, zoom);
    context.globalAlpha = 1;
  }
  for (const [category, group] of grouped(slots, (slot) => scene.categories[slot])) {
    context.fillStyle = colours.category(category);
    context.beginPath();
    for (const slot of group) context.rect(scene.x[slot], scene.y[slot], EDGE, NODE_HEIGHT);
    context.fill();
  }
  if (zoom >= 0.1) outline(context, scene, slots, { colour: colours.lineStrong, width: 1 / zoom });
  if (selected.size > 0) {
    const chosen = slots.filter((slot) => selected.has(scene.ids[slot]));
    outline(context, scene, chosen, { colour: colours.accent, width: 3 / zoom });
  }
  if (zoom >= TEXT_ABOVE) writeNames(context, scene, slots, zoom, colours);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {number} zoom */
function fillNodes(context, scene, slots, zoom) {
  if (zoom >= ROUND_ABOVE && slots.length < 400) {
    context.beginPath();
    for (const slot of slots) context.roundRect(scene.x[slot], scene.y[slot], scene.width[slot], NODE_HEIGHT, 6);
    context.fill();
    return;
  }
  for (const slot of slots) context.fillRect(scene.x[slot], scene.y[slot], scene.width[slot], NODE_HEIGHT);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {{colour: string, width: number}} pen */
function outline(context, scene, slots, { colour, width }) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (const slot of slots) context.rect(scene.x[slot], scene.y[slot], scene.width[slot], NODE_HEIGHT);
  context.stroke();
}

/** Names at a size that stays readable on the screen. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {number} zoom @param {Colours} colours */
function writeNames(context, scene, slots, zoom, colours) {
  const size = Math.min(26, 9 / zoom);
  context.font = `600 ${size}px ${FONT}`;
  context.textBaseline = "middle";
  context.fillStyle = colours.ink;
  for (const slot of slots) {
    const room = Math.floor((scene.width[slot] - EDGE - 14) / (size * 0.58));
    const title = scene.titles[slot];
    const text = title.length > room ? title.slice(0, Math.max(1, room - 1)) + "…" : title;
    context.fillText(text, scene.x[slot] + EDGE + 8, scene.y[slot] + NODE_HEIGHT / 2 + 1);
  }
}

const FONT = '"Inter Variable", Inter, system-ui, sans-serif';

/**
 * @template K
 * @param {number[]} slots
 * @param {(slot: number) => K} keyOf
 * @returns {Map<K, number[]>}
 */
function grouped(slots, keyOf) {
  const groups = new Map();
  for (const slot of slots) {
    const key = keyOf(slot);
    const group = groups.get(key);
    if (group) group.push(slot);
    else groups.set(key, [slot]);
  }
  return groups;
}
