import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateWords, OUTCOME_STATES, previewLine, slotsWords, stepsByNode } from "../../../designer/canvas/web/document/plan_preview.js";
import { RunPreviews } from "../../../designer/canvas/web/document/run_previews.js";
import { VISUAL_STATES } from "../../../designer/canvas/web/scene/node_state.js";
import { settle } from "../fakes.js";

const step = (name, outcome, more = {}) => ({ step: name, outcome, is_certain: true, reason: "", ...more });

function open() {
  const asked = [];
  const seen = [];
  const world = { text: "1" };
  const previews = new RunPreviews({
    ask: (options) => new Promise((resolve, reject) => asked.push({ options, answer: (summary) => resolve({ summary }), refuse: reject })),
    world: () => world.text,
    onChange: () => seen.push(previews.shown?.preview?.summary ?? null),
  });
  return { previews, asked, seen, world };
}

test("the same question is asked once as long as nothing changes", async () => {
  const { previews, asked, world } = open();
  const first = previews.get({});
  previews.get({});
  previews.get({ to: ["a"] });
  assert.deepEqual(asked.map(({ options }) => options), [{}, { to: ["a"] }]);
  asked[0].answer("4 run");
  assert.equal((await first).summary, "4 run");
  world.text = "2";
  previews.get({});
  assert.equal(asked.length, 3);
});

test("a question that failed is asked again", async () => {
  const { previews, asked } = open();
  const first = previews.get({});
  asked[0].refuse(new Error("away"));
  await assert.rejects(first);
  previews.get({});
  assert.equal(asked.length, 2);
});

test("an older answer never takes the place of a newer question, and none comes back after closing", async () => {
  const { previews, asked, seen } = open();
  void previews.show({ to: ["a"] });
  void previews.show({ to: ["b"] });
  asked[1].answer("b");
  await settle();
  asked[0].answer("a");
  await settle();
  assert.deepEqual(seen, [null, null, "b"]);
  void previews.show({});
  previews.close();
  asked[2].answer("late");
  await settle();
  assert.equal(previews.shown, null);
});

test("what is shown stays while a newer one is asked for, and a failure is said beside it", async () => {
  const { previews, asked } = open();
  void previews.show({});
  asked[0].answer("first");
  await settle();
  void previews.show({ regenerate: true });
  assert.equal(previews.shown.preview.summary, "first");
  asked[1].refuse(new Error("The server cannot be reached."));
  await settle();
  assert.deepEqual([previews.shown.preview.summary, previews.shown.problem], ["first", "The server cannot be reached."]);
});

test("every outcome has a state of its own on the canvas", () => {
  for (const [outcome, state] of Object.entries(OUTCOME_STATES)) assert.ok(VISUAL_STATES.includes(state), outcome);
});

test("of a subgraph the loudest thing inside is shown, with how many it is", () => {
  const preview = { steps: [step("load", "reused"), step("sub__a", "reused"), step("sub__b", "runs", { reason: "never ran" }), step("sub__c", "runs")] };
  const found = stepsByNode(preview, (name) => name.split("__")[0]);
  assert.deepEqual([...found.keys()], ["load", "sub"]);
  assert.equal(found.get("sub").outcome, "runs");
  assert.equal(found.get("sub").reason, "2 of 3 inside: never ran");
});

test("a node's line says what would happen to it", () => {
  const estimate = { low_s: 1.8, typical_s: 2, high_s: 2.2, runs: 4, basis: "" };
  assert.equal(previewLine(step("a", "runs", { estimate })), "Runs · about 2 s");
  assert.equal(previewLine(step("a", "runs")), "Runs · no past run");
  assert.equal(previewLine(step("a", "reused", { from_run: 12 })), "Reused from run 12");
  assert.equal(previewLine(step("a", "waits", { reason: "It waits: it has a breakpoint." })), "It waits: it has a breakpoint.");
  assert.equal(estimateWords({ low_s: 2, typical_s: 3, high_s: 8 }), "2 to 8 s");
  assert.equal(estimateWords({ low_s: 0.01, typical_s: 0.02, high_s: 0.04 }), "under 0.1 s");
});

test("what a step asks for is said where it is more than one processor, and which GPUs it holds", () => {
  assert.equal(slotsWords(undefined), "");
  assert.equal(slotsWords(undefined, { isPlainToo: true }), "1 processor");
  assert.equal(slotsWords({ cpus: 4, memory_gib: 8, gpus: 2 }), "2 GPUs, 8 GiB, 4 processors");
  assert.equal(slotsWords({ cpus: 0.5, gpus: 0.5 }), "0.5 of a GPU, 0.5 of a processor");
  assert.equal(slotsWords({ gpus: 2, gpu_numbers: [0, 3] }), "GPU 0 and 3, 1 processor");
  assert.equal(slotsWords({ gpus: 0.5, gpu_numbers: [1] }), "0.5 of GPU 1, 1 processor");
});
