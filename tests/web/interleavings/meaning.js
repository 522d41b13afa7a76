// Which nodes an operation means: ids can be taken over by others, marks can't.
import { applyChanges, valueAt } from "../../../designer/canvas/web/document/operations.js";
import { isNode, placeOf } from "../../../designer/canvas/web/document/place.js";

let marks = 0;

/**
 * Marks the nodes that an operation makes, and notes for every change of a node which one it means.
 *
 * @returns {Map<string, Set<string>>} marks by the part of the node that is changed
 */
export function meant(document, operation) {
  const isBack = /^(Undo|Redo)/.test(operation.label);
  for (const change of operation.changes) {
    const isMade = isNode(placeOf(change.path)) && change.before === undefined && change.after;
    if (isMade && !isBack) change.after = marked(change.after);
    const isDefined = change.path.length === 2 && change.path[0] === "subgraphs" && change.before === undefined && change.after;
    if (isDefined && !isBack) {
      const nodes = Object.fromEntries(Object.entries(change.after.nodes).map(([id, node]) => [id, marked(node)]));
      change.after = { ...change.after, nodes };
    }
  }
  return byPart(document, operation.changes);
}

/** Marks that the changes touch, by the part of the node. */
export function byPart(document, changes) {
  const found = new Map();
  const note = (part, mark) => found.set(part, (found.get(part) ?? new Set()).add(mark));
  let now = document;
  for (const change of changes) {
    const { scope, inside } = placeOf(change.path);
    const [root, id, ...part] = inside;
    const mark = (node) => valueAt(now, [...scope, "nodes", node])?.parameters?.mark ?? "none";
    if (root === "nodes" && part.length > 0) note(part.join("/"), mark(id));
    if (root === "nodes" && part[0] === "inputs") for (const source of sources(change.after)) note("from", mark(source));
    if (root === "nodes" && part.length === 0 && change.after === undefined) note("gone", mark(id));
    now = applyChanges(now, [change]);
  }
  return found;
}

function marked(node) {
  return { ...node, parameters: { ...node.parameters, mark: `mark ${++marks}` } };
}

function sources(wires) {
  if (typeof wires === "string") return [wires.split(".")[0]];
  return Array.isArray(wires) ? wires.flatMap(sources) : [];
}
