/**
 * Subgraphs on the clipboard: a copied use brings its definition along, and where it lands it is
 * linked to the one that is there if that is the same. Pure.
 *
 * @import {GraphDocument, GraphNode, SubgraphDefinition} from "../types.js"
 * @typedef {{[name: string]: SubgraphDefinition}} Definitions
 */
import { isEqual } from "./difference.js";
import { freeName, isCircular, subgraphTitle } from "./subgraphs.js";

/** The definitions that nodes need, and those that these need. @param {Definitions | undefined} all @param {{[id: string]: GraphNode}} nodes @returns {Definitions} */
export function definitionsOf(all, nodes) {
  /** @type {Definitions} */
  const found = {};
  const waiting = [nodes];
  for (const here of waiting) {
    for (const { subgraph } of Object.values(here)) {
      if (!subgraph || !all?.[subgraph] || Object.hasOwn(found, subgraph)) continue;
      found[subgraph] = all[subgraph];
      waiting.push(all[subgraph].nodes);
    }
  }
  return found;
}

/**
 * What copied definitions are called where they land. One that is there under its name is used
 * as it is when it says the same, or when the copy was made in this pipeline; else it gets a name
 * of its own.
 *
 * @param {Definitions} present
 * @param {Definitions} copied
 * @param {boolean} isSamePipeline
 * @returns {{names: Map<string, string>, added: Definitions}}
 */
export function landed(present, copied, isSamePipeline) {
  const isKept = (/** @type {string} */ name) => Object.hasOwn(present, name) && (isSamePipeline || isEqual(present[name], copied[name]));
  /** @type {Set<string>} */
  const own = new Set(Object.keys(copied).filter((name) => !isKept(name)));
  const leads = (/** @type {string} */ name) => Object.values(copied[name].nodes).some(({ subgraph }) => subgraph && own.has(subgraph) && Object.hasOwn(present, subgraph));
  if (!isSamePipeline) for (let size = -1; size !== own.size; ) {
    size = own.size;
    for (const name of Object.keys(copied)) if (leads(name)) own.add(name);
  }
  const taken = new Set([...Object.keys(present), ...Object.keys(copied)]);
  const names = new Map(Object.keys(copied).map((name) => {
    const fresh = own.has(name) && Object.hasOwn(present, name) ? freeName(taken, name) : name;
    taken.add(fresh);
    return [name, fresh];
  }));
  const added = Object.fromEntries([...own].map((name) => [names.get(name) ?? name, { ...copied[name], nodes: usingNames(copied[name].nodes, names) }]));
  return { names, added };
}

/** Nodes that use subgraphs by their names where they land. @param {{[id: string]: GraphNode}} nodes @param {ReadonlyMap<string, string>} names @returns {{[id: string]: GraphNode}} */
export function usingNames(nodes, names) {
  return Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, node.subgraph ? { ...node, subgraph: names.get(node.subgraph) ?? node.subgraph } : node]));
}

/**
 * Why nodes may not be put into a definition, or an empty text.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {Iterable<GraphNode>} nodes
 */
export function insideItself(root, definition, nodes) {
  for (const { subgraph } of nodes) {
    if (subgraph && isCircular(root, definition, subgraph)) return `'${subgraphTitle(root.subgraphs, subgraph)}' cannot be put inside itself.`;
  }
  return "";
}
