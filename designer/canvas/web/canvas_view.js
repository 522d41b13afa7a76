/**
 * The canvas: joins session, scene, painters and gestures. One animation frame draws everything.
 *
 * @import {Point, Rect} from "./types.js"
 * @import {EditorSession} from "./session.js"
 * @import {Overlay} from "./scene/overlay.js"
 */
import { loadFonts } from "./scene/card_text.js";
import { onThemeChange, readColours } from "./scene/colours.js";
import { faceOf, stateOfNode } from "./scene/face.js";
import { DOM_ABOVE, FramePainter } from "./scene/frame_painter.js";
import { hitTest } from "./scene/hit_test.js";
import { Marks } from "./scene/marks.js";
import { Minimap } from "./scene/minimap.js";
import { NodeLayer } from "./scene/node_layer.js";
import { NoteLayer } from "./scene/note_layer.js";
import { VISUAL_STATES } from "./scene/node_state.js";
import { Scene } from "./scene/scene.js";
import { Viewport } from "./scene/viewport.js";
import { problemsOfView } from "./document/problem_places.js";
import { CANVAS_ACTIONS } from "./actions/index.js";
import { listenToActions } from "./actions/keyboard.js";
import { ActionRegistry } from "./actions/registry.js";
import { Announcer } from "./interaction/announcer.js";
import { CanvasClipboard } from "./interaction/clipboard.js";
import { ContextMenu } from "./interaction/context_menu.js";
import { listenToDrops } from "./interaction/drop.js";
import { listenToKeys } from "./interaction/keys.js";
import { PointerMachine } from "./interaction/pointer.js";
import { renameInPlace } from "./interaction/rename.js";
import { SequenceHint } from "./interaction/sequence_hint.js";
import { CanvasSettings } from "./interaction/settings.js";
import { Tip } from "./interaction/tip.js";
import { Toolbox } from "./interaction/toolbox.js";
import { ViewBar } from "./interaction/view_bar.js";
import { ViewHistory } from "./interaction/view_history.js";
import { listenToWheel } from "./interaction/wheel.js";
import { WheelQuestion } from "./interaction/wheel_question.js";
import { WireCard } from "./interaction/wire_card.js";
import { WirePlus } from "./interaction/wire_plus.js";
import { writeMark } from "./interaction/write_mark.js";

export class CanvasView {
  /** @param {HTMLElement} element @param {EditorSession} session @param {ActionRegistry} [actions] */
  constructor(element, session, actions = new ActionRegistry(CANVAS_ACTIONS)) {
    this.session = session;
    this.scene = new Scene();
    this.marks = new Marks();
    /** @type {ReadonlySet<string>} */
    this.found = new Set();
    /** The frame or note that is being written. */
    this.writing = "";
    this.viewport = new Viewport();
    /** @type {Set<number>} wires under the pointer, or at the node under it */
    this.hoveredWires = new Set();
    this.hoveredNode = "";
    this.hiddenWire = -1;
    /** Nodes that a run would skip, as last drawn. @type {string[]} */
    this.outside = [];
    /** @type {Overlay} */
    this.overlay = {};
    /** Nodes that stay DOM although out of view: dragged, focused. @type {Set<string>} */
    this.pinned = new Set();
    /** @type {Point} the pointer on the canvas, where a paste goes */
    this.pointer = { x: 0, y: 0 };
    this.isPointerInside = false;
    this.problems = problemsOfView(session.diagnostics, session.view, session.here);
    this.painter = new FramePainter(this);
    /** Asks for a frame: what is drawn has changed. */
    this.draw = this.painter.ask;
    /** Until somebody moves the view, the whole pipeline stays in it, also while the page settles. */
    this.isUntouched = true;
    this.hasFitted = false;
    /** Where each scope was looked at. @type {Map<string, {x: number, y: number, zoom: number}>} */
    this.seen = new Map();
    this.scopeKey = "";
    const { root, ground, top } = buildElements(element);
    this.root = root;
    this.ground = ground;
    this.top = top;
    this.noteLayer = new NoteLayer(root, this.marks);
    this.layer = new NodeLayer(root, this.scene, (slot) =>
      faceOf(session, this.scene, slot, { problems: this.problems, now: Date.now() / 1000 }));
    root.append(top);
    this.minimap = new Minimap(root, (point) => this.center(point));
    this.tip = new Tip(root);
    this.card = new WireCard(this);
    this.settings = new CanvasSettings();
    this.question = new WheelQuestion(root, this.settings);
    this.plus = new WirePlus(this);
    this.history = new ViewHistory(this);
    /** Letters that are held down, upper case. @type {Set<string>} */
    this.keysDown = new Set();
    this.sequence = new SequenceHint(root);
    this.announcer = new Announcer(root);
    this.colours = readColours(this.root);
    this.machine = new PointerMachine(this);
    this.menu = new ContextMenu(this);
    this.clipboard = new CanvasClipboard(this);
    this.actions = actions;
    /** @type {import("./actions/registry.js").ActionContext} */
    this.context = { session, view: this, page: null };
    this.toolbox = new Toolbox(this);
    this.bar = new ViewBar(this);
    this.cleanup = this.#listen();
    loadFonts();
    this.resize();
    this.#documentChanged();
  }

  /** Somebody moved the view. */
  moved() {
    this.isUntouched = false;
    this.plus.hide();
    this.history.note();
    this.toolbox.later();
    this.painter.askMoved();
  }

  /** Whether nodes are too small, or too many, for cards. */
  get isFar() {
    return this.painter.isFar;
  }

  /** @param {PointerEvent | WheelEvent | MouseEvent | DragEvent} event @returns {Point} on the screen, from the canvas's corner */
  screenPoint(event) {
    const { left, top } = this.root.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param {Point} point on the screen, from the canvas's corner */
  hit(point) {
    const { nodes } = this.session.selection;
    return hitTest(this.scene, this.viewport.toCanvas(point), {
      zoom: this.viewport.zoom, isOnTop: (slot) => nodes.has(this.scene.ids[slot]), marks: this.marks,
    });
  }

  /** Where the pointer is on the canvas; the middle of the view while it is elsewhere. */
  pointerInView() {
    const { x, y } = this.viewport.toScreen(this.pointer);
    const { width, height } = this.viewport;
    const isInside = this.isPointerInside && x >= 0 && y >= 0 && x <= width && y <= height;
    return isInside ? this.pointer : this.viewport.toCanvas({ x: width / 2, y: height / 2 });
  }

  /** Everything, or these nodes, into view. @param {Iterable<string>} [ids] */
  fit(ids) {
    const slots = ids && [...ids].flatMap((id) => this.scene.index.get(id) ?? []);
    const rect = slots?.length ? this.scene.bounds(slots) : this.#bounds();
    if (rect) this.viewport.fit(rect, Math.min(48, this.viewport.width / 8));
    this.moved();
  }

  /** Around all nodes, frames and notes. @returns {Rect | null} */
  #bounds() {
    const nodes = this.scene.bounds();
    return unionOf([...(nodes ? [nodes] : []), ...this.marks.rects()]);
  }

  /** Writes the title of a frame, the text of a note, in place. @param {string} key */
  write(key) {
    writeMark(this, key);
  }

  /** @param {number} zoom */
  zoomTo(zoom) {
    this.viewport.zoomTo(zoom);
    this.moved();
  }

  /** @param {Point} point of the canvas */
  center(point) {
    this.viewport.center(point);
    this.moved();
  }

  /** Brings a node into view, legible, and keeps it as DOM. @param {string} id */
  reveal(id) {
    const slot = this.scene.index.get(id);
    if (slot === undefined) return;
    if (this.viewport.zoom < DOM_ABOVE) {
      this.viewport.zoomTo(0.8);
      this.viewport.center({ x: this.scene.x[slot] + this.scene.width[slot] / 2, y: this.scene.y[slot] + 32 });
    } else this.viewport.reveal(this.scene.rect(slot));
    this.moved();
  }

  /** @param {Rect | null} rect */
  #revealRect(rect) {
    if (rect) this.viewport.reveal(rect);
    this.moved();
  }

  /** Nodes that a search has found stand out. @param {readonly string[]} ids */
  showFound(ids) {
    this.found = new Set(ids);
    this.layer.flagAll("data-found", this.found);
    this.draw();
  }

  /** @param {string} id */
  rename(id) {
    if (!this.session.readOnly) renameInPlace(this, id);
  }

  /** @param {string} id @param {string} port @param {"input" | "output"} [side] @returns {Point | null} on the page */
  portPoint(id, port, side) {
    const slot = this.scene.index.get(id);
    if (slot === undefined) return null;
    const point = side ? this.scene.portPoint(slot, side, port) : (this.scene.portPoint(slot, "output", port) ?? this.scene.portPoint(slot, "input", port));
    return point && this.#onPage(point);
  }

  /** @param {string} id @returns {Rect | null} on the page */
  nodeRect(id) {
    const slot = this.scene.index.get(id);
    if (slot === undefined) return null;
    const rect = this.scene.rect(slot);
    const { zoom } = this.viewport;
    return { ...this.#onPage(rect), width: rect.width * zoom, height: rect.height * zoom };
  }

  /** The wire at a place of the page, as `target.port`, or `null`. @param {number} x @param {number} y */
  edgeAt(x, y) {
    const { left, top } = this.root.getBoundingClientRect();
    const hit = this.hit({ x: x - left, y: y - top });
    return hit.kind === "wire" ? this.scene.wireKeys[hit.wire] : null;
  }

  stats() {
    const { scene, layer, painter, viewport } = this;
    return {
      nodes: scene.nodeCount, wires: scene.wireCount, drawn: painter.drawn, mounted: layer.mounted.value.length,
      frame_ms: painter.frameMs, zoom: viewport.zoom, x: viewport.x, y: viewport.y,
    };
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    Object.assign(this.viewport, { width, height });
    for (const canvas of [this.ground, this.top]) {
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    if (this.isUntouched) this.#fitFirst();
    this.draw();
  }

  /** States of these nodes have changed. @param {Iterable<string>} ids */
  statusChanged(ids) {
    const { session, scene } = this;
    /** @type {Map<string, number>} */
    const touched = new Map();
    for (const id of ids) {
      const slot = scene.index.get(id);
      if (slot === undefined || !session.document.nodes[id] || touched.has(id)) continue;
      scene.state[slot] = VISUAL_STATES.indexOf(stateOfNode(session, id));
      touched.set(id, slot);
    }
    this.layer.refresh(touched.keys());
    this.minimap.invalidate();
    this.painter.askNodes(touched.values());
  }

  /** Faces of nodes at which people left something, or left. @template T @param {ReadonlyMap<number, T>} before @param {ReadonlyMap<number, T>} after @param {(value: T) => unknown} wordOf what is seen of it */
  #peopleChanged(before, after, wordOf) {
    const seen = (/** @type {T | undefined} */ value) => (value === undefined ? "" : wordOf(value));
    const slots = [...before.keys(), ...after.keys()].filter((slot) => seen(before.get(slot)) !== seen(after.get(slot)));
    if (slots.length === 0) return;
    this.layer.refresh(new Set(slots.map((slot) => this.scene.ids[slot])));
    this.draw();
  }

  destroy() {
    this.painter.stop();
    for (const stop of this.cleanup) stop();
    this.menu.close();
    this.layer.destroy();
    this.root.remove();
  }

  #documentChanged = () => {
    const { scene, session } = this;
    const { changed, removed } = scene.update(session.document, session.modules, session.places[session.definition]);
    this.marks.update(session.document.layout);
    this.problems = problemsOfView(session.diagnostics, session.view, session.here);
    for (const id of removed) this.pinned.delete(id);
    this.hoveredWires = new Set();
    const outside = [...session.leftOut.keys()];
    for (const id of new Set([...changed, ...outside, ...this.outside])) {
      const slot = scene.index.get(id);
      if (slot !== undefined) scene.state[slot] = VISUAL_STATES.indexOf(stateOfNode(session, id));
    }
    this.outside = outside;
    scene.setBreakpoints(session.breakpoints.in(session.scope));
    scene.setComments(session.comments.inView);
    scene.setOthers(session.presence.inView);
    this.layer.refreshAll();
    this.layer.place(scene.index.values());
    this.minimap.invalidate();
    if (!this.hasFitted) this.#fitFirst();
    this.draw();
  };

  /** Every scope is looked at as it was left; one that is seen for the first time is shown whole. */
  #scopeChanged() {
    const { viewport, session } = this;
    this.seen.set(this.scopeKey, { x: viewport.x, y: viewport.y, zoom: viewport.zoom });
    this.scopeKey = session.scope.join("/");
    const seen = this.seen.get(this.scopeKey);
    this.machine.cancel();
    this.#documentChanged();
    this.statusChanged(this.scene.index.keys());
    if (seen) Object.assign(viewport, seen);
    else this.fit();
    this.draw();
  }

  /** A pipeline opens whole, in the middle. */
  #fitFirst() {
    if (!this.session.isLoaded || this.viewport.width <= 1) return;
    this.hasFitted = true;
    this.fit();
    this.isUntouched = true;
  }

  /** @param {Point} point of the canvas @returns {Point} */
  #onPage(point) {
    const { left, top } = this.root.getBoundingClientRect();
    const { x, y } = this.viewport.toScreen(point);
    return { x: x + left, y: y + top };
  }

  #listen() {
    const { session } = this;
    /** @type {(() => void)[]} */
    const stops = [];
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ act) => {
      session.addEventListener(type, act);
      stops.push(() => session.removeEventListener(type, act));
    };
    on("document", () => {
      this.isUntouched &&= !this.hasFitted;
      this.#documentChanged();
      this.toolbox.later();
    });
    on("modules", this.#documentChanged);
    on("selection", () => {
      this.layer.select(session.selection.nodes);
      this.toolbox.later();
      this.draw();
    });
    on("status", ({ detail }) => this.statusChanged(this.#nodesOf(detail.steps)));
    on("run", () => this.statusChanged(this.scene.index.keys()));
    on("schemas", () => this.card.refresh());
    on("diagnostics", () => {
      this.problems = problemsOfView(session.diagnostics, session.view, session.here);
      this.layer.refreshAll();
    });
    on("preview", () => {
      this.statusChanged(this.scene.index.keys());
      this.draw();
    });
    on("breakpoints", () => {
      this.scene.setBreakpoints(session.breakpoints.in(session.scope));
      this.layer.refreshAll();
      this.draw();
    });
    on("scope", () => this.#scopeChanged());
    on("focus", ({ detail }) => (detail.node ? this.reveal(detail.node) : this.#revealRect(this.marks.rect(detail.mark))));
    const onPeople = (/** @type {EventTarget} */ target, /** @type {() => void} */ act) => {
      target.addEventListener("change", act);
      stops.push(() => target.removeEventListener("change", act));
    };
    onPeople(session.comments, () => {
      const before = this.scene.comments;
      this.scene.setComments(session.comments.inView);
      this.#peopleChanged(before, this.scene.comments, String);
    });
    onPeople(session.presence, () => {
      const before = this.scene.others;
      this.scene.setOthers(session.presence.inView);
      this.#peopleChanged(before, this.scene.others, (others) => others.map(({ client, title }) => `${client} ${title}`).join());
    });
    const resized = new ResizeObserver(() => this.resize());
    resized.observe(this.root);
    stops.push(() => resized.disconnect());
    stops.push(onThemeChange(() => {
      this.colours = readColours(this.root);
      this.minimap.invalidate();
      this.draw();
    }));
    const applySettings = () => {
      this.layer.element.classList.toggle("dc-letters", this.settings.letters);
      this.draw();
    };
    this.settings.addEventListener("change", applySettings);
    applySettings();
    stops.push(listenToWheel(this), listenToKeys(this), listenToActions(this.actions, this.context, (keys) => this.sequence.show(keys, this.actions, this.context)), this.clipboard.listen(), listenToDrops(this), this.machine.listen(), this.#tickClock());
    session.viewCentre = () => this.viewport.toCanvas({ x: this.viewport.width / 2, y: this.viewport.height / 2 });
    return stops;
  }

  /** @param {Iterable<string>} steps */
  #nodesOf(steps) {
    return [...steps].flatMap((step) => this.session.nodeOfStep(step) ?? []);
  }

  /** Running nodes count their seconds. */
  #tickClock() {
    const timer = setInterval(() => {
      const running = [...this.session.statuses.values()].filter(({ status }) => status === "running").map(({ step }) => step);
      if (running.length > 0) this.layer.refresh(new Set(this.#nodesOf(running)));
    }, 1000);
    return () => clearInterval(timer);
  }
}

/** @param {Rect[]} rects @returns {Rect | null} */
function unionOf(rects) {
  if (rects.length === 0) return null;
  const [x, y] = [Math.min(...rects.map((rect) => rect.x)), Math.min(...rects.map((rect) => rect.y))];
  return { x, y, width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x, height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y };
}

/** @param {HTMLElement} parent */
function buildElements(parent) {
  const root = document.createElement("div");
  root.className = "dc-root";
  root.tabIndex = 0;
  root.setAttribute("role", "application");
  root.setAttribute("aria-label", "Pipeline canvas");
  const ground = document.createElement("canvas");
  const top = document.createElement("canvas");
  top.className = "dc-overlay";
  top.hidden = true;
  root.append(ground);
  parent.append(root);
  return { root, ground, top };
}

/**
 * Puts the canvas of a session into an element. Its style sheet comes along.
 *
 * @param {HTMLElement} element
 * @param {EditorSession} session
 * @param {ActionRegistry} [actions]
 */
export function mountCanvas(element, session, actions) {
  const href = new URL("./scene/canvas.css", import.meta.url).href;
  if (!document.querySelector(`link[href="${href}"]`)) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  const view = new CanvasView(element, session, actions);
  const canvas = {
    view,
    destroy: () => view.destroy(),
    fit: (/** @type {Iterable<string> | undefined} */ ids) => view.fit(ids),
    zoomTo: (/** @type {number} */ zoom) => view.zoomTo(zoom),
    center: (/** @type {Point} */ point) => view.center(point),
    rename: (/** @type {string} */ id) => view.rename(id),
    focus: () => view.root.focus({ preventScroll: true }),
    portPoint: view.portPoint.bind(view),
    nodeRect: view.nodeRect.bind(view),
    edgeAt: view.edgeAt.bind(view),
    stats: view.stats.bind(view),
  };
  Object.assign(window, { __designerCanvas: canvas });
  return canvas;
}
