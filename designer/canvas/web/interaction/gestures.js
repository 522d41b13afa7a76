/**
 * What the pointer can do once it is down: pan, box, move nodes, draw or re-lead a wire. Each
 * gesture moves, then ends or is cancelled; only an end reaches the document, as one operation.
 *
 * @import {Point} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {PortHit} from "../scene/hit_test.js"
 *
 * @typedef {{ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}} Modifiers
 * @typedef {{cursor: string, move: (at: Point, keys: Modifiers) => void, end: (at: Point, keys: Modifiers) => void, cancel: () => void, autoPans: boolean}} Gesture
 */
import { moveNodes } from "../document/edits.js";
import { rectBetween } from "../scene/geometry.js";
import { portAt } from "../scene/hit_test.js";
import { typeIndex } from "../scene/port_shapes.js";
import { Connecting } from "./connecting.js";
import { snapMove } from "./snapping.js";

const ALIGN_AT_MOST = 250;
const PORT_REACH = 18;

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
  const before = session.selection.nodes;
  const isToggling = keys.ctrlKey || keys.metaKey;
  return {
    cursor: "", autoPans: true,
    move(at) {
      const box = rectBetween(corner, viewport.toCanvas(at));
      const inside = scene.inside(box).map((slot) => scene.ids[slot]);
      view.overlay = { box };
      session.select(combined(before, inside, { isAdding: keys.shiftKey, isToggling }));
      view.draw();
    },
    end() {
      view.overlay = {};
      view.draw();
      if (session.selection.nodes.size > 0) view.announcer.say(`${session.selection.nodes.size} selected.`);
    },
    cancel() {
      view.overlay = {};
      session.select(before);
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

/** @param {CanvasView} view @param {Point} start @param {number} grabbed the slot under the pointer @returns {Gesture} */
export function moveGesture(view, start, grabbed) {
  const { session, scene, viewport } = view;
  const from = viewport.toCanvas(start);
  const slots = [...session.selection.nodes].flatMap((id) => scene.index.get(id) ?? []);
  const origins = slots.map((slot) => ({ slot, x: scene.x[slot], y: scene.y[slot] }));
  const lead = scene.rect(grabbed);
  const moving = new Set(slots);
  for (const slot of slots) {
    scene.held.add(slot);
    view.pinned.add(scene.ids[slot]);
  }
  const place = (/** @type {number} */ dx, /** @type {number} */ dy) => {
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
  return {
    cursor: "dc-moving", autoPans: true,
    move(at, keys) {
      const to = viewport.toCanvas(at);
      const inView = scene.inside(viewport.rect);
      const others = keys.altKey || inView.length > ALIGN_AT_MOST ? [] : inView.filter((slot) => !moving.has(slot)).map((slot) => scene.rect(slot));
      const { dx, dy, guides } = snapMove(lead, { dx: to.x - from.x, dy: to.y - from.y }, others);
      view.overlay = guides.vertical || guides.horizontal ? { guides } : {};
      place(dx, dy);
    },
    end() {
      finish();
      const alive = origins.filter(({ slot }) => scene.ids[slot]);
      const places = alive.map(({ slot }) => /** @type {const} */ ([scene.ids[slot], { x: scene.x[slot], y: scene.y[slot] }]));
      const label = places.length === 1 ? `Move ${session.titleOf(places[0][0])}` : `Move ${places.length} nodes`;
      session.edit(label, moveNodes(session.document, places));
    },
    cancel() {
      place(0, 0);
      finish();
    },
  };
}

/**
 * A new wire from a port, or with `moving` an existing wire whose input end is taken elsewhere.
 *
 * @param {CanvasView} view
 * @param {{slot: number, side: "input" | "output", at: number}} origin the end that stays
 * @param {string} [moving] key of the wire whose end is held
 * @returns {Gesture}
 */
export function wireGesture(view, origin, moving = "") {
  const { session, scene, viewport } = view;
  const ports = origin.side === "output" ? scene.outputs[origin.slot] : scene.inputs[origin.slot];
  const port = ports[origin.at];
  const node = scene.ids[origin.slot];
  const connecting = new Connecting(session, scene, { node, port, side: origin.side });
  const type = typeIndex(port.type);
  const fixed = () => scene.portPointAt(scene.index.get(node) ?? origin.slot, origin.side, origin.at);
  let marked = "";
  const mark = (/** @type {string} */ id, /** @type {boolean} */ isRefused) => {
    view.layer.mark(marked, "data-target", false);
    view.layer.mark(marked, "data-refused", false);
    marked = id;
    if (id) view.layer.mark(id, isRefused ? "data-refused" : "data-target", true);
  };
  const targetAt = (/** @type {Point} */ at) => {
    const point = viewport.toCanvas(at);
    const near = portAt(scene, point, PORT_REACH / Math.min(1, viewport.zoom));
    return connecting.target(near && near.side === connecting.endSide ? near : view.hit(at));
  };
  const finish = () => {
    mark("", false);
    view.overlay = {};
    view.hiddenWire = -1;
    view.tip.hide();
    view.draw();
  };
  if (moving) view.hiddenWire = scene.wireIndex.get(moving) ?? -1;
  return {
    cursor: "dc-wiring", autoPans: true,
    move(at) {
      const target = targetAt(at);
      const end = target?.port ? scene.portPoint(target.slot, connecting.endSide, target.port.name) : null;
      const glowing = connecting.accepting(scene.inside(viewport.rect)).map((item) => ({ point: item.point, type: typeIndex(item.port.type) }));
      view.overlay = {
        glowing,
        draft: { from: fixed(), to: end ?? viewport.toCanvas(at), type, isUpwards: origin.side === "input", isRefused: Boolean(target?.reason) },
      };
      mark(target ? scene.ids[target.slot] : "", Boolean(target?.reason));
      view.tip.show(target?.reason ?? "", at, { isRefusal: true });
      view.draw();
    },
    end(at) {
      const target = targetAt(at);
      finish();
      if (target?.port) connectTo(view, { node, port: port.name, side: origin.side }, { node: scene.ids[target.slot], port: target.port.name }, moving);
      else if (moving && !target) session.disconnect([moving]);
      else if (target?.reason) view.announcer.say(target.reason);
    },
    cancel: finish,
  };
}

/**
 * @param {CanvasView} view
 * @param {{node: string, port: string, side: "input" | "output"}} fixed
 * @param {{node: string, port: string}} end
 * @param {string} moving
 */
function connectTo(view, fixed, end, moving) {
  const { session } = view;
  const [source, target] = fixed.side === "output" ? [fixed, end] : [end, fixed];
  const from = `${source.node}.${source.port}`;
  const result = moving ? session.moveWire(moving, target.node, target.port) : session.connect(from, target.node, target.port);
  view.announcer.say(result.ok ? `${session.titleOf(source.node)} connected to ${session.titleOf(target.node)}.` : result.reason);
}
