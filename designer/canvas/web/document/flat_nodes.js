/**
 * A document as it runs: subgraphs drawn in it become the nodes inside them, as steps are named.
 * What decides about results and nothing else; looks are left out. Pure; the runtime's own way is
 * `runtime/model/graph_expander.py`.
 *
 * @import {GraphDocument, GraphNode, WireValue} from "../types.js"
 */
import { SEPARATOR } from "./scope.js";
import { inputOf, wireFrom } from "./subgraphs.js";
import { listOf, sourceOf, splitSource } from "./wires.js";

/** @type {WeakMap<GraphDocument, GraphDocument>} */
const known = new WeakMap();

/**
 * @param {GraphDocument} root
 * @returns {GraphDocument} the same one for a document without subgraphs
 */
export function flatDocument(root) {
  if (!Object.values(root.nodes).some(({ subgraph }) => subgraph)) return root;
  const held = known.get(root);
  if (held) return held;
  const flat = { format: root.format, nodes: new Flattening(root).nodes() };
  known.set(root, flat);
  return flat;
}

class Flattening {
  /** @param {GraphDocument} root */
  constructor(root) {
    this.root = root;
    /** Uses by flat id. @type {Map<string, {node: GraphNode, within: string}>} */
    this.uses = new Map();
    /** @type {Map<string, {node: GraphNode, within: string}>} */
    this.plain = new Map();
  }

  nodes() {
    this.#take(this.root.nodes, "", []);
    /** @type {{[id: string]: GraphNode}} */
    const nodes = {};
    for (const [full, { node, within }] of this.plain) nodes[full] = this.#wired(node, within);
    for (const [full, use] of [...this.uses].reverse()) this.#handOn(nodes, full, use);
    return nodes;
  }

  /** @param {{[id: string]: GraphNode}} nodes @param {string} within @param {readonly string[]} above definitions around, against circles */
  #take(nodes, within, above) {
    for (const [id, node] of Object.entries(nodes)) {
      const full = joined(within, id);
      const definition = node.subgraph ? this.root.subgraphs?.[node.subgraph] : undefined;
      if (!node.subgraph) this.plain.set(full, { node, within });
      else if (definition && !above.includes(node.subgraph)) {
        this.uses.set(full, { node, within });
        this.#take(withValues(definition.nodes, definition.parameters ?? {}, node.parameters ?? {}), full, [...above, node.subgraph]);
      }
    }
  }

  /** @param {GraphNode} node @param {string} within @returns {GraphNode} */
  #wired(node, within) {
    if (!node.inputs) return node;
    const inputs = Object.fromEntries(Object.entries(node.inputs).map(([port, value]) => [port, this.#led(value, within)]));
    return { ...node, inputs };
  }

  /** @param {WireValue | WireValue[]} value @param {string} within */
  #led(value, within) {
    const wires = listOf(value).map((wire) => wireFrom(wire, this.#source(sourceOf(wire), within)));
    return Array.isArray(value) ? wires : wires[0];
  }

  /** @param {string} source @param {string} within @returns {string} */
  #source(source, within) {
    const [id, port] = splitSource(source);
    const full = joined(within, id);
    const use = this.uses.get(full)?.node;
    const led = use?.subgraph && this.root.subgraphs?.[use.subgraph]?.outputs?.[port];
    return led ? this.#source(led, full) : `${full}.${port}`;
  }

  /** @param {{[id: string]: GraphNode}} nodes @param {string} full @param {{node: GraphNode, within: string}} use */
  #handOn(nodes, full, { node: { inputs = {} }, within }) {
    for (const [port, value] of Object.entries(inputs).sort()) {
      const handed = listOf(/** @type {WireValue | WireValue[]} */ (this.#led(value, within)));
      for (const [target, key] of this.#targets(full, port)) {
        const node = nodes[target];
        const own = listOf(/** @type {any} */ (node.inputs?.[key]));
        nodes[target] = { ...node, inputs: { ...node.inputs, [key]: /** @type {any} */ (inputOf([...own, ...handed], false)) } };
      }
    }
  }

  /** @param {string} full @param {string} port @returns {[string, string][]} plain nodes and ports that an input of a use leads to */
  #targets(full, port) {
    const name = this.uses.get(full)?.node.subgraph ?? "";
    return listOf(this.root.subgraphs?.[name]?.inputs?.[port]).flatMap((end) => {
      const [id, key] = splitSource(end);
      const target = joined(full, id);
      if (this.uses.has(target)) return this.#targets(target, key);
      return this.plain.has(target) ? [/** @type {[string, string]} */ ([target, key])] : [];
    });
  }
}

/** Nodes with the values that their use gives to promoted parameters. @param {{[id: string]: GraphNode}} nodes @param {{[name: string]: string | string[]}} promoted @param {{[name: string]: any}} values */
function withValues(nodes, promoted, values) {
  const result = { ...nodes };
  for (const [name, value] of Object.entries(values)) {
    for (const end of listOf(promoted[name])) {
      const [id, parameter] = splitSource(end);
      if (result[id]) result[id] = { ...result[id], parameters: { ...result[id].parameters, [parameter]: value } };
    }
  }
  return result;
}

/** @param {string} within @param {string} id */
function joined(within, id) {
  return within ? `${within}${SEPARATOR}${id}` : id;
}
