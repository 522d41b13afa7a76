/**
 * Which ports a wire may end at while it is drawn. Pure: a snapshot made when the gesture begins.
 *
 * @import {Port} from "../types.js"
 * @import {EditorSession} from "../session.js"
 * @import {Scene} from "../scene/scene.js"
 * @import {Hit, PortHit} from "../scene/hit_test.js"
 *
 * @typedef {{node: string, port: Port, side: "input" | "output"}} WireStart
 */
import { borderBetween, portTitle } from "../document/edits.js";
import { isCompatible } from "../document/module_store.js";
import { reachable } from "../document/wires.js";

export class Connecting {
  /**
   * @param {EditorSession} session
   * @param {Scene} scene
   * @param {WireStart} start the end that stays
   */
  constructor(session, scene, start) {
    this.scene = scene;
    this.document = session.document;
    this.start = start;
    this.endSide = start.side === "output" ? /** @type {const} */ ("input") : /** @type {const} */ ("output");
    this.circular = reachable(session.document, [start.node], start.side === "output" ? "upstream" : "downstream");
  }

  /**
   * Why the wire may not end at a port, or an empty text.
   *
   * @param {number} slot
   * @param {"input" | "output"} side
   * @param {Port} port
   */
  refusal(slot, side, port) {
    const id = this.scene.ids[slot];
    if (id === this.start.node) return "A node cannot feed itself.";
    const border = borderBetween(this.document, id, this.start.node);
    if (border) return border;
    if (side !== this.endSide) return side === "input" ? "An input takes wires from outputs only." : "An output feeds inputs only.";
    const [output, input] = side === "input" ? [this.start.port, port] : [port, this.start.port];
    if (!isCompatible(output.type, input.type)) {
      return `'${portTitle(input)}' takes ${input.type}, '${portTitle(output)}' gives ${output.type}.`;
    }
    return this.circular.has(id) ? "This wire would close a circle." : "";
  }

  /**
   * Where a drop would end: the port itself, or the best free one of the node under the pointer.
   *
   * @param {Hit} hit
   * @returns {{slot: number, port: Port | null, reason: string} | null} `null` over empty canvas
   */
  target(hit) {
    if (hit.kind === "port" && hit.side === this.endSide) {
      const reason = this.refusal(hit.slot, hit.side, hit.port);
      return { slot: hit.slot, port: reason ? null : hit.port, reason };
    }
    if (hit.kind !== "node" && hit.kind !== "port") return null;
    return this.#bestPort(hit.slot);
  }

  /** The ports that would accept the wire among these nodes. @param {readonly number[]} slots */
  accepting(slots) {
    return slots.flatMap((slot) => {
      const ports = this.#ports(slot);
      return ports.flatMap((port, at) =>
        this.refusal(slot, this.endSide, port) ? [] : [{ point: this.scene.portPointAt(slot, this.endSide, at), port }]);
    });
  }

  /** @param {number} slot */
  #bestPort(slot) {
    const ports = this.#ports(slot);
    if (ports.length === 0) return { slot, port: null, reason: `This node has no ${this.endSide}.` };
    const fitting = ports.filter((port) => this.refusal(slot, this.endSide, port) === "");
    if (fitting.length === 0) return { slot, port: null, reason: this.refusal(slot, this.endSide, ports[0]) };
    const rank = (/** @type {Port} */ port) =>
      (this.#isFree(slot, port) ? 0 : 4) + (port.type === this.start.port.type ? 0 : 2) + (port.optional ? 1 : 0);
    return { slot, port: fitting.reduce((best, port) => (rank(port) < rank(best) ? port : best)), reason: "" };
  }

  /** @param {number} slot */
  #ports(slot) {
    return this.endSide === "input" ? this.scene.inputs[slot] : this.scene.outputs[slot];
  }

  /** @param {number} slot @param {Port} port */
  #isFree(slot, port) {
    return this.endSide === "output" || port.many || !this.scene.wired.has(`${this.scene.ids[slot]}.in.${port.name}`);
  }
}
