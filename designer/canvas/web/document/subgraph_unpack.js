/**
 * Unpack: a node that uses a subgraph becomes the nodes of its definition again. Pure.
 *
 * @import {GraphDocument, GraphNode, SubgraphDefinition, WireValue} from "../types.js"
 */
import { unpackedLayout } from "./subgraph_layout.js";
import { withoutDefinitions } from "./subgraph_uses.js";
import { definitionOf, freeName, holderOf, inputOf, present, usesOf, wireFrom, withFields, withHolder } from "./subgraphs.js";
import { listOf, oneOrMore, sourceOf, splitSource } from "./wires.js";

/**
 * The inverse of a collapse. The definition goes with its last use.
 *
 * @param {GraphDocument} root
 * @param {string} definition where the node lies; empty for the pipeline itself
 * @param {string} id
 * @returns {{ok: true, root: GraphDocument, ids: string[]} | {ok: false, reason: string}}
 */
export function unpack(root, definition, id) {
  const holder = holderOf(root, definition);
  const use = holder?.nodes[id];
  const name = use?.subgraph;
  const inner = name ? root.subgraphs?.[name] : undefined;
  if (!holder || !use || !name || !inner) return { ok: false, reason: "There is no subgraph to unpack." };
  if (use.state?.kind === "frozen") return { ok: false, reason: "Its outputs are frozen. Unfreeze it first." };

  /** An output of a subgraph that leads nowhere stays, one of the pipeline goes. */
  const nothing = definition ? null : undefined;
  const { [id]: _, ...others } = holder.nodes;
  const renamed = newNames(others, inner.nodes);
  const inside = { renamed, inner, use, id };
  const fields = {
    nodes: { ...mapValues(others, (node) => ledPast(node, inside)), ...innerNodes(inside) },
    outputs: holder.outputs && present(Object.entries(holder.outputs).map(([port, source]) => [port, source && (ledSource(source, inside) ?? nothing)])),
    layout: unpackedLayout(holder.layout, inner.layout, {
      id, renamed, leads: (port) => leadsTo(inside, "inputs", port)[0], gives: (port) => ledSource(`${id}.${port}`, inside),
    }),
  };
  const around = definitionOf(root, definition);
  for (const kind of /** @type {const} */ (["inputs", "parameters"])) {
    if (around[kind]) Object.assign(fields, { [kind]: mapValues(around[kind], (targets) => ledTargets(targets, kind, inside)) });
  }
  const unpacked = withHolder(root, definition, { ...holder, ...fields });
  return { ok: true, root: withoutUnused(unpacked, name), ids: [...renamed.values()] };
}

/** @param {GraphDocument} root @param {string} name */
function withoutUnused(root, name) {
  return usesOf(root, name).length > 0 ? root : withoutDefinitions(root, [name]);
}

/** What the nodes of a definition are called where they go; their own names where those are free. @param {{[id: string]: GraphNode}} others @param {{[id: string]: GraphNode}} inner */
function newNames(others, inner) {
  const ids = Object.keys(inner);
  const taken = new Set([...Object.keys(others), ...ids.filter((id) => !Object.hasOwn(others, id))]);
  return new Map(ids.map((id) => {
    const fresh = Object.hasOwn(others, id) ? freeName(taken, id) : id;
    taken.add(fresh);
    return [id, fresh];
  }));
}

/**
 * @typedef {{renamed: ReadonlyMap<string, string>, inner: SubgraphDefinition, use: GraphNode, id: string}} Inside
 *
 * The nodes of the definition as they stand where its use stood. @param {Inside} inside @returns {{[id: string]: GraphNode}}
 */
function innerNodes(inside) {
  const { renamed, inner, use } = inside;
  const isOff = use.state?.kind === "disabled" || use.state?.kind === "bypassed";
  return Object.fromEntries(Object.entries(inner.nodes).map(([id, node]) => {
    const inputs = mapValues(node.inputs ?? {}, (value) => oneWay(value, (wire) => renamedSource(sourceOf(wire), renamed)));
    for (const [port, targets] of Object.entries(inner.inputs ?? {}).sort()) {
      for (const target of listOf(targets)) {
        const [held, key] = splitSource(target);
        const handed = use.inputs?.[port];
        if (held !== id || handed === undefined) continue;
        const own = inputs[key];
        inputs[key] = /** @type {any} */ (inputOf([...listOf(own), ...listOf(handed)], Array.isArray(own) || Array.isArray(handed)));
      }
    }
    const waits = node.subgraph || isFirst(node) ? (use.after ?? []) : [];
    const after = [...(node.after ?? []).map((other) => renamed.get(other) ?? other), ...waits];
    const run = node.run && use.run ? { ...use.run, ...node.run } : (node.run ?? use.run);
    const parameters = { ...node.parameters, ...given(inside, id) };
    return [renamed.get(id) ?? id, withFields(node, { inputs, parameters, after: [...new Set(after)], run, state: isOff ? use.state : node.state })];
  }));
}

/** Values of the use for parameters of one of its nodes. @param {Inside} inside @param {string} id */
function given({ inner, use }, id) {
  const pairs = Object.entries(inner.parameters ?? {}).flatMap(([name, targets]) => listOf(targets).map((target) => /** @type {const} */ ([name, splitSource(target)])));
  return Object.fromEntries(pairs.flatMap(([name, [node, parameter]]) => (node === id && Object.hasOwn(use.parameters ?? {}, name) ? [[parameter, use.parameters?.[name]]] : [])));
}

/** A node beside the use, with its wires led to the nodes inside. @param {GraphNode} node @param {Inside} inside */
function ledPast(node, inside) {
  const { id, renamed } = inside;
  const isTouched = Object.values(node.inputs ?? {}).some((value) => listOf(value).some((wire) => splitSource(sourceOf(wire))[0] === id)) || node.after?.includes(id);
  if (!isTouched) return node;
  const inputs = present(Object.entries(node.inputs ?? {}).map(([port, value]) => [port, oneWay(value, (wire) => ledSource(sourceOf(wire), inside))]));
  return withFields(node, { inputs, after: node.after?.flatMap((other) => (other === id ? [...renamed.values()] : [other])) });
}

/** @param {string} source `node.port` @param {Inside} inside @returns {string | undefined} none where the definition has no such output */
function ledSource(source, { id, inner, renamed }) {
  const [node, port] = splitSource(source);
  if (node !== id) return source;
  const led = inner.outputs?.[port];
  return led ? renamedSource(led, renamed) : undefined;
}

/** @param {string | string[]} targets @param {"inputs" | "parameters"} kind @param {Inside} inside */
function ledTargets(targets, kind, inside) {
  return oneOrMore(listOf(targets).flatMap((target) => {
    const [node, key] = splitSource(target);
    return node === inside.id ? leadsTo(inside, kind, key) : [target];
  }));
}

/** What a port or parameter of the definition leads to, by the new names. @param {Inside} inside @param {"inputs" | "parameters"} kind @param {string} name */
function leadsTo({ inner, renamed }, kind, name) {
  return listOf(inner[kind]?.[name]).map((target) => renamedSource(target, renamed));
}

/** @param {string} end `node.port` @param {ReadonlyMap<string, string>} renamed */
function renamedSource(end, renamed) {
  const [node, port] = splitSource(end);
  return `${renamed.get(node) ?? node}.${port}`;
}

/** An input's wires from elsewhere; those that lead nowhere are left out. @param {WireValue | WireValue[]} value @param {(wire: WireValue) => string | undefined} lead */
function oneWay(value, lead) {
  const wires = listOf(value).flatMap((wire) => {
    const source = lead(wire);
    return source === undefined ? [] : [wireFrom(wire, source)];
  });
  return /** @type {WireValue | WireValue[]} */ (inputOf(wires, Array.isArray(value)));
}

/** Whether nothing beside it comes before a node. @param {GraphNode} node */
function isFirst(node) {
  const isFed = Object.values(node.inputs ?? {}).flatMap(listOf).some((wire) => typeof wire === "string" || !wire.disabled);
  return !isFed && !node.after?.length;
}

/** @template T, R @param {{[key: string]: T}} object @param {(item: T) => R} change @returns {{[key: string]: R}} */
function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(item)]));
}
