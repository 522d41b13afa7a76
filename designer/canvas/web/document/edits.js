/**
 * What each gesture does to the document, as changes. Pure: the document is read, never written.
 *
 * @import {Change, GraphDocument, GraphNode, InputValue, ModuleSpec, Point} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 */
import { bendsAtNodes, bendsOfGone } from "./bends.js";
import { change } from "./change.js";
import { convertersFor } from "./converters.js";
import { isCompatible } from "./module_store.js";
import { SEPARATOR } from "./scope.js";
import { listOf, oneOrMore, parseWireKey, reachable, sourceOf, splitSource, wiresInto, withoutWires } from "./wires.js";

export { change, reachable };

/**
 * A free, readable node id made from a module's name.
 *
 * @param {{[id: string]: any}} nodes
 * @param {string} name
 * @param {string} [inside] the node, expanded in place, that it goes into
 */
export function freeId(nodes, name, inside) {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^[^a-z]+|_+$/g, "");
  const stem = (inside ? inside + SEPARATOR : "") + (words || "node");
  if (!Object.hasOwn(nodes, stem)) return stem;
  const base = stem.replace(/_\d+$/, "");
  for (let number = 2; ; number++) {
    if (!Object.hasOwn(nodes, `${base}_${number}`)) return `${base}_${number}`;
  }
}

/**
 * @param {GraphDocument} document
 * @param {string} id
 * @param {GraphNode} node
 * @param {Point} at
 * @returns {Change[]}
 */
export function addNode(document, id, node, at) {
  return [change(document, ["nodes", id], node), change(document, ["layout", "nodes", id], { x: at.x, y: at.y })];
}

/**
 * The nodes with every wire to and from them; with `heal`, wires that fit are led around.
 *
 * @param {GraphDocument} document
 * @param {ReadonlySet<string>} ids
 * @param {{heal?: boolean, modules: ModuleStore}} how
 * @returns {Change[]}
 */
export function removeNodes(document, ids, { heal = false, modules }) {
  const changes = [];
  for (const [id, node] of Object.entries(document.nodes)) {
    if (ids.has(id)) continue;
    for (const [port, value] of Object.entries(node.inputs ?? {})) {
      const left = cutInput(document, { id, port, value }, ids, heal ? modules : null);
      if (left !== value) changes.push(change(document, ["nodes", id, "inputs", port], left));
    }
    if (node.after?.some((other) => ids.has(other))) {
      const after = node.after.filter((other) => !ids.has(other));
      changes.push(change(document, ["nodes", id, "after"], after.length ? after : undefined));
    }
  }
  changes.push(...cutPorts(document, ids));
  for (const id of ids) {
    if (!document.nodes[id]) continue;
    changes.push(change(document, ["nodes", id], undefined));
    if (document.layout?.nodes?.[id]) changes.push(change(document, ["layout", "nodes", id], undefined));
  }
  return [...changes, ...bendsAtNodes(document, ids)];
}

/**
 * Takes nodes out of their wires: those of others are led around them where they fit.
 *
 * @param {GraphDocument} document
 * @param {ReadonlySet<string>} ids
 * @param {ModuleStore} modules
 * @returns {Change[]}
 */
export function detachNodes(document, ids, modules) {
  const led = removeNodes(document, ids, { heal: true, modules }).filter(({ path }) => path[0] !== "nodes" || path.length > 2);
  const outer = led.filter(({ path }) => path[0] === "nodes" && path[3] !== undefined);
  const own = [...ids].flatMap((id) =>
    Object.entries(document.nodes[id]?.inputs ?? {}).flatMap(([port, value]) => {
      const left = withoutWires(value, (source) => !ids.has(splitSource(source)[0]));
      return left === value ? [] : [change(document, ["nodes", id, "inputs", port], left)];
    }));
  return [...outer, ...own, ...bendsAtNodes(document, ids)];
}

/** Removes one wire, named by its source. @param {GraphDocument} document @param {{source: string, target: string, port: string}} wire @returns {Change[]} */
export function removeSource(document, { source, target, port }) {
  const held = document.nodes[target]?.inputs?.[port];
  if (held === undefined) return [];
  const left = withoutWires(held, (other) => other === source);
  return [change(document, ["nodes", target, "inputs", port], left), ...bendsOfGone(document, source, target, port)];
}

/**
 * A pipeline's outputs go with the nodes that give them. The ports of a subgraph stay for those who
 * use them: its inputs and parameters lead to one thing less, its outputs give nothing for now.
 *
 * @param {GraphDocument} document
 * @param {ReadonlySet<string>} ids
 * @returns {Change[]}
 */
function cutPorts(document, ids) {
  const isGone = (/** @type {string} */ end) => ids.has(splitSource(end)[0]);
  const outputs = Object.entries(document.outputs ?? {}).flatMap(([name, source]) => (isGone(source ?? "") ? [change(document, ["outputs", name], document.definition ? null : undefined)] : []));
  if (!document.definition) return outputs;
  const led = /** @type {const} */ (["inputs", "promoted"]).flatMap((kind) => Object.entries(document[kind] ?? {}).flatMap(([name, ends]) => {
    const left = listOf(ends).filter((end) => !isGone(end));
    return left.length === listOf(ends).length ? [] : [change(document, [kind, name], oneOrMore(left))];
  }));
  return [...outputs, ...led];
}

/**
 * A wire from an output to an input: replaces what a single input holds, joins a list.
 *
 * @param {GraphDocument} document
 * @param {string} source `node.port`
 * @param {{node: string, port: string, many: boolean}} target
 * @returns {Change[]} empty when the wire is already there
 */
export function connect(document, source, { node, port, many }) {
  const held = document.nodes[node]?.inputs?.[port];
  const list = held === undefined ? [] : Array.isArray(held) ? held : [held];
  if (list.some((wire) => wire === source)) return [];
  const rest = list.filter((wire) => sourceOf(wire) !== source);
  const replaced = many ? [] : rest.flatMap((wire) => bendsOfGone(document, sourceOf(wire), node, port));
  return [change(document, ["nodes", node, "inputs", port], many ? [...rest, source] : source), ...replaced];
}

/**
 * @param {GraphDocument} document
 * @param {Iterable<string>} keys wires as `target.port` or `target.port#position`
 * @returns {Change[]}
 */
export function removeWires(document, keys) {
  /** @type {Map<string, {target: string, port: string, positions: Set<number>}>} */
  const byInput = new Map();
  for (const key of keys) {
    const { target, port, position } = parseWireKey(key);
    const entry = byInput.get(`${target}.${port}`) ?? { target, port, positions: new Set() };
    entry.positions.add(position);
    byInput.set(`${target}.${port}`, entry);
  }
  return [...byInput.values()].flatMap(({ target, port, positions }) => {
    const held = document.nodes[target]?.inputs?.[port];
    if (held === undefined) return [];
    const isGone = (/** @type {number} */ position) => positions.has(position) || positions.has(-1);
    const left = withoutWires(held, (_, position) => isGone(position));
    const gone = (Array.isArray(held) ? held : [held]).filter((_, i) => isGone(Array.isArray(held) ? i : -1));
    return [change(document, ["nodes", target, "inputs", port], left), ...gone.flatMap((wire) => bendsOfGone(document, sourceOf(wire), target, port))];
  });
}

/**
 * @param {GraphDocument} document
 * @param {Iterable<readonly [string, Point]>} positions
 * @returns {Change[]} without the nodes that already are where they should be
 */
export function moveNodes(document, positions) {
  const changes = [];
  for (const [id, { x, y }] of positions) {
    const held = document.layout?.nodes?.[id];
    if (held?.x === x && held?.y === y) continue;
    changes.push(change(document, ["layout", "nodes", id], { ...held, x, y }));
  }
  return changes;
}

/**
 * Why a wire may not be drawn, or an empty text.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {string} source `node.port`
 * @param {{node: string, port: string}} target
 */
export function refusalOf(document, modules, source, target) {
  const [node, output] = splitSource(source);
  if (node === target.node) return "A node cannot feed itself.";
  const border = borderBetween(document, node, target.node);
  if (border) return border;
  const from = modules.portsOf(document, node).outputs.find((port) => port.name === output);
  const to = modules.portsOf(document, target.node).inputs.find((port) => port.name === target.port);
  if (!from || !to) return "One end of the wire is no longer there.";
  if (!isCompatible(from.type, to.type)) {
    const [converter] = convertersFor(modules, from.type, to.type);
    const bridge = converter ? ` '${converter.title}' between them makes one of the other.` : "";
    return `'${portTitle(to)}' takes ${to.type}, '${portTitle(from)}' gives ${from.type}.${bridge}`;
  }
  return reachable(document, [target.node], "downstream").has(node) ? "This wire would close a circle." : "";
}

/** Why nothing can be led from one node to the other in this view, or an empty text. @param {GraphDocument} document @param {string} from @param {string} to */
export function borderBetween(document, from, to) {
  const [source, target] = [document.nodes[from], document.nodes[to]];
  if (source?.terminal && target?.terminal) return "An input of a subgraph cannot be its output. Put a node between them.";
  return source?.within === target?.within ? "" : "This wire would cross the border of a subgraph. Go inside, or use one of its ports.";
}

/** @param {{name: string, title?: string}} port */
export function portTitle(port) {
  return port.title || port.name.replaceAll("_", " ");
}

/**
 * A fresh node of a module version; it pins version and digest.
 *
 * @param {ModuleSpec} spec
 * @returns {GraphNode}
 */
export function nodeOf(spec) {
  return { module: spec.id, version: spec.version, ...(spec.digest ? { digest: spec.digest } : {}) };
}

/**
 * @param {GraphDocument} document
 * @param {{id: string, port: string, value: InputValue}} input
 * @param {ReadonlySet<string>} gone
 * @param {ModuleStore | null} modules healing needs the port types
 * @returns {InputValue | undefined} the same object when nothing was cut
 */
function cutInput(document, { id, port, value }, gone, modules) {
  const isGone = (/** @type {string} */ source) => gone.has(splitSource(source)[0]);
  const list = Array.isArray(value) ? value : [value];
  if (!list.some((wire) => isGone(sourceOf(wire)))) return value;
  const type = modules?.portsOf(document, id).inputs.find((item) => item.name === port)?.type ?? "Any";
  const left = list.flatMap((wire) => {
    if (!isGone(sourceOf(wire))) return [wire];
    const around = modules && sourceAround(document, modules, sourceOf(wire), { gone, type });
    return around ? [around] : [];
  });
  if (left.length === 0) return undefined;
  return Array.isArray(value) ? [...new Set(left)] : left[0];
}

/**
 * The nearest source above a node that goes, of the wanted type.
 *
 * @param {GraphDocument} document
 * @param {ModuleStore} modules
 * @param {string} source
 * @param {{gone: ReadonlySet<string>, type: string}} wanted
 * @param {Set<string>} [seen]
 * @returns {string | null}
 */
function sourceAround(document, modules, source, wanted, seen = new Set()) {
  const [node] = splitSource(source);
  if (seen.has(node)) return null;
  seen.add(node);
  for (const wire of wiresInto(document, node)) {
    const output = modules.portsOf(document, wire.node).outputs.find((port) => port.name === wire.output);
    if (!output || !isCompatible(output.type, wanted.type)) continue;
    if (!wanted.gone.has(wire.node)) return wire.source;
    const further = sourceAround(document, modules, wire.source, wanted, seen);
    if (further) return further;
  }
  return null;
}
