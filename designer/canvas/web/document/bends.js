/**
 * Bends of wires: points that a wire passes, kept in the layout only. A wire is named by what it
 * joins, `source.port>target.port`, so that its bends stay with it in a list of many wires.
 *
 * @import {Change, GraphDocument, Point} from "../types.js"
 * @import {WireFact} from "./wires.js"
 */
import { change } from "./change.js";

/** @param {string} source `node.port` @param {string} target @param {string} port */
export function bendKey(source, target, port) {
  return `${source}>${target}.${port}`;
}

/** @param {GraphDocument} document @param {WireFact} wire @returns {[number, number][]} */
export function bendsOf(document, wire) {
  return document.layout?.wires?.[bendKey(wire.source, wire.target, wire.port)] ?? [];
}

/** @param {GraphDocument} document @param {WireFact} wire @param {readonly (readonly [number, number])[]} points none makes it straight @returns {Change} */
export function bendTo(document, wire, points) {
  const path = ["layout", "wires", bendKey(wire.source, wire.target, wire.port)];
  return change(document, path, points.length ? points.map(([x, y]) => [x, y]) : undefined);
}

/**
 * The bends of wires that go with these nodes.
 *
 * @param {GraphDocument} document
 * @param {ReadonlySet<string>} ids
 * @returns {Change[]}
 */
export function bendsAtNodes(document, ids) {
  return Object.keys(document.layout?.wires ?? {}).filter((key) => nodesOf(key).some((id) => ids.has(id))).map((key) => change(document, ["layout", "wires", key], undefined));
}

/** The bends of one wire, when it goes. @param {GraphDocument} document @param {string} source @param {string} target @param {string} port @returns {Change[]} */
export function bendsOfGone(document, source, target, port) {
  const key = bendKey(source, target, port);
  return document.layout?.wires?.[key] ? [change(document, ["layout", "wires", key], undefined)] : [];
}

/**
 * Bends between nodes that move together move with them.
 *
 * @param {GraphDocument} document
 * @param {ReadonlySet<string>} ids
 * @param {Point} by
 * @returns {Change[]}
 */
export function moveBends(document, ids, by) {
  return Object.entries(document.layout?.wires ?? {}).flatMap(([key, points]) => {
    if (!nodesOf(key).every((id) => ids.has(id))) return [];
    return [change(document, ["layout", "wires", key], points.map(([x, y]) => [x + by.x, y + by.y]))];
  });
}

/** What a bent wire joins, as `node.port` both. @param {string} key */
export function bendEnds(key) {
  const [source, target = ""] = key.split(">");
  return { source, target };
}

/** The two nodes that a key names. @param {string} key */
function nodesOf(key) {
  return Object.values(bendEnds(key)).map((end) => end.split(".", 1)[0]);
}
