import assert from "node:assert/strict";
import { test } from "node:test";
import { canContinue, continuation, inSteps, rangeWords } from "../../../designer/canvas/web/document/run_options.js";

test("a run that stopped at a breakpoint goes on from there, to where it was to go", () => {
  const run = { id: "r", status: "completed", steps: {}, stopped_before: ["clean"], scope: { to: ["train"], from_: [], only: [] }, parameters: { seed: 3 }, failure_policy: "continue" };
  assert.equal(canContinue(run), true);
  assert.deepEqual(continuation(run, ["clean", "train"]), {
    from: ["clean"], to: ["train"], stop_before: ["train"], parameters: { seed: 3 }, failure_policy: "continue",
  });
});

test("a run that came to its end, or was stopped by hand, cannot go on", () => {
  assert.equal(canContinue({ id: "r", status: "completed", steps: {} }), false);
  assert.equal(canContinue({ id: "r", status: "cancelled", steps: {}, stopped_before: ["clean"] }), false);
  assert.equal(canContinue(null), false);
});

test("nodes of a subgraph are asked for by their steps", () => {
  assert.deepEqual(inSteps({ to: ["fit"], regenerate: true }, (id) => `sub__${id}`), { to: ["sub__fit"], regenerate: true });
});

test("a range is said in words", () => {
  const say = (options) => rangeWords(options, (step) => step.toUpperCase());
  assert.deepEqual(
    [{}, { regenerate: true }, { to: ["a"] }, { from: ["a", "b"] }, { only: ["a"] }, { failed: true }].map(say),
    ["All", "All again", "To 'A'", "From 2 nodes", "Only 'A'", "Failed and downstream"],
  );
});
