/**
 * Tidy: the server lays out what is shown, or a selection of it; the nodes glide to their places and
 * one operation keeps them there.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Frame, Point} from "../types.js"
 * @typedef {{nodes: {[id: string]: {x: number, y: number, width: number, height: number, frame?: string}}, wires: {from: string, from_x: number, to: string, to_x: number}[], only?: string[]}} LayoutRequest
 * @typedef {{places: {[id: string]: Point}, frames?: {[id: string]: {x: number, y: number, width: number, height: number}}}} LayoutAnswer
 */
import { insideFrame, setMark } from "../document/annotations.js";
import { change, moveNodes } from "../document/edits.js";
import { NODE_HEIGHT } from "../scene/geometry.js";

const GLIDE_MS = 140;

/** @param {CanvasView} view @param {readonly string[]} [only] all nodes without it */
export async function tidy(view, only) {
  const { session } = view;
  if (Object.keys(session.document.nodes).length === 0) return;
  const drawn = session.document;
  try {
    const answer = await session.transport.layout(layoutRequest(view, only));
    if (session.document.nodes !== drawn.nodes || session.document.layout !== drawn.layout) {
      return session.notify({ kind: "info", message: "The pipeline was edited meanwhile, so nothing was moved. Tidy once more." });
    }
    await glide(view, answer.places);
    keep(view, answer, only);
  } catch (error) {
    const { message, remedy } = /** @type {Error & {remedy?: string}} */ (error);
    session.notify({ kind: "error", message: `The layout could not be made. ${message}`, remedy });
  }
}

/** @param {CanvasView} view @param {readonly string[]} [only] @returns {LayoutRequest} */
export function layoutRequest({ session, scene }, only) {
  const frameOf = innermostFrames(session.document);
  const nodes = Object.fromEntries([...scene.index].map(([id, slot]) => {
    const frame = frameOf.get(id);
    return [id, { x: scene.x[slot], y: scene.y[slot], width: scene.width[slot], height: NODE_HEIGHT, ...(frame ? { frame } : {}) }];
  }));
  const wires = Array.from({ length: scene.wireCount }, (_, wire) => ({
    from: scene.ids[scene.wireFrom[wire]], from_x: scene.wireFromX[wire], to: scene.ids[scene.wireTo[wire]], to_x: scene.wireToX[wire],
  }));
  return { nodes, wires, ...(only ? { only: [...only] } : {}) };
}

/** The smallest frame around each node. @param {import("../types.js").GraphDocument} document @returns {Map<string, string>} */
function innermostFrames(document) {
  const bySize = Object.entries(document.layout?.frames ?? {}).sort(([, a], [, b]) => b.width * b.height - a.width * a.height);
  return new Map(bySize.flatMap(([id]) => insideFrame(document, id).nodes.map((node) => [node, id])));
}

/** @param {CanvasView} view @param {{[id: string]: Point}} places */
function glide(view, places) {
  const { scene } = view;
  const moves = Object.entries(places).flatMap(([id, to]) => {
    const slot = scene.index.get(id);
    return slot === undefined ? [] : [{ slot, from: { x: scene.x[slot], y: scene.y[slot] }, to }];
  });
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || moves.length > 800;
  if (isStill) return Promise.resolve();
  const started = performance.now();
  return new Promise((resolve) => {
    const step = (/** @type {number} */ now) => {
      const share = Math.min(1, (now - started) / GLIDE_MS);
      const eased = 1 - (1 - share) ** 3;
      for (const { slot, from, to } of moves) if (scene.ids[slot]) scene.move(slot, from.x + (to.x - from.x) * eased, from.y + (to.y - from.y) * eased);
      view.layer.place(moves.map(({ slot }) => slot));
      view.draw();
      if (share < 1) requestAnimationFrame(step);
      else resolve(undefined);
    };
    requestAnimationFrame(step);
  });
}

/** @param {CanvasView} view @param {LayoutAnswer} answer @param {readonly string[]} [only] */
function keep({ session }, { places, frames = {} }, only) {
  const { document } = session;
  const moved = moveNodes(document, Object.entries(places));
  const framed = Object.entries(frames).flatMap(([id, area]) => {
    const held = document.layout?.frames?.[id];
    return held ? [setMark(document, "frames", id, /** @type {Frame} */ ({ ...held, ...area }))] : [];
  });
  const ids = new Set(moved.map(({ path }) => path[2]));
  const straight = Object.keys(document.layout?.wires ?? {}).filter((key) => key.split(">").some((end) => ids.has(end.split(".", 1)[0])));
  const changes = [...moved, ...framed, ...straight.map((key) => change(document, ["layout", "wires", key], undefined))];
  session.edit(only ? `Tidy ${only.length} nodes` : "Tidy the pipeline", changes);
}
