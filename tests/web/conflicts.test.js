import assert from "node:assert/strict";
import { test } from "node:test";
import { changesTo, standing, undecided, wentOver, wentUnder, withClash } from "../../designer/canvas/web/document/conflicts.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { placeWords, sideWords } from "../../designer/canvas/web/panels/clash_words.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

const SEED = ["nodes", "split", "parameters", "seed"];
const graph = (/** @type {any} */ parameters) => ({ format: 1, nodes: { split: { module: "data.split", version: "1.0.0", parameters } } });
const operation = { id: "b", client: "me", label: "Change seed", base: 3, changes: [{ path: SEED, before: 1, after: 7 }] };

test("who comes second sees the own value as standing, who came first the other's", () => {
  const conflict = { path: SEED, theirs: 5, yours: 7, author: "Ada", client: "first", at: 12 };
  const second = wentOver([conflict], operation);
  const first = wentUnder({ ...operation, revision: 5, author: "Bo", at: 13, conflicts: [conflict] }, new Set(["first"]));
  assert.deepEqual(second.places, [{ path: SEED, mine: 7, theirs: 5 }]);
  assert.deepEqual([second.author, second.at], ["Ada", 12]);
  assert.deepEqual(first?.places, [{ path: SEED, mine: 5, theirs: 7 }]);
  assert.deepEqual([first?.author, first?.at], ["Bo", 13]);
  assert.equal(standing(graph({ seed: 7 }), second.places[0]), "mine");
  assert.equal(standing(graph({ seed: 7 }), /** @type {any} */ (first).places[0]), "theirs");
});

test("an operation that went over a third client's edit is no clash of mine", () => {
  assert.equal(wentUnder({ ...operation, revision: 5, conflicts: [{ path: SEED, theirs: 5, yours: 7, client: "third" }] }, new Set(["first"])), null);
  assert.equal(wentUnder({ ...operation, revision: 5 }, new Set(["first"])), null);
});

test("an edit made before a reload is still one's own when somebody goes over it", async () => {
  const session = new EditorSession({ transport: new FakeTransport(new FakeServer()), pipelineId: "p", log: new MemoryLog() });
  await session.load();
  session.addNode("data.split");
  session.setParameter("split", "seed", 7);
  session.history.done = session.history.done.map((step) => ({ ...step, client: "before" }));
  const conflict = { path: SEED, theirs: 5, yours: 7, client: "before" };
  session.clashes.follow([{ ...operation, revision: 5, conflicts: [conflict] }]);
  assert.deepEqual(session.clashes.items.map(({ places }) => places), [[{ path: SEED, mine: 5, theirs: 7 }]]);
});

test("a side that took the value away stands where nothing is, and is kept by taking it away again", () => {
  const clash = wentOver([{ path: SEED, theirs: undefined, yours: 7 }], operation);
  assert.equal(standing(graph({}), clash.places[0]), "theirs");
  assert.deepEqual(changesTo(graph({ seed: 7 }), clash, "theirs"), [{ path: SEED, before: 7 }]);
  assert.deepEqual(changesTo(graph({ seed: 7 }), clash, "mine"), []);
});

test("a later clash at the same place takes the earlier one's; what neither side holds is decided", () => {
  const early = wentOver([{ path: SEED, theirs: 5, yours: 7 }], operation);
  const late = wentOver([{ path: SEED, theirs: 7, yours: 9 }], { ...operation, id: "c" });
  const clashes = withClash(withClash([], early), late);
  assert.deepEqual(clashes, [late]);
  assert.deepEqual(undecided(clashes, graph({ seed: 9 })), [late]);
  assert.deepEqual(undecided(clashes, graph({ seed: 1 })), []);
});

test("their side is kept by one edit that undo takes back, and the clash is gone", async () => {
  const server = new FakeServer();
  const session = new EditorSession({ transport: new FakeTransport(server), pipelineId: "p", log: new MemoryLog() });
  await session.load();
  session.addNode("data.split");
  session.setParameter("split", "seed", 7);
  await settle();
  const clash = wentOver([{ path: SEED, theirs: 5, yours: 7 }], operation);
  session.clashes.add(clash);
  const before = server.operations.length;
  session.clashes.keep(clash, "theirs");
  await settle();
  assert.equal(server.operations.length, before + 1);
  assert.equal(server.graph.nodes.split.parameters.seed, 5);
  assert.deepEqual(session.clashes.items, []);
  session.undo();
  assert.equal(session.document.nodes.split.parameters.seed, 7);
});

test("places and sides are told in the words of the canvas, secrets are not", async () => {
  const session = new EditorSession({ transport: new FakeTransport(new FakeServer()), pipelineId: "p", log: new MemoryLog() });
  await session.load();
  for (const module of ["data.load", "data.split"]) session.addNode(module);
  assert.equal(placeWords(SEED, session), "Split · seed");
  assert.equal(sideWords(SEED, undefined, session), "the default");
  assert.equal(sideWords(["nodes", "split", "inputs", "dataset"], "load.dataset", session), "from Load · dataset");
  assert.equal(sideWords(["nodes", "load", "parameters", "token"], "hidden-thing", session), "a secret");
  assert.equal(sideWords(["nodes", "split"], undefined, session), "deleted");
});
