/**
 * Which results no longer belong to what is drawn: the nodes whose computation differs from the
 * document that ran, and everything behind them.
 *
 * @import {GraphDocument, GraphNode, Operation, StepRun} from "../types.js"
 */
import { isEqual } from "./difference.js";
import { flatDocument } from "./flat_nodes.js";
import { applyChanges, invertChanges, RefusedChange } from "./operations.js";
import { SEPARATOR } from "./scope.js";
import { reachable } from "./wires.js";

/** @type {(keyof GraphNode)[]} */
const COMPUTATION = ["module", "version", "digest", "inputs", "parameters", "subgraph"];

/**
 * The stale steps among those that have run.
 *
 * @param {GraphDocument} ran the document of the run
 * @param {GraphDocument} now
 * @param {ReadonlyMap<string, StepRun>} statuses
 * @returns {Set<string>}
 */
export function staleNodes(ran, now, statuses) {
  if ((ran.nodes === now.nodes && ran.subgraphs === now.subgraphs) || statuses.size === 0) return new Set();
  const [was, is] = [flatDocument(ran), flatDocument(now)];
  const edited = Object.keys(is.nodes).filter((id) => isEdited(was.nodes[id], is.nodes[id]));
  if (edited.length === 0) return new Set();
  const reached = new Set([...edited, ...reachable(is, edited, "downstream")]);
  // What a published subgraph consists of is no node here, but has steps named after its use.
  const isReached = (/** @type {string} */ step) => reached.has(step) || usesAround(step).some((id) => reached.has(id));
  return new Set([...statuses.keys()].filter(isReached));
}

/** Ids that a step may be named after, if they are uses. @param {string} step */
function usesAround(step) {
  const found = [];
  for (let end = step.lastIndexOf(SEPARATOR); end > 0; end = step.lastIndexOf(SEPARATOR, end - 1)) found.push(step.slice(0, end));
  return found;
}

/**
 * The document as it was before these operations.
 *
 * @param {GraphDocument} document
 * @param {readonly Operation[]} operations in the order they were made
 */
export function documentBefore(document, operations) {
  return operations.reduceRight((later, { changes }) => {
    try {
      return applyChanges(later, invertChanges(changes));
    } catch (error) {
      if (error instanceof RefusedChange) return later;
      throw error;
    }
  }, document);
}

/** @param {GraphNode | undefined} old @param {GraphNode} fresh */
function isEdited(old, fresh) {
  if (old === undefined || old === fresh) return false;
  return COMPUTATION.some((key) => !isEqual(old[key], fresh[key]));
}
