import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryShelves } from "../../designer/canvas/web/document/history_shelves.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

async function open(server, { log = new MemoryLog(), shelves = new MemoryShelves() } = {}) {
  const transport = new FakeTransport(server);
  const session = new EditorSession({ transport, pipelineId: "p", log, shelves });
  await session.load();
  await settle(5);
  return { transport, session, log };
}

const isAtRest = ({ connection }) => connection.state === "online" && connection.waiting === 0;

test("an edit stays in the log until the server has it, and a new page sends what the old one could not", async () => {
  const server = new FakeServer();
  const log = new MemoryLog();
  const old = await open(server, { log });
  server.isReachable = false;
  old.session.addNode("data.load", { x: 0, y: 0 });
  old.session.addNode("data.split", { x: 0, y: 120 });
  await settle();
  assert.equal(old.session.connection.state, "offline");
  assert.equal(old.session.connection.waiting, 2);
  assert.equal(log.entries.length, 2);
  old.session.destroy();

  server.isReachable = true;
  const fresh = await open(server, { log });
  await settle();
  assert.deepEqual(Object.keys(server.graph.nodes), ["load", "split"]);
  assert.deepEqual(fresh.session.document, server.graph);
  assert.equal(isAtRest(fresh.session), true);
  assert.equal(log.entries.length, 0);
});

test("an answer that was lost is not a second edit", async () => {
  const server = new FakeServer();
  const { session, transport } = await open(server);
  transport.loseAnswers = 1;
  session.addNode("data.load");
  await settle();
  session.sync.retryNow();
  await settle();
  assert.equal(server.operations.length, 1);
  assert.equal(session.connection.waiting, 0);
});

test("edits go on while the server is away, and arrive in order when it is back", async () => {
  const server = new FakeServer();
  const { session, transport } = await open(server);
  server.isReachable = false;
  transport.onClose();
  assert.equal(session.connection.state, "offline");
  session.addNode("data.load");
  session.addNode("data.split");
  session.wires.connect("load.dataset", "split", "dataset");
  assert.equal(session.connection.waiting, 3);
  server.isReachable = true;
  transport.onMessage({ kind: "hello", revision: server.revision, run: null });
  session.sync.retryNow();
  await settle();
  assert.deepEqual(server.operations.map(({ label }) => label), ["Add Load", "Add Split", "Connect"]);
  assert.equal(isAtRest(session), true);
});

test("what the server refuses is taken back and said", async () => {
  const server = new FakeServer();
  const { session: mine, transport } = await open(server);
  const { session: theirs } = await open(server);
  mine.addNode("data.split");
  await settle();
  transport.hold();
  theirs.removeNodes(["split"]);
  await settle();
  const notices = [];
  mine.addEventListener("notice", (event) => notices.push(event.detail));
  mine.setParameter("split", "fraction", 0.5);
  transport.release();
  await settle();
  assert.equal(notices.length, 1);
  assert.match(notices[0].message, /no longer exists/);
  assert.deepEqual(mine.document, server.graph);
  assert.equal(mine.connection.waiting, 0);
});

test("a request that the server cannot take is not sent for ever, and the others get through", async () => {
  const server = new FakeServer();
  const { session, transport } = await open(server);
  const send = transport.send.bind(transport);
  transport.send = async (operations) => {
    if (operations.some(({ changes }) => changes.some(({ path }) => path.at(-1) === "poison"))) {
      throw Object.assign(new Error("unprocessable"), { isRejected: true, diagnostics: [{ code: "G005", message: "No." }] });
    }
    return send(operations);
  };
  transport.hold();
  session.addNode("data.load");
  session.addNode("data.split");
  session.setParameter("split", "poison", 1);
  session.rename("split", "Mine");
  transport.release();
  await settle(60);
  assert.equal(session.connection.waiting, 0);
  assert.equal(server.graph.nodes.split.label, "Mine");
  assert.deepEqual(session.document, server.graph);
});

test("a node that the server gave another id keeps its wires and its undo", async () => {
  const server = new FakeServer();
  const { session, transport } = await open(server);
  const accept = server.accept.bind(server);
  transport.hold();
  session.addNode("data.load");
  session.addNode("data.split");
  session.wires.connect("load.dataset", "split", "dataset");
  server.accept = (operations) => {
    // Somebody else made a `load` first: as the real server does, ours becomes `load_2` in what is stored.
    const text = JSON.stringify(operations).replaceAll('"load"', '"load_2"').replaceAll("load.dataset", "load_2.dataset");
    const answer = accept(JSON.parse(text));
    return { ...answer, results: answer.results.map((result) => ({ ...result, renamed: { load: "load_2" } })) };
  };
  transport.release();
  await settle(40);
  assert.deepEqual(Object.keys(session.document.nodes), ["load_2", "split"]);
  assert.deepEqual(session.document.nodes.split.inputs, { dataset: "load_2.dataset" });
  assert.deepEqual(session.document, server.graph);
  session.removeNodes(["load_2"]);
  session.undo();
  assert.deepEqual(session.document.nodes.split.inputs, { dataset: "load_2.dataset" });
});

test("a gap in what was pushed is fetched", async () => {
  const server = new FakeServer();
  const { session, transport } = await open(server);
  const { session: theirs } = await open(server);
  transport.hold();
  theirs.addNode("data.load");
  theirs.addNode("data.split");
  await settle();
  transport.pushed.shift();
  transport.release();
  await settle();
  assert.deepEqual(session.document, server.graph);
});
