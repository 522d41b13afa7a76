/**
 * Nodes that use a subgraph: one more, or one with a definition of its own. Pure.
 *
 * @import {GraphDocument, ModuleSpec, Point} from "../types.js"
 * @import {Holder} from "./subgraphs.js"
 */
import { landed } from "./copied_subgraphs.js";
import { freeId } from "./edits.js";
import { holderOf, subgraphTitle, usesOf, withHolder } from "./subgraphs.js";

/**
 * A node of a subgraph that is there already.
 *
 * @param {GraphDocument} root
 * @param {string} definition where the node goes
 * @param {string} name the subgraph
 * @param {Point} at
 * @returns {{root: GraphDocument, id: string}}
 */
export function addUse(root, definition, name, at) {
  const held = /** @type {Holder} */ (holderOf(root, definition));
  const id = freeId(held.nodes, name);
  const layout = { ...held.layout, nodes: { ...held.layout?.nodes, [id]: at } };
  return { root: withHolder(root, definition, { ...held, nodes: { ...held.nodes, [id]: { subgraph: name } }, layout }), id };
}

/**
 * A use with a copy of the definition that nothing else uses.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {string} id
 * @returns {{ok: true, root: GraphDocument, name: string} | {ok: false, reason: string}}
 */
export function makeIndependent(root, definition, id) {
  const holder = holderOf(root, definition);
  const node = holder?.nodes[id];
  const held = node?.subgraph ? root.subgraphs?.[node.subgraph] : undefined;
  if (!holder || !node?.subgraph || !held) return { ok: false, reason: "There is no subgraph to copy." };
  if (usesOf(root, node.subgraph).length < 2) return { ok: false, reason: "Nothing else uses this subgraph." };
  const name = freeId(root.subgraphs ?? {}, node.subgraph);
  const copy = { ...held, label: freeLabel(root, subgraphTitle(root.subgraphs, node.subgraph)) };
  const used = withHolder(root, definition, { ...holder, nodes: { ...holder.nodes, [id]: { ...node, subgraph: name } } });
  return { ok: true, root: { ...used, subgraphs: { ...used.subgraphs, [name]: copy } }, name };
}

/**
 * Every use of a definition as a node of the version that was published from it; the definition goes.
 *
 * @param {GraphDocument} root
 * @param {string} name
 * @param {ModuleSpec} spec
 * @returns {GraphDocument}
 */
export function usePublished(root, name, spec) {
  let after = root;
  for (const { definition, id } of usesOf(root, name)) {
    const held = /** @type {Holder} */ (holderOf(after, definition));
    const { subgraph: _, ...node } = held.nodes[id];
    const using = { ...node, module: spec.id, version: spec.version, digest: spec.digest };
    after = withHolder(after, definition, { ...held, nodes: { ...held.nodes, [id]: using } });
  }
  return withoutDefinitions(after, [name]);
}

/**
 * A node of a published subgraph with a definition in this document, to be edited here.
 *
 * @param {GraphDocument} root
 * @param {string} definition where the node lies
 * @param {string} id
 * @param {GraphDocument} published the document of what it uses
 * @returns {{root: GraphDocument, name: string}}
 */
export function copyPublished(root, definition, id, published) {
  const held = /** @type {Holder} */ (holderOf(root, definition));
  const [top] = Object.values(published.nodes);
  const { names, added } = landed(root.subgraphs ?? {}, published.subgraphs ?? {}, false);
  const name = names.get(top?.subgraph ?? "") ?? "";
  const { module, version: _, digest: __, ...node } = held.nodes[id];
  const used = withHolder(root, definition, { ...held, nodes: { ...held.nodes, [id]: { ...node, subgraph: name } } });
  if (!added[name]) return { root: used, name };
  const copy = { ...added[name], layout: { ...added[name].layout, module } };
  return { root: { ...used, subgraphs: { ...used.subgraphs, ...added, [name]: copy } }, name };
}

/** The document without the definitions of these names. @param {GraphDocument} root @param {Iterable<string>} names @returns {GraphDocument} */
export function withoutDefinitions(root, names) {
  const gone = new Set(names);
  const left = Object.entries(root.subgraphs ?? {}).filter(([name]) => !gone.has(name));
  const { subgraphs: _, ...rest } = root;
  return left.length > 0 ? { ...root, subgraphs: Object.fromEntries(left) } : rest;
}

/** @param {GraphDocument} root @param {string} wanted */
function freeLabel(root, wanted) {
  const taken = new Set(Object.keys(root.subgraphs ?? {}).map((name) => subgraphTitle(root.subgraphs, name)));
  for (let number = 2; ; number++) if (!taken.has(`${wanted} ${number}`)) return `${wanted} ${number}`;
}
