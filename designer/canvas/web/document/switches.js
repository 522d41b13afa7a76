/**
 * What people switch on nodes and wires, and what it means for the nodes around. Pure; says the same
 * as `runtime/planning/selection.py` and `runtime/validation/outputs.py`.
 *
 * @import {Change, GraphDocument, GraphNode, WireValue} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 */
import { change, portTitle } from "./edits.js";
import { parseWireKey, sourceOf, wiresInto, wiresOf } from "./wires.js";

/**
 * The nodes that a run leaves out although nobody switched them off, with the reason: they need one
 * that is disabled.
 *
 * @param {GraphDocument} document
 * @param {(id: string) => string} titleOf
 * @returns {Map<string, string>}
 */
export function leftOut(document, titleOf) {
  const off = Object.keys(document.nodes).filter((id) => stateOf(document, id) === "disabled");
  if (off.length === 0) return new Map();
  const readers = readersOf(document);
  const gone = new Set(off);
  for (const id of gone) {
    for (const target of readers.get(id) ?? []) if (stateOf(document, target) !== "frozen") gone.add(target);
  }
  const needed = (/** @type {string} */ id) => wiresInto(document, id).find(({ node, disabled }) => !disabled && gone.has(node))?.node ?? "";
  return new Map([...gone].slice(off.length).map((id) => [id, `It needs '${titleOf(needed(id))}', which does not run.`]));
}

/** Who reads from each node by a wire that carries something. @param {GraphDocument} document */
function readersOf(document) {
  /** @type {Map<string, string[]>} */
  const readers = new Map();
  for (const { node, target, disabled } of wiresOf(document)) {
    const list = readers.get(node);
    if (disabled) continue;
    if (list) list.push(target);
    else readers.set(node, [target]);
  }
  return readers;
}

/**
 * Why a node cannot hand on what comes in, or an empty text.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {string} id
 * @param {string} title what people call it
 */
export function bypassRefusal(document, modules, id, title) {
  const { inputs, outputs } = modules.portsOf(document, id);
  const read = new Set(wiresOf(document).flatMap((wire) => (wire.node === id && !wire.disabled ? [wire.output] : [])));
  const concerned = outputs.filter(({ name }) => read.size === 0 || read.has(name));
  if (concerned.length === 0) return `'${title}' gives nothing that could be handed on.`;
  const connected = new Set(wiresInto(document, id).flatMap((wire) => (wire.disabled ? [] : [wire.port])));
  for (const output of concerned) {
    const fitting = inputs.filter(({ type }) => type === output.type);
    if (fitting.length === 0) return `'${title}' has no input of type ${output.type} that it could hand on as '${portTitle(output)}'.`;
    if (!fitting.some(({ name }) => connected.has(name))) return `'${title}' would hand on '${portTitle(fitting[0])}', which is not connected.`;
  }
  return "";
}

/**
 * Switches wires off, or on again.
 *
 * @param {GraphDocument} document
 * @param {Iterable<string>} keys
 * @param {boolean} isDisabled
 * @returns {Change[]}
 */
export function setWiresDisabled(document, keys, isDisabled) {
  /** @type {Map<string, Set<number>>} */
  const byInput = new Map();
  for (const key of keys) {
    const { target, port, position } = parseWireKey(key);
    const place = `${target}.${port}`;
    byInput.set(place, (byInput.get(place) ?? new Set()).add(position));
  }
  return [...byInput].flatMap(([place, positions]) => {
    const { target, port } = parseWireKey(place);
    const held = document.nodes[target]?.inputs?.[port];
    if (held === undefined) return [];
    const switched = (/** @type {WireValue} */ wire, /** @type {number} */ position) =>
      positions.has(position) ? (isDisabled ? { from: sourceOf(wire), disabled: true } : sourceOf(wire)) : wire;
    return [change(document, ["nodes", target, "inputs", port], Array.isArray(held) ? held.map(switched) : switched(held, -1))];
  });
}

/** @param {GraphDocument} document @param {Iterable<string>} keys @returns {boolean} whether all of these wires are switched off */
export function areDisabled(document, keys) {
  const wanted = new Set(keys);
  const wires = wiresOf(document).filter(({ key }) => wanted.has(key));
  return wires.length > 0 && wires.every(({ disabled }) => disabled);
}

/**
 * Gives nodes a state, or takes it away.
 *
 * @param {GraphDocument} document
 * @param {Iterable<string>} ids
 * @param {(id: string) => GraphNode["state"]} stateFor
 * @returns {Change[]}
 */
export function setStates(document, ids, stateFor) {
  return [...ids].filter((id) => document.nodes[id]).map((id) => change(document, ["nodes", id, "state"], stateFor(id)));
}

/** The kind of a node's state; the file may hold it as a word alone. @param {GraphDocument} document @param {string} id */
export function stateOf(document, id) {
  const state = /** @type {any} */ (document.nodes[id]?.state);
  return typeof state === "string" ? state : (state?.kind ?? "");
}
