// Places that the server suggests: shown, in no document, and written with the first gesture that places a node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { moveNodes } from "../../designer/canvas/web/document/edits.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { withSuggestedPlaces } from "../../designer/canvas/web/document/suggested_places.js";
import { Scene } from "../../designer/canvas/web/scene/scene.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle, SPECS } from "./fakes.js";

const node = (module, inputs) => ({ module, version: "1.0.0", digest: "b3:00", ...(inputs ? { inputs } : {}) });
const UNPLACED = { format: 1, nodes: { load: node("data.load"), split: node("data.split", { dataset: "load.dataset" }) } };
const PLACES = { "": { load: { x: 40, y: 40 }, split: { x: 40, y: 152 } } };

async function open(graph = UNPLACED, places = PLACES) {
  const server = new FakeServer(structuredClone(graph));
  const transport = new FakeTransport(server);
  const plain = transport.snapshot.bind(transport);
  transport.snapshot = async () => ({ ...(await plain()), places });
  const session = new EditorSession({ transport, pipelineId: "p", log: new MemoryLog() });
  await session.load();
  await settle();
  return { server, session };
}

function sceneOf(document, suggested) {
  const modules = new ModuleStore();
  modules.addSpecs(SPECS);
  const scene = new Scene();
  scene.update(document, modules, suggested);
  return (id) => ({ x: scene.x[scene.index.get(id)], y: scene.y[scene.index.get(id)] });
}

test("a node without a place is shown where the server suggests, one that came later below", () => {
  const late = { ...UNPLACED, nodes: { ...UNPLACED.nodes, late: node("data.load") } };
  const placeOf = sceneOf(late, PLACES[""]);
  assert.deepEqual(placeOf("load"), PLACES[""].load);
  assert.deepEqual(placeOf("split"), PLACES[""].split);
  assert.ok(placeOf("late").y > PLACES[""].split.y + 64);
});

test("a place of its own is stronger than a suggested one", () => {
  const placed = { ...UNPLACED, layout: { nodes: { load: { x: 800, y: 8 } } } };
  assert.deepEqual(sceneOf(placed, PLACES[""])("load"), { x: 800, y: 8 });
});

test("opening and editing a parameter writes no place", async () => {
  const { server, session } = await open();
  session.setParameter("split", "fraction", 0.5);
  await settle();
  assert.equal(server.graph.layout, undefined);
});

test("the first move writes where the other nodes were seen, and one undo takes all of it back", async () => {
  const { server, session } = await open();
  session.edit("Move Split", moveNodes(session.document, [["split", { x: 400, y: 160 }]]));
  await settle();
  assert.deepEqual(server.graph.layout.nodes, { load: { x: 40, y: 40 }, split: { x: 400, y: 160 } });
  assert.equal(server.operations.length, 1);
  session.undo();
  await settle();
  assert.equal(server.graph.layout, undefined);
});

test("a node that goes in the same gesture gets no place, and other definitions are left alone", () => {
  const inner = { nodes: { clean: node("data.split") } };
  const root = { ...UNPLACED, subgraphs: { prepare: inner } };
  const places = { ...PLACES, prepare: { clean: { x: 0, y: 0 } } };
  const gone = [{ path: ["nodes", "load"], before: root.nodes.load }, ...moveNodes(root, [["split", { x: 0, y: 0 }]])];
  const paths = withSuggestedPlaces(root, gone, places).map(({ path }) => path.join("/"));
  assert.deepEqual(paths, ["nodes/load", "layout/nodes/split"]);
  const inside = [{ path: ["subgraphs", "prepare", "layout", "nodes", "other"], after: { x: 1, y: 1 } }];
  const more = withSuggestedPlaces(root, inside, places).map(({ path }) => path.join("/"));
  assert.deepEqual(more, ["subgraphs/prepare/layout/nodes/other", "subgraphs/prepare/layout/nodes/clean"]);
});
