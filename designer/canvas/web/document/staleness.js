/**
 * Which results no longer belong to what is drawn: the nodes whose computation differs from the
 * document that ran, and everything behind them.
 *
 * @import {GraphDocument, GraphNode, Operation, StepRun} from "../types.js"
 */
import { isEqual } from "./difference.js";
import { applyChanges, invertChanges, RefusedChange } from "./operations.js";
import { reachable } from "./wires.js";

/** @type {(keyof GraphNode)[]} */
const COMPUTATION = ["module", "version", "digest", "inputs", "parameters", "subgraph"];

/**
 * The stale nodes among those that have run.
 *
 * @param {GraphDocument} ran the document of the run
 * @param {GraphDocument} now
 * @param {ReadonlyMap<string, StepRun>} statuses
 * @returns {Set<string>}
 */
export function staleNodes(ran, now, statuses) {
  if (ran.nodes === now.nodes || statuses.size === 0) return new Set();
  const edited = Object.keys(now.nodes).filter((id) => isEdited(ran.nodes[id], now.nodes[id]));
  if (edited.length === 0) return new Set();
  const reached = [...edited, ...reachable(now, edited, "downstream")];
  return new Set(reached.filter((id) => statuses.has(id)));
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
