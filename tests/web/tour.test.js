import assert from "node:assert/strict";
import { test } from "node:test";
import { TOUR_STEPS, tourFacts } from "../../designer/canvas/web/panels/tour_steps.js";

const empty = { format: 1, nodes: { load: { module: "m.load" } } };
const added = { format: 1, nodes: { ...empty.nodes, sum: { module: "m.sum" } } };
const wired = { format: 1, nodes: { load: { module: "m.load" }, sum: { module: "m.sum", inputs: { dataset: "load.dataset" } } } };
const set = { ...wired, nodes: { ...wired.nodes, load: { module: "m.load", parameters: { name: "iris" } } } };
const first = { id: "r1", status: "completed", steps: { load: { step: "load", status: "completed" } } };
const again = { id: "r2", status: "completed", steps: { load: { step: "load", status: "completed", reused: true } } };

const steps = Object.fromEntries(TOUR_STEPS.map((step) => [step.id, step]));

test("each step of the tour is done by what it asks for and by nothing before it", () => {
  const states = [tourFacts(empty, null, 0), tourFacts(added, null, 0), tourFacts(wired, null, 0), tourFacts(set, null, 0), tourFacts(set, first, 0), tourFacts(set, first, 7), tourFacts(set, again, 7)];
  TOUR_STEPS.forEach((step, at) => {
    assert.equal(step.isDone(states[at], states[at]), false, `${step.id} without doing anything`);
    assert.equal(step.isDone(states[at], states[at + 1]), true, step.id);
  });
});

test("a run under way, or one that computed all again, does not end the steps that ask for a run", () => {
  const before = tourFacts(set, null, 0);
  assert.equal(steps.run.isDone(before, tourFacts(set, { id: "r1", status: "running", steps: {} }, 0)), false);
  assert.equal(steps.reuse.isDone(tourFacts(set, first, 7), tourFacts(set, { ...first, id: "r2" }, 7)), false);
});

test("the words name the keys as they are bound, and none where there is none", () => {
  assert.match(steps.add.text(() => "Ctrl+J"), /or press Ctrl\+J/);
  assert.doesNotMatch(steps.add.text(() => ""), /press , /);
  assert.match(steps.run.text(() => ""), /^Press Run\./);
});
