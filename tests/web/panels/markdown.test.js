import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownWords, parseMarkdown } from "../../../designer/canvas/web/panels/markdown.js";

const flat = (nodes) => nodes.map((node) => (typeof node === "string" ? node : `<${node.tag}${node.attributes ? ` ${node.attributes.href}` : ""}>${flat(node.children)}</>`)).join("");
const shown = (text) => flat(parseMarkdown(text));

test("blocks and spans of the small Markdown", () => {
  assert.equal(shown("# Title\ntext"), "<h4>Title</><p>text</>");
  assert.equal(shown("a **b** *c* `d`"), "<p>a <strong>b</> <em>c</> <code>d</></>");
  assert.equal(shown("- one\n- two\n\n1. three"), "<ul><li>one</><li>two</></><ol><li>three</></>");
  assert.equal(shown("> said\n> so"), "<blockquote>said so</>");
  assert.equal(shown("```\n**raw** <b>\n```"), "<pre><code>**raw** <b></></>");
  assert.equal(shown("one\ntwo"), "<p>one<br></>two</>");
});

test("links go to web addresses only, and text stays text", () => {
  assert.equal(shown("[x](https://a.org/b?c=d)"), "<p><a https://a.org/b?c=d>x</></>");
  assert.equal(shown("see https://a.org."), "<p>see <a https://a.org>https://a.org</>.</>");
  assert.equal(shown("[x](javascript:alert(1))"), "<p>[x](javascript:alert(1))</>");
  assert.equal(shown("[x](data:text/html,1)"), "<p>[x](data:text/html,1)</>");
  assert.equal(shown("<script>alert(1)</script>"), "<p><script>alert(1)</script></>");
});

test("odd text neither hangs nor loses anything", () => {
  for (const text of ["**", "``", "[](", "* ", "#", ">", "```", "a".repeat(50_000), "**a **b** c**", "\u0000"]) assert.ok(Array.isArray(parseMarkdown(text)));
  assert.equal(shown("2 * 3 * 4"), "<p>2 * 3 * 4</>");
});

test("the words alone stand on one line, without the signs that shape them", () => {
  assert.equal(markdownWords("# Why **0.7**?\nThe `paper`\n- has *0.8*\n- see [it](https://example.org)"), "Why 0.7? The paper has 0.8 see it");
  assert.equal(markdownWords(" \n"), "");
});
