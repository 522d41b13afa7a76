/**
 * The pointer machine: which gesture begins where, clicks, hover, pinch, panning at the edges.
 *
 * @import {Point} from "../types.js"
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Gesture} from "./gestures.js"
 * @import {Hit} from "../scene/hit_test.js"
 */
import { boxGesture, cloneGesture, combined, moveGesture, panGesture } from "./gestures.js";
import { moveMarksGesture, sizeGesture } from "./mark_gestures.js";
import { bendGesture, cutGesture, portGesture, wireGesture } from "./wire_gestures.js";
import { enter } from "../actions/subgraph.js";
import { bendsOf, bendTo } from "../document/bends.js";
import { portTitle } from "../document/edits.js";
import { isTerminal, NEW_PORT, terminalOf } from "../document/terminals.js";
import { middleOf, nearestOn } from "../scene/wire_path.js";

const DRIFT_PX = 6;
const FINGER_DRIFT_PX = 10;
/** How long a finger rests until the menu opens. */
const HOLD_MS = 500;
const DRIFT_MS = 150;
const EDGE_PX = 28;
const EDGE_SPEED = 14;

export class PointerMachine {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    /** @type {{at: Point, time: number, hit: Hit, event: PointerEvent} | null} the press that may become a click or a drag */
    this.press = null;
    /** @type {Gesture | null} */
    this.gesture = null;
    /** @type {Map<number, Point>} fingers on the canvas */
    this.touches = new Map();
    this.isSpaceDown = false;
    this.lastAt = { x: 0, y: 0 };
    this.keys = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
    this.edgeTimer = 0;
    /** A finger that rests opens the menu. @type {ReturnType<typeof setTimeout> | undefined} */
    this.holdTimer = undefined;
  }

  /** @returns {() => void} stops listening */
  listen() {
    const { root } = this.view;
    /** @type {[string, (event: any) => void][]} */
    const handlers = [
      ["pointerdown", (event) => this.#down(event)],
      ["pointermove", (event) => this.#move(event)],
      ["pointerup", (event) => this.#up(event)],
      ["pointercancel", (event) => this.#taken(event)],
      ["pointerenter", () => (this.view.isPointerInside = true)],
      ["pointerleave", () => this.#leave()],
      ["dblclick", (event) => this.#open(event)],
      ["contextmenu", (event) => this.#menu(event)],
      ["auxclick", (event) => event.preventDefault()],
    ];
    for (const [type, act] of handlers) root.addEventListener(type, act);
    return () => {
      clearTimeout(this.holdTimer);
      cancelAnimationFrame(this.edgeTimer);
      for (const [type, act] of handlers) root.removeEventListener(type, act);
    };
  }

  /** Esc, or the browser took the pointer away: nothing of the gesture stays. @returns {boolean} whether there was one */
  cancel() {
    const gesture = this.gesture;
    this.#finish();
    gesture?.cancel();
    return gesture !== null;
  }

  /** @param {boolean} isDown */
  setSpace(isDown) {
    this.isSpaceDown = isDown;
    this.view.root.classList.toggle("dc-pan-ready", isDown && !this.gesture);
  }

  /** The view moved under a resting pointer. */
  viewMoved() {
    if (this.gesture) this.gesture.move(this.lastAt, this.keys);
    else this.view.tip.hide();
    this.view.card.hide();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const { view } = this;
    const at = view.screenPoint(event);
    view.menu.close();
    view.root.classList.remove("dc-keyboard");
    view.root.focus({ preventScroll: true });
    if (event.pointerType === "touch" && this.#touchDown(event, at)) return;
    if (this.gesture || this.press || event.button === 2) return;
    event.preventDefault();
    view.root.setPointerCapture(event.pointerId);
    this.lastAt = at;
    if (event.button === 1 || this.isSpaceDown) {
      this.#begin(panGesture(view, at));
      return;
    }
    view.painter.rest();
    this.press = { at, time: event.timeStamp, hit: view.hit(at), event };
    if (event.pointerType === "touch") this.holdTimer = setTimeout(() => this.#held(), HOLD_MS);
    view.tip.hide();
    view.card.hide();
    this.#pressed(this.press.hit, event);
  }

  /** A press selects at once, so that a drag moves what it grabbed. @param {Hit} hit @param {PointerEvent} event */
  #pressed(hit, event) {
    const { session, scene } = this.view;
    if (hit.kind === "node") {
      const id = scene.ids[hit.slot];
      const { nodes } = session.selection;
      if (event.ctrlKey || event.metaKey) session.select(combined(nodes, [id], { isAdding: false, isToggling: true }));
      else if (event.shiftKey) session.select([...nodes, id]);
      else if (!nodes.has(id)) session.select([id]);
    }
    if (hit.kind === "mark") this.#pressedMark(hit.key, event);
    if (hit.kind === "wire" || hit.kind === "bend") {
      if (event.ctrlKey || event.metaKey) return;
      const key = scene.wireKeys[hit.wire];
      const isAdding = event.shiftKey;
      session.select(isAdding ? session.selection.nodes : [], isAdding ? [...session.selection.wires, key] : [key]);
    }
  }

  /** @param {string} key @param {PointerEvent} event */
  #pressedMark(key, event) {
    const { session } = this.view;
    const { nodes, marks } = session.selection;
    const isToggling = event.ctrlKey || event.metaKey;
    if (isToggling || event.shiftKey) {
      const others = [...marks].filter((other) => other !== key);
      session.select(nodes, [], isToggling && marks.has(key) ? others : [...others, key]);
    } else if (!marks.has(key)) session.select([], [], [key]);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { view } = this;
    const at = view.screenPoint(event);
    this.keys = event;
    if (event.pointerType === "touch" && this.#touchMove(event, at)) return;
    view.pointer = view.viewport.toCanvas(at);
    this.lastAt = at;
    if (this.gesture) {
      this.gesture.move(at, event);
      this.#panAtEdges();
    } else if (this.press) this.#maybeDrag(event, at);
    else if (event.target instanceof Node && view.root.contains(event.target)) this.#hover(view.hit(at), at);
  }

  /** @param {PointerEvent} event @param {Point} at */
  #maybeDrag(event, at) {
    const press = this.press;
    if (!press) return;
    const distance = Math.hypot(at.x - press.at.x, at.y - press.at.y);
    const isFinger = event.pointerType === "touch";
    const isDrift = isFinger ? distance <= FINGER_DRIFT_PX : distance <= DRIFT_PX && (event.timeStamp - press.time <= DRIFT_MS || distance <= 2);
    if (isDrift) return;
    const gesture = this.#gestureFor(press.hit, press.at, press.event);
    this.press = null;
    if (!gesture) return;
    this.#begin(gesture);
    gesture.move(at, event);
  }

  /** @param {Hit} hit @param {Point} at @param {PointerEvent} event @returns {Gesture | null} */
  #gestureFor(hit, at, event) {
    const { view } = this;
    const { session, scene } = view;
    if (event.pointerType === "touch" && hit.kind === "nothing") return panGesture(view, at);
    if (hit.kind === "nothing" || (hit.kind === "wire" && !hit.isAtInput)) {
      return event.altKey && !session.readOnly ? cutGesture(view, at) : boxGesture(view, at, event);
    }
    if (session.readOnly) return hit.kind === "node" || hit.kind === "mark" ? panGesture(view, at) : null;
    if (hit.kind === "node") return this.#nodeGesture(hit.slot, at, event);
    if (hit.kind === "bend") return bendGesture(view, hit.wire, hit.at);
    if (hit.kind === "port" && (event.ctrlKey || event.metaKey)) return portGesture(view, hit);
    if (hit.kind === "mark") return isCorner(hit.part) ? sizeGesture(view, hit.key, hit.part) : moveMarksGesture(view, at);
    const wire = hit.kind === "wire" ? hit.wire : this.#wireAtInput(hit);
    if (wire < 0) return hit.kind === "port" ? wireGesture(view, hit) : null;
    const from = scene.wireFrom[wire];
    const key = scene.wireKeys[wire];
    const source = session.wires.sourceOf(key);
    const output = scene.outputs[from].findIndex(({ name }) => name === source);
    return output < 0 ? null : wireGesture(view, { slot: from, side: "output", at: output }, key);
  }

  /** Alt clones, Shift and Alt pull out. @param {number} slot @param {Point} at @param {PointerEvent} event @returns {Gesture | null} */
  #nodeGesture(slot, at, event) {
    const { view } = this;
    if (!view.session.selection.nodes.has(view.scene.ids[slot])) return null;
    if (event.altKey && !event.shiftKey) return cloneGesture(view, at);
    return moveGesture(view, at, slot, { isPulling: event.altKey });
  }

  /** The wire whose end sits on an input port: dragging takes it along. @param {import("../scene/hit_test.js").PortHit} hit */
  #wireAtInput({ slot, side, port }) {
    if (side !== "input" || port.many) return -1;
    return this.view.scene.wireIndex.get(`${this.view.scene.ids[slot]}.${port.name}`) ?? -1;
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.touches.delete(event.pointerId);
    const { gesture, press } = this;
    const at = this.view.screenPoint(event);
    this.#finish();
    if (gesture) gesture.end(at, event);
    else if (press && event.button === 0) this.#click(press.hit, press.event);
    this.#hover(this.view.hit(at), at);
  }

  /** @param {Hit} hit @param {PointerEvent} event */
  #click(hit, event) {
    const { session, scene } = this.view;
    const hasModifier = event.shiftKey || event.ctrlKey || event.metaKey;
    if (hit.kind === "nothing" && !hasModifier) session.select([]);
    if (hit.kind === "node" && !hasModifier) this.#clickNode(scene.ids[hit.slot], event);
    if (hit.kind === "wire" && (event.ctrlKey || event.metaKey)) this.#addInto(hit.wire);
    if (hit.kind !== "port") return;
    if (event.altKey) return session.wires.disconnect(this.#wiresAt(hit));
    session.select([scene.ids[hit.slot]]);
    if (hit.side === "output") session.openPort(scene.ids[hit.slot], hit.port.name);
  }

  /** @param {string} id @param {PointerEvent} event */
  #clickNode(id, event) {
    const { session } = this.view;
    const terminal = terminalOf(id);
    session.select([id]);
    if (terminal?.name === NEW_PORT && !session.readOnly) session.subgraphs.addPort(session.definition, terminal.kind);
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const mark = target?.closest("[data-inside]");
    if (mark) session.subgraphs.goToTrouble(id);
    else if (isFailedMark(target)) session.openNode(id, "error");
    else if (isCommentMark(target)) this.view.actions.get("together.comments_on").run(this.view.context);
  }

  #leave() {
    this.view.isPointerInside = false;
    this.#hover({ kind: "nothing" }, this.lastAt);
  }

  /** @param {MouseEvent} event */
  #open(event) {
    const screen = this.view.screenPoint(event);
    const hit = this.view.hit(screen);
    if (hit.kind === "mark") this.view.write(hit.key);
    if (hit.kind === "nothing") void this.view.context.page?.quickAdd({ at: this.view.viewport.toCanvas(screen), screen });
    if (hit.kind === "wire" || hit.kind === "bend") this.#bend(hit, this.view.viewport.toCanvas(screen));
    if (hit.kind === "node") this.#openNode(this.view.scene.ids[hit.slot]);
  }

  /** A double click goes into a subgraph, renames a port, and edits what is a node alone. @param {string} id */
  #openNode(id) {
    const { view } = this;
    if (view.session.modules.isSubgraph(view.session.document.nodes[id])) enter(view.context, id);
    else if (isTerminal(id)) view.rename(id);
    else view.session.openNode(id, "properties");
  }

  /** A double click on a wire bends it there, one on a bend makes it straight again. @param {import("../scene/hit_test.js").BendHit | import("../scene/hit_test.js").WireHit} hit @param {Point} at */
  #bend(hit, at) {
    const { scene, session } = this.view;
    const wire = session.wires.find(scene.wireKeys[hit.wire]);
    if (!wire || session.readOnly) return;
    const bends = bendsOf(session.document, wire);
    const isNew = hit.kind === "wire";
    const after = isNew ? nearestOn(scene, hit.wire, at).curve : hit.at;
    const points = isNew ? bends.toSpliced(after, 0, [Math.round(at.x), Math.round(at.y)]) : bends.toSpliced(after, 1);
    session.edit(isNew ? "Bend wire" : "Straighten wire", [bendTo(session.document, wire, points)]);
  }

  /** @param {number} wire */
  #addInto(wire) {
    const { view } = this;
    if (view.session.readOnly) return;
    const at = middleOf(view.scene, wire);
    void view.context.page?.quickAdd({ at, screen: view.viewport.toScreen(at), wire: view.scene.wireKeys[wire] });
  }

  /** The wires of a port. @param {import("../scene/hit_test.js").PortHit} hit */
  #wiresAt({ slot, side, port }) {
    const { scene } = this.view;
    const keys = [];
    for (let wire = 0; wire < scene.wireCount; wire++) {
      const fact = scene.wireKeys[wire];
      const isHere = side === "output"
        ? scene.wireFrom[wire] === slot && this.view.session.wires.sourceOf(fact) === port.name
        : scene.wireTo[wire] === slot && fact.slice(scene.ids[slot].length + 1).split("#", 1)[0] === port.name;
      if (isHere) keys.push(fact);
    }
    return keys;
  }

  /** @param {MouseEvent} event */
  #menu(event) {
    event.preventDefault();
    const hit = this.view.hit(this.view.screenPoint(event));
    const { session, scene } = this.view;
    if (hit.kind === "node" && !session.selection.nodes.has(scene.ids[hit.slot])) session.select([scene.ids[hit.slot]]);
    if (hit.kind === "wire" || hit.kind === "bend") session.select([], [scene.wireKeys[hit.wire]]);
    if (hit.kind === "mark" && !session.selection.marks.has(hit.key)) session.select([], [], [hit.key]);
    this.view.menu.open(hit, { x: event.clientX, y: event.clientY });
  }

  /** @param {Hit} hit @param {Point} at */
  #hover(hit, at) {
    const { view } = this;
    const { scene } = view;
    const node = hit.kind === "node" || hit.kind === "port" ? scene.ids[hit.slot] : "";
    if (node !== view.hoveredNode) {
      view.layer.mark(view.hoveredNode, "data-hover", false);
      view.layer.mark(node, "data-hover", true);
      view.hoveredNode = node;
    }
    view.root.classList.toggle("dc-over-port", hit.kind === "port");
    view.root.dataset.part = hit.kind === "mark" ? hit.part : "";
    view.root.classList.toggle("dc-over-wire", hit.kind === "wire" || hit.kind === "bend");
    const wire = hit.kind === "wire" || hit.kind === "bend" ? hit.wire : -1;
    view.plus.follow(wire);
    const [held] = view.hoveredWires;
    if (wire !== (held ?? -1)) {
      view.hoveredWires = new Set(wire < 0 ? [] : [wire]);
      view.draw();
    }
    view.tip.show(this.#words(hit), at);
    view.card.follow(hit.kind === "wire" ? scene.wireKeys[hit.wire] : "", at);
  }

  /** What the tip says of the thing under the pointer. @param {Hit} hit */
  #words(hit) {
    const { scene, viewport } = this.view;
    if (hit.kind === "port" && viewport.zoom < 0.75) return `${portTitle(hit.port)} · ${hit.port.type}`;
    return hit.kind === "node" && viewport.zoom < 0.45 ? scene.titles[hit.slot] : "";
  }

  /** @param {Gesture} gesture */
  #begin(gesture) {
    this.view.toolbox.later();
    this.press = null;
    this.gesture = gesture;
    this.#hover({ kind: "nothing" }, this.lastAt);
    this.view.root.classList.remove("dc-pan-ready");
    if (gesture.cursor) this.view.root.classList.add(gesture.cursor);
  }

  #finish() {
    clearTimeout(this.holdTimer);
    if (this.gesture?.cursor) this.view.root.classList.remove(this.gesture.cursor);
    cancelAnimationFrame(this.edgeTimer);
    this.edgeTimer = 0;
    this.gesture = null;
    this.press = null;
    this.view.toolbox.later();
    if (this.isSpaceDown) this.setSpace(true);
  }

  /** A gesture at the edge takes the view along. */
  #panAtEdges() {
    if (this.edgeTimer || !this.gesture?.autoPans) return;
    const step = () => {
      this.edgeTimer = 0;
      const { viewport } = this.view;
      const [dx, dy] = [edgePush(this.lastAt.x, viewport.width), edgePush(this.lastAt.y, viewport.height)];
      if (!this.gesture || (dx === 0 && dy === 0)) return;
      viewport.pan(dx, dy);
      this.gesture.move(this.lastAt, this.keys);
      this.view.moved();
      this.edgeTimer = requestAnimationFrame(step);
    };
    this.edgeTimer = requestAnimationFrame(step);
  }

  /** A finger rested: what a right click does. */
  #held() {
    const { press } = this;
    if (!press || this.gesture) return;
    this.#finish();
    this.#menu(press.event);
  }

  /** The browser took the pointer away. @param {PointerEvent} event */
  #taken(event) {
    this.touches.delete(event.pointerId);
    this.cancel();
  }

  /** @param {PointerEvent} event @param {Point} at @returns {boolean} whether this finger makes a pinch */
  #touchDown(event, at) {
    this.touches.set(event.pointerId, at);
    if (this.touches.size < 2) return false;
    this.cancel();
    return true;
  }

  /** @param {PointerEvent} event @param {Point} at */
  #touchMove(event, at) {
    const before = [...this.touches.values()];
    if (!this.touches.has(event.pointerId)) return false;
    this.touches.set(event.pointerId, at);
    if (this.touches.size !== 2) return false;
    const [a, b] = before;
    const [c, d] = [...this.touches.values()];
    const middle = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 };
    const { viewport } = this.view;
    viewport.pan(middle.x - (a.x + b.x) / 2, middle.y - (a.y + b.y) / 2);
    viewport.zoomTo(viewport.zoom * (Math.hypot(c.x - d.x, c.y - d.y) / Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))), middle);
    this.view.moved();
    return true;
  }
}

/** @param {EventTarget | null} target */
function isCommentMark(target) {
  return target instanceof Element && target.closest(".dc-comments") !== null;
}

/** The mark of a failed node leads to its error. @param {EventTarget | null} target */
function isFailedMark(target) {
  return target instanceof Element && target.closest(".dc-status-failed") !== null;
}

/** @param {number} at @param {number} size */
function edgePush(at, size) {
  if (at < EDGE_PX) return EDGE_SPEED * Math.min(1.5, (EDGE_PX - at) / EDGE_PX);
  if (at > size - EDGE_PX) return -EDGE_SPEED * Math.min(1.5, (at - size + EDGE_PX) / EDGE_PX);
  return 0;
}

/** @param {string} part @returns {part is import("../scene/marks.js").Corner} */
function isCorner(part) {
  return ["nw", "ne", "sw", "se"].includes(part);
}
