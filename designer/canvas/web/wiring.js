/**
 * The wires of the scope: joined, led elsewhere, cut, and what is known of what they carry.
 *
 * @import {EditorSession} from "./session.js"
 * @import {Change, Point, Port} from "./types.js"
 */
import * as edits from "./document/edits.js";
import { joinChanges, makeRoom, placeInWire, spliceFit, wireSource } from "./document/joining.js";
import { applyChanges } from "./document/operations.js";
import { setWiresDisabled } from "./document/switches.js";
import { isTerminal } from "./document/terminals.js";
import { wireFacts } from "./document/wire_facts.js";
import { parseWireKey, splitSource, wiresInto, wiresOf } from "./document/wires.js";
import { snapToGrid } from "./scene/geometry.js";

export class Wiring {
  /** @param {EditorSession} session */
  constructor(session) {
    this.session = session;
  }

  /**
   * Joins an output to an input, or says why not.
   *
   * @param {string} source `node.port`
   * @param {string} target node id
   * @param {string} port
   * @returns {{ok: boolean, reason: string}}
   */
  connect(source, target, port) {
    const { session } = this;
    const { document, modules } = session;
    const reason = edits.refusalOf(document, modules, source, { node: target, port });
    if (reason) return { ok: false, reason };
    const spec = modules.portsOf(document, target).inputs.find((item) => item.name === port);
    session.edit("Connect", edits.connect(document, source, { node: target, port, many: spec?.many ?? false }));
    return { ok: true, reason: "" };
  }

  /** @param {Iterable<string>} keys wires as `target.port` or `target.port#position` */
  disconnect(keys) {
    const list = [...keys];
    this.session.edit(list.length === 1 ? "Delete wire" : `Delete ${list.length} wires`, edits.removeWires(this.session.document, list));
  }

  /**
   * Takes the input end of a wire to another port, in one step.
   *
   * @param {string} key
   * @param {string} target
   * @param {string} port
   * @returns {{ok: boolean, reason: string}}
   */
  move(key, target, port) {
    const { session } = this;
    const { document, modules } = session;
    const wire = this.find(key);
    if (!wire) return { ok: false, reason: "The wire is no longer there." };
    if (wire.target === target && wire.port === port) return { ok: true, reason: "" };
    const reason = edits.refusalOf(document, modules, wire.source, { node: target, port });
    if (reason) return { ok: false, reason };
    const spec = modules.portsOf(document, target).inputs.find((item) => item.name === port);
    const cut = edits.removeWires(document, [key]);
    const joined = edits.connect(document, wire.source, { node: target, port, many: spec?.many ?? false });
    session.edit("Move wire", [...cut, ...joined]);
    return { ok: true, reason: "" };
  }

  /**
   * Leads several wires from one port to another one of the same side, in one step.
   *
   * @param {readonly import("./document/wires.js").WireFact[]} wires
   * @param {{node: string, port: string, side: "input" | "output"}} to
   * @returns {{ok: boolean, reason: string}}
   */
  moveAll(wires, to) {
    const { session } = this;
    let document = session.document;
    /** @type {Change[]} */
    const changes = [];
    for (const wire of wires) {
      const source = to.side === "output" ? `${to.node}.${to.port}` : wire.source;
      const target = to.side === "output" ? { node: wire.target, port: wire.port } : { node: to.node, port: to.port };
      const cut = edits.removeSource(document, wire);
      const without = applyChanges(document, cut);
      const reason = edits.refusalOf(without, session.modules, source, target);
      if (reason) return { ok: false, reason };
      const many = session.modules.portsOf(document, target.node).inputs.find(({ name }) => name === target.port)?.many ?? false;
      const joined = edits.connect(without, source, { ...target, many });
      changes.push(...cut, ...joined);
      document = applyChanges(without, joined);
    }
    return { ok: session.edit(wires.length === 1 ? "Move wire" : `Move ${wires.length} wires`, changes), reason: "" };
  }

  /**
   * Puts a node that is there already into a wire, in one step with its move.
   *
   * @param {string} id
   * @param {string} wire
   * @param {Point} at its corner
   */
  splice(id, wire, at) {
    const { session } = this;
    const { document } = session;
    const fit = this.spliceFit(id, wire);
    if (!fit) return;
    const { inputs, changes } = joinChanges(document, id, { wire, ...fit });
    const own = Object.entries(inputs).map(([port, source]) => edits.change(document, ["nodes", id, "inputs", port], source));
    const place = placeInWire(document, wire, at);
    const moved = edits.moveNodes(document, [[id, { x: snapToGrid(place.x), y: snapToGrid(place.y) }]]);
    session.edit(`Put ${session.titleOf(id)} into a wire`, [...own, ...changes, ...makeRoom(document, wire, new Set([id])), ...moved]);
  }

  /** The free ports by which a node fits into a wire. @param {string} id @param {string} wire @returns {{input: string, output: string} | null} */
  spliceFit(id, wire) {
    const { document, modules } = this.session;
    const ends = this.ends(wire);
    const { inputs, outputs } = modules.portsOf(document, id);
    const source = wireSource(document, wire) ?? "";
    const { target } = parseWireKey(wire);
    const touches = wiresOf(document).some((item) => (item.node === id && item.target === target) || (item.target === id && item.source === source));
    const around = [splitSource(source)[0], target];
    if (!ends || touches || around.includes(id)) return null;
    const free = inputs.filter(({ name, many }) => many || document.nodes[id].inputs?.[name] === undefined);
    const closes = edits.reachable(document, [id], "upstream").has(target) || edits.reachable(document, [id], "downstream").has(around[0]);
    return closes ? null : spliceFit({ inputs: [...free], outputs: [...outputs] }, { output: ends.output.type, input: ends.input.type });
  }

  /** Takes nodes out of their wires, which are led around where they fit. @param {Iterable<string>} ids @returns {Change[]} */
  pullOut(ids) {
    return edits.detachNodes(this.session.document, new Set(ids), this.session.modules);
  }

  /** @param {string} key @returns {import("./document/wires.js").WireFact | null} */
  find(key) {
    return wiresInto(this.session.document, parseWireKey(key).target).find((item) => item.key === key) ?? null;
  }

  /** The output port that a wire comes from. @param {string} key */
  sourceOf(key) {
    return this.find(key)?.output ?? "";
  }

  /** The ports at both ends of a wire. @param {string} key @returns {{output: Port, input: Port} | null} */
  ends(key) {
    const { document, modules } = this.session;
    const { target, port } = parseWireKey(key);
    const source = wireSource(document, key);
    const [node, output] = splitSource(source ?? "");
    const from = modules.portsOf(document, node).outputs.find(({ name }) => name === output);
    const to = modules.portsOf(document, target).inputs.find(({ name }) => name === port);
    return from && to ? { output: from, input: to } : null;
  }

  /** What a wire carries: what the last run put on it, and what is known before the next. @param {string} key */
  facts(key) {
    const { session } = this;
    const wire = this.find(key);
    if (!wire) return null;
    const source = isTerminal(wire.node) ? this.feeding(wire.target, wire.port) : `${session.stepId(wire.node)}.${wire.output}`;
    const [id] = splitSource(source);
    return wireFacts({
      type: session.modules.portsOf(session.document, wire.node).outputs.find(({ name }) => name === wire.output)?.type ?? "",
      artifact: session.results.artifact(session.scope, `${wire.node}.${wire.output}`),
      step: session.stepOf(wire.node) ?? session.statuses.get(id),
      runNumber: session.run?.steps?.[id] ? session.run.number : session.foresight.run(id) || undefined,
      isStale: session.isStale(wire.node),
      schema: session.foresight.on(source),
      why: session.foresight.why(source),
      now: Date.now() / 1000,
    });
  }

  /** What is known of the value that feeds a port; without a port, the node's first wired input. @param {string} id @param {string | null} [port] */
  schemaInto(id, port) {
    const source = this.feeding(id, port);
    return source ? this.session.foresight.on(source) : null;
  }

  /** The output that feeds a port, as `step.port`, also from around the subgraph that is shown. @param {string} id @param {string | null} [port] */
  feeding(id, port) {
    const { session } = this;
    const wire = wiresInto(session.document, id).find((item) => !item.disabled && (!port || item.port === port));
    if (wire && !isTerminal(wire.node)) return `${session.stepId(wire.node)}.${wire.output}`;
    return (port && session.foresight.sources(session.stepId(id), port)[0]) || "";
  }

  /** @param {Iterable<string>} keys @param {boolean} isDisabled */
  setDisabled(keys, isDisabled) {
    const list = [...keys];
    const what = list.length === 1 ? "wire" : `${list.length} wires`;
    this.session.edit(`${isDisabled ? "Disable" : "Enable"} ${what}`, setWiresDisabled(this.session.document, list, isDisabled));
  }
}
