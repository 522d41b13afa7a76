/**
 * A converter between two ports whose types do not fit: the module and both wires. Pure.
 *
 * @import {Change, GraphDocument, Point} from "../types.js"
 * @import {Converter} from "./converters.js"
 */
import { addNode, connect, freeId, nodeOf } from "./edits.js";
import { joinChanges, makeRoom, placeInWire } from "./joining.js";
import { splitSource, wiresInto } from "./wires.js";

const GRID = 8;

/**
 * What puts a converter between an output and an input, whether or not a wire joins them already.
 *
 * @param {GraphDocument} document
 * @param {{source: string, target: string, port: string, many?: boolean}} ends `source`: `node.port`
 * @param {Converter} converter
 * @returns {{id: string, changes: Change[]}}
 */
export function insertConverter(document, { source, target, port, many = false }, converter) {
  const id = freeId(document.nodes, converter.id.slice(converter.id.lastIndexOf(".") + 1));
  const wire = wiresInto(document, target).find((item) => item.port === port && item.source === source)?.key;
  const wished = halfway(document, splitSource(source)[0], target);
  const at = wire ? placeInWire(document, wire, wished) : wished;
  const wiring = wire
    ? joinChanges(document, id, { wire, input: converter.input, output: converter.output }).changes
    : connect(document, `${id}.${converter.output}`, { node: target, port, many });
  const node = { ...nodeOf(converter.spec), inputs: { [converter.input]: source } };
  return { id, changes: [...addNode(document, id, node, snapped(at)), ...wiring, ...(wire ? makeRoom(document, wire) : [])] };
}

/** @param {GraphDocument} document @param {string} source node id @param {string} target node id @returns {Point} */
function halfway(document, source, target) {
  const places = document.layout?.nodes ?? {};
  const from = places[source] ?? places[target] ?? { x: 0, y: 0 };
  const to = places[target] ?? from;
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

/** @param {Point} point @returns {Point} */
function snapped({ x, y }) {
  return { x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID };
}
