/**
 * Chords: what a key press is called, and how it is read aloud and drawn. Pure.
 *
 * A chord names its modifiers in the order `Ctrl+Alt+Shift` and then the key: `Ctrl+Shift+F`, `F2`,
 * `/`. Ctrl stands for Cmd on a Mac. Chords one after the other are separated by a space: `Alt+A L`.
 *
 * @typedef {{key: string, code: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean}} KeyPress
 */

/** Keys that are no chord by themselves. */
const SILENT = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified", "Fn", "NumLock"]);
/** @type {{[key: string]: string}} */
const NAMES = { " ": "Space", "+": "Plus", Esc: "Escape", Del: "Delete" };

/** The chord of a key press, empty while only modifiers are down. @param {KeyPress} press */
export function chordOf(press) {
  const key = keyName(press);
  if (!key) return "";
  const isSign = key.length === 1 && !/[A-Z0-9]/.test(key);
  const parts = [];
  if (press.ctrlKey || press.metaKey) parts.push("Ctrl");
  if (press.altKey) parts.push("Alt");
  if (press.shiftKey && !isSign && key !== "Plus") parts.push("Shift");
  return [...parts, key].join("+");
}

/** @param {KeyPress} press */
function keyName({ key, code, ctrlKey, metaKey, altKey }) {
  if (SILENT.has(key)) return "";
  // With a modifier some layouts give another sign; where the key sits decides then.
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter && (ctrlKey || metaKey || altKey)) return letter;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit && (ctrlKey || metaKey || altKey)) return digit;
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** The parts of a chord as they are drawn, one key each. @param {string} chord */
export function chordParts(chord) {
  return chord.split("+").map((part) => SIGNS[part] ?? part);
}

/** A chord or a sequence of chords as text. @param {string} keys */
export function keysText(keys) {
  return keys.split(" ").map((chord) => chordParts(chord).join("+")).join(" ");
}

/** @type {{[part: string]: string}} */
const SIGNS = {
  Plus: "+", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del", Backspace: "⌫",
};
