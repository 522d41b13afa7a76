/**
 * Places that the server suggests for nodes that have none. They are in no document until a gesture
 * gives a place to any node: then what was seen stays as it was seen. Pure.
 *
 * @import {Change, GraphDocument, Point} from "../types.js"
 * @typedef {{[definition: string]: {[id: string]: Point}}} SuggestedPlaces the empty name is the pipeline
 */
import { placesForTheRest } from "../scene/placement.js";
import { change } from "./edits.js";
import { holderOf } from "./subgraphs.js";

/**
 * The changes of a gesture, with the suggested places of the nodes around it where it gives places.
 *
 * @param {GraphDocument} root
 * @param {Change[]} changes of the whole document
 * @param {SuggestedPlaces} places
 * @returns {Change[]}
 */
export function withSuggestedPlaces(root, changes, places) {
  const touched = new Set(changes.map(({ path }) => path.join("\n")));
  const more = Object.keys(places).flatMap((definition) => {
    const scope = definition ? ["subgraphs", definition] : [];
    const holder = holderOf(root, definition);
    const start = [...scope, "layout", "nodes", ""].join("\n");
    if (!holder || ![...touched].some((path) => path.startsWith(start))) return [];
    return Object.entries(places[definition]).flatMap(([id, { x, y }]) => {
      const path = [...scope, "layout", "nodes", id];
      const isGone = !holder.nodes[id] || touched.has([...scope, "nodes", id].join("\n"));
      const isPlaced = holder.layout?.nodes?.[id] !== undefined || touched.has(path.join("\n"));
      return isGone || isPlaced ? [] : [change(root, path, { x, y })];
    });
  });
  return more.length > 0 ? [...changes, ...more] : changes;
}

/**
 * A document in which every node of some definitions has a place, as it is seen.
 *
 * @param {GraphDocument} root
 * @param {Iterable<string>} definitions
 * @param {SuggestedPlaces} places
 * @returns {GraphDocument} the same one where nothing is missing
 */
export function withEveryPlace(root, definitions, places) {
  let filled = root;
  for (const definition of new Set(definitions)) {
    const holder = holderOf(root, definition);
    const missing = holder && placesForTheRest({ format: 1, nodes: holder.nodes, layout: holder.layout }, places[definition]);
    if (!holder || !missing?.size) continue;
    const layout = { ...holder.layout, nodes: { ...Object.fromEntries(missing), ...holder.layout?.nodes } };
    filled = definition ? { ...filled, subgraphs: { ...filled.subgraphs, [definition]: { ...filled.subgraphs?.[definition], nodes: holder.nodes, layout } } } : { ...filled, layout };
  }
  return filled;
}
