// Modules a person likes and used lately, remembered in this browser.

import { shallowReactive } from "vue";

const STORED = "designer.modules";
const MOST = 12;

/**
 * @typedef {{recent: string[], favourites: string[]}} ModuleMemory
 */

/** @type {ModuleMemory | null} */
let shared = null;

/** @returns {ModuleMemory} reactive */
export function useModuleMemory() {
  shared ??= shallowReactive(read());
  return shared;
}

/** @param {string} id */
export function noteUse(id) {
  const memory = useModuleMemory();
  memory.recent = [id, ...memory.recent.filter((other) => other !== id)].slice(0, MOST);
  keep(memory);
}

/** @param {string} id */
export function toggleFavourite(id) {
  const memory = useModuleMemory();
  memory.favourites = memory.favourites.includes(id) ? memory.favourites.filter((other) => other !== id) : [...memory.favourites, id];
  keep(memory);
}

/** @param {ModuleMemory} memory */
function keep({ recent, favourites }) {
  try {
    localStorage.setItem(STORED, JSON.stringify({ recent, favourites }));
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

/** @returns {ModuleMemory} */
function read() {
  const texts = (/** @type {unknown} */ value) => (Array.isArray(value) ? value.filter((item) => typeof item === "string") : []);
  try {
    const { recent, favourites } = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return { recent: texts(recent), favourites: texts(favourites) };
  } catch {
    return { recent: [], favourites: [] };
  }
}
