import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

async function open(server, log = new MemoryLog()) {
  const transport = new FakeTransport(server);
  const session = new EditorSession({ transport, pipelineId: "p", log });
  await session.load();
  await settle(5);
  return { transport, session, log };
}

/** A small seeded random number generator (mulberry32). */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const MODULES = ["data.load", "data.split", "learn.forest", "learn.train", "data.add_rows"];

function randomEdit(session, random) {
  const ids = Object.keys(session.document.nodes);
  const any = () => ids[random(ids.length)];
  const dice = random(12);
  if (ids.length < 2 || dice < 3) session.addNode(MODULES[random(MODULES.length)], { x: random(900), y: random(900) });
  else if (dice < 6) {
    const from = any();
    const to = any();
    const { outputs } = session.modules.portsOf(session.document, from);
    const { inputs } = session.modules.portsOf(session.document, to);
    if (outputs.length && inputs.length) session.connect(`${from}.${outputs[random(outputs.length)].name}`, to, inputs[random(inputs.length)].name);
  } else if (dice < 7) session.removeNodes([any()], { heal: random(2) === 0 });
  else if (dice < 9) session.setParameter(any(), `p${random(3)}`, random(4) || undefined);
  else if (dice < 10) session.rename(any(), `Name ${random(5)}`);
  else if (dice < 11) session.undo();
  else session.redo();
}

for (let seed = 1; seed <= 40; seed++) {
  test(`two people editing at once end with the same document (interleaving ${seed})`, async () => {
    const random = generator(seed);
    const server = new FakeServer();
    const tabs = [await open(server), await open(server)];
    for (let step = 0; step < 60; step++) {
      const { session, transport } = tabs[random(2)];
      const dice = random(10);
      if (dice < 6) randomEdit(session, random);
      else if (dice < 7) transport.hold();
      else if (dice < 9) transport.release(1 + random(3));
      else transport.loseAnswers = 1;
      if (random(3) === 0) await settle(1);
    }
    for (let round = 0; round < 60; round++) {
      for (const { transport, session } of tabs) {
        transport.loseAnswers = 0;
        transport.release();
        session.sync.retryNow();
      }
      await settle(3);
    }
    for (const { session } of tabs) {
      assert.equal(session.connection.waiting, 0);
      assert.deepEqual(session.document, server.graph);
    }
    assert.equal(new Set(server.operations.map(({ id }) => id)).size, server.operations.length, "no operation twice");
  });
}

test("an edit stays in the log until the server has it, and a new page sends what the old one could not", async () => {
  const server = new FakeServer();
  const log = new MemoryLog();
  const old = await open(server, log);
  server.isReachable = false;
  old.session.addNode("data.load", { x: 0, y: 0 });
  old.session.addNode("data.split", { x: 0, y: 120 });
  await settle();
  assert.deepEqual(old.session.connection, { state: "offline", waiting: 2 });
  assert.equal(log.entries.length, 2);
  old.session.destroy();

  server.isReachable = true;
  const fresh = await open(server, log);
  await settle();
  assert.deepEqual(Object.keys(server.graph.nodes), ["load", "split"]);
  assert.deepEqual(fresh.session.document, server.graph);
  assert.deepEqual(fresh.session.connection, { state: "online", waiting: 0 });
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
  session.connect("load.dataset", "split", "dataset");
  assert.equal(session.connection.waiting, 3);
  server.isReachable = true;
  transport.onMessage({ kind: "hello", revision: server.revision, run: null });
  session.sync.retryNow();
  await settle();
  assert.deepEqual(server.operations.map(({ label }) => label), ["Add Load", "Add Split", "Connect"]);
  assert.deepEqual(session.connection, { state: "online", waiting: 0 });
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
  transport.send = async (body) => {
    if (body.operations.some(({ changes }) => changes.some(({ path }) => path.at(-1) === "poison"))) {
      throw Object.assign(new Error("unprocessable"), { isRejected: true, diagnostics: [{ code: "G005", message: "No." }] });
    }
    return send(body);
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
  session.connect("load.dataset", "split", "dataset");
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
