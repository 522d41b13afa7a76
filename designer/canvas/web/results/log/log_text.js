// The text of a log's lines: terminal colours as styles, other terminal commands left out. Pure.

/**
 * @typedef {{text: string, classes: string[], style: Record<string, string>}} Stretch text of one look
 * @typedef {{bold: boolean, dim: boolean, italic: boolean, underline: boolean, fore: string, back: string}} Look
 */

/** `ESC [ … letter`, `ESC ] … BEL`, `ESC letter`. */
const COMMAND = /\x1b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)/g;
const PLAIN = Object.freeze({ bold: false, dim: false, italic: false, underline: false, fore: "", back: "" });

/**
 * A line as stretches of one look each.
 *
 * @param {string} line
 * @returns {Stretch[]}
 */
export function stretchesOf(line) {
  if (!line.includes("\x1b")) return [{ text: line, classes: [], style: {} }];
  /** @type {Stretch[]} */
  const found = [];
  /** @type {Look} */
  let look = { ...PLAIN };
  let end = 0;
  for (const match of line.matchAll(COMMAND)) {
    if (match.index > end) found.push(stretch(line.slice(end, match.index), look));
    if (match[2] === "m") look = looked(look, match[1] ?? "");
    end = match.index + match[0].length;
  }
  if (end < line.length) found.push(stretch(line.slice(end), look));
  return found;
}

/**
 * A line without terminal commands.
 *
 * @param {string} line
 */
export function plainText(line) {
  return line.includes("\x1b") ? line.replace(COMMAND, "") : line;
}

/** @param {string} text @param {Look} look @returns {Stretch} */
function stretch(text, look) {
  const classes = ["bold", "dim", "italic", "underline"]
    .filter((name) => look[/** @type {"bold"} */ (name)])
    .map((name) => `ed-ansi-${name}`);
  /** @type {Record<string, string>} */
  const style = {};
  if (look.fore) style.color = look.fore;
  if (look.back) style.backgroundColor = look.back;
  return { text, classes, style };
}

/** The look after one `m` command. @param {Look} before @param {string} numbers @returns {Look} */
function looked(before, numbers) {
  const codes = numbers.split(/[;:]/).map(Number);
  let look = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) look = { ...PLAIN };
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 22) look.bold = look.dim = false;
    else if (code === 23) look.italic = false;
    else if (code === 24) look.underline = false;
    else if (code === 39) look.fore = "";
    else if (code === 49) look.back = "";
    else if (code === 38 || code === 48) {
      const [color, used] = chosen(codes.slice(at + 1));
      if (code === 38) look.fore = color;
      else look.back = color;
      at += used;
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) look.fore = named(code % 10, code >= 90);
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) look.back = named(code % 10, code >= 100);
  }
  return look;
}

/** `5;n` or `2;r;g;b`. @param {number[]} codes @returns {[string, number]} */
function chosen(codes) {
  if (codes[0] === 2) return [`rgb(${codes.slice(1, 4).map((part) => part & 255).join(" ")})`, 4];
  if (codes[0] !== 5) return ["", 1];
  const number = (codes[1] ?? 0) & 255;
  if (number < 16) return [named(number % 8, number >= 8), 2];
  if (number >= 232) return [`rgb(${Array(3).fill(8 + (number - 232) * 10).join(" ")})`, 2];
  const cube = [36, 6, 1].map((unit) => Math.floor((number - 16) / unit) % 6).map((part) => (part ? part * 40 + 55 : 0));
  return [`rgb(${cube.join(" ")})`, 2];
}

/** @param {number} number @param {boolean} isBright */
function named(number, isBright) {
  return `var(--ansi-${number}${isBright ? "b" : ""})`;
}
