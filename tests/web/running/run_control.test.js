import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryLog } from "../../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "../fakes.js";

async function open() {
  const server = new FakeServer();
  const transport = new FakeTransport(server);
  const session = new EditorSession({ transport, pipelineId: "p", log: new MemoryLog() });
  const notices = [];
  session.addEventListener("notice", ({ detail }) => notices.push(detail));
  await session.load();
  session.addNode("data.load");
  session.addNode("data.split");
  session.wires.connect("load.dataset", "split", "dataset");
  await settle();
  return { server, transport, session, notices };
}

/** A run that is over, as the server tells it. */
const ran = (session, outputs, more = {}) =>
  session.runs.set({ id: "r1", number: 3, status: "completed", steps: Object.fromEntries(Object.entries(outputs).map(([step, held]) => [step, { step, status: "completed", outputs: held }])), ...more });
const table = (digest) => ({ type: "Table", digest, bytes: 9, format: "arrow" });

test("what is switched is one step, and undo takes it back", async () => {
  const { server, session } = await open();
  const before = session.document;
  session.setBypassed(["split"], true);
  session.wires.setDisabled(["split.dataset"], true);
  session.setDisabled(["load"], true);
  await settle();
  assert.deepEqual(server.graph.nodes.split.state, { kind: "bypassed" });
  assert.deepEqual(server.graph.nodes.split.inputs, { dataset: { from: "load.dataset", disabled: true } });
  for (let i = 0; i < 3; i++) session.undo();
  assert.deepEqual(session.document, before);
});

test("a bypass that can hand on nothing is refused with the reason", async () => {
  const { session, notices } = await open();
  session.setBypassed(["load"], true);
  assert.equal(session.document.nodes.load.state, undefined);
  assert.equal(notices[0].message, "'Load' has no input of type Table that it could hand on as 'dataset'.");
});

test("a node is frozen with what it gave last, and unfrozen; without a run it is said what to do", async () => {
  const { server, session, notices } = await open();
  session.freeze(["load"]);
  assert.equal(notices[0].message, "'Load' has no output yet that could be frozen.");
  ran(session, { load: { dataset: table("b3:1") } });
  session.freeze(["load"]);
  await settle();
  assert.deepEqual(server.graph.nodes.load.state, { kind: "frozen", artifacts: { dataset: "b3:1" } });
  session.unfreeze(["load", "split"]);
  await settle();
  assert.equal(server.graph.nodes.load.state, undefined);
});

test("breakpoints go with every run, and a run that stopped goes on without the one it came to", async () => {
  const { transport, session } = await open();
  session.breakpoints.toggle([], { nodes: ["split"] });
  await session.running.start({ to: ["split"] });
  assert.deepEqual(transport.started, [{ to: ["split"], stop_before: ["split"] }]);
  await session.running.goOn();
  assert.equal(transport.started.length, 1);
  ran(session, {}, { stopped_before: ["split"], scope: { to: ["split"] } });
  await session.running.goOn();
  const { from, to, stop_before } = transport.started[1];
  assert.deepEqual({ from, to, stop_before }, { from: ["split"], to: ["split"], stop_before: [] });
});

test("a preview is asked with the breakpoints, marks the nodes, and closes when its run starts", async () => {
  const { transport, session } = await open();
  session.breakpoints.toggle([], { nodes: ["split"] });
  await session.running.preview({ to: ["load"] });
  assert.deepEqual(transport.previewed, [{ to: ["load"], stop_before: ["split"] }]);
  assert.equal(session.outcomeOf("load").outcome, "runs");
  assert.equal(await session.running.summary({ to: ["load"] }), "2 run");
  assert.equal(transport.previewed.length, 1);
  await session.running.startPreviewed();
  assert.deepEqual(transport.started, [{ to: ["load"], stop_before: ["split"] }]);
  assert.equal(session.outcomeOf("load"), undefined);
});

test("what needs a disabled node is known before a run, and forgotten when it is enabled", async () => {
  const { session } = await open();
  session.setDisabled(["load"], true);
  assert.equal(session.leftOut.get("split"), "It needs 'Load', which does not run.");
  session.setDisabled(["load"], false);
  assert.equal(session.leftOut.has("split"), false);
});
