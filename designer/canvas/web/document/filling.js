/**
 * Fills an empty pipeline with the graph of a sample, as the changes of one operation. Pure.
 *
 * @import {Change, GraphDocument} from "../types.js"
 */
import { change } from "./change.js";

const ENTRIES = /** @type {const} */ (["parameters", "nodes", "outputs", "subgraphs"]);
const UNNAMED = new Set(["", "Untitled pipeline"]);

/**
 * @param {GraphDocument} document one without nodes
 * @param {GraphDocument} sample
 * @returns {Change[]}
 */
export function fillWith(document, sample) {
  const changes = ENTRIES.flatMap((kind) => entries(document, [kind], sample[kind]));
  for (const [kind, marks] of Object.entries(sample.layout ?? {})) changes.push(...entries(document, ["layout", kind], marks));
  if (UNNAMED.has(document.name ?? "") && sample.name) changes.push(change(document, ["name"], sample.name));
  if (!document.description && sample.description) changes.push(change(document, ["description"], sample.description));
  return changes;
}

/** @param {GraphDocument} document @param {string[]} path @param {{[name: string]: any} | undefined} values */
function entries(document, path, values) {
  return Object.entries(values ?? {}).map(([name, value]) => change(document, [...path, name], value));
}
