/**
 * Definitions of subgraphs in a document: where they are used, how deep they nest, what lies in
 * them. Pure. A definition is named by its key under `subgraphs`; the empty name is the pipeline.
 *
 * @import {GraphDocument, GraphLayout, GraphNode, InputValue, SubgraphDefinition, WireValue} from "../types.js"
 *
 * @typedef {{nodes: {[id: string]: GraphNode}, outputs?: {[name: string]: string | null}, layout?: GraphLayout}} Holder
 *   the pipeline or a definition
 * @typedef {{definition: string, id: string}} Use a node that uses a subgraph, and where it lies
 * @typedef {{ok: true, root: GraphDocument} | {ok: false, reason: string}} Outcome
 */
import { sourceOf, splitSource } from "./wires.js";

/** As deep as the runtime expands. */
export const MAX_NESTING = 64;

/** @param {GraphDocument} root @param {string} definition @returns {Holder | null} */
export function holderOf(root, definition) {
  return definition ? (root.subgraphs?.[definition] ?? null) : root;
}

/**
 * The document with another inside of a definition; maps that came to be empty are left out.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {object} inside
 * @returns {GraphDocument}
 */
export function withHolder(root, definition, inside) {
  const compact = /** @type {any} */ (compacted(inside));
  return definition ? { ...root, subgraphs: { ...root.subgraphs, [definition]: compact } } : compact;
}

/** The definition; an empty one for the pipeline itself, which has no ports. @param {GraphDocument} root @param {string} name @returns {SubgraphDefinition} */
export function definitionOf(root, name) {
  return (name && root.subgraphs?.[name]) || { nodes: {} };
}

/** Every node that uses a subgraph. @param {GraphDocument} root @param {string} name @returns {Use[]} */
export function usesOf(root, name) {
  return ["", ...Object.keys(root.subgraphs ?? {})].flatMap((definition) =>
    Object.entries(holderOf(root, definition)?.nodes ?? {}).flatMap(([id, node]) => (node.subgraph === name ? [{ definition, id }] : [])));
}

/** @type {WeakMap<GraphDocument, Map<string, number>>} */
const counted = new WeakMap();

/** How many nodes use each subgraph. @param {GraphDocument} root @returns {ReadonlyMap<string, number>} */
export function useCounts(root) {
  const held = counted.get(root);
  if (held) return held;
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const definition of ["", ...Object.keys(root.subgraphs ?? {})]) {
    for (const { subgraph } of Object.values(holderOf(root, definition)?.nodes ?? {})) if (subgraph) counts.set(subgraph, (counts.get(subgraph) ?? 0) + 1);
  }
  counted.set(root, counts);
  return counts;
}

/** Names of definitions that no node uses, also not from within each other. @param {GraphDocument} root */
export function unusedDefinitions(root) {
  const used = usedFrom(root, "");
  return Object.keys(root.subgraphs ?? {}).filter((name) => !used.has(name));
}

/** Names of the definitions that one needs, itself left out. @param {GraphDocument} root @param {string} definition */
export function usedFrom(root, definition) {
  /** @type {Set<string>} */
  const found = new Set();
  const waiting = [definition];
  for (const here of waiting) {
    for (const { subgraph } of Object.values(holderOf(root, here)?.nodes ?? {})) {
      if (!subgraph || found.has(subgraph)) continue;
      found.add(subgraph);
      waiting.push(subgraph);
    }
  }
  return found;
}

/** Whether using a subgraph in a definition would put it inside itself. @param {GraphDocument} root @param {string} definition @param {string} used */
export function isCircular(root, definition, used) {
  return definition !== "" && (definition === used || usedFrom(root, used).has(definition));
}

/** How many levels of subgraphs lie in a definition. @param {GraphDocument} root @param {string} definition */
export function heightOf(root, definition) {
  /** @type {Map<string, number>} */
  const known = new Map();
  const height = (/** @type {string} */ name) => {
    const held = known.get(name);
    if (held !== undefined) return held;
    known.set(name, 0);
    const inner = Object.values(holderOf(root, name)?.nodes ?? {}).flatMap(({ subgraph }) => subgraph ?? []);
    const result = Math.max(0, ...[...new Set(inner)].map((one) => 1 + height(one)));
    known.set(name, result);
    return result;
  };
  return height(definition);
}

/** What people call a subgraph. @param {GraphDocument["subgraphs"]} subgraphs @param {string} name */
export function subgraphTitle(subgraphs, name) {
  return subgraphs?.[name]?.label || wordsOf(name);
}

/** A name of the file as words. @param {string} name */
export function wordsOf(name) {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Names of ports or promoted parameters as a person ordered them; those that were never ordered
 * come last, by name.
 *
 * @param {SubgraphDefinition} definition
 * @param {"inputs" | "outputs" | "parameters"} kind
 */
export function orderedNames(definition, kind) {
  const names = Object.keys(definition[kind] ?? {}).sort();
  /** @type {unknown} */
  const held = definition.layout?.ports?.[kind];
  const wanted = Array.isArray(held) ? held.filter((name) => names.includes(name)) : [];
  return [...new Set([...wanted, ...names])];
}

/** A name that is still free. @param {ReadonlySet<string>} taken @param {string} wanted */
export function freeName(taken, wanted) {
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/_\d+$/, "");
  for (let number = 2; ; number++) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}

/** A wire from another port, disabled or not as it was. @param {WireValue} wire @param {string} source @returns {WireValue} */
export function wireFrom(wire, source) {
  return typeof wire === "string" ? source : { ...wire, from: source };
}

/** The node that a wire comes from. @param {WireValue} wire */
export function producerOf(wire) {
  return splitSource(sourceOf(wire))[0];
}

/**
 * The value of an input that holds these wires; `undefined` for none.
 *
 * @param {WireValue[]} wires
 * @param {boolean} isList whether one wire alone is a list too
 * @returns {InputValue | undefined}
 */
export function inputOf(wires, isList) {
  if (wires.length === 0) return undefined;
  return isList || wires.length > 1 ? wires : wires[0];
}

/** An object of entries, without those whose value is `undefined`. @template T @param {Iterable<readonly [string, T | undefined]>} entries @returns {{[key: string]: T}} */
export function present(entries) {
  return /** @type {{[key: string]: T}} */ (Object.fromEntries([...entries].filter(([, value]) => value !== undefined)));
}

/** A node with other wires, order or values; what is empty is left out. @param {GraphNode} node @param {Partial<GraphNode>} changed @returns {GraphNode} */
export function withFields(node, changed) {
  return withoutEmpty({ ...node, ...changed }, ["inputs", "parameters", "after", "run", "state"]);
}

/** @param {any} inside */
function compacted(inside) {
  const layout = inside.layout && withoutEmpty(inside.layout, ["nodes", "wires", "frames", "notes", "ports"]);
  return withoutEmpty({ ...inside, layout }, ["inputs", "outputs", "parameters", "layout", "subgraphs"]);
}

/** @template {object} T @param {T} object @param {string[]} keys whose values go when nothing is in them @returns {T} */
function withoutEmpty(object, keys) {
  const isVoid = (/** @type {any} */ value) => value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  const left = Object.entries(object).filter(([key, value]) => !keys.includes(key) || !isVoid(value));
  return /** @type {T} */ (Object.fromEntries(left));
}
