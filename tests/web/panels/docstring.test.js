import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocstring } from "../../../designer/canvas/web/panels/docstring.js";

const TEXT = `Divide the rows.

More about
it, with \`\`code\`\`.

* one
  goes on
* two

Args:
    dataset: What is
        divided.
    fraction: How much.

Raises:
    DataError: D004 if it cannot.

Example:
    >>> split(1)
    2
`;

test("a docstring is cut into its sections, each into blocks", () => {
  const sections = parseDocstring(TEXT);
  assert.deepEqual(sections.map(({ title }) => title), ["", "Args", "Raises", "Example"]);
  assert.deepEqual(sections[0].blocks, [
    { kind: "text", text: "Divide the rows." },
    { kind: "text", text: "More about it, with `code`." },
    { kind: "list", items: ["one goes on", "two"] },
  ]);
  assert.deepEqual(sections[1].blocks, [{ kind: "terms", items: [{ name: "dataset", text: "What is divided." }, { name: "fraction", text: "How much." }] }]);
  assert.deepEqual(sections[2].blocks, [{ kind: "terms", items: [{ name: "DataError", text: "D004 if it cannot." }] }]);
  assert.deepEqual(sections[3].blocks, [{ kind: "code", text: ">>> split(1)\n2" }]);
});

test("markup in a docstring stays text, and an empty one has no section", () => {
  assert.deepEqual(parseDocstring("<b>bold</b>"), [{ title: "", blocks: [{ kind: "text", text: "<b>bold</b>" }] }]);
  assert.deepEqual(parseDocstring("  \n "), []);
});
