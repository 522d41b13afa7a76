import assert from "node:assert/strict";
import { test } from "node:test";
import "../without_vue/register.js";

const { knownTable, wiredDigest } = await import("../../../designer/canvas/web/panels/controls/known_columns.js");
const { offerWords } = await import("../../../designer/canvas/web/panels/controls/known_targets.js");
const { freePlace } = await import("../../../designer/canvas/web/panels/free_place.js");
const { canAdd, cardState, groupCards, kindWord, versionToAdd } =
  await import("../../../designer/canvas/web/panels/palette_model.js");
const { clampSize, readLayout } = await import("../../../designer/canvas/web/panels/panel_layout.js");
const { usersOf } = await import("../../../designer/canvas/web/panels/pipeline_parameters.js");
const { placeOf, sortDiagnostics } = await import("../../../designer/canvas/web/panels/diagnostics.js");
const { repairOf, repairsOf } = await import("../../../designer/canvas/web/panels/repairs.js");
const { runProgress } = await import("../../../designer/canvas/web/panels/run_state.js");
const { savedState } = await import("../../../designer/canvas/web/panels/top_bar.js");
const { compareVersions, isBehind, versionNotice } = await import("../../../designer/canvas/web/document/versions.js");

const card = (patch) => ({
  id: "a.b",
  title: "B",
  category: "a",
  default: "1.0.0",
  versions: [{ version: "1.0.0", state: "active" }],
  spec: { version: "1.0.0" },
  ...patch,
});

test("categories follow the order of the work, people's own modules first", () => {
  const cards = ["web_service", "regression", "data_input_output", "custom", "zebra"].map((category) =>
    card({ category }),
  );
  assert.deepEqual(
    groupCards(cards).map((group) => group.id),
    ["custom", "data_input_output", "regression", "web_service", "zebra"],
  );
});

test("a broken draft and a disabled module cannot be added", () => {
  assert.equal(canAdd(card({ error: { code: "M001", message: "syntax" } })), false);
  assert.equal(canAdd(card({ versions: [{ version: "1.0.0", state: "disabled" }] })), false);
  assert.equal(canAdd(card({})), true);
});

test("a card shows the state of its default version", () => {
  const versions = [
    { version: "1.0.0", state: "active" },
    { version: "2.0.0", state: "deprecated", message: "slow" },
  ];
  assert.deepEqual(cardState(card({ versions, default: "2.0.0" })), {
    state: "deprecated",
    message: "slow",
    replacement: "",
  });
});

test("a module without a default is added by its draft", () => {
  assert.equal(versionToAdd(card({ default: null, spec: { version: "draft" } })), "draft");
});

test("versions are ordered by number, not by text", () => {
  assert.equal(compareVersions("1.10.0", "1.9.0"), 1);
  assert.equal(compareVersions("2", "2.0.0"), 0);
  assert.equal(isBehind("1.9.0", card({ default: "1.10.0" })), true);
  assert.equal(isBehind("draft", card({ default: "1.10.0" })), false);
});

test("of a node's version the worst thing is told, a newer one only where it is pinned", () => {
  const versions = [{ version: "1.0.0", state: "deprecated", message: "Use 2." }, { version: "0.9.0", state: "disabled" }, { version: "1.5.0", state: "active" }, { version: "2.0.0", state: "active" }];
  const notice = (version) => versionNotice({ version }, null, card({ default: "2.0.0", versions }));
  assert.deepEqual(notice("1.0.0"), { kind: "deprecated", text: "Version 1.0.0 is deprecated. Use 2." });
  assert.deepEqual(notice("0.9.0"), { kind: "disabled", text: "Version 0.9.0 is disabled." });
  assert.equal(notice("1.5.0").kind, "newer");
  assert.equal(notice("2.0.0"), null);
  assert.equal(notice("default"), null);
});

test("a remembered layout survives what is odd in it", () => {
  assert.equal(readLayout("not json").palette.open, true);
  const layout = readLayout('{"palette": {"open": false, "size": "wide"}, "results": {"size": 5}}');
  assert.deepEqual([layout.palette.open, layout.palette.size, layout.results.size], [false, 232, 132]);
});

test("a panel never takes the canvas's room", () => {
  assert.equal(clampSize("properties", 900, 1024 - 232), 472);
  assert.equal(clampSize("palette", 10, 2000), 184);
});

test("a pointer into the document gives the node and its parameter", () => {
  assert.deepEqual(placeOf("/nodes/a~1b/parameters/x~0y"), { definition: "", node: "a/b", parameter: "x~y", port: null, position: -1 });
  assert.deepEqual(placeOf("/subgraphs/prepare/nodes/a/inputs/x"), { definition: "prepare", node: "a", parameter: null, port: "x", position: -1 });
  assert.equal(placeOf("/nodes/a/inputs/x/2").position, 2);
  assert.deepEqual(placeOf("/outputs/model"), { definition: "", node: null, parameter: null, port: null, position: -1 });
});

test("errors come before warnings, in the server's order", () => {
  const items = [
    { code: "M1", severity: "warning", message: "" },
    { code: "P1", severity: "error", message: "" },
    { code: "P2", message: "" },
  ];
  assert.deepEqual(
    sortDiagnostics(items).map((item) => item.code),
    ["P1", "P2", "M1"],
  );
});

test("progress counts finished steps and the share of running ones", () => {
  const steps = [
    { status: "completed", reused: true },
    { status: "running", progress: 0.5 },
    { status: "queued" },
    { status: "queued" },
  ];
  assert.deepEqual(runProgress(steps), { done: 1, total: 4, reused: 1, share: 0.375 });
});

test("offline says how many edits wait", () => {
  assert.equal(savedState({ state: "offline", waiting: 3 }).text, "Offline · 3 edits waiting");
  assert.equal(savedState({ state: "online", waiting: 0 }).text, "Saved");
});

test("fields tied to a pipeline parameter are found", () => {
  const document = { nodes: { a: { parameters: { seed: { $parameter: "seed" }, rows: 3 } }, b: {} } };
  assert.deepEqual(usersOf(document, "seed"), [["a", "seed"]]);
});

test("the columns on a wire come from the artifact the last run put on it", () => {
  const document = { nodes: { b: { inputs: { dataset: { from: "a.out" }, model: "c.model" } } } };
  const statuses = new Map([
    ["a", { outputs: { out: { type: "Table", digest: "b3:1" } } }],
    ["c", { outputs: { model: { type: "Model", digest: "b3:2" } } }],
  ]);
  assert.equal(wiredDigest(document, (id) => statuses.get(id), "b", "dataset"), "b3:1");
  assert.equal(wiredDigest(document, (id) => statuses.get(id), "b", "model"), null);
  assert.equal(wiredDigest(document, (id) => statuses.get(id), "b", "other"), null);
});

test("a node added without pointing lies on no other", () => {
  assert.deepEqual(freePlace([], { x: 10, y: 20 }), { x: 10, y: 20 });
  const taken = [
    { x: 0, y: 0 },
    { x: 0, y: 112 },
  ];
  const place = freePlace(taken, { x: 0, y: 0 });
  assert.ok(taken.every((other) => Math.abs(other.x - place.x) >= 208 || Math.abs(other.y - place.y) >= 64));
});

test("nodes that pin other bytes are mended by one edit, and nothing else is touched", () => {
  const edits = [];
  const session = {
    readOnly: false,
    root: { nodes: { a: { module: "m" }, b: { module: "m" } } },
    modules: { specOf: () => ({ digest: "b3:new" }) },
    editRoot: (label, changes) => edits.push(changes),
  };
  const diagnostics = [
    { code: "M005", message: "", where: "/nodes/a/digest" },
    { code: "P001", message: "", where: "/nodes/b/inputs/x" },
  ];
  repairOf(diagnostics, session)?.run();
  assert.deepEqual(edits, [[{ path: ["nodes", "a", "digest"], after: "b3:new" }]]);
  assert.equal(repairOf(diagnostics.slice(1), session), null);
});

test("what is known now counts, and what the last run gave helps out where only a run tells the rest", () => {
  const stored = [{ name: "a", type: "Int64" }, { name: "made", type: "String" }];
  const now = { type: "Table", columns: [{ name: "a", type: "Float64", role: "label" }] };
  assert.deepEqual(knownTable(now, stored)?.columns.map(({ name, type, role }) => [name, type, role]), [["a", "Float64", "label"]]);
  assert.deepEqual(knownTable({ ...now, more: [""] }, stored)?.columns.map(({ name }) => name), ["a", "made"]);
  assert.deepEqual(knownTable({ type: "Table", more: [""] }, stored), { columns: stored, more: [], isOld: true });
  assert.equal(knownTable(null, null), null);
});

test("a wire between other types offers the module that goes between, as one edit at its place in a subgraph", () => {
  const spec = { id: "io.read", version: "1.0.0", title: "Read", inputs: [{ name: "file", type: "File" }], outputs: [{ name: "dataset", type: "Table" }] };
  const edits = [];
  const inside = { nodes: { a: { module: "io.file" }, b: { module: "data.split", inputs: { dataset: "a.file" } } } };
  const ports = { a: { inputs: [], outputs: [{ name: "file", type: "File" }] }, b: { inputs: [{ name: "dataset", type: "Table" }], outputs: [] } };
  const session = {
    readOnly: false, definition: "", root: { nodes: {}, subgraphs: { part: inside } },
    modules: { cards: () => [{ id: spec.id, default: "1.0.0" }], spec: () => spec, specOf: () => null, portsOf: (_, id) => ports[id] },
    editRoot: (label, changes) => edits.push([label, changes.map(({ path }) => path.join("/"))]),
  };
  const [repair, ...others] = repairsOf({ code: "P002", message: "", where: "/subgraphs/part/nodes/b/inputs/dataset" }, session);
  assert.deepEqual([repair.label, others], ["Insert Read between", []]);
  repair.run();
  assert.equal(edits[0][0], "Insert Read");
  assert.deepEqual(edits[0][1].filter((path) => path.includes("/nodes/")).toSorted(), ["subgraphs/part/layout/nodes/read", "subgraphs/part/nodes/b/inputs/dataset", "subgraphs/part/nodes/read"]);
  assert.deepEqual(repairsOf({ code: "P003", message: "", where: "/subgraphs/part/nodes/b/inputs/dataset" }, session), []);
});

test("what a module is written as is said where it is a script, a command or a notebook", () => {
  const spec = { id: "a.b", version: "1.0.0", digest: "", title: "B", category: "a" };
  assert.deepEqual(["script", "command", "notebook"].map((kind) => kindWord({ ...spec, kind: /** @type {any} */ (kind) })), ["script", "command", "notebook"]);
  assert.deepEqual([kindWord({ ...spec, kind: "function" }), kindWord(spec), kindWord(null)], ["", "", ""]);
});

test("a field for slots says what the target has, and what is free of it now", () => {
  const box = { name: "box", resources: { cpus: 8, memory_gib: 30.5, gpus: 2 }, taken: { cpus: 3, memory_gib: 4.25, gpus: 0.5 } };
  assert.equal(offerWords(box, "cpus"), "box has 8, 5 free now.");
  assert.equal(offerWords(box, "memory_gib"), "box has 30.5 GiB, 26.25 GiB free now.");
  assert.equal(offerWords(box, "gpus"), "box has 2, 1.5 free now.");
  assert.equal(offerWords({ name: "local", resources: { cpus: 2 } }, "gpus"), "local has none.");
  assert.equal(offerWords({ name: "local", resources: { cpus: 2 } }, "memory_gib"), "");
  assert.equal(offerWords(undefined, "cpus"), "");
});
