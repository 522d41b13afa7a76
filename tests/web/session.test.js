import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

async function open(server = new FakeServer(), log = new MemoryLog()) {
  const transport = new FakeTransport(server);
  const session = new EditorSession({ transport, pipelineId: "p", log });
  await session.load();
  await settle();
  return { server, transport, session, log };
}

test("a node that is added, wired and set arrives at the server as one operation each", async () => {
  const { server, session } = await open();
  const load = session.addNode("data.load", { x: 3, y: 5 });
  const split = session.addNode("data.split", { x: 0, y: 120 });
  assert.deepEqual(session.wires.connect(`${load}.dataset`, split, "dataset"), { ok: true, reason: "" });
  session.setParameter(split, "fraction", 0.5);
  await settle();
  assert.equal(server.operations.length, 4);
  assert.deepEqual(server.graph, session.document);
  assert.deepEqual(server.graph.nodes.split, {
    module: "data.split", version: "1.0.0", digest: "b3:00", inputs: { dataset: "load.dataset" }, parameters: { fraction: 0.5 },
  });
  assert.deepEqual(server.graph.layout.nodes.load, { x: 0, y: 8 });
});

test("undo takes back one gesture after the other, redo brings them again", async () => {
  const { server, session } = await open();
  const empty = session.document;
  session.addNode("data.load");
  session.addNode("data.split");
  session.wires.connect("load.dataset", "split", "dataset");
  const full = session.document;
  session.removeNodes(["load"]);
  assert.deepEqual(Object.keys(session.document.nodes), ["split"]);
  session.undo();
  assert.deepEqual(session.document, full);
  for (let i = 0; i < 3; i++) session.undo();
  assert.deepEqual(session.document, empty);
  assert.equal(session.canUndo, false);
  for (let i = 0; i < 3; i++) session.redo();
  assert.deepEqual(session.document, full);
  await settle();
  assert.deepEqual(server.graph, full);
});

test("three hundred gestures can be undone", async () => {
  const { session } = await open();
  session.addNode("data.split");
  const before = session.document;
  for (let i = 1; i <= 300; i++) session.setParameter("split", "fraction", i);
  for (let i = 0; i < 300; i++) session.undo();
  assert.deepEqual(session.document, before);
});

test("undo leaves what somebody else has changed since", async () => {
  const { server, session: mine } = await open();
  const { session: theirs } = await open(server);
  mine.addNode("data.split");
  await settle();
  mine.setParameter("split", "fraction", 0.5);
  mine.setParameter("split", "seed", 1);
  await settle();
  theirs.setParameter("split", "seed", 99);
  await settle();
  mine.undo();
  assert.deepEqual(mine.document.nodes.split.parameters, { seed: 99 }, "the seed is theirs, so the step before it was undone");
});

test("a restore is one step of undo, which leaves what somebody else has changed since", async () => {
  const { server, session } = await open();
  const { session: other } = await open(server);
  session.addNode("data.load");
  session.addNode("data.split");
  session.wires.connect("load.dataset", "split", "dataset");
  session.removeNodes(["load"]);
  await settle();
  const before = session.document;
  await session.restore("3");
  await settle();
  assert.deepEqual(session.document.nodes.split.inputs, { dataset: "load.dataset" });
  assert.equal(server.operations.at(-1).label, "Restore revision 3");
  other.setParameter("split", "fraction", 0.5);
  await settle();
  session.undo();
  assert.deepEqual(Object.keys(session.document.nodes), ["split"]);
  assert.deepEqual(session.document.nodes.split.parameters, { fraction: 0.5 });
  other.setParameter("split", "fraction", undefined);
  await settle();
  assert.deepEqual(session.document, before);
});

test("undoing the creation of a node takes the wires along that others drew from it", async () => {
  const { server, session: mine } = await open();
  const { session: theirs } = await open(server);
  mine.addNode("data.load");
  await settle();
  theirs.addNode("data.split");
  theirs.wires.connect("load.dataset", "split", "dataset");
  await settle();
  mine.undo();
  await settle();
  assert.equal(server.graph.nodes.load, undefined);
  assert.equal(server.graph.nodes.split.inputs, undefined);
});

test("types that do not fit, circles and self-feeding are refused with a reason", async () => {
  const { session } = await open();
  for (const module of ["data.load", "data.split", "learn.train"]) session.addNode(module);
  session.addNode("data.split");
  assert.match(session.wires.connect("load.dataset", "train", "untrained_model").reason, /takes UntrainedModel, 'dataset' gives Table/);
  session.wires.connect("split.results_dataset1", "split_2", "dataset");
  assert.match(session.wires.connect("split_2.results_dataset1", "split", "dataset").reason, /circle/);
  assert.match(session.wires.connect("split.results_dataset1", "split", "dataset").reason, /itself/);
});

test("an input that takes many collects wires, one that takes one replaces its wire", async () => {
  const { session } = await open();
  for (const module of ["data.load", "data.load", "data.add_rows", "data.split"]) session.addNode(module);
  session.wires.connect("load.dataset", "add_rows", "datasets");
  session.wires.connect("load_2.dataset", "add_rows", "datasets");
  session.wires.connect("load_2.dataset", "add_rows", "datasets");
  session.wires.connect("load.dataset", "split", "dataset");
  session.wires.connect("load_2.dataset", "split", "dataset");
  assert.deepEqual(session.document.nodes.add_rows.inputs.datasets, ["load.dataset", "load_2.dataset"]);
  assert.equal(session.document.nodes.split.inputs.dataset, "load_2.dataset");
  session.wires.disconnect(["add_rows.datasets#0"]);
  assert.deepEqual(session.document.nodes.add_rows.inputs.datasets, ["load_2.dataset"]);
});

test("deleting with healing leads a wire around the node", async () => {
  const { session } = await open();
  for (const module of ["data.load", "data.split", "learn.train"]) session.addNode(module);
  session.wires.connect("load.dataset", "split", "dataset");
  session.wires.connect("split.results_dataset1", "train", "dataset");
  session.removeNodes(["split"], { heal: true });
  assert.deepEqual(session.document.nodes.train.inputs, { dataset: "load.dataset" });
});

test("copied text holds no secret and pastes with its inner wires", async () => {
  const { session } = await open();
  for (const module of ["data.load", "data.split"]) session.addNode(module);
  session.wires.connect("load.dataset", "split", "dataset");
  session.setParameter("load", "token", "hunter2");
  session.select(["load", "split"]);
  const text = session.copyText();
  assert.doesNotMatch(text, /hunter2/);
  const ids = session.paste(text);
  assert.deepEqual(ids, ["load_2", "split_2"]);
  assert.deepEqual(session.document.nodes.split_2.inputs, { dataset: "load_2.dataset" });
  assert.deepEqual([...session.selection.nodes], ids);
});

test("pasting one end of a wire drops it, duplicating keeps it", async () => {
  const { session } = await open();
  for (const module of ["data.load", "data.split"]) session.addNode(module);
  session.wires.connect("load.dataset", "split", "dataset");
  session.select(["split"]);
  const text = session.copyText();
  const [pasted] = session.paste(text);
  assert.equal(session.document.nodes[pasted].inputs, undefined);
  session.select(["split"]);
  session.duplicate();
  assert.deepEqual(session.document.nodes.split_3.inputs, { dataset: "load.dataset" });
});

test("pasted nodes bring the pipeline parameters that they refer to, and leave those that are there", async () => {
  const { session } = await open();
  session.addNode("data.load");
  session.edit("Parameters", [
    { path: ["parameters", "seed"], after: { type: "int", default: 7 } },
    { path: ["parameters", "other"], after: { type: "int", default: 1 } },
    { path: ["nodes", "load", "parameters", "token"], after: { $parameter: "seed" } },
  ]);
  session.setParameter("load", "path", { $parameter: "seed" });
  session.select(["load"]);
  const text = session.copyText();
  assert.deepEqual(JSON.parse(text).parameters, { seed: { type: "int", default: 7 } });

  const { session: there } = await open();
  there.paste(text);
  assert.deepEqual(there.document.parameters, { seed: { type: "int", default: 7 } });
  there.undo();
  assert.equal(there.document.parameters, undefined);

  there.edit("Parameter", [{ path: ["parameters", "seed"], after: { type: "int", default: 9 } }]);
  there.paste(text);
  assert.deepEqual(there.document.parameters, { seed: { type: "int", default: 9 } });
});

test("text that is no graph is not pasted", async () => {
  const { session } = await open();
  for (const text of ["", "hello", "{}", "{\"format\": 1", "[1]", "{\"format\": 2, \"nodes\": {\"a\": {}}}"]) assert.deepEqual(session.paste(text), []);
});

test("an edit makes what has run stale downstream, taking it back makes it fresh", async () => {
  const { session } = await open();
  for (const module of ["data.load", "data.split", "learn.forest"]) session.addNode(module);
  session.wires.connect("load.dataset", "split", "dataset");
  await settle();
  await session.running.start();
  session.runs.statuses = new Map(["load", "split", "forest"].map((step) => [step, { step, status: "completed" }]));
  session.setParameter("load", "name", "iris");
  assert.deepEqual([...session.stale].sort(), ["load", "split"]);
  session.rename("forest", "Trees");
  assert.equal(session.stale.has("forest"), false);
  session.undo();
  session.undo();
  assert.deepEqual([...session.stale], []);
});

const finished = (id, number, revision, nodes) => ({
  id, number, revision, pipeline_id: "p", status: "completed",
  steps: Object.fromEntries(nodes.map((step) => [step, { step, status: "completed", run: number }])),
});
const runsOf = (session) => [...session.statuses.values()].map(({ step, run }) => `${step} ${run}`).sort();

test("a run of one node leaves the results of the others, stale where they were edited", async () => {
  const { session, transport } = await open();
  for (const module of ["data.load", "data.split", "learn.forest"]) session.addNode(module);
  session.wires.connect("load.dataset", "split", "dataset");
  transport.startRun = async () => ({ run: finished("r1", 1, 4, ["load", "split", "forest"]) });
  await session.running.start();
  session.setParameter("load", "name", "iris");
  transport.startRun = async () => ({ run: finished("r2", 2, 5, ["load"]) });
  await session.running.start({ to: ["load"] });
  assert.deepEqual(runsOf(session), ["forest 1", "load 2", "split 1"]);
  assert.deepEqual([...session.stale], ["split"]);
  transport.startRun = async () => ({ run: finished("r3", 3, 5, ["load", "split", "forest"]) });
  await session.running.start();
  assert.deepEqual(runsOf(session), ["forest 3", "load 3", "split 3"]);
  assert.deepEqual([...session.stale], []);
});

test("a reloaded page finds what earlier runs left", async () => {
  const { server, session: first } = await open();
  for (const module of ["data.load", "data.split"]) first.addNode(module);
  first.wires.connect("load.dataset", "split", "dataset");
  await settle();
  const before = server.revision;
  first.setParameter("load", "name", "iris");
  await settle();
  const transport = new FakeTransport(server);
  const last = finished("r2", 2, server.revision, ["load"]);
  const snapshot = await transport.snapshot();
  transport.snapshot = async () => ({ ...snapshot, last_run: last });
  transport.runsBefore = async () => [finished("r1", 1, before, ["load", "split"])];
  const session = new EditorSession({ transport, pipelineId: "p", log: new MemoryLog() });
  await session.load();
  await settle();
  assert.deepEqual(runsOf(session), ["load 2", "split 1"]);
  assert.deepEqual([...session.stale], ["split"]);
});

test("run events move the statuses of the nodes", async () => {
  const { session, transport } = await open();
  session.addNode("data.load");
  await settle();
  await session.running.start();
  const touched = [];
  session.addEventListener("status", (event) => touched.push(...event.detail.steps));
  const event = (kind, more) => ({ run_id: "r1", kind, step: "load", ...more });
  transport.onMessage({ kind: "run", events: [event("step", { status: "running", at: 5 }), event("progress", { data: { share: 0.5, text: "half" } })] });
  assert.deepEqual(session.statuses.get("load"), { step: "load", status: "running", started_at: 5, progress: 0.5, progress_text: "half" });
  transport.onMessage({ kind: "run", events: [event("metric", { data: { name: "auc", value: 0.99 } }), event("step", { status: "completed", data: { seconds: 1.5 } })] });
  assert.equal(session.statuses.get("load").status, "completed");
  assert.deepEqual(session.statuses.get("load").metrics, { auc: 0.99 });
  assert.deepEqual(touched, ["load", "load"]);
});

test("a run that is quicker than the answer that starts it ends completed, not queued", async () => {
  const { session, transport } = await open();
  session.addNode("data.load");
  await settle();
  transport.startRun = async () => {
    const events = ["running", "completed"].map((status) => ({ run_id: "r9", kind: "step", step: "load", status }));
    transport.onMessage({ kind: "run", events: [...events, { run_id: "r9", kind: "run", status: "completed" }] });
    return { run: { id: "r9", number: 9, status: "queued", steps: { load: { step: "load", status: "queued" } } } };
  };
  transport.run = () => new Promise(() => {});
  await session.running.start();
  assert.equal(session.run.status, "completed");
  assert.equal(session.statuses.get("load").status, "completed");
});

test("a run that somebody else starts is followed, an older one is not", async () => {
  const { session, transport } = await open();
  session.addNode("data.load");
  transport.run = async (id) => ({ id, number: Number(id.slice(1)), status: "running", steps: {} });
  transport.onMessage({ kind: "run", events: [{ run_id: "r5", kind: "run", status: "running" }] });
  await settle();
  transport.onMessage({ kind: "run", events: [{ run_id: "r5", kind: "step", step: "load", status: "running" }] });
  transport.onMessage({ kind: "run", events: [{ run_id: "r4", kind: "run", status: "cancelled" }] });
  await settle();
  assert.equal(session.run.id, "r5");
  assert.equal(session.statuses.get("load").status, "running");
});
