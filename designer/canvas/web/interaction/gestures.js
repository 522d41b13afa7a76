/**
 * What the pointer can do once it is down: pan, box, move, pull out or clone nodes. Each
 * gesture moves, then ends or is cancelled; only an end reaches the document, as one operation.
 *
 * @import {Point} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 *
 * @typedef {{ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}} Modifiers
 * @typedef {{cursor: string, move: (at: Point, keys: Modifiers) => void, end: (at: Point, keys: Modifiers) => void, cancel: () => void, autoPans: boolean}} Gesture
 */
import { moveBends } from "../document/bends.js";
import { moveNodes } from "../document/edits.js";
import { isTerminal } from "../document/terminals.js";
import { NODE_HEIGHT, rectBetween, snapToGrid } from "../scene/geometry.js";
import { wireAt } from "../scene/hit_test.js";
import { snapMove } from "./snapping.js";

const ALIGN_AT_MOST = 250;

/** @param {CanvasView} view @param {Point} start @returns {Gesture} */
export function panGesture(view, start) {
  let last = start;
  return {
    cursor: "dc-panning", autoPans: false,
    move(at) {
      view.viewport.pan(at.x - last.x, at.y - last.y);
      last = at;
      view.moved();
    },
    end() {},
    cancel() {},
  };
}

/** @param {CanvasView} view @param {Point} start @param {Modifiers} keys Shift adds, Ctrl toggles @returns {Gesture} */
export function boxGesture(view, start, keys) {
  const { session, scene, viewport } = view;
  const corner = viewport.toCanvas(start);
  const { nodes: before, marks: beforeMarks } = session.selection;
  const isToggling = keys.ctrlKey || keys.metaKey;
  return {
    cursor: "", autoPans: true,
    move(at) {
      const box = rectBetween(corner, viewport.toCanvas(at));
      const inside = scene.inside(box).map((slot) => scene.ids[slot]).filter((id) => !isTerminal(id));
      view.overlay = { box };
      const how = { isAdding: keys.shiftKey, isToggling };
      session.select(combined(before, inside, how), [], combined(beforeMarks, view.marks.inside(box), how));
      view.draw();
    },
    end() {
      view.overlay = {};
      view.draw();
      if (session.selection.nodes.size > 0) view.announcer.say(`${session.selection.nodes.size} selected.`);
    },
    cancel() {
      view.overlay = {};
      session.select(before, [], beforeMarks);
      view.draw();
    },
  };
}

/**
 * @param {ReadonlySet<string>} before
 * @param {readonly string[]} inside
 * @param {{isAdding: boolean, isToggling: boolean}} how
 */
export function combined(before, inside, { isAdding, isToggling }) {
  if (isToggling) {
    const fresh = new Set(inside);
    return [...[...before].filter((id) => !fresh.has(id)), ...inside.filter((id) => !before.has(id))];
  }
  return isAdding ? [...before, ...inside] : inside;
}

/**
 * Moves the selected nodes. A single one goes into a wire that it is dropped on, unless S is held;
 * with `isPulling` they are taken out of their wires first.
 *
 * @param {CanvasView} view
 * @param {Point} start
 * @param {number} grabbed the slot under the pointer
 * @param {{isPulling?: boolean}} [how]
 * @returns {Gesture}
 */
export function moveGesture(view, start, grabbed, { isPulling = false } = {}) {
  const { session, scene, viewport } = view;
  const from = viewport.toCanvas(start);
  const selected = new Set([...session.selection.nodes].flatMap((id) => scene.index.get(id) ?? []));
  const carried = new Set(insideOf(view, selected));
  const chosen = new Set([...selected].filter((slot) => !carried.has(slot)));
  const slots = [...chosen, ...carried];
  const origins = slots.map((slot) => ({ slot, x: scene.x[slot], y: scene.y[slot] }));
  const lead = scene.rect(grabbed);
  const moving = new Set(slots);
  let moved = { x: 0, y: 0 };
  for (const slot of slots) {
    scene.held.add(slot);
    view.pinned.add(scene.ids[slot]);
  }
  const place = (/** @type {number} */ dx, /** @type {number} */ dy) => {
    moved = { x: dx, y: dy };
    for (const { slot, x, y } of origins) if (scene.ids[slot]) scene.move(slot, x + dx, y + dy);
    view.layer.place(slots);
    view.minimap.invalidate();
    view.draw();
  };
  const finish = () => {
    for (const slot of slots) {
      scene.held.delete(slot);
      view.pinned.delete(scene.ids[slot]);
    }
    view.overlay = {};
    view.draw();
  };
  const spliced = () => (chosen.size === 1 && !isPulling && !view.keysDown.has("S") ? wireToJoin(view, grabbed) : -1);
  return {
    cursor: "dc-moving", autoPans: true,
    move(at, keys) {
      const to = viewport.toCanvas(at);
      const inView = scene.inside(viewport.rect);
      const isFree = keys.ctrlKey || keys.metaKey || !view.settings.snaps;
      const others = isFree || inView.length > ALIGN_AT_MOST ? [] : inView.filter((slot) => !moving.has(slot)).map((slot) => scene.rect(slot));
      const wished = { dx: to.x - from.x, dy: to.y - from.y };
      const { dx, dy, guides } = isFree ? { ...wished, guides: {} } : snapMove(lead, wished, others);
      place(dx, dy);
      const wire = spliced();
      view.overlay = { ...(guides.vertical || guides.horizontal ? { guides } : {}), ...(wire >= 0 ? { splice: wire } : {}) };
    },
    end() {
      const wire = spliced();
      finish();
      const alive = origins.filter(({ slot }) => scene.ids[slot] && chosen.has(slot));
      const places = alive.map(({ slot }) => /** @type {const} */ ([scene.ids[slot], { x: Math.round(scene.x[slot]), y: Math.round(scene.y[slot]) }]));
      const ids = new Set(places.map(([id]) => id));
      if (wire >= 0 && places.length === 1) return session.wires.splice(places[0][0], scene.wireKeys[wire], places[0][1]);
      const what = places.length === 1 ? session.titleOf(places[0][0]) : `${places.length} nodes`;
      const bends = isPulling ? [] : moveBends(session.document, ids, moved);
      session.edit(isPulling ? `Pull out ${what}` : `Move ${what}`, [...(isPulling ? session.wires.pullOut(ids) : []), ...moveNodes(session.document, places), ...bends]);
    },
    cancel() {
      place(0, 0);
      finish();
    },
  };
}

/** What goes along with an expanded subgraph: it stands where its node does. @param {CanvasView} view @param {ReadonlySet<number>} chosen */
function insideOf({ session, scene }, chosen) {
  const { nodes } = session.document;
  const isCarried = (/** @type {string | undefined} */ id) => {
    for (let around = id && nodes[id]?.within; around; around = nodes[around]?.within) if (chosen.has(scene.index.get(around) ?? -1)) return true;
    return false;
  };
  return session.view.steps.length === 0 ? [] : [...scene.index].flatMap(([id, slot]) => (isCarried(id) ? [slot] : []));
}

/** The wire under a node that would take it in, -1 for none. @param {CanvasView} view @param {number} slot */
function wireToJoin(view, slot) {
  const { scene, session } = view;
  const middle = { x: scene.x[slot] + scene.width[slot] / 2, y: scene.y[slot] + NODE_HEIGHT / 2 };
  const wire = wireAt(scene, middle, NODE_HEIGHT / 2);
  return wire >= 0 && session.wires.spliceFit(scene.ids[slot], scene.wireKeys[wire]) ? wire : -1;
}

/** Copies of the selected nodes are dropped elsewhere; the nodes themselves stay. @param {CanvasView} view @param {Point} start @returns {Gesture} */
export function cloneGesture(view, start) {
  const { session, scene, viewport } = view;
  const from = viewport.toCanvas(start);
  const rects = [...session.selection.nodes].flatMap((id) => scene.index.get(id) ?? []).map((slot) => scene.rect(slot));
  const by = (/** @type {Point} */ at) => {
    const to = viewport.toCanvas(at);
    return { x: snapToGrid(to.x - from.x), y: snapToGrid(to.y - from.y) };
  };
  const finish = () => {
    view.overlay = {};
    view.draw();
  };
  return {
    cursor: "dc-cloning", autoPans: true,
    move(at) {
      const { x, y } = by(at);
      view.overlay = { ghosts: rects.map((rect) => ({ ...rect, x: rect.x + x, y: rect.y + y })) };
      view.draw();
    },
    end(at) {
      finish();
      const ids = session.paste(session.copyText(), { by: by(at), label: rects.length === 1 ? "Clone" : `Clone ${rects.length} nodes` });
      view.announcer.say(`${ids.length} cloned.`);
    },
    cancel: finish,
  };
}
