// The palette as a value: cards grouped by category, in a fixed order, filtered by the search.

import { searchItems } from "./fuzzy.js";

/**
 * @import {ModuleCard} from "../types.js"
 * @typedef {{id: string, title: string, cards: ModuleCard[]}} Category
 */

/** Categories in the order of a pipeline's work; others follow by name. */
const ORDER = [
  "data_input_output",
  "data_transformation",
  "feature_selection",
  "statistical_functions",
  "regression",
  "classification",
  "clustering",
  "anomaly_detection",
  "model_training",
  "model_scoring_evaluation",
  "python_language",
  "r_language",
  "text_analytics",
  "computer_vision",
  "recommendation",
  "web_service",
];

/**
 * Cards by category; disabled modules are left out unless the search names them.
 *
 * @param {readonly ModuleCard[]} cards
 * @returns {Category[]}
 */
export function groupCards(cards) {
  /** @type {Map<string, ModuleCard[]>} */
  const groups = new Map();
  for (const card of cards) {
    const group = groups.get(card.category) ?? [];
    group.push(card);
    groups.set(card.category, group);
  }
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([id, items]) => ({
      id,
      title: categoryTitle(id),
      cards: items.sort((a, b) => a.title.localeCompare(b.title)),
    }));
}

/**
 * The modules a person marked, as a group of their own; none when there are none.
 *
 * @param {readonly ModuleCard[]} cards
 * @param {readonly string[]} ids
 * @returns {Category[]}
 */
export function favouriteGroup(cards, ids) {
  const marked = cards.filter((card) => ids.includes(card.id)).sort((a, b) => a.title.localeCompare(b.title));
  return marked.length ? [{ id: "favourites", title: "Favourites", cards: marked }] : [];
}

/**
 * Cards that match the search, best first.
 *
 * @param {string} query
 * @param {readonly ModuleCard[]} cards
 * @returns {ModuleCard[]}
 */
export function findCards(query, cards) {
  const items = cards.map((card) => ({ card, id: card.id, title: card.title, tags: card.spec?.tags ?? [] }));
  return searchItems(query, items).map((item) => item.card);
}

/**
 * The state a card shows: of its default version, or of its only one.
 *
 * @param {ModuleCard} card
 * @returns {{state: string, message: string, replacement: string}}
 */
export function cardState(card) {
  if (card.error) return { state: "broken", message: card.error.message, replacement: "" };
  const version = card.versions.find((item) => item.version === card.default) ?? card.versions[0];
  return {
    state: version?.state ?? card.spec?.state ?? "active",
    message: version?.message ?? card.spec?.state_message ?? "",
    replacement: version?.replacement ?? card.spec?.replacement ?? "",
  };
}

/**
 * Whether a fresh node of this card can be made.
 *
 * @param {ModuleCard} card
 */
export function canAdd(card) {
  const { state } = cardState(card);
  return state !== "broken" && state !== "disabled" && card.spec !== null;
}

/**
 * The version a fresh node takes: the default, or the draft of a module that has no other.
 *
 * @param {ModuleCard} card
 */
export function versionToAdd(card) {
  return card.default ?? card.spec?.version ?? "default";
}

/**
 * What a module is written as, where it is neither a function nor a subgraph.
 *
 * @param {import("../types.js").ModuleSpec | null | undefined} spec
 */
export function kindWord(spec) {
  return spec?.kind && ["script", "command", "notebook"].includes(spec.kind) ? spec.kind : "";
}

/**
 * A category's name for people.
 *
 * @param {string} id
 */
export function categoryTitle(id) {
  const known = TITLES[id];
  if (known) return known;
  const words = id.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @type {Record<string, string>} */
const TITLES = {
  data_input_output: "Data input and output",
  model_scoring_evaluation: "Scoring and evaluation",
  python_language: "Python",
  r_language: "R",
  custom: "Your modules",
};

/** @param {string} id */
function rank(id) {
  if (id === "custom") return -1;
  const at = ORDER.indexOf(id);
  return at < 0 ? ORDER.length : at;
}
