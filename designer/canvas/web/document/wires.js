/**
 * Wires as the document holds them: at the consumer, by names.
 *
 * @import {GraphDocument, InputValue, WireValue} from "../types.js"
 * @typedef {{key: string, target: string, port: string, position: number, source: string, node: string, output: string, disabled: boolean}} WireFact
 *   `position` is -1 for an input that holds one wire, else its place in the list.
 */

/**
 * Every wire of a document.
 *
 * @param {GraphDocument} document
 * @returns {WireFact[]}
 */
export function wiresOf(document) {
  const found = [];
  for (const target of Object.keys(document.nodes)) found.push(...wiresInto(document, target));
  return found;
}

/**
 * The wires into one node, in the order of the document.
 *
 * @param {GraphDocument} document
 * @param {string} target
 * @returns {WireFact[]}
 */
export function wiresInto(document, target) {
  const inputs = document.nodes[target]?.inputs;
  if (!inputs) return [];
  const found = [];
  for (const port of Object.keys(inputs)) {
    const value = inputs[port];
    const isList = Array.isArray(value);
    const list = isList ? value : [value];
    for (let i = 0; i < list.length; i++) found.push(fact(target, port, isList ? i : -1, list[i]));
  }
  return found;
}

/**
 * The two halves of `node.port`.
 *
 * @param {string} source
 * @returns {[string, string]}
 */
export function splitSource(source) {
  const dot = source.indexOf(".");
  return dot < 0 ? [source, ""] : [source.slice(0, dot), source.slice(dot + 1)];
}

/** @param {string} target @param {string} port @param {number} position */
export function wireKey(target, port, position) {
  return position < 0 ? `${target}.${port}` : `${target}.${port}#${position}`;
}

/**
 * @param {string} key
 * @returns {{target: string, port: string, position: number}}
 */
export function parseWireKey(key) {
  const [target, rest] = splitSource(key);
  const hash = rest.indexOf("#");
  if (hash < 0) return { target, port: rest, position: -1 };
  return { target, port: rest.slice(0, hash), position: Number(rest.slice(hash + 1)) };
}

/**
 * An input's value without the wires that `isGone` names; `undefined` when none is left.
 *
 * @param {InputValue} value
 * @param {(source: string, position: number) => boolean} isGone
 * @returns {InputValue | undefined}
 */
export function withoutWires(value, isGone) {
  if (!Array.isArray(value)) return isGone(sourceOf(value), -1) ? undefined : value;
  const left = value.filter((wire, position) => !isGone(sourceOf(wire), position));
  return left.length === 0 ? undefined : left;
}

/** @param {WireValue} wire */
export function sourceOf(wire) {
  return typeof wire === "string" ? wire : wire.from;
}

/**
 * Everything that `start` needs or feeds.
 *
 * @param {GraphDocument} document
 * @param {Iterable<string>} start
 * @param {"upstream" | "downstream"} direction
 * @returns {Set<string>} without the start, unless a cycle leads back to it
 */
export function reachable(document, start, direction) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const wire of wiresOf(document)) {
    const [from, to] = direction === "upstream" ? [wire.target, wire.node] : [wire.node, wire.target];
    const list = next.get(from);
    if (list) list.push(to);
    else next.set(from, [to]);
  }
  const seen = new Set();
  const waiting = [...start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const other of next.get(id) ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return seen;
}

/** What a value holds that is one thing or several. @template T @param {T | T[] | undefined} value @returns {T[]} */
export function listOf(value) {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** One thing alone, several as a list. @template T @param {T[]} list @returns {T | T[]} */
export function oneOrMore(list) {
  return list.length === 1 ? list[0] : list;
}

/** @param {string} target @param {string} port @param {number} position @param {WireValue} value @returns {WireFact} */
function fact(target, port, position, value) {
  const source = sourceOf(value);
  const [node, output] = splitSource(source);
  const disabled = typeof value === "object" && value.disabled === true;
  return { key: wireKey(target, port, position), target, port, position, source, node, output, disabled };
}
