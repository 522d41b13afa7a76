/**
 * Edits of two people at one place: what either wrote, and which of it stands now. Pure.
 *
 * @import {Change, GraphDocument, Operation} from "../types.js"
 * @import {Conflict, LogEntry} from "./sync.js"
 *
 * @typedef {"mine" | "theirs"} Side
 * @typedef {{path: string[], mine?: any, theirs?: any}} Contested a side that is absent has taken the place away
 * @typedef {{id: string, label: string, author: string, at: number, places: Contested[]}} Clash
 *   `id` of the operation that came second, `author` and `at` of theirs
 */
import { change } from "./change.js";
import { isEqual } from "./difference.js";
import { valueAt } from "./operations.js";

/**
 * An own operation went over somebody else's edit.
 *
 * @param {readonly Conflict[]} conflicts
 * @param {Operation} operation
 * @returns {Clash}
 */
export function wentOver(conflicts, operation) {
  const places = conflicts.map(({ path, theirs, yours }) => ({ path, mine: yours, theirs }));
  const { author = "", at = 0 } = conflicts[0] ?? {};
  return { id: operation.id, label: operation.label ?? "", author, at, places };
}

/**
 * Somebody else's operation went over own edits; `null` when it went over none of them.
 *
 * @param {LogEntry} entry
 * @param {ReadonlySet<string | undefined>} clients of this page and of those that it goes on from
 * @returns {Clash | null}
 */
export function wentUnder({ id, label = "", author = "", at = 0, conflicts = [] }, clients) {
  const own = conflicts.filter(({ client }) => clients.has(client));
  const places = own.map(({ path, theirs, yours }) => ({ path, mine: theirs, theirs: yours }));
  return places.length > 0 ? { id, label, author, at, places } : null;
}

/** The side that a document has at a place, `null` when it is neither. @param {GraphDocument} root @param {Contested} place @returns {Side | null} */
export function standing(root, { path, mine, theirs }) {
  const value = valueAt(root, path);
  if (isEqual(value, mine)) return "mine";
  return isEqual(value, theirs) ? "theirs" : null;
}

/** What makes a side stand at every place of a clash; empty when it does. @param {GraphDocument} root @param {Clash} clash @param {Side} side @returns {Change[]} */
export function changesTo(root, { places }, side) {
  return places.filter((place) => standing(root, place) !== side).map((place) => change(root, place.path, place[side]));
}

/**
 * The clashes after one more: it takes the place of earlier ones at its places.
 *
 * @param {readonly Clash[]} clashes
 * @param {Clash} added
 */
export function withClash(clashes, added) {
  const taken = new Set(added.places.map(({ path }) => path.join("/")));
  const isMet = (/** @type {Clash} */ { id, places }) => id === added.id || places.every(({ path }) => taken.has(path.join("/")));
  return [...clashes.filter((clash) => !isMet(clash)), added];
}

/** Those about which something is still to be decided: somewhere one of the two sides stands. @param {readonly Clash[]} clashes @param {GraphDocument} root */
export function undecided(clashes, root) {
  return clashes.filter(({ places }) => places.some((place) => standing(root, place) !== null));
}
