/** How people are told apart where there is little room: initials, and one of a few colours. Pure. */

/** The colours of frames and notes serve for people too. */
export const HUES = /** @type {const} */ (["blue", "amber", "teal", "purple", "red", "green"]);

/** One or two letters. @param {string} name */
export function initialsOf(name) {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1) ?? ""].map(first) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** Which colour a name has: always the same. @param {string} name */
export function hueOf(name) {
  let sum = 0;
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES.length;
}

/** @param {string} word */
function first(word) {
  return [...word][0] ?? "";
}
