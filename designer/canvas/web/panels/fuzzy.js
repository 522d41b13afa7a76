// Fuzzy search for the palette: every word must be found, better places score higher.

/**
 * @typedef {object} Searchable
 * @property {string} title
 * @property {string} id
 * @property {string[]} [tags]
 */

/**
 * Items that match the query, best first; an empty query gives all of them in their own order.
 *
 * @template {Searchable} T
 * @param {string} query
 * @param {readonly T[]} items
 * @returns {T[]}
 */
export function searchItems(query, items) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  return items
    .map((item, index) => ({ item, index, score: scoreItem(words, item) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((entry) => entry.item);
}

/**
 * @param {string[]} words
 * @param {Searchable} item
 */
export function scoreItem(words, item) {
  let total = 0;
  for (const word of words) {
    const best = Math.max(
      scoreText(word, item.title) * 4,
      scoreText(word, item.id.replaceAll(/[._]/g, " ")) * 2,
      ...(item.tags ?? []).map((tag) => scoreText(word, tag) * 2),
    );
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

/**
 * How well a word fits a text: 0 not at all, 1 its letters in order, up to 10 at the very start.
 *
 * @param {string} word
 * @param {string} text
 */
export function scoreText(word, text) {
  const lower = text.toLowerCase();
  const at = lower.indexOf(word);
  if (at === 0) return 10;
  if (at > 0) return /[\s\-_.(]/.test(lower[at - 1] ?? "") ? 8 : 5;
  if (initials(lower).startsWith(word)) return 6;
  return word.length >= 2 && isSubsequence(word, lower) ? 1 : 0;
}

/**
 * Where the query's words occur in a text, as `[start, end]` pairs in order, for highlighting.
 *
 * @param {string} query
 * @param {string} text
 * @returns {[number, number][]}
 */
export function matchRanges(query, text) {
  const lower = text.toLowerCase();
  /** @type {[number, number][]} */
  const ranges = [];
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = lower.indexOf(word);
    if (at >= 0) ranges.push([at, at + word.length]);
  }
  return mergeRanges(ranges);
}

/** @param {[number, number][]} ranges */
function mergeRanges(ranges) {
  /** @type {[number, number][]} */
  const merged = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** @param {string} text */
function initials(text) {
  return text
    .split(/[\s\-_.]+/)
    .map((word) => word[0] ?? "")
    .join("");
}

/**
 * The letters in order, starting at a word's beginning, with few gaps: `tmod` fits `train model`.
 *
 * @param {string} word
 * @param {string} text
 */
function isSubsequence(word, text) {
  for (let start = 0; start < text.length; start += 1) {
    if (text[start] !== word[0] || (start > 0 && !/[\s\-_.]/.test(text[start - 1] ?? ""))) continue;
    let at = start;
    let gaps = 0;
    let found = 1;
    while (found < word.length && ++at < text.length) {
      if (text[at] === word[found]) found += 1;
      else gaps += 1;
    }
    if (found === word.length && gaps <= word.length * 3) return true;
  }
  return false;
}
