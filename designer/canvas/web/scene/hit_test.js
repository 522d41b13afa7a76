/**
 * What is under the pointer: a port, a wire's end, a node, a wire. From the arrays, not the DOM,
 * so that it is the same at every zoom.
 *
 * @import {Point, Port} from "../types.js"
 * @import {Scene} from "./scene.js"
 * @import {MarkHit, Marks} from "./marks.js"
 *
 * @typedef {{kind: "port", slot: number, side: "input" | "output", port: Port, at: number}} PortHit
 * @typedef {{kind: "node", slot: number}} NodeHit
 * @typedef {{kind: "bend", wire: number, at: number}} BendHit
 * @typedef {{kind: "wire", wire: number, isAtInput: boolean}} WireHit
 * @typedef {PortHit | NodeHit | WireHit | BendHit | MarkHit | {kind: "nothing"}} Hit
 */
import { NODE_HEIGHT } from "./geometry.js";
import { nearestOn } from "./wire_path.js";

const PORT_RADIUS = 11;
const WIRE_RADIUS = 6;
const END_RADIUS = 22;
const BEND_RADIUS = 8;

/**
 * @param {Scene} scene
 * @param {Point} point on the canvas
 * @param {{zoom: number, isOnTop?: (slot: number) => boolean, marks?: Marks}} view
 * @returns {Hit}
 */
export function hitTest(scene, point, { zoom, isOnTop = () => false, marks }) {
  const port = zoom >= 0.25 ? portAt(scene, point, PORT_RADIUS / Math.min(1, zoom)) : null;
  if (port) return port;
  const slot = nodeAt(scene, point, isOnTop);
  if (slot >= 0) return { kind: "node", slot };
  const bend = bendAt(scene, point, BEND_RADIUS / Math.min(1, zoom));
  if (bend) return bend;
  const wire = wireAt(scene, point, WIRE_RADIUS / zoom);
  if (wire < 0) return marks?.hit(point, zoom) ?? { kind: "nothing" };
  const { bx, by } = scene.ends(wire);
  return { kind: "wire", wire, isAtInput: Math.hypot(point.x - bx, point.y - by) < END_RADIUS / zoom };
}

/**
 * The nearest port within a radius.
 *
 * @param {Scene} scene
 * @param {Point} point
 * @param {number} radius
 * @returns {PortHit | null}
 */
export function portAt(scene, point, radius) {
  /** @type {PortHit | null} */
  let found = null;
  let nearest = radius;
  const around = { x: point.x - radius, y: point.y - radius, width: 2 * radius, height: 2 * radius };
  for (const slot of scene.inside(around)) {
    for (const side of SIDES) {
      const ports = side === "input" ? scene.inputs[slot] : scene.outputs[slot];
      for (let at = 0; at < ports.length; at++) {
        const place = scene.portPointAt(slot, side, at);
        const distance = Math.hypot(place.x - point.x, place.y - point.y);
        if (distance > nearest) continue;
        nearest = distance;
        found = { kind: "port", slot, side, port: ports[at], at };
      }
    }
  }
  return found;
}

/** @type {readonly ("input" | "output")[]} */
const SIDES = ["input", "output"];

/**
 * The node under a point, the one on top where several are; -1 for none.
 *
 * @param {Scene} scene
 * @param {Point} point
 * @param {(slot: number) => boolean} [isOnTop]
 */
export function nodeAt(scene, point, isOnTop = () => false) {
  const found = scene.inside({ x: point.x, y: point.y, width: 0.001, height: 0.001 });
  return found.find(isOnTop) ?? (found.length ? Math.max(...found) : -1);
}

/** @param {Scene} scene @param {Point} point @param {number} radius @returns {BendHit | null} */
function bendAt(scene, point, radius) {
  for (const [wire, bends] of scene.bends) {
    const at = bends.findIndex((bend) => Math.hypot(bend.x - point.x, bend.y - point.y) <= radius);
    if (at >= 0) return { kind: "bend", wire, at };
  }
  return null;
}

/**
 * The nearest wire within a radius, -1 for none.
 *
 * @param {Scene} scene
 * @param {Point} point
 * @param {number} radius
 */
export function wireAt(scene, point, radius) {
  let found = -1;
  let nearest = radius;
  const { x, y, wireFrom, wireTo, wireFromX, wireToX } = scene;
  for (let wire = 0; wire < scene.wireCount; wire++) {
    const from = wireFrom[wire];
    const to = wireTo[wire];
    const ax = x[from] + wireFromX[wire];
    const ay = y[from] + NODE_HEIGHT;
    const bx = x[to] + wireToX[wire];
    const by = y[to];
    const bulge = scene.bends.has(wire) ? Infinity : by < ay ? 240 : 0;
    if (point.x < Math.min(ax, bx) - radius - bulge || point.x > Math.max(ax, bx) + radius + bulge) continue;
    if (point.y < Math.min(ay, by) - radius - bulge || point.y > Math.max(ay, by) + radius + bulge) continue;
    const { distance } = nearestOn(scene, wire, point);
    if (distance >= nearest) continue;
    nearest = distance;
    found = wire;
  }
  return found;
}
