/**
 * One change of a document.
 *
 * @import {Change, GraphDocument} from "../types.js"
 */
import { valueAt } from "./operations.js";

/**
 * A change of one path from what it holds now.
 *
 * @param {GraphDocument} document
 * @param {string[]} path
 * @param {any} after `undefined` removes
 * @returns {Change}
 */
export function change(document, path, after) {
  const before = valueAt(document, path);
  /** @type {Change} */
  const result = { path };
  if (before !== undefined) result.before = before;
  if (after !== undefined) result.after = after;
  return result;
}
