import assert from "node:assert/strict";
import { test } from "node:test";
import { STATE_WORDS, VISUAL_STATES } from "../../../designer/canvas/web/scene/node_state.js";
import { GLYPHS } from "../../../designer/canvas/web/scene/status_glyphs.js";

test("every state but the one that says nothing has a shape and words of its own", () => {
  const shapes = VISUAL_STATES.filter((state) => state !== "idle").map((state) => GLYPHS[state]);
  assert.ok(shapes.every(Boolean));
  assert.equal(new Set(shapes).size, shapes.length);
  assert.equal(new Set(VISUAL_STATES.map((state) => STATE_WORDS[state])).size, VISUAL_STATES.length);
});
