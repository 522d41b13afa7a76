/**
 * Collapse: a selection becomes a subgraph, and one node that uses it stands in its place. The
 * pipeline computes what it did before. Pure.
 *
 * @import {GraphDocument, GraphNode, SubgraphDefinition, WireValue} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 * @import {Holder} from "./subgraphs.js"
 *
 * @typedef {{candidate: string, qualified: string, targets: string[], wires: WireValue[], isMany: boolean}} InputPort
 *   an input port to be: what it is called, if need be after its node; what it feeds inside; what feeds it
 */
import { freeId } from "./edits.js";
import { collapsedLayout } from "./subgraph_layout.js";
import { definitionOf, freeName, heightOf, holderOf, inputOf, MAX_NESTING, present, producerOf, wireFrom, withFields, withHolder } from "./subgraphs.js";
import { listOf, oneOrMore, sourceOf, splitSource } from "./wires.js";

/**
 * @param {GraphDocument} root
 * @param {string} definition where the nodes lie; empty for the pipeline itself
 * @param {Iterable<string>} ids
 * @param {{modules: ModuleStore, label?: string}} how
 * @returns {{ok: true, root: GraphDocument, name: string, id: string} | {ok: false, reason: string}}
 */
export function collapse(root, definition, ids, { modules, label = "" }) {
  const holder = holderOf(root, definition);
  const inside = new Set([...ids].filter((id) => holder && Object.hasOwn(holder.nodes, id)));
  if (!holder || inside.size === 0) return { ok: false, reason: "Select the nodes that become a subgraph." };
  const title = (/** @type {string} */ one) => holder.nodes[one].label || modules.specOf(holder.nodes[one])?.title || one;
  const other = between(holder, inside);
  if (other) return { ok: false, reason: `'${title(other)}' lies between the selected nodes: it needs one of them, and another needs it. Select it too.` };
  const taker = mixed(holder, inside);
  if (taker) return { ok: false, reason: `'${title(taker)}' takes a wire from outside before one from inside, and a subgraph would change their order. Select what feeds it too.` };
  const name = freeId(root.subgraphs ?? {}, label || "subgraph");
  const id = freeId(holder.nodes, name);
  const around = definitionOf(root, definition);
  const inputs = named(inputPorts(root, definition, { inside, modules }));
  const outputs = named(outputPorts(holder, inside));
  const parameters = named(promotedInside(around, inside));
  const ports = { id, inside, inputs, outputs };

  /** @type {SubgraphDefinition} */
  const made = { ...(label ? { label } : {}), nodes: innerNodes(holder, inside) };
  if (inputs.size) made.inputs = Object.fromEntries([...inputs].map(([port, { targets }]) => [port, oneOrMore(targets)]));
  if (outputs.size) made.outputs = Object.fromEntries([...outputs].map(([port, { source }]) => [port, source]));
  if (parameters.size) made.parameters = Object.fromEntries([...parameters].map(([parameter, { target }]) => [parameter, target]));
  const layout = collapsedLayout(holder, ports);
  if (layout.inner) made.layout = layout.inner;

  const outer = { ...holder, ...outerFields(holder, around, { ...ports, parameters, name }), layout: layout.outer };
  const collapsed = withHolder(root, definition, outer);
  const after = { ...collapsed, subgraphs: { ...collapsed.subgraphs, [name]: made } };
  if (heightOf(after, "") > MAX_NESTING) return { ok: false, reason: `Subgraphs nest ${MAX_NESTING} levels deep at most.` };
  return { ok: true, root: after, name, id };
}

/** The nodes that move inside, with the wires and the order among them. @param {Holder} holder @param {ReadonlySet<string>} inside */
function innerNodes(holder, inside) {
  return Object.fromEntries([...inside].map((id) => {
    const node = holder.nodes[id];
    const inputs = present(Object.entries(node.inputs ?? {}).map(([port, value]) =>
      [port, inputOf(listOf(value).filter((wire) => inside.has(producerOf(wire))), Array.isArray(value))]));
    return [id, withFields(node, { inputs, after: node.after?.filter((other) => inside.has(other)) })];
  }));
}

/**
 * What stays outside: the node in place of the others, and who leads to it.
 *
 * @param {Holder} holder
 * @param {SubgraphDefinition} around
 * @param {{id: string, name: string, inside: ReadonlySet<string>, inputs: Map<string, InputPort>, outputs: Map<string, {source: string}>, parameters: Map<string, {target: string}>}} what
 */
function outerFields(holder, around, { id, name, inside, inputs, outputs, parameters }) {
  const portOfSource = new Map([...outputs].map(([port, { source }]) => [source, `${id}.${port}`]));
  const portOfTarget = new Map([...inputs].flatMap(([port, { targets }]) => targets.map((target) => /** @type {const} */ ([target, `${id}.${port}`]))));
  const parameterOf = new Map([...parameters].map(([parameter, { target }]) => [target, `${id}.${parameter}`]));
  const led = (/** @type {string} */ source) => portOfSource.get(source) ?? source;
  const order = [...new Set([...inside].flatMap((one) => holder.nodes[one].after ?? []))].filter((one) => !inside.has(one)).sort();
  const wires = present([...inputs].map(([port, held]) => [port, inputOf(held.wires, held.isMany && held.wires.length > 0)]));
  const use = withFields({ subgraph: name }, { inputs: wires, after: order });
  const left = Object.entries(holder.nodes).flatMap(([other, node]) => (inside.has(other) ? [] : [[other, rewired(node, inside, { id, led })]]));
  const fields = { nodes: { ...Object.fromEntries(left), [id]: use }, outputs: mapped(holder.outputs, (source) => source && led(source)) };
  const leads = (/** @type {Map<string, string>} */ to) => (/** @type {string | string[]} */ value) =>
    oneOrMore([...new Set(listOf(value).map((target) => (inside.has(splitSource(target)[0]) ? (to.get(target) ?? target) : target)))]);
  if (around.inputs) Object.assign(fields, { inputs: mapped(around.inputs, leads(portOfTarget)) });
  if (around.parameters) Object.assign(fields, { parameters: mapped(around.parameters, leads(parameterOf)) });
  return fields;
}

/** @param {GraphNode} node @param {ReadonlySet<string>} inside @param {{id: string, led: (source: string) => string}} to */
function rewired(node, inside, { id, led }) {
  const isTouched = Object.values(node.inputs ?? {}).some((value) => listOf(value).some((wire) => inside.has(producerOf(wire)))) || node.after?.some((other) => inside.has(other));
  if (!isTouched) return node;
  const inputs = mapped(node.inputs ?? {}, (value) => inputOf(listOf(value).map((wire) => wireFrom(wire, led(sourceOf(wire)))), Array.isArray(value)));
  const after = node.after && [...new Set(node.after.map((other) => (inside.has(other) ? id : other)))];
  return withFields(node, { inputs: /** @type {GraphNode["inputs"]} */ (inputs), after });
}

/**
 * One port for each thing outside that feeds the inside; an input that takes many wires has one of
 * its own, so that their order stays.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {{inside: ReadonlySet<string>, modules: ModuleStore}} what
 */
function inputPorts(root, definition, { inside, modules }) {
  const holder = /** @type {Holder} */ (holderOf(root, definition));
  /** @type {Map<string, InputPort>} */
  const ports = new Map();
  const lead = (/** @type {string} */ key, /** @type {string} */ target, /** @type {{candidate: string, wires: WireValue[], isMany: boolean}} */ port) => {
    const [node, name] = splitSource(target);
    const held = ports.get(key);
    if (!held) ports.set(key, { ...port, candidate: name, qualified: `${node}_${name}`, targets: [target] });
    else if (!held.targets.includes(target)) {
      held.targets.push(target);
      if (held.candidate !== name) held.candidate = port.candidate;
    }
  };
  for (const id of [...inside].sort()) {
    for (const port of Object.keys(holder.nodes[id].inputs ?? {}).sort()) {
      const target = `${id}.${port}`;
      const wires = listOf(holder.nodes[id].inputs?.[port]).filter((wire) => !inside.has(producerOf(wire)));
      const isMany = takesMany(modules, holder.nodes[id], port, wires.length);
      if (isMany && wires.length) lead(`> ${target}`, target, { candidate: port, wires, isMany });
      else for (const wire of wires) lead(`${typeof wire} ${sourceOf(wire)}`, target, { candidate: splitSource(sourceOf(wire))[1], wires: [wire], isMany });
    }
  }
  for (const [terminal, targets] of Object.entries(definitionOf(root, definition).inputs ?? {})) {
    for (const target of listOf(targets).filter((one) => inside.has(splitSource(one)[0]))) {
      const [node, port] = splitSource(target);
      const isMany = takesMany(modules, holder.nodes[node], port, 0);
      lead(isMany ? `> ${target}` : `^ ${terminal}`, target, { candidate: terminal, wires: [], isMany });
    }
  }
  return [...ports.values()];
}

/** @param {ModuleStore} modules @param {GraphNode} node @param {string} port @param {number} wires */
function takesMany(modules, node, port, wires) {
  return modules.specOf(node)?.inputs?.find((item) => item.name === port)?.many ?? wires > 1;
}

/** One port for each output inside that is used outside. @param {Holder} holder @param {ReadonlySet<string>} inside */
function outputPorts(holder, inside) {
  const sources = Object.entries(holder.nodes).flatMap(([id, { inputs }]) => (inside.has(id) ? [] : Object.values(inputs ?? {}).flatMap(listOf).map(sourceOf)));
  const given = Object.values(holder.outputs ?? {}).flatMap((source) => source ?? []);
  const wanted = [...sources, ...given].filter((source) => inside.has(splitSource(source)[0]));
  return [...new Set(wanted)].sort().map((source) => {
    const [node, port] = splitSource(source);
    return { candidate: port, qualified: `${node}_${port}`, source };
  });
}

/** @param {SubgraphDefinition} around @param {ReadonlySet<string>} inside */
function promotedInside(around, inside) {
  const targets = Object.values(around.parameters ?? {}).flatMap(listOf).filter((target) => inside.has(splitSource(target)[0]));
  return [...new Set(targets)].sort().map((target) => {
    const [node, parameter] = splitSource(target);
    return { candidate: parameter, qualified: `${node}_${parameter}`, target };
  });
}

/** Each under a name of its own: what it is called where that is clear, else after its node too. @template {{candidate: string, qualified: string}} T @param {T[]} items @returns {Map<string, T>} */
function named(items) {
  /** @type {Map<string, T>} */
  const found = new Map();
  const taken = new Set();
  for (const item of items) {
    const isClear = items.every((other) => other === item || other.candidate !== item.candidate);
    const name = freeName(taken, isClear ? item.candidate : item.qualified);
    taken.add(name);
    found.set(name, item);
  }
  return found;
}

/** A node outside that needs one inside while another inside needs it. @param {Holder} holder @param {ReadonlySet<string>} inside @returns {string | undefined} */
function between(holder, inside) {
  /** @type {Map<string, string[]>} */
  const before = new Map();
  /** @type {Map<string, string[]>} */
  const after = new Map();
  for (const [id, node] of Object.entries(holder.nodes)) {
    const producers = [...Object.values(node.inputs ?? {}).flatMap(listOf).map(producerOf), ...(node.after ?? [])];
    before.set(id, producers);
    for (const producer of producers) after.set(producer, [...(after.get(producer) ?? []), id]);
  }
  const behind = reached(inside, after);
  return [...reached(inside, before)].sort().find((id) => behind.has(id) && !inside.has(id) && holder.nodes[id]);
}

/** @param {ReadonlySet<string>} start @param {ReadonlyMap<string, string[]>} next @returns {Set<string>} */
function reached(start, next) {
  const found = new Set(start);
  for (const id of found) for (const other of next.get(id) ?? []) found.add(other);
  return found;
}

/** A node inside that takes a wire from outside before one from inside: a subgraph could not keep their order. @param {Holder} holder @param {ReadonlySet<string>} inside @returns {string | undefined} */
function mixed(holder, inside) {
  return [...inside].sort().find((id) => Object.values(holder.nodes[id].inputs ?? {}).some((value) => {
    const isOutside = listOf(value).map((wire) => !inside.has(producerOf(wire)));
    const first = isOutside.indexOf(true);
    return first >= 0 && !isOutside.slice(first).every(Boolean);
  }));
}

/** @template T, R @param {{[key: string]: T} | undefined} object @param {(item: T) => R} change @returns {{[key: string]: R} | undefined} */
function mapped(object, change) {
  return object && Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(item)]));
}
