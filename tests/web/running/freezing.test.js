import assert from "node:assert/strict";
import { test } from "node:test";
import { freezing, usesOf } from "../../../designer/canvas/web/document/freezing.js";
import { FrozenFacts } from "../../../designer/canvas/web/document/frozen_facts.js";

const ref = (digest, bytes = 10) => ({ type: "Table", digest, bytes, format: "arrow" });
const GRAPH = { format: 1, nodes: { one: { subgraph: "inner" }, two: { subgraph: "inner" } }, subgraphs: { inner: { nodes: { fit: { module: "m" } } } } };
const view = (outputs, more = {}) => ({
  root: GRAPH, definition: "", titleOf: (id) => id, portsOf: () => [{ name: "dataset", type: "Table" }], outputsOf: () => outputs, ...more,
});

test("a node is frozen with the digests of all its outputs", () => {
  const { states, reason } = freezing(["a"], view({ dataset: ref("b3:1"), of_an_older_version: ref("b3:2") }));
  assert.equal(reason, "");
  assert.deepEqual([...states], [["a", { kind: "frozen", artifacts: { dataset: "b3:1" } }]]);
});

test("without an output it is said what to do first, and nothing is frozen of the others", () => {
  const { states, reason, remedy } = freezing(["a", "b"], view({}, { outputsOf: (id) => (id === "a" ? { dataset: ref("b3:1") } : {}) }));
  assert.equal(states.size, 0);
  assert.equal(reason, "'b' has no output yet that could be frozen.");
  assert.match(remedy, /Run to it first/);
  assert.match(freezing(["a"], view({}, { portsOf: () => [] })).reason, /no outputs to freeze/);
});

test("inside a subgraph that is used twice nothing is frozen: both would get the same output", () => {
  assert.equal(usesOf(GRAPH, "inner"), 2);
  const { reason } = freezing(["fit"], view({ dataset: ref("b3:1") }, { definition: "inner" }));
  assert.equal(reason, "'fit' is inside a subgraph that is used in 2 places.");
});

test("when and how large a frozen output is, is asked once, and again only when it failed", async () => {
  const asked = [];
  let isAway = true;
  let changes = 0;
  const facts = new FrozenFacts(async (digests) => {
    asked.push(digests);
    if (isAway) throw new Error("away");
    return { "b3:1": { artifact: ref("b3:1", 2_400_000), run_id: "r", run_number: 7, step: "a", port: "dataset", at: 1_750_000_000 } };
  }, () => changes++);
  const frozen = { module: "m", state: { kind: "frozen", artifacts: { dataset: "b3:1", gone: "b3:2" } } };
  const document = { format: 1, nodes: { a: frozen } };
  await facts.follow(document);
  assert.equal(facts.words(frozen), "Frozen");
  isAway = false;
  await facts.follow(document);
  await facts.follow(document);
  assert.deepEqual(asked, [["b3:1", "b3:2"], ["b3:1", "b3:2"]]);
  assert.equal(changes, 1);
  assert.deepEqual(facts.of(frozen), { bytes: 2_400_000, at: 1_750_000_000, run: 7 });
  assert.match(facts.words(frozen), /^Frozen · .*Jun.* · 2 MB$/);
});
