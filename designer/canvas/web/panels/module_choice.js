/**
 * Which modules a person most likely wants next, in order. Pure: cards, habits and what was used
 * lately come in, sections come out.
 *
 * @import {ModuleCard, SubgraphDefinition} from "../types.js"
 * @import {WireEnd} from "../document/joining.js"
 * @typedef {{after: {[place: string]: [string, string, number][]}, before: {[place: string]: [string, string, number][]}}} Habits
 * @typedef {{recent: readonly string[], favourites: readonly string[]}} ModuleMemory
 * @typedef {{id: string, title: string, category: string, icon: string, summary: string, tags: string[], card: ModuleCard | null, subgraph: string, fits: boolean, port: string}} Choice
 *   `port`: where people usually connect it, empty where nothing is known
 * @typedef {{title: string, choices: Choice[]}} Section
 */
import { canAdd, categoryTitle, groupCards } from "./palette_model.js";
import { scoreItem } from "./fuzzy.js";
import { fittingPorts } from "../document/joining.js";

const SUGGESTED = 6;
const RECENT = 5;
/** What habits, recent use and favourites weigh beside the words of a search. */
/** What fits this much worse than the best is noise. */
const FAINT = 0.25;
const WEIGHT = { suggested: 4, recent: 2, favourite: 3 };

/**
 * @param {string} query
 * @param {{choices: readonly Choice[], end: WireEnd | null, place: string, habits: Habits, memory: ModuleMemory, showsAll: boolean}} given
 *   `place`: `module.port` of the end that the new node should meet
 * @returns {Section[]} without empty ones
 */
export function chooseModules(query, given) {
  const { choices, end, showsAll, memory } = given;
  const offered = choices.filter((choice) => showsAll || !end || choice.fits);
  const suggested = suggestedPorts(given);
  const named = offered.map((choice) => ({ ...choice, port: suggested.get(choice.id)?.port ?? choice.port }));
  return query.trim() ? found(query, named, { suggested, memory }) : sections(named, { suggested, memory });
}

/**
 * Everything that can be added, as choices; modules that cannot be used are left out.
 *
 * @param {readonly ModuleCard[]} cards
 * @param {{[name: string]: SubgraphDefinition}} subgraphs
 * @param {WireEnd | null} end
 * @param {(name: string) => import("../types.js").ModuleSpec | null} specOfSubgraph
 * @returns {Choice[]}
 */
export function allChoices(cards, subgraphs, end, specOfSubgraph) {
  const modules = groupCards(cards.filter(canAdd)).flatMap(({ cards: list }) => list.map((card) => ({
    id: card.id, title: card.title, category: card.category, icon: card.icon || card.spec?.icon || "extension",
    summary: card.spec?.summary ?? card.summary ?? "", tags: card.spec?.tags ?? [], card, subgraph: "", port: "",
    fits: !end || fittingPorts(card.spec, end).length > 0,
  })));
  const inner = Object.keys(subgraphs).map((name) => {
    const spec = specOfSubgraph(name);
    return {
      id: `subgraph:${name}`, title: spec?.title ?? name, category: "subgraph", icon: "account_tree", summary: "Another use of this subgraph", tags: ["subgraph"],
      card: null, subgraph: name, port: "", fits: !end || fittingPorts(spec, end).length > 0,
    };
  });
  return [...modules, ...inner];
}

/** @param {{end: WireEnd | null, place: string, habits: Habits}} given @returns {Map<string, {count: number, port: string}>} */
function suggestedPorts({ end, place, habits }) {
  const known = (end?.side === "input" ? habits.before : habits.after)[place] ?? [];
  const byModule = new Map();
  for (const [module, port, count] of known) if (!byModule.has(module)) byModule.set(module, { count, port });
  return byModule;
}

/** @param {Choice[]} choices @param {{suggested: Map<string, {count: number, port: string}>, memory: ModuleMemory}} known @returns {Section[]} */
function sections(choices, { suggested, memory }) {
  const byId = new Map(choices.map((choice) => [choice.id, choice]));
  const pick = (/** @type {Iterable<string>} */ ids) => [...ids].flatMap((id) => byId.get(id) ?? []);
  const often = pick(suggested.keys()).slice(0, SUGGESTED);
  const favourites = pick(memory.favourites).filter((choice) => !often.includes(choice));
  const recent = pick(memory.recent).filter((choice) => !often.includes(choice) && !favourites.includes(choice)).slice(0, RECENT);
  const categories = new Map(choices.map(({ category }) => [category, /** @type {Choice[]} */ ([])]));
  for (const choice of choices) categories.get(choice.category)?.push(choice);
  return [
    { title: "Often next", choices: often },
    { title: "Favourites", choices: favourites },
    { title: "Used lately", choices: recent },
    ...[...categories].map(([id, list]) => ({ title: id === "subgraph" ? "Subgraphs of this pipeline" : categoryTitle(id), choices: list })),
  ].filter((section) => section.choices.length > 0);
}

/** @param {string} query @param {Choice[]} choices @param {{suggested: Map<string, unknown>, memory: ModuleMemory}} known @returns {Section[]} */
function found(query, choices, { suggested, memory }) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const recent = new Set(memory.recent);
  const favourites = new Set(memory.favourites);
  const scored = choices.flatMap((choice, order) => {
    const said = scoreItem(words, choice);
    if (said === 0) return [];
    const known = (suggested.has(choice.id) ? WEIGHT.suggested : 0) + (recent.has(choice.id) ? WEIGHT.recent : 0) + (favourites.has(choice.id) ? WEIGHT.favourite : 0);
    return [{ choice, order, score: said + known }];
  });
  scored.sort((a, b) => b.score - a.score || a.choice.title.length - b.choice.title.length || a.order - b.order);
  const least = (scored[0]?.score ?? 0) * FAINT;
  const close = scored.filter(({ score }) => score >= least);
  return close.length ? [{ title: "", choices: close.map(({ choice }) => choice) }] : [];
}
