/**
 * Nodes that are too small for a face: category edge, name while it can be read, state as the fill
 * and as a shape.
 *
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 */
import { SUBGRAPH, TERMINAL } from "../document/subgraph_specs.js";
import { paintBreakpoints } from "./breakpoint_painter.js";
import { paintComments, paintOthers } from "./people_painter.js";
import { NODE_HEIGHT } from "./geometry.js";
import { glyphSprite } from "./glyph_sprites.js";
import { VISUAL_STATES } from "./node_state.js";

const EDGE = 8;
const TEXT_ABOVE = 0.25;
const ROUND_ABOVE = 0.25;
const EDGE_ABOVE = 0.12;
const OUTLINE_ABOVE = 0.2;
const GLYPH_ABOVE = 0.14;
/** How high a state's shape is: as large as the chip lets it be from afar, as on a card from near. */
const GLYPH_MOST = 44;
const GLYPH_PX = 13;

/**
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Scene} scene
 * @param {{slots: number[], zoom: number, colours: Colours, selected: ReadonlySet<string>, found: ReadonlySet<string>}} view
 */
export function paintChips(context, scene, { slots, zoom, colours, selected, found }) {
  const fills = zoom >= TEXT_ABOVE ? colours.faint : zoom >= GLYPH_ABOVE ? colours.loud : colours.far;
  for (const [state, group] of grouped(slots, (slot) => scene.state[slot])) {
    context.fillStyle = fills[state];
    fillNodes(context, scene, group, zoom);
  }
  if (zoom >= EDGE_ABOVE) paintEdges(context, scene, slots, colours);
  if (zoom >= OUTLINE_ABOVE) outline(context, scene, slots, { colour: colours.lineStrong, width: 1 / zoom });
  if (found.size > 0) {
    const matches = slots.filter((slot) => found.has(scene.ids[slot]));
    outline(context, scene, matches, { colour: colours.found, width: 4 / zoom });
  }
  if (selected.size > 0) {
    const chosen = slots.filter((slot) => selected.has(scene.ids[slot]));
    outline(context, scene, chosen, { colour: colours.accent, width: 3 / zoom });
  }
  if (zoom >= GLYPH_ABOVE) paintGlyphs(context, scene, slots, { zoom, colours });
  const stops = scene.breakpoints.nodes.size > 0 ? slots.filter((slot) => scene.breakpoints.nodes.has(slot)) : [];
  if (stops.length > 0) paintBreakpoints(context, stops.map((slot) => ({ x: scene.x[slot], y: scene.y[slot] })), { zoom, colours });
  if (scene.comments.size > 0) paintComments(context, scene, slots, { zoom, colours });
  if (scene.others.size > 0) paintOthers(context, scene, slots, { zoom, colours });
  if (zoom >= TEXT_ABOVE) writeNames(context, scene, slots, { size: Math.min(26, 9 / zoom), room: glyphSize(zoom) + 14, colour: colours.ink });
}

/** @param {number} zoom */
function glyphSize(zoom) {
  return Math.min(GLYPH_MOST, GLYPH_PX / zoom);
}

/** The shape of each node's state at its right end. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {{zoom: number, colours: Colours}} how */
function paintGlyphs(context, scene, slots, { zoom, colours }) {
  const size = glyphSize(zoom);
  const pixels = size * context.getTransform().a;
  for (const [state, group] of grouped(slots, (slot) => scene.state[slot])) {
    const colour = zoom >= TEXT_ABOVE || !LOUD.has(VISUAL_STATES[state]) ? colours.glyphs[state] : colours.node;
    const sprite = glyphSprite(state, colour, pixels);
    if (!sprite) continue;
    for (const slot of group) context.drawImage(sprite, scene.x[slot] + scene.width[slot] - size - 8, scene.y[slot] + (NODE_HEIGHT - size) / 2, size, size);
  }
}

/** Their chips are filled with the state's colour from afar. @type {Set<string>} */
const LOUD = new Set(["failed", "running"]);

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {Colours} colours */
function paintEdges(context, scene, slots, colours) {
  for (const [category, group] of grouped(slots, (slot) => scene.categories[slot])) {
    if (category === TERMINAL) continue;
    context.fillStyle = colours.category(category);
    for (const slot of group) context.fillRect(scene.x[slot], scene.y[slot], EDGE, NODE_HEIGHT);
    if (category === SUBGRAPH) for (const slot of group) context.fillRect(scene.x[slot] + EDGE * 1.5, scene.y[slot], EDGE / 2, NODE_HEIGHT);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {number} zoom */
function fillNodes(context, scene, slots, zoom) {
  if (zoom >= ROUND_ABOVE && slots.length < 400) {
    context.beginPath();
    for (const slot of slots) context.roundRect(...boxOf(scene, slot), 6);
    context.fill();
    return;
  }
  for (const slot of slots) context.fillRect(...boxOf(scene, slot));
}

/** Where a chip is painted: a terminal is half as high, on the side of its port. @param {Scene} scene @param {number} slot @returns {[number, number, number, number]} */
function boxOf(scene, slot) {
  const half = scene.categories[slot] === TERMINAL ? NODE_HEIGHT / 2 : 0;
  return [scene.x[slot], scene.y[slot] + (scene.outputs[slot].length > 0 ? half : 0), scene.width[slot], NODE_HEIGHT - half];
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {{colour: string, width: number}} pen */
function outline(context, scene, slots, { colour, width }) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  for (const slot of slots) context.strokeRect(...boxOf(scene, slot));
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number[]} slots @param {{size: number, room: number, colour: string}} how `room`: what the state takes at the right end */
function writeNames(context, scene, slots, { size, room: taken, colour }) {
  context.font = `600 ${size}px ${FONT}`;
  context.textBaseline = "middle";
  context.fillStyle = colour;
  for (const slot of slots) {
    const room = Math.floor((scene.width[slot] - EDGE - 8 - (scene.state[slot] === 0 ? 6 : taken)) / (size * 0.58));
    const title = scene.titles[slot];
    const text = title.length > room ? title.slice(0, Math.max(1, room - 1)) + "…" : title;
    const [x, y, , height] = boxOf(scene, slot);
    context.fillText(text, x + EDGE + 8, y + height / 2 + 1);
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
