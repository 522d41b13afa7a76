// What is known before a run: how it is kept, how a wire's card says it, what a port's picker gets of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Foresight, isKnownTable, typeWord } from "../../designer/canvas/web/document/foresight.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { wireFacts } from "../../designer/canvas/web/document/wire_facts.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

const table = (names, more = {}) => ({ type: "Table", columns: names.map((name) => ({ name, type: "Int64" })), ...more });
const stored = { type: "Table", digest: "b3:1", bytes: 2_300_000, format: "arrow", summary: { rows: 12_398, columns: 31 } };
const NOW = 1_000_000;

/** A session on a document of these nodes, with what the server knows of them. */
async function open(nodes, foreseen = {}) {
  const server = Object.assign(new FakeServer({ format: 1, nodes }), { foreseen });
  const transport = new FakeTransport(server);
  const session = new EditorSession({ transport, pipelineId: "p", log: new MemoryLog() });
  await session.load();
  await settle();
  return { server, session, transport };
}

const facts = (known) => wireFacts({ type: "Table", artifact: undefined, step: undefined, runNumber: undefined, isStale: false, schema: null, now: NOW, ...known });

test("what is pushed replaces what was known of a node, and a node that is gone is forgotten", () => {
  const foresight = new Foresight();
  foresight.replace({ a: { outputs: { out: table(["x"]) } }, b: { inputs: { in: ["a.out"] } } });
  foresight.take([["a", { outputs: { out: table(["y"]) }, why: "It says so." }], ["b", null]]);
  assert.deepEqual(foresight.on("a.out")?.columns.map(({ name }) => name), ["y"]);
  assert.equal(foresight.why("a.out"), "It says so.");
  assert.deepEqual(foresight.sources("b", "in"), []);
  assert.equal(foresight.on("b.out"), null);
});

test("a table of which nothing is known is told from one without columns", () => {
  assert.equal(isKnownTable({ type: "Table", more: [""] }), false);
  assert.equal(isKnownTable({ type: "Table", columns: [] }), true);
  assert.equal(isKnownTable(table(["x"], { more: [""] })), true);
});

test("a type is said in a word or two", () => {
  assert.equal(typeWord({ type: "Datetime(time_unit='us')" }), "Datetime");
  assert.equal(typeWord({ type: "Int64", other_types: ["Float64"] }), "Int64 or Float64");
  assert.equal(typeWord({ type: "Int8", other_types: ["Int16", "String"] }), "Int8 or other");
  assert.equal(typeWord({}), "");
});

test("a wire that never ran says what is known of it", () => {
  const known = facts({ schema: table(["a", "b"], { rows: 7 }) });
  assert.deepEqual([known.size, known.origin, known.before], ["7 × 2", "known before running", ""]);
  const open = facts({ schema: table(["a"], { more: [""] }) });
  assert.deepEqual([open.size, open.rest], ["1 or more columns", "more that only a run tells"]);
  const nothing = facts({ schema: { type: "Table", more: [""] }, why: "Its code is not run before you press Run." });
  assert.deepEqual([nothing.size, nothing.origin, nothing.why], ["", "not run yet", "Its code is not run before you press Run."]);
});

test("a wire that ran says how much it carries, how old that is and from which run", () => {
  const step = { step: "a", status: "completed", finished_at: NOW - 12 * 60 };
  const ran = facts({ artifact: stored, step, runNumber: 14, schema: table(["a"]) });
  assert.deepEqual([ran.size, ran.origin], ["12,398 × 31 · 2.3 MB", "12 min ago, from run 14"]);
  const reused = facts({ artifact: stored, step: { ...step, reused: true }, schema: null });
  assert.equal(reused.origin, "reused, 12 min ago");
});

test("an edited wire says what comes now before what the last run gave", () => {
  const step = { step: "a", status: "completed", finished_at: NOW - 60 };
  const edited = facts({ artifact: stored, step, runNumber: 3, isStale: true, schema: table(["a", "b"]) });
  assert.deepEqual([edited.size, edited.origin], ["2 columns", "known before running"]);
  assert.match(edited.before, /^the last run gave 12,398 × 31 · 2\.3 MB, 1 min ago, from run 3$/);
  assert.equal(facts({ artifact: stored, step, isStale: true }).before, "edited since");
});

test("a long table shows its first columns and counts the rest", () => {
  const names = Array.from({ length: 31 }, (_, i) => `c${i}`);
  const long = facts({ schema: table(names) });
  assert.deepEqual([long.columns.length, long.rest], [8, "23 more"]);
  const scored = table(names);
  Object.assign(scored.columns[20], { role: "label" });
  Object.assign(scored.columns[30], { role: "score" });
  Object.assign(scored.columns[25], { role: "feature" });
  const told = facts({ schema: scored });
  assert.deepEqual([told.columns.map(({ name }) => name).slice(5), told.rest], [["c5", "c20", "c30"], "23 more"], "labels and scores are shown wherever they stand");
  assert.equal(facts({ schema: table(names.slice(0, 9)) }).columns.length, 9, "one more is shown, not counted");
});

test("a session takes up what is known when it opens, and what is pushed from then on", async () => {
  const nodes = { a: { module: "data.load" }, b: { module: "data.split", inputs: { dataset: "a.dataset" } } };
  const { server, session } = await open(nodes, { a: { outputs: { dataset: table(["x"]) } } });
  assert.deepEqual(session.wires.schemaInto("b", "dataset")?.columns, table(["x"]).columns);
  assert.equal(session.wires.facts("b.dataset")?.size, "1 column");
  for (const send of server.subscribers) send({ kind: "schemas", revision: 0, nodes: [["a", { outputs: { dataset: table(["x", "y"]) } }]] });
  await settle();
  assert.equal(session.wires.facts("b.dataset")?.size, "2 columns");
  assert.equal(session.wires.schemaInto("a", "dataset"), null);
});

test("what was pushed while the page asked is newer than the answer", async () => {
  const { session, transport } = await open({ a: { module: "data.load" } });
  let answer = (/** @type {object} */ _) => {};
  transport.schemas = () => new Promise((resolve) => (answer = resolve));
  void session.reloadSchemas();
  transport.onMessage({ kind: "schemas", nodes: [["a", { outputs: { dataset: table(["new"]) } }]] });
  answer({ nodes: { a: { outputs: { dataset: table(["old"]) } } } });
  await settle();
  assert.deepEqual(session.foresight.on("a.dataset"), table(["new"]));
});

test("the answer to an edit does not bring back problems that the push has taken away", async () => {
  const { server, session, transport } = await open({ a: { module: "data.load" } });
  const problem = { code: "D001", message: "No column.", where: "/nodes/a/parameters/b" };
  transport.onMessage({ kind: "diagnostics", items: [problem] });
  session.setParameter("a", "token", "x");
  await settle();
  assert.equal(server.revision, 1);
  assert.deepEqual(session.diagnostics, [problem], "the answer, made before anything was foreseen, told of none");
  transport.onMessage({ kind: "hello", revision: 1, run: null, diagnostics: [] });
  assert.deepEqual(session.diagnostics, []);
});
