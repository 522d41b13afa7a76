/**
 * What the pointer does with wires: draw one, lead one or all of a port elsewhere, cut, bend.
 *
 * @import {Point, Port} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Gesture, Modifiers} from "./gestures.js"
 * @import {PortHit} from "../scene/hit_test.js"
 *
 * @typedef {{node: string, port: string, side: "input" | "output"}} PortEnd
 */
import { bendTo } from "../document/bends.js";
import { isCompatible } from "../document/module_store.js";
import { wiresOf } from "../document/wires.js";
import { GRID } from "../scene/geometry.js";
import { portAt } from "../scene/hit_test.js";
import { typeIndex } from "../scene/port_shapes.js";
import { isCrossed } from "../scene/wire_path.js";
import { Connecting } from "./connecting.js";

const PORT_REACH = 18;

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
      else if (moving && !target) session.wires.disconnect([moving]);
      else if (target?.reason) view.announcer.say(target.reason);
      else if (!target) addAtEnd(view, { node, port: port.name, side: origin.side }, { at, from: fixed(), type });
    },
    cancel: finish,
  };
}

/**
 * Leads all wires of a port to another one of the same side.
 *
 * @param {CanvasView} view
 * @param {PortHit} hit the port that is left
 * @returns {Gesture | null} `null` where it has no wires
 */
export function portGesture(view, hit) {
  const { session, scene, viewport } = view;
  const node = scene.ids[hit.slot];
  const { side, port } = hit;
  const wires = wiresOf(session.document).filter((wire) => (side === "output" ? wire.node === node && wire.output === port.name : wire.target === node && wire.port === port.name));
  if (wires.length === 0) return null;
  const others = wires.map((wire) => {
    const slot = scene.index.get(side === "output" ? wire.target : wire.node) ?? 0;
    return scene.portPoint(slot, side === "output" ? "input" : "output", side === "output" ? wire.port : wire.output) ?? { x: 0, y: 0 };
  });
  const type = typeIndex(port.type);
  const targetAt = (/** @type {Point} */ at) => {
    const found = portAt(scene, viewport.toCanvas(at), PORT_REACH / Math.min(1, viewport.zoom));
    return found && found.side === side && !(found.slot === hit.slot && found.port.name === port.name) ? found : null;
  };
  const refusal = (/** @type {PortHit} */ target) =>
    target.port.type === port.type || isCompatible(port.type, target.port.type) ? "" : `These wires carry ${port.type}, this port is ${target.port.type}.`;
  const finish = () => {
    view.overlay = {};
    view.tip.hide();
    view.draw();
  };
  return {
    cursor: "dc-wiring", autoPans: true,
    move(at) {
      const target = targetAt(at);
      const end = target ? scene.portPointAt(target.slot, side, target.at) : viewport.toCanvas(at);
      view.overlay = { drafts: others.map((from) => ({ from, to: end, type, isUpwards: side === "output", isRefused: Boolean(target && refusal(target)) })) };
      view.tip.show(target ? refusal(target) : "", at, { isRefusal: true });
      view.draw();
    },
    end(at) {
      const target = targetAt(at);
      finish();
      if (!target || refusal(target)) return;
      const { ok, reason } = session.wires.moveAll(wires, { node: scene.ids[target.slot], port: target.port.name, side });
      view.announcer.say(ok ? `${wires.length} wires moved.` : reason);
      if (!ok) session.notify({ kind: "error", message: reason });
    },
    cancel: finish,
  };
}

/** A knife: every wire that the line crosses goes, in one step. @param {CanvasView} view @param {Point} start @returns {Gesture} */
export function cutGesture(view, start) {
  const { scene, session, viewport } = view;
  const line = [viewport.toCanvas(start)];
  /** @type {Set<number>} */
  const cut = new Set();
  const finish = () => {
    view.overlay = {};
    view.draw();
  };
  return {
    cursor: "dc-cutting", autoPans: true,
    move(at) {
      const point = viewport.toCanvas(at);
      const last = line[line.length - 1];
      if (Math.hypot(point.x - last.x, point.y - last.y) < 2 / viewport.zoom) return;
      line.push(point);
      for (let wire = 0; wire < scene.wireCount; wire++) if (!cut.has(wire) && isCrossed(scene, wire, last, point)) cut.add(wire);
      view.overlay = { cut: { line, wires: cut } };
      view.draw();
    },
    end() {
      finish();
      if (cut.size === 0) return;
      session.wires.disconnect([...cut].map((wire) => scene.wireKeys[wire]));
      view.announcer.say(`${cut.size} ${cut.size === 1 ? "wire" : "wires"} cut.`);
    },
    cancel: finish,
  };
}

/** Moves one bend of a wire. @param {CanvasView} view @param {number} wire @param {number} at which bend @returns {Gesture | null} */
export function bendGesture(view, wire, at) {
  const { scene, session, viewport } = view;
  const held = scene.bends.get(wire);
  const key = scene.wireKeys[wire];
  const fact = wiresOf(session.document).find((item) => item.key === key);
  if (!held || !fact) return null;
  const before = held[at];
  const half = GRID / 2;
  const place = (/** @type {Point} */ point) => {
    held[at] = { x: Math.round(point.x / half) * half, y: Math.round(point.y / half) * half };
    view.draw();
  };
  return {
    cursor: "dc-moving", autoPans: true,
    move: (to) => place(viewport.toCanvas(to)),
    end() {
      session.edit("Bend wire", [bendTo(session.document, fact, held.map(({ x, y }) => /** @type {[number, number]} */ ([x, y])))]);
    },
    cancel: () => place(before),
  };
}

/**
 * A wire dropped on nothing asks which module should be there; it stays in sight meanwhile.
 *
 * @param {CanvasView} view
 * @param {PortEnd} start
 * @param {{at: Point, from: Point, type: number}} wire `at` on the screen
 */
async function addAtEnd(view, start, { at, from, type }) {
  const { page } = view.context;
  if (!page) return;
  const to = view.viewport.toCanvas(at);
  view.overlay = { draft: { from, to, type, isUpwards: start.side === "input", isRefused: false } };
  view.draw();
  await page.quickAdd({ at: to, screen: at, start });
  view.overlay = {};
  view.draw();
}

/**
 * @param {CanvasView} view
 * @param {PortEnd} fixed
 * @param {{node: string, port: string}} end
 * @param {string} moving
 */
function connectTo(view, fixed, end, moving) {
  const { session } = view;
  const [source, target] = fixed.side === "output" ? [fixed, end] : [end, fixed];
  const from = `${source.node}.${source.port}`;
  const result = moving ? session.wires.move(moving, target.node, target.port) : session.wires.connect(from, target.node, target.port);
  view.announcer.say(result.ok ? `${session.titleOf(source.node)} connected to ${session.titleOf(target.node)}.` : result.reason);
}
