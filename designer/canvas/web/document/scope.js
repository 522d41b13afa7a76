/**
 * Where a person is in nested subgraphs, and the document as it looks from there. A scope is the
 * list of subgraph nodes that were entered, from the outside in; `[]` is the pipeline itself. Pure.
 *
 * @import {Change, GraphDocument, GraphNode, SubgraphDefinition} from "../types.js"
 */

/** Joins the ids of nested nodes to the id of a step, as the runtime does. */
export const SEPARATOR = "__";

/** Keys of a scoped document that are kept in the definition, by their name there. @type {{[key: string]: keyof SubgraphDefinition}} */
const OWN_KEYS = { nodes: "nodes", layout: "layout", inputs: "inputs", outputs: "outputs", promoted: "parameters", label: "label", about: "description" };

/**
 * The definition that a scope shows.
 *
 * @param {GraphDocument} root
 * @param {readonly string[]} scope
 * @returns {string | null} its name; empty at the pipeline itself, `null` where the scope leads nowhere
 */
export function definitionAt(root, scope) {
  let name = "";
  for (const id of scope) {
    const inner = nodesOf(root, name)[id]?.subgraph;
    if (!inner || !root.subgraphs?.[inner]) return null;
    name = inner;
  }
  return name;
}

/**
 * @typedef {object} Whereabouts where a scope leads
 * @property {GraphDocument} root the document that its nodes live in: the pipeline, or a published subgraph
 * @property {string} definition the name of the definition there; empty at the pipeline itself
 * @property {string} published `id@version` of the published subgraph that it lies in, which is read only
 */

/**
 * @param {GraphDocument} root
 * @param {readonly string[]} scope
 * @param {(node: GraphNode) => {key: string, document: GraphDocument} | null} publishedBy what a node of a published subgraph uses
 * @returns {Whereabouts | null} `null` where the scope leads nowhere
 */
export function whereabouts(root, scope, publishedBy) {
  /** @type {Whereabouts} */
  let here = { root, definition: "", published: "" };
  for (const id of scope) {
    const node = nodesOf(here.root, here.definition)[id];
    const found = node?.module ? publishedBy(node) : null;
    const [top] = Object.values(found?.document.nodes ?? {});
    if (found && top?.subgraph) here = { root: found.document, definition: top.subgraph, published: found.key };
    else if (node?.subgraph && here.root.subgraphs?.[node.subgraph]) here = { ...here, definition: node.subgraph };
    else return null;
  }
  return here;
}

/**
 * The document inside a definition: its nodes and looks, with the pipeline's name and parameters.
 *
 * @param {GraphDocument} root
 * @param {string} name empty for the pipeline itself
 * @returns {GraphDocument}
 */
export function scopedDocument(root, name) {
  const definition = root.subgraphs?.[name];
  if (!name || !definition) return root;
  /** @type {GraphDocument} */
  const scoped = { format: root.format, nodes: {}, definition: name };
  for (const key of /** @type {const} */ (["name", "parameters", "subgraphs"])) if (root[key] !== undefined) Object.assign(scoped, { [key]: root[key] });
  for (const [key, own] of Object.entries(OWN_KEYS)) if (definition[own] !== undefined) Object.assign(scoped, { [key]: definition[own] });
  return scoped;
}

/**
 * Changes made inside a definition, as changes of the whole document.
 *
 * @param {readonly Change[]} changes
 * @param {string} name empty for the pipeline itself
 * @returns {Change[]}
 */
export function rootedChanges(changes, name) {
  if (!name) return [...changes];
  return changes.map((change) => {
    const own = OWN_KEYS[change.path[0]];
    return own ? { ...change, path: ["subgraphs", name, own, ...change.path.slice(1)] } : change;
  });
}

/**
 * The definition whose inside a path of the whole document changes; empty for the pipeline itself.
 *
 * @param {readonly string[]} path
 */
export function definitionOfPath(path) {
  return path[0] === "subgraphs" && path.length > 2 && path[2] !== "parameters" ? path[1] : "";
}

/**
 * A way that leads into a definition, the shortest there is.
 *
 * @param {GraphDocument} root
 * @param {string} name
 * @returns {string[] | null}
 */
export function scopeOf(root, name) {
  /** @type {{scope: string[], name: string}[]} */
  const waiting = [{ scope: [], name: "" }];
  const seen = new Set([""]);
  for (const here of waiting) {
    if (here.name === name) return here.scope;
    for (const [id, { subgraph }] of Object.entries(nodesOf(root, here.name))) {
      if (!subgraph || seen.has(subgraph)) continue;
      seen.add(subgraph);
      waiting.push({ scope: [...here.scope, id], name: subgraph });
    }
  }
  return null;
}

/**
 * The way to the node that a step belongs to, through the subgraphs around it.
 *
 * @param {GraphDocument} root
 * @param {string} step
 * @param {(scope: readonly string[]) => Whereabouts | null} lookUp
 * @returns {string[] | null} the node's own id last
 */
export function pathOfStep(root, step, lookUp) {
  /** @type {string[]} */
  const path = [];
  for (let rest = step; ; ) {
    const here = lookUp(path);
    if (here === null) return null;
    const nodes = nodesAt(here);
    const id = Object.keys(nodes).find((one) => one === rest) ?? Object.keys(nodes).find((one) => rest.startsWith(one + SEPARATOR) && lookUp([...path, one]) !== null);
    if (id === undefined) return null;
    path.push(id);
    if (id === rest) return path;
    rest = rest.slice(id.length + SEPARATOR.length);
  }
}

/** The id of the step that a node of a scope becomes. @param {readonly string[]} scope @param {string} id */
export function stepId(scope, id) {
  return [...scope, id].join(SEPARATOR);
}

/**
 * The node of a scope that a step belongs to: itself, or the subgraph node around it.
 *
 * @param {GraphDocument} document the scoped one
 * @param {readonly string[]} scope
 * @param {string} step
 * @returns {string | null} `null` for steps of other scopes
 */
export function nodeOfStep(document, scope, step) {
  const prefix = scope.map((id) => id + SEPARATOR).join("");
  if (!step.startsWith(prefix)) return null;
  const rest = step.slice(prefix.length);
  for (let end = rest.length; end > 0; end = rest.lastIndexOf(SEPARATOR, end - 1)) {
    const id = rest.slice(0, end);
    if (Object.hasOwn(document.nodes, id)) return id;
  }
  return null;
}

/**
 * JSON Pointer of the nodes that a scope shows, as diagnostics name them.
 *
 * @param {string} name empty for the pipeline itself
 */
export function nodesPointer(name) {
  return name ? `/subgraphs/${name}/nodes/` : "/nodes/";
}

/** The nodes of a scope as the document holds them. @param {Whereabouts} here */
export function nodesAt({ root, definition }) {
  return nodesOf(root, definition);
}

/** @param {GraphDocument} root @param {string} name @returns {{[id: string]: GraphNode}} */
function nodesOf(root, name) {
  return (name ? root.subgraphs?.[name]?.nodes : root.nodes) ?? {};
}
