import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { hueOf, HUES, initialsOf } from "../../designer/canvas/web/document/people.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

const module = { module: "data.split", version: "1.0.0" };
const GRAPH = { format: 1, nodes: { a: module, b: module, use: { subgraph: "clean" } }, subgraphs: { clean: { nodes: { inner: module } } } };

/** A transport that notes what the page says of itself. */
class TalkingTransport extends FakeTransport {
  said = [];

  openPush(handlers) {
    return { ...super.openPush(handlers), send: (message) => this.said.push(message) };
  }

  async get() {
    return { threads: [] };
  }
}

async function open() {
  const transport = new TalkingTransport(new FakeServer(GRAPH));
  const session = new EditorSession({ transport, pipelineId: "p", client: "mine.1", log: new MemoryLog() });
  await session.load();
  await settle();
  return { transport, session, presence: session.presence };
}

const person = (client, name, more = {}) => ({ client, name, scope: "", selected: [], ...more });

test("many changes of the selection are told at once and then at most five times a second, the last one too", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { transport, session } = await open();
  mock.timers.tick(1000);
  transport.said.length = 0;
  for (const id of ["a", "b", "a", "b"]) session.select([id]);
  assert.deepEqual(transport.said.map(({ at }) => at.selected[0]?.node), ["a"]);
  mock.timers.tick(200);
  assert.deepEqual(transport.said.map(({ at }) => at.selected[0]?.node), ["a", "b"]);
  mock.timers.tick(5000);
  assert.equal(transport.said.length, 2, "nothing while nothing changes");
  transport.said.length = 0;
  transport.onMessage({ kind: "hello", revision: 0, run: null });
  await settle();
  assert.deepEqual(transport.said.map(({ at }) => at.selected[0].node), ["b"], "a new connection is told again");
  session.destroy();
  mock.timers.reset();
});

test("what is selected inside a subgraph is told by its place in the document", async () => {
  const { transport, session } = await open();
  session.goTo(["use"]);
  session.select(["inner"]);
  await new Promise((resolve) => setTimeout(resolve, 450));
  assert.deepEqual(transport.said.at(-1).at, { scope: "clean", selected: [{ scope: "clean", node: "inner" }] });
});

test("the others stand at their nodes in the view, one's own page does not, one's other tab is told apart", async () => {
  const { transport, session, presence } = await open();
  const at = (scope, node) => ({ scope, selected: [{ scope, node }] });
  transport.onMessage({ kind: "presence", clients: 3, people: [person("mine.1", "Ada"), person("mine.2", "Ada", at("", "a")), person("other.1", "Bo Li", at("clean", "inner"))] });
  assert.deepEqual(presence.others.map(({ title, initials }) => [title, initials]), [["You, another tab", "AD"], ["Bo Li", "BL"]]);
  assert.equal(session.together.name, "Ada", "the page learns what the server calls its person");
  assert.deepEqual([...presence.inView.keys()], ["a"]);
  session.goTo(["use"]);
  assert.deepEqual([...presence.inView.keys()], ["inner"]);
});

test("a new name is told to the server, again on every new connection, and goes with requests", async () => {
  const { transport, session } = await open();
  session.together.rename("  Ada\n Lovelace ");
  assert.deepEqual([transport.author, session.together.name, transport.said.at(-1)], ["Ada Lovelace", "Ada Lovelace", { name: "Ada Lovelace" }]);
  transport.said.length = 0;
  transport.onMessage({ kind: "hello", revision: 0, run: null, you: "Ada" });
  await settle();
  assert.deepEqual([session.together.name, transport.said[0]], ["Ada Lovelace", { name: "Ada Lovelace" }]);
});

test("nobody is shown while the server cannot be reached", async () => {
  const { transport, session, presence } = await open();
  transport.onMessage({ kind: "presence", clients: 2, people: [person("other.1", "Bo")] });
  transport.onClose();
  assert.equal(session.connection.state, "offline");
  assert.deepEqual([presence.count, presence.others], [1, []]);
});

test("a click goes where somebody is, and tells when that is nowhere", async () => {
  const { session, presence } = await open();
  const other = (scope, ...nodes) => person("other.1", "Bo", { scope, selected: nodes.map((node) => ({ scope, node })) });
  assert.equal(presence.goTo(other("clean", "inner")), true);
  assert.deepEqual([session.scope, [...session.selection.nodes]], [["use"], ["inner"]]);
  assert.equal(presence.goTo(other("")), true);
  assert.deepEqual(session.scope, []);
  assert.equal(presence.goTo(other("gone")), false);
});

test("people have one or two letters and always the same colour", () => {
  assert.deepEqual(["Ada Lovelace", "bo", "Jean-Luc de la Tour", "山田 太郎", "", "x"].map(initialsOf), ["AL", "BO", "JT", "山太", "?", "X"]);
  assert.equal(hueOf("Ada"), hueOf("Ada"));
  assert.ok(hueOf("🙂") < HUES.length);
});
