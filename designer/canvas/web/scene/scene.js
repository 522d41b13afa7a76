/**
 * The document as flat arrays: what every frame, hit test and cull reads. One slot per node, kept
 * as long as the node lives; wires are rebuilt when one changes.
 *
 * @import {GraphDocument, GraphNode, ModuleSpec, NodeLayout, Point, Port, Rect} from "../types.js"
 * @import {ModuleStore} from "../document/module_store.js"
 */
import { bendKey } from "../document/bends.js";
import { TERMINAL_WIDTH } from "../document/terminals.js";
import { wiresOf } from "../document/wires.js";
import { intersects, NODE_HEIGHT, NODE_WIDTH, nodeWidth, portOffset } from "./geometry.js";
import { HashGrid } from "./grid.js";
import { placesForTheRest } from "./placement.js";
import { typeIndex } from "./port_shapes.js";

export class Scene {
  constructor() {
    /** @type {Map<string, number>} */
    this.index = new Map();
    /** @type {string[]} empty text in a free slot */
    this.ids = [];
    /** @type {string[]} */
    this.titles = [];
    /** @type {string[]} */
    this.categories = [];
    /** @type {(readonly Port[])[]} */
    this.inputs = [];
    /** @type {(readonly Port[])[]} */
    this.outputs = [];
    this.x = new Float64Array(64);
    this.y = new Float64Array(64);
    this.width = new Float64Array(64);
    /** Index into VISUAL_STATES. */
    this.state = new Uint8Array(64);
    this.grid = new HashGrid();
    /** Slots that a gesture holds: the document does not move them meanwhile. @type {Set<number>} */
    this.held = new Set();

    this.wireCount = 0;
    /** @type {string[]} */
    this.wireKeys = [];
    this.wireFrom = new Int32Array(64);
    this.wireTo = new Int32Array(64);
    this.wireFromX = new Float64Array(64);
    this.wireToX = new Float64Array(64);
    this.wireType = new Uint8Array(64);
    this.wireDisabled = new Uint8Array(64);
    /** Points that a wire passes, for those that have any. @type {Map<number, Point[]>} */
    this.bends = new Map();
    /** @type {GraphDocument["layout"]} */
    this.layout = undefined;
    /** Where a run stops: before nodes, and before the ends of wires. @type {{nodes: Set<number>, wires: Set<number>}} */
    this.breakpoints = { nodes: new Set(), wires: new Set() };
    /** How many open threads of comments nodes have, of those that have any. @type {ReadonlyMap<number, number>} */
    this.comments = new Map();
    /** Who else has selected a node. @type {ReadonlyMap<number, readonly import("../presence.js").Other[]>} */
    this.others = new Map();
    /** @type {Map<string, number>} */
    this.wireIndex = new Map();
    /** @type {Set<string>} `node.in.port` and `node.out.port` that hold a wire */
    this.wired = new Set();

    /** @type {number[]} */
    this.free = [];
    /** @type {(GraphNode | null)[]} */
    this.nodes = [];
    /** @type {(ModuleSpec | null)[]} */
    this.specs = [];
    /** @type {(NodeLayout | Point | null)[]} */
    this.places = [];
  }

  get nodeCount() {
    return this.index.size;
  }

  /**
   * Takes over a document; only what changed is touched.
   *
   * @param {GraphDocument} document
   * @param {ModuleStore} modules
   * @param {{[id: string]: Point}} [suggested] for nodes that have no place
   * @returns {{changed: string[], removed: string[]}} nodes whose face may differ now
   */
  update(document, modules, suggested) {
    const changed = [];
    let isRewired = false;
    const layout = document.layout?.nodes ?? {};
    const rest = placesForTheRest(document, suggested);
    for (const id of Object.keys(document.nodes)) {
      const node = document.nodes[id];
      const slot = this.index.get(id) ?? this.#add(id);
      const spec = modules.specOf(node);
      if (this.nodes[slot] !== node || this.specs[slot] !== spec) {
        isRewired ||= this.nodes[slot]?.inputs !== node.inputs || this.specs[slot] !== spec || this.nodes[slot] === null;
        this.#describe(slot, node, spec);
        changed.push(id);
      }
      const place = layout[id] ?? rest.get(id) ?? null;
      if (this.places[slot] !== place && place) this.#place(slot, place);
    }
    const removed = this.#removeGone(document);
    if (isRewired || removed.length > 0) this.#rewire(document, modules);
    if (isRewired || removed.length > 0 || this.layout?.wires !== document.layout?.wires) this.#bend(document);
    this.layout = document.layout;
    return { changed, removed };
  }

  /** @param {number} slot @returns {Rect} */
  rect(slot) {
    return { x: this.x[slot], y: this.y[slot], width: this.width[slot], height: NODE_HEIGHT };
  }

  /** Moves a node on the screen only. @param {number} slot @param {number} x @param {number} y */
  move(slot, x, y) {
    this.x[slot] = x;
    this.y[slot] = y;
    this.grid.set(slot, this.rect(slot));
  }

  /**
   * The slots inside a rectangle.
   *
   * @param {Rect} rect
   * @param {number[]} [found]
   */
  inside(rect, found = []) {
    const { x, y, width } = this;
    const right = rect.x + rect.width;
    const bottom = rect.y + rect.height;
    this.grid.query(rect, (slot) => {
      if (x[slot] < right && x[slot] + width[slot] > rect.x && y[slot] < bottom && y[slot] + NODE_HEIGHT > rect.y) found.push(slot);
    });
    return found;
  }

  /**
   * Where a port is on the canvas, `null` when there is no such port.
   *
   * @param {number} slot
   * @param {"input" | "output"} side
   * @param {string} port
   * @returns {Point | null}
   */
  portPoint(slot, side, port) {
    const list = side === "input" ? this.inputs[slot] : this.outputs[slot];
    const at = list.findIndex(({ name }) => name === port);
    return at < 0 ? null : this.portPointAt(slot, side, at);
  }

  /** @param {number} slot @param {"input" | "output"} side @param {number} at @returns {Point} */
  portPointAt(slot, side, at) {
    const count = (side === "input" ? this.inputs : this.outputs)[slot].length;
    const y = this.y[slot] + (side === "input" ? 0 : NODE_HEIGHT);
    return { x: this.x[slot] + portOffset(this.width[slot], at, count), y };
  }

  /** The ends of a wire. @param {number} wire */
  ends(wire) {
    const from = this.wireFrom[wire];
    const to = this.wireTo[wire];
    return {
      ax: this.x[from] + this.wireFromX[wire], ay: this.y[from] + NODE_HEIGHT,
      bx: this.x[to] + this.wireToX[wire], by: this.y[to],
    };
  }

  /** @param {{nodes: readonly string[], wires: readonly string[]}} points */
  setBreakpoints({ nodes, wires }) {
    this.breakpoints = {
      nodes: new Set(nodes.flatMap((id) => this.index.get(id) ?? [])),
      wires: new Set(wires.flatMap((key) => this.wireIndex.get(key) ?? [])),
    };
  }

  /** @param {ReadonlyMap<string, number>} counts by node */
  setComments(counts) {
    this.comments = this.#bySlot(counts);
  }

  /** @param {ReadonlyMap<string, readonly import("../presence.js").Other[]>} others by node */
  setOthers(others) {
    this.others = this.#bySlot(others);
  }

  /** @template T @param {ReadonlyMap<string, T>} byId @returns {Map<number, T>} */
  #bySlot(byId) {
    return new Map([...byId].flatMap(([id, value]) => {
      const slot = this.index.get(id);
      return slot === undefined ? [] : [/** @type {[number, T]} */ ([slot, value])];
    }));
  }

  /** The rectangle around these nodes, or all of them. @param {Iterable<number>} [slots] @returns {Rect | null} */
  bounds(slots = this.index.values()) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const slot of slots) {
      left = Math.min(left, this.x[slot]);
      top = Math.min(top, this.y[slot]);
      right = Math.max(right, this.x[slot] + this.width[slot]);
      bottom = Math.max(bottom, this.y[slot] + NODE_HEIGHT);
    }
    return left === Infinity ? null : { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** @param {Rect} rect @param {number} slot */
  isInside(rect, slot) {
    return intersects(rect, this.rect(slot));
  }

  /** @param {string} id */
  #add(id) {
    const slot = this.free.pop() ?? this.ids.length;
    if (slot >= this.x.length) this.#grow();
    this.index.set(id, slot);
    this.ids[slot] = id;
    this.nodes[slot] = this.specs[slot] = this.places[slot] = null;
    this.x[slot] = this.y[slot] = 0;
    this.width[slot] = NODE_WIDTH;
    this.state[slot] = 0;
    return slot;
  }

  #grow() {
    const size = this.x.length * 2;
    this.x = enlarged(this.x, new Float64Array(size));
    this.y = enlarged(this.y, new Float64Array(size));
    this.width = enlarged(this.width, new Float64Array(size));
    this.state = enlarged(this.state, new Uint8Array(size));
  }

  /** @param {number} slot @param {GraphNode} node @param {ModuleSpec | null} spec */
  #describe(slot, node, spec) {
    this.nodes[slot] = node;
    this.specs[slot] = spec;
    this.titles[slot] = node.label || spec?.title || this.ids[slot];
    this.categories[slot] = spec?.category ?? node.module?.split(".")[0] ?? "other";
    this.inputs[slot] = spec?.inputs ?? [];
    this.outputs[slot] = spec?.outputs ?? [];
    this.width[slot] = node.terminal ? TERMINAL_WIDTH : nodeWidth(this.inputs[slot].length, this.outputs[slot].length);
  }

  /** @param {number} slot @param {NodeLayout | Point} place */
  #place(slot, place) {
    this.places[slot] = place;
    if (!this.held.has(slot)) this.move(slot, place.x, place.y);
  }

  /** @param {GraphDocument} document */
  #removeGone(document) {
    /** @type {string[]} */
    const removed = [];
    if (this.index.size === Object.keys(document.nodes).length) return removed;
    for (const [id, slot] of this.index) {
      if (document.nodes[id]) continue;
      removed.push(id);
      this.index.delete(id);
      this.grid.remove(slot);
      this.held.delete(slot);
      this.ids[slot] = "";
      this.nodes[slot] = null;
      this.free.push(slot);
    }
    return removed;
  }

  /** @param {GraphDocument} document @param {ModuleStore} modules */
  #rewire(document, modules) {
    const wires = wiresOf(document);
    this.#nameUnknownPorts(document, modules);
    if (wires.length > this.wireFrom.length) this.#growWires(wires.length * 2);
    this.wireKeys = [];
    this.wireIndex = new Map();
    this.wired = new Set();
    let count = 0;
    for (const wire of wires) {
      const from = this.index.get(wire.node);
      const to = this.index.get(wire.target);
      if (from === undefined || to === undefined) continue;
      const output = this.outputs[from].findIndex(({ name }) => name === wire.output);
      const input = this.inputs[to].findIndex(({ name }) => name === wire.port);
      if (output < 0 || input < 0) continue;
      this.wired.add(`${wire.target}.in.${wire.port}`).add(`${wire.node}.out.${wire.output}`);
      this.wireKeys.push(wire.key);
      this.wireIndex.set(wire.key, count);
      this.wireFrom[count] = from;
      this.wireTo[count] = to;
      this.wireFromX[count] = portOffset(this.width[from], output, this.outputs[from].length);
      this.wireToX[count] = portOffset(this.width[to], input, this.inputs[to].length);
      this.wireType[count] = typeIndex(this.outputs[from][output].type);
      this.wireDisabled[count] = wire.disabled ? 1 : 0;
      count++;
    }
    this.wireCount = count;
  }

  /** @param {GraphDocument} document */
  #bend(document) {
    this.bends = new Map();
    const bent = document.layout?.wires;
    if (!bent) return;
    for (const wire of wiresOf(document)) {
      const points = bent[bendKey(wire.source, wire.target, wire.port)];
      const index = this.wireIndex.get(wire.key);
      if (points?.length && index !== undefined) this.bends.set(index, points.map(([x, y]) => ({ x, y })));
    }
  }

  /** A module that nobody knows has the ports its wires name. @param {GraphDocument} document @param {ModuleStore} modules */
  #nameUnknownPorts(document, modules) {
    for (const [id, slot] of this.index) {
      if (this.specs[slot]) continue;
      const { inputs, outputs } = modules.portsOf(document, id);
      this.inputs[slot] = inputs;
      this.outputs[slot] = outputs;
      if (!this.nodes[slot]?.terminal) this.width[slot] = nodeWidth(inputs.length, outputs.length);
    }
  }

  /** @param {number} size */
  #growWires(size) {
    this.wireFrom = new Int32Array(size);
    this.wireTo = new Int32Array(size);
    this.wireFromX = new Float64Array(size);
    this.wireToX = new Float64Array(size);
    this.wireType = new Uint8Array(size);
    this.wireDisabled = new Uint8Array(size);
  }
}

/**
 * @template {Float64Array | Uint8Array} T
 * @param {T} from
 * @param {T} to
 * @returns {T}
 */
function enlarged(from, to) {
  to.set(from);
  return to;
}
