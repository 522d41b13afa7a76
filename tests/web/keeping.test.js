// What must survive a reload, a crash, a lost answer: the log, the names in it, and the steps of undo.
import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../designer/canvas/web/document/history.js";
import { keepHistory } from "../../designer/canvas/web/document/history_keeper.js";
import { MemoryShelves } from "../../designer/canvas/web/document/history_shelves.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { CARDS, settle, SPECS } from "./fakes.js";
import { MergeModel } from "./interleavings/merge_model.js";
import { Line, Server } from "./interleavings/network.js";

const EMPTY = { format: 1, name: "p", nodes: {} };

function tabStorage() {
  const items = new Map();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
}

async function open(server, { client, log = new MemoryLog(), shelves = new MemoryShelves() }) {
  const line = new Line(server, { specs: SPECS, cards: CARDS });
  const session = new EditorSession({ transport: line, pipelineId: "p", client, log, shelves });
  const notices = [];
  session.addEventListener("notice", (event) => notices.push(event.detail));
  await session.load();
  line.connect();
  return { line, session, log, notices };
}

async function calm(...editors) {
  for (let round = 0; round < 30; round++) {
    for (const { line, session } of editors) {
      line.connect();
      while (line.requests.length) await line.deliverRequest(0);
      while (line.pushes.length) line.deliverPush();
      session.sync.retryNow();
    }
    await settle(2);
  }
}

test("an edit whose answer was lost before a reload does not stay on top of what others do later", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const log = new MemoryLog();
  const old = await open(server, { client: "a.1", log });
  old.session.edit("Describe", [{ path: ["description"], after: "mine" }]);
  await old.line.deliverRequest(0, { isUnanswered: true });
  await settle(2);
  old.session.destroy();
  const [fresh, other] = [await open(server, { client: "a.2", log }), await open(server, { client: "b.1" })];
  await calm(fresh, other);
  other.session.edit("Describe", [{ path: ["description"], after: "theirs" }]);
  await calm(fresh, other);
  assert.equal(fresh.session.document.description, "theirs");
  assert.equal(fresh.session.copy.pending.length, 0);
  assert.deepEqual(log.entries, []);
});

test("a node's new id is in the log before a crash can bring the old one back", async () => {
  const server = new Server(new MergeModel({ ...EMPTY, nodes: { load: { module: "data.load", version: "1.0.0" } } }));
  const log = new MemoryLog();
  const mine = await open(server, { client: "a.1", log });
  mine.session.copy.confirmed = mine.session.copy.document = EMPTY;
  mine.session.addNode("data.load");
  mine.session.setParameter("load", "name", "mine");
  await mine.line.deliverRequest(0);
  await settle(2);
  assert.deepEqual(log.entries.map(({ operation }) => operation.changes[0].path.slice(0, 2)), [["nodes", "load_2"]]);
  mine.session.destroy();
  await calm(await open(server, { client: "a.2", log }));
  const { nodes } = server.merge.document;
  assert.equal(nodes.load.parameters, undefined);
  assert.deepEqual(nodes.load_2.parameters, { name: "mine" });
});

test("an undo that would bring a node back where somebody made another gives it another name", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const [mine, theirs] = [await open(server, { client: "a.1" }), await open(server, { client: "b.1" })];
  mine.session.addNode("data.load");
  mine.session.rename("load", "Mine");
  mine.session.removeNodes(["load"]);
  await calm(mine, theirs);
  theirs.session.addNode("data.load");
  theirs.session.rename("load", "Theirs");
  await calm(mine, theirs);
  mine.session.undo();
  mine.session.undo();
  await calm(mine, theirs);
  assert.equal(server.merge.document.nodes.load.label, "Theirs");
  assert.equal(server.merge.document.nodes.load_2.label, undefined);
  mine.session.undo();
  await calm(mine, theirs);
  assert.deepEqual(Object.keys(server.merge.document.nodes), ["load"]);
});

test("what others deleted and made anew is not taken away by undoing one's own", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const [mine, theirs] = [await open(server, { client: "a.1" }), await open(server, { client: "b.1" })];
  mine.session.addNode("data.load");
  await calm(mine, theirs);
  theirs.session.removeNodes(["load"]);
  theirs.session.addNode("data.load");
  await calm(mine, theirs);
  mine.session.undo();
  await calm(mine, theirs);
  assert.deepEqual(Object.keys(server.merge.document.nodes), ["load"]);
});

test("a server that was set back to a backup is followed, whatever number it has reached since", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const [mine, theirs] = [await open(server, { client: "a.1" }), await open(server, { client: "b.1" })];
  const backup = { document: server.merge.document, log: [...server.merge.log] };
  for (const text of ["one", "two"]) mine.session.edit("Describe", [{ path: ["description"], after: text }]);
  await calm(mine, theirs);
  for (const { line } of [mine, theirs]) line.disconnect();
  Object.assign(server.merge, backup);
  await calm(theirs);
  theirs.session.addNode("data.load");
  theirs.session.addNode("data.split");
  await calm(theirs);
  await calm(mine, theirs);
  assert.deepEqual(mine.session.root, server.merge.document);
});

test("a request that hangs is sent again when the push channel is back", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const { line, session } = await open(server, { client: "a.1" });
  line.deliverPush();
  session.addNode("data.load");
  session.sync.isSlow = true;
  line.disconnect();
  line.connect();
  line.deliverPush();
  await settle(2);
  assert.equal(line.requests.length, 3, "the one that hangs, the question what was missed, the same again");
  await line.deliverRequest(2);
  await settle(2);
  assert.equal(session.connection.waiting, 0);
  await line.deliverRequest(0);
  assert.equal(server.merge.revision, 1);
});

const step = (i) => ({ id: `op${i}`, client: "a.1", label: `Step ${i}`, changes: [{ path: ["description"], after: `${i}` }] });

test("five hundred steps of undo and those taken back outlive their page", async () => {
  const [shelves, tab] = [new MemoryShelves(), tabStorage()];
  const first = new History();
  await keepHistory(first, "p", shelves, { tab });
  for (let i = 1; i <= 600; i++) first.record(step(i));
  await settle(2);
  const document = { ...EMPTY, description: "600" };
  first.takeBack(document, null);
  await settle(2);
  shelves.claimed.clear();

  const second = new History();
  await keepHistory(second, "p", shelves, { tab });
  assert.deepEqual([second.done.length, second.undone.length], [499, 1]);
  assert.equal(second.done.at(-1).label, "Step 599");
  assert.equal(second.undone[0].label, "Step 600");
  const [lying] = shelves.steps.values();
  assert.equal(lying.size, 500, "what fell out of the history is not kept");
});

test("a step is kept when it is made, so that a crash takes none", async () => {
  const [shelves, tab] = [new MemoryShelves(), tabStorage()];
  const crashed = new History();
  await keepHistory(crashed, "p", shelves, { tab });
  crashed.record(step(1));
  await settle(1);
  shelves.claimed.clear();
  const next = new History();
  await keepHistory(next, "p", shelves, { tab });
  assert.deepEqual(next.done.map(({ label }) => label), ["Step 1"]);
});

test("a browser that was killed finds the steps of the tab that is gone, and never those of one that is open", async () => {
  const shelves = new MemoryShelves();
  const killed = new History();
  await keepHistory(killed, "p", shelves, { tab: tabStorage() });
  killed.record(step(1));
  await settle(1);
  const beside = new History();
  await keepHistory(beside, "p", shelves, { tab: tabStorage() });
  assert.equal(beside.canUndo, false);
  shelves.claimed.clear();
  const reopened = new History();
  await keepHistory(reopened, "p", shelves, { tab: tabStorage() });
  assert.deepEqual(reopened.done.map(({ label }) => label), ["Step 1"]);
});

test("a duplicated tab has the steps too, and both go on by themselves", async () => {
  const shelves = new MemoryShelves();
  const tab = tabStorage();
  const original = new History();
  await keepHistory(original, "p", shelves, { tab });
  original.record(step(1));
  await settle(1);
  const copy = new History();
  const copied = tabStorage();
  copied.setItem("designer.shelf.p", tab.getItem("designer.shelf.p"));
  await keepHistory(copy, "p", shelves, { tab: copied });
  copy.record(step(2));
  original.record(step(3));
  await settle(2);
  assert.deepEqual(copy.done.map(({ label }) => label), ["Step 1", "Step 2"]);
  shelves.claimed.clear();
  const again = new History();
  await keepHistory(again, "p", shelves, { tab });
  assert.deepEqual(again.done.map(({ label }) => label), ["Step 1", "Step 3"]);
});

test("an unsettled clash outlives its page, one that was settled or overtaken meanwhile does not come back", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const [shelves, tab] = [new MemoryShelves(), tabStorage()];
  globalThis.sessionStorage = /** @type {any} */ (tab);
  const clash = (id, key, mine, theirs) => ({ id, label: "", author: "Bo", at: 1, places: [{ path: [key], mine, theirs }] });
  const early = await open(server, { client: "a.1", shelves });
  early.session.edit("Describe", [{ path: ["description"], after: "mine" }]);
  early.session.edit("Name", [{ path: ["name"], after: "theirs" }]);
  await calm(early);
  const [open1, dismissed, overtaken] = [clash("1", "description", "mine", "x"), clash("2", "name", "y", "theirs"), clash("3", "name", "z", "theirs")];
  early.session.clashes.add(open1);
  early.session.clashes.add(dismissed);
  await settle(2);
  early.session.clashes.dismiss(dismissed);
  early.session.clashes.add(overtaken);
  await settle(2);
  early.session.destroy();
  shelves.claimed.clear();
  const other = await open(server, { client: "b.1" });
  other.session.edit("Name", [{ path: ["name"], after: "neither" }]);
  await calm(other);

  const late = await open(server, { client: "a.2", shelves });
  assert.deepEqual(late.session.clashes.items, [open1]);
  await settle(2);
  assert.deepEqual([...shelves.shelves.values()].map(({ clashes }) => clashes), [[open1]]);
  delete globalThis.sessionStorage;
});

test("edits that were kept are undone although their page ended before their steps were kept", async () => {
  const server = new Server(new MergeModel(EMPTY));
  const [log, shelves] = [new MemoryLog(), new MemoryShelves()];
  shelves.write = async () => undefined;
  const killed = await open(server, { client: "a.1", log, shelves });
  for (const text of ["one", "two"]) killed.session.edit("Describe", [{ path: ["description"], after: text }]);
  killed.session.destroy();
  const fresh = await open(server, { client: "a.2", log });
  assert.equal(fresh.session.document.description, "two");
  fresh.session.undo();
  await calm(fresh);
  assert.equal(server.merge.document.description, "one");
});
