/**
 * A module's documentation as its author wrote it, cut into sections and blocks. Text stays text. Pure.
 *
 * @typedef {{kind: "text", text: string} | {kind: "code", text: string} | {kind: "list", items: string[]} | {kind: "terms", items: {name: string, text: string}[]}} DocBlock
 * @typedef {{title: string, blocks: DocBlock[]}} DocSection
 */

const SECTION = /^([A-Z][A-Za-z ]{2,24}):\s*$/;
const BULLET = /^\s{0,3}[*-] +/;
const TERM = /^([A-Za-z_][\w., ]*?)(?: \([^)]*\))?: +([\s\S]*)$/;

/** @param {string} text @returns {DocSection[]} the first has no title */
export function parseDocstring(text) {
  /** @type {{title: string, lines: string[]}[]} */
  const sections = [{ title: "", lines: [] }];
  for (const line of text.replaceAll("\t", "    ").replaceAll("\r", "").split("\n")) {
    const found = SECTION.exec(line);
    if (found) sections.push({ title: found[1], lines: [] });
    else sections[sections.length - 1].lines.push(line);
  }
  return sections.map(({ title, lines }) => ({ title, blocks: blocksOf(lines, title !== "") })).filter(({ blocks }) => blocks.length > 0);
}

/** @param {string[]} lines @param {boolean} hasTerms whether `name: text` begins an entry @returns {DocBlock[]} */
function blocksOf(lines, hasTerms) {
  return dedented(lines.join("\n")).split(/\n\s*\n/).filter((block) => block.trim()).map((block) => blockOf(block, hasTerms));
}

/** @param {string} block @param {boolean} hasTerms @returns {DocBlock} */
function blockOf(block, hasTerms) {
  const trimmed = block.trim();
  const isIndented = block.split("\n").every((line) => line.startsWith("    "));
  if (isIndented || trimmed.startsWith(">>>") || trimmed.startsWith("```")) return { kind: "code", text: dedented(block).replace(/^```\w*\n?|\n?```$/g, "") };
  if (BULLET.test(block)) return { kind: "list", items: block.split(/\n(?=\s{0,3}[*-] )/).map((item) => joined(item.replace(BULLET, ""))) };
  const entries = block.split(/\n(?=\S)/).map((entry) => TERM.exec(entry));
  if (hasTerms && entries.every(Boolean)) return { kind: "terms", items: entries.map((entry) => ({ name: entry?.[1] ?? "", text: joined(entry?.[2] ?? "") })) };
  return { kind: "text", text: joined(block) };
}

/** @param {string} text */
function dedented(text) {
  const lines = text.replace(/^\n+|\s+$/g, "").split("\n");
  const depths = lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length);
  const depth = depths.length ? Math.min(...depths) : 0;
  return lines.map((line) => line.slice(depth)).join("\n");
}

/** @param {string} text */
function joined(text) {
  return text.replace(/\s*\n\s*/g, " ").replaceAll("``", "`").trim();
}
