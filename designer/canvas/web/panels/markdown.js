/**
 * Markdown as people write it in notes and comments: a small, safe part of it, as a tree. Text stays
 * text: nothing a person writes becomes markup of its own, and links go to web addresses only. Pure.
 *
 * Known: `#` headings, paragraphs, `-` and `1.` lists, `>` quotes, fenced code, `**strong**`,
 * `*emphasis*`, `` `code` ``, `[text](address)` and bare addresses.
 *
 * @typedef {{tag: string, attributes?: {[name: string]: string}, children: (MarkdownNode | string)[]}} MarkdownNode
 */

const LONGEST = 20_000;
const INLINE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?])/g;

/** @param {string} text @returns {MarkdownNode[]} blocks */
export function parseMarkdown(text) {
  const lines = text.slice(0, LONGEST).replaceAll("\r", "").split("\n");
  /** @type {MarkdownNode[]} */
  const blocks = [];
  for (let at = 0; at < lines.length; ) at = takeBlock(lines, at, blocks);
  return blocks;
}

/** @param {string[]} lines @param {number} at @param {MarkdownNode[]} blocks grows @returns {number} the line after the block */
function takeBlock(lines, at, blocks) {
  const line = lines[at];
  if (line.trim() === "") return at + 1;
  if (line.startsWith("```")) {
    const end = lines.findIndex((other, i) => i > at && other.startsWith("```"));
    const last = end < 0 ? lines.length : end;
    blocks.push({ tag: "pre", children: [{ tag: "code", children: [lines.slice(at + 1, last).join("\n")] }] });
    return last + 1;
  }
  const heading = /^(#{1,3})\s+(.*)$/.exec(line);
  if (heading) {
    blocks.push({ tag: `h${heading[1].length + 3}`, children: inline(heading[2]) });
    return at + 1;
  }
  for (const { tag, start } of LISTS) if (start.test(line)) return takeList(lines, at, { tag, start, blocks });
  if (line.startsWith(">")) return takeWhile(lines, at, (other) => other.startsWith(">"), (quoted) => blocks.push({ tag: "blockquote", children: inline(quoted.map((other) => other.replace(/^>\s?/, "")).join(" ")) }));
  return takeWhile(lines, at, (other) => other.trim() !== "" && !isOpening(other), (taken) => blocks.push({ tag: "p", children: joined(taken) }));
}

const LISTS = [{ tag: "ul", start: /^\s*[-*]\s+/ }, { tag: "ol", start: /^\s*\d{1,3}[.)]\s+/ }];

/** @param {string[]} lines @param {number} at @param {{tag: string, start: RegExp, blocks: MarkdownNode[]}} list */
function takeList(lines, at, { tag, start, blocks }) {
  return takeWhile(lines, at, (line) => start.test(line), (items) => blocks.push({ tag, children: items.map((item) => ({ tag: "li", children: inline(item.replace(start, "")) })) }));
}

/** @param {string[]} lines @param {number} at @param {(line: string) => boolean} belongs @param {(taken: string[]) => void} use */
function takeWhile(lines, at, belongs, use) {
  let end = at + 1;
  while (end < lines.length && belongs(lines[end])) end += 1;
  use(lines.slice(at, end));
  return end;
}

/** Whether a line begins a block of its own. @param {string} line */
function isOpening(line) {
  return /^(#{1,3}\s|>|```)/.test(line) || LISTS.some(({ start }) => start.test(line));
}

/** Lines of a paragraph, each on its own as it was written. @param {string[]} lines */
function joined(lines) {
  return lines.flatMap((line, i) => [...(i ? [{ tag: "br", children: [] }] : []), ...inline(line.trim())]);
}

/** @param {string} text @returns {(MarkdownNode | string)[]} */
function inline(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push(span(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** @param {RegExpMatchArray} match @returns {MarkdownNode} */
function span([, code, strong, emphasis, words, address, bare]) {
  if (code !== undefined) return { tag: "code", children: [code] };
  if (strong !== undefined) return { tag: "strong", children: inline(strong) };
  if (emphasis !== undefined) return { tag: "em", children: inline(emphasis) };
  return { tag: "a", attributes: { href: address ?? bare, target: "_blank", rel: "noopener noreferrer" }, children: [words ?? bare] };
}

/** The words alone, on one line: for lists and for what is read aloud. @param {string} text */
export function markdownWords(text) {
  return parseMarkdown(text).map(wordsOf).join(" ").replaceAll(/\s+/g, " ").trim();
}

/** @param {MarkdownNode | string} node @returns {string} */
function wordsOf(node) {
  if (typeof node === "string") return node;
  if (node.tag === "br") return " ";
  return node.children.map(wordsOf).join(node.tag === "ul" || node.tag === "ol" ? " " : "");
}

/** The tree as elements. @param {readonly (MarkdownNode | string)[]} nodes @returns {Node[]} */
export function markdownElements(nodes) {
  return nodes.map((node) => {
    if (typeof node === "string") return document.createTextNode(node);
    const element = document.createElement(node.tag);
    for (const [name, value] of Object.entries(node.attributes ?? {})) element.setAttribute(name, value);
    element.append(...markdownElements(node.children));
    return element;
  });
}

/**
 * The tree as Vue's virtual nodes.
 *
 * @param {readonly (MarkdownNode | string)[]} nodes
 * @param {typeof import("vue").h} h
 * @returns {any[]}
 */
export function markdownVnodes(nodes, h) {
  return nodes.map((node) => (typeof node === "string" ? node : h(node.tag, node.attributes ?? {}, markdownVnodes(node.children, h))));
}
