/**
 * What the browser keeps for this person: absent where it is switched off, and never trusted to hold
 * what was put there.
 */

/** @returns {Storage | null} */
export function browserStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/**
 * A list that was kept, without what does not belong into it.
 *
 * @template T
 * @param {Pick<Storage, "getItem"> | null} storage
 * @param {string} key
 * @param {(item: any) => item is T} isItem
 * @returns {T[]}
 */
export function keptList(storage, key, isItem) {
  try {
    const found = JSON.parse(storage?.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter(isItem) : [];
  } catch {
    return [];
  }
}
