/**
 * The grounds of subgraphs that are expanded in place: a frame behind the nodes inside each of them.
 *
 * @import {ScopeView} from "../document/scope_view.js"
 * @import {Rect} from "../types.js"
 * @import {Colours} from "./colours.js"
 * @import {Scene} from "./scene.js"
 */
import { FRAME } from "../document/expanded_layout.js";
import { grown } from "./geometry.js";

const ROUND = 10;

/**
 * @param {CanvasRenderingContext2D} context in canvas coordinates
 * @param {Scene} scene
 * @param {{view: ScopeView, zoom: number, colours: Colours}} look
 */
export function paintExpanded(context, scene, { view, zoom, colours }) {
  for (const rect of expandedRects(scene, view)) {
    context.beginPath();
    context.roundRect(rect.x, rect.y, rect.width, rect.height, ROUND);
    context.globalAlpha = 0.07;
    context.fillStyle = colours.category("subgraph");
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = colours.category("subgraph");
    context.lineWidth = Math.max(1, 1 / zoom);
    context.setLineDash([6 / zoom, 4 / zoom]);
    context.stroke();
    context.setLineDash([]);
  }
}

/** Around what the scene holds of each, outer ones first: also while something is dragged. @param {Scene} scene @param {ScopeView} view @returns {Rect[]} */
export function expandedRects(scene, view) {
  /** @type {Map<string, number[]>} */
  const members = new Map(view.expanded.map((id) => [id, []]));
  if (members.size === 0) return [];
  const { nodes } = view.document;
  for (const [id, slot] of scene.index) {
    members.get(id)?.push(slot);
    for (let around = nodes[id]?.within; around; around = nodes[around]?.within) members.get(around)?.push(slot);
  }
  return view.expanded.flatMap((id) => {
    const rect = scene.bounds(members.get(id) ?? []);
    return rect ? [grown(rect, FRAME)] : [];
  });
}
