import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { definitionAt, nodeOfStep, rootedChanges, scopedDocument, scopeOf, stepId } from "../../designer/canvas/web/document/scope.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

const node = (module, more = {}) => ({ module, version: "1.0.0", digest: "b3:00", ...more });

/** load → prepare (split → inner: add_rows), used twice. */
const nested = () => ({
  format: 1, name: "Nested",
  nodes: {
    load: node("data.load"),
    first: { subgraph: "prepare", inputs: { dataset: "load.dataset" } },
    second: { subgraph: "prepare", label: "Again", inputs: { dataset: "first.rest" } },
  },
  subgraphs: {
    prepare: {
      label: "Prepare data",
      nodes: { split: node("data.split"), pile: { subgraph: "pile", inputs: { tables: ["split.results_dataset1", "split.results_dataset2"] } } },
      inputs: { dataset: "split.dataset" }, outputs: { rest: "pile.all" },
      layout: { nodes: { split: { x: 0, y: 0 }, pile: { x: 0, y: 112 } } },
    },
    pile: { nodes: { rows: node("data.add_rows") }, inputs: { tables: "rows.datasets" }, outputs: { all: "rows.results" } },
  },
  layout: { nodes: { load: { x: 0, y: 0 }, first: { x: 0, y: 112 }, second: { x: 0, y: 224 } } },
});

async function open(graph = nested(), server = new FakeServer(graph)) {
  const session = new EditorSession({ transport: new FakeTransport(server), pipelineId: "p", log: new MemoryLog() });
  await session.load();
  await settle();
  return { session, server };
}

test("a scope leads through uses to a definition, or nowhere", () => {
  const root = nested();
  assert.equal(definitionAt(root, []), "");
  assert.equal(definitionAt(root, ["second", "pile"]), "pile");
  assert.equal(definitionAt(root, ["load"]), null);
  assert.deepEqual(scopeOf(root, "pile"), ["first", "pile"]);
  assert.equal(scopeOf(root, "none"), null);
  assert.equal(stepId(["first", "pile"], "rows"), "first__pile__rows");
});

test("a step belongs to its node, or to the subgraph node around it", () => {
  const root = nested();
  assert.equal(nodeOfStep(root, [], "first__pile__rows"), "first");
  assert.equal(nodeOfStep(scopedDocument(root, "prepare"), ["first"], "first__pile__rows"), "pile");
  assert.equal(nodeOfStep(scopedDocument(root, "pile"), ["first", "pile"], "first__pile__rows"), "rows");
  assert.equal(nodeOfStep(scopedDocument(root, "pile"), ["first", "pile"], "second__pile__rows"), null);
});

test("changes inside a definition are changes of the whole document", () => {
  const changes = [{ path: ["nodes", "a", "label"], after: "x" }, { path: ["parameters", "seed"], after: 1 }, { path: ["promoted", "fraction"], after: "a.b" }];
  const rooted = rootedChanges(changes, "prepare");
  assert.deepEqual(rooted.map(({ path }) => path.join("/")), ["subgraphs/prepare/nodes/a/label", "parameters/seed", "subgraphs/prepare/parameters/fraction"]);
  assert.deepEqual(rootedChanges(changes, ""), changes);
});

test("a subgraph node has the ports of its definition, with the types of the inside", async () => {
  const { session } = await open();
  const spec = session.modules.specOf(session.document.nodes.first);
  assert.equal(spec.title, "Prepare data");
  assert.deepEqual(spec.inputs.map(({ name, type }) => [name, type]), [["dataset", "Table"]]);
  assert.deepEqual(spec.outputs.map(({ name, type }) => [name, type]), [["rest", "Table"]]);
  assert.equal(session.titleOf("second"), "Again");
  session.rename("load", "Customers");
  assert.equal(session.modules.specOf(session.document.nodes.first), spec, "the same object while nothing of it changed");
});

test("what is drawn inside a subgraph lands in its definition, and undo leads back there", async () => {
  const { session, server } = await open();
  const seen = [];
  session.addEventListener("scope", ({ detail }) => seen.push(detail.join("/")));
  assert.equal(session.enter("first"), true);
  assert.deepEqual(Object.keys(session.document.nodes), ["split", "pile", "@in:dataset", "@out:rest", "@in:+", "@out:+"]);
  const added = session.addNode("data.load", { x: 200, y: 0 });
  assert.equal(added, "load", "ids are free per definition");
  session.wires.connect("load.dataset", "split", "dataset");
  await settle();
  assert.equal(server.graph.subgraphs.prepare.nodes.split.inputs.dataset, "load.dataset");
  assert.deepEqual(server.graph.subgraphs.prepare.layout.nodes.load, { x: 200, y: 0 });
  session.leave();
  assert.deepEqual([...session.selection.nodes], ["first"]);
  session.undo();
  assert.deepEqual(session.scope, ["first"], "the view goes where undo changed something");
  assert.deepEqual(session.document.nodes.split.inputs, { dataset: "@in:dataset.dataset" });
  assert.deepEqual(seen, ["first", "", "first"]);
});

test("a scope whose definition is taken away by somebody else is left", async () => {
  const server = new FakeServer(nested());
  const { session: mine } = await open(null, server);
  const { session: theirs } = await open(null, server);
  mine.goTo(["second", "pile"]);
  theirs.removeNodes(["second"]);
  await settle();
  assert.deepEqual(mine.scope, []);
  assert.equal(mine.document, mine.root);
});

test("the state of a subgraph node is that of its inner steps", async () => {
  const { session } = await open();
  const table = (digest) => ({ type: "Table", digest, bytes: 1, format: "arrow" });
  const step = (id, status, more = {}) => [id, { step: id, status, ...more }];
  const show = (...steps) => session.runs.set({ id: "r", status: "running", steps: Object.fromEntries(steps) });
  show(step("load", "completed"), step("first__split", "completed", { seconds: 1 }), step("first__pile__rows", "queued"));
  assert.equal(session.stepOf("first").status, "running");
  assert.equal(session.stepOf("first").progress, 0.5);
  assert.equal(session.stepOf("second"), undefined);
  show(step("first__split", "completed", { reused: true }), step("first__pile__rows", "completed", { seconds: 2, outputs: { results: table("b3:9") } }));
  assert.deepEqual([session.stepOf("first").status, session.stepOf("first").reused, session.stepOf("first").seconds], ["completed", false, 2]);
  assert.equal(session.stepOf("first").outputs.rest.digest, "b3:9");
  show(step("first__split", "failed", { error: { code: "R001", message: "no" } }), step("first__pile__rows", "skipped"));
  assert.equal(session.stepOf("first").status, "failed");
  assert.equal(session.stepOf("first").error.code, "R001");
  session.goTo(["first", "pile"]);
  assert.equal(session.stepOf("rows").status, "skipped");
});

test("a definition that uses itself has no ports, and nothing hangs", async () => {
  const graph = { format: 1, nodes: { a: { subgraph: "loop" } }, subgraphs: { loop: { nodes: { b: { subgraph: "loop" } }, outputs: { x: "b.x" } } } };
  const { session } = await open(graph);
  assert.deepEqual(session.modules.specOf(session.document.nodes.a).outputs.map(({ type }) => type), ["Any"]);
});

test("inside a subgraph the columns are those that come in through the use that was entered", async () => {
  const server = new FakeServer(nested());
  const table = (/** @type {string} */ name) => ({ type: "Table", columns: [{ name, type: "Int64" }] });
  server.foreseen = {
    load: { outputs: { dataset: table("first") } },
    first: { outputs: { rest: table("second") } },
    first__split: { inputs: { dataset: ["load.dataset"] } },
    second__split: { inputs: { dataset: ["first.rest"] } },
  };
  const { session } = await open(undefined, server);
  const seen = () => session.wires.schemaInto("split", "dataset")?.columns.map(({ name }) => name);
  session.goTo(["first"]);
  assert.deepEqual(seen(), ["first"]);
  session.goTo(["second"]);
  assert.deepEqual(seen(), ["second"]);
});
