/**
 * Where problems are seen: at the node they are about, and at the subgraphs around it. Pure.
 *
 * @import {Diagnostic, GraphDocument, GraphNode} from "../types.js"
 * @import {ScopeView} from "./scope_view.js"
 * @import {Whereabouts} from "./scope.js"
 */
import { nodesPointer } from "./scope.js";
import { usedFrom } from "./subgraphs.js";
import { terminalId } from "./terminals.js";

/**
 * The problems of the nodes that a definition holds, of its ports too.
 *
 * @param {readonly Diagnostic[]} diagnostics
 * @param {Whereabouts} here
 * @returns {Map<string, Diagnostic[]>} by node or terminal
 */
export function problemsAt(diagnostics, { definition, published }) {
  /** @type {Map<string, Diagnostic[]>} */
  const found = new Map();
  const start = nodesPointer(definition);
  const around = definition ? `/subgraphs/${definition}/` : "";
  for (const diagnostic of published ? [] : diagnostics) {
    const where = diagnostic.where ?? "";
    const id = where.startsWith(start) ? where.slice(start.length).split("/", 1)[0] : around && where.startsWith(around) ? portAt(where.slice(around.length)) : null;
    if (id) found.set(id, [...(found.get(id) ?? []), diagnostic]);
  }
  return found;
}

/** The terminal of a port that a pointer below a definition names. @param {string} rest */
function portAt(rest) {
  const [kind, name] = rest.split("/");
  return (kind === "inputs" || kind === "outputs") && name ? terminalId(kind, name) : null;
}

/**
 * The problems by node of a view; a subgraph node has those inside it too, marked as such.
 *
 * @param {readonly Diagnostic[]} diagnostics
 * @param {ScopeView} view
 * @param {Whereabouts} here
 * @returns {Map<string, {own: Diagnostic[], inside: Diagnostic[]}>}
 */
export function problemsOfView(diagnostics, view, here) {
  /** @type {Map<string, {own: Diagnostic[], inside: Diagnostic[]}>} */
  const found = new Map();
  if (diagnostics.length === 0) return found;
  const of = (/** @type {string} */ id) => {
    const held = found.get(id) ?? { own: [], inside: [] };
    found.set(id, held);
    return held;
  };
  const own = problemsAt(diagnostics, here);
  for (const [id, items] of own) of(id).own.push(...items);
  for (const { expanded } of view.steps) {
    const inside = problemsAt(diagnostics, { ...here, definition: expanded.name });
    for (const [viewId, inner] of expanded.inner) of(viewId).own.push(...(inside.get(inner) ?? []));
  }
  for (const [id, node] of Object.entries(view.document.nodes)) {
    if (!node.subgraph || node.expanded || here.published) continue;
    for (const name of [node.subgraph, ...usedFrom(here.root, node.subgraph)]) {
      for (const items of problemsAt(diagnostics, { ...here, definition: name }).values()) of(id).inside.push(...items);
    }
  }
  return found;
}
