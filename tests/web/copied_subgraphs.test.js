import assert from "node:assert/strict";
import { test } from "node:test";
import { copyText, parseCopied, pasteChanges } from "../../designer/canvas/web/document/clipboard.js";
import { removeNodes } from "../../designer/canvas/web/document/edits.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { applyChanges } from "../../designer/canvas/web/document/operations.js";
import { rootedChanges, scopedDocument } from "../../designer/canvas/web/document/scope.js";
import { SPECS } from "./fakes.js";

const modules = new ModuleStore();
modules.addSpecs(SPECS);

const load = (token) => ({ module: "data.load", version: "1.0.0", ...(token ? { parameters: { token } } : {}) });
const SMALL = { nodes: { split: { module: "data.split", version: "1.0.0", parameters: { fraction: { $parameter: "share" } } } }, inputs: { raw: "split.dataset" } };
const OUTER = { nodes: { inner: { subgraph: "small" }, load: load("hunter2") } };
const HERE = {
  format: 1, parameters: { share: { type: "float", default: 0.5 } }, nodes: { a: { subgraph: "outer" } },
  subgraphs: { outer: OUTER, small: SMALL, other: { nodes: {} } },
};

const copied = (document, ids, pipelineId = "one") => parseCopied(copyText(document, ids, modules, { pipelineId }));
const pasted = (document, text, pipelineId = "two") => {
  const { changes, ids, reason } = pasteChanges(document, text, { at: null, keepOuter: false, pipelineId });
  return { document: applyChanges(document, rootedChanges(changes, document.definition ?? "")), ids, reason };
};

test("a copied use brings along the definitions it needs, their parameters, and no secret", () => {
  const text = copied(HERE, ["a"]);
  assert.deepEqual(Object.keys(text.subgraphs).sort(), ["outer", "small"]);
  assert.equal(text.subgraphs.outer.nodes.load.parameters, undefined);
  assert.deepEqual(text.parameters, HERE.parameters);
  assert.equal(copied({ format: 1, nodes: { a: load() } }, ["a"])["x-pipeline"], undefined);
});

test("in another pipeline the definitions are added, and linked where the same is there already", () => {
  const text = copied({ ...HERE, subgraphs: { ...HERE.subgraphs, outer: { nodes: { inner: { subgraph: "small" } } } } }, ["a"]);
  const first = pasted({ format: 1, nodes: {} }, text).document;
  assert.deepEqual(Object.keys(first.subgraphs).sort(), ["outer", "small"]);
  assert.deepEqual(first.parameters, HERE.parameters);
  const second = pasted(first, text).document;
  assert.deepEqual(Object.keys(second.subgraphs).sort(), ["outer", "small"]);
  assert.deepEqual(second.nodes.a_2, { subgraph: "outer" });
});

test("a definition of the same name that says something else stays, and the pasted one has its own name everywhere", () => {
  const text = copied(HERE, ["a"]);
  const after = pasted({ format: 1, nodes: {}, subgraphs: { small: { nodes: {} }, outer: text.subgraphs.outer } }, text).document;
  assert.deepEqual(after.subgraphs.small, { nodes: {} });
  assert.deepEqual(after.nodes.a, { subgraph: "outer_2" });
  assert.deepEqual(after.subgraphs.outer_2.nodes.inner, { subgraph: "small_2" });
  assert.deepEqual(after.subgraphs.small_2, SMALL);
});

test("in the pipeline that it was copied from a use stays linked, also when its definition was edited since", () => {
  const edited = { ...HERE, subgraphs: { ...HERE.subgraphs, small: { nodes: {} } } };
  const after = pasted(edited, copied(HERE, ["a"]), "one").document;
  assert.deepEqual(after.subgraphs, edited.subgraphs);
  assert.deepEqual(after.nodes.a_2, { subgraph: "outer" });
});

test("a subgraph is not pasted into itself", () => {
  const text = copied(HERE, ["a"]);
  const inside = pasted(scopedDocument(HERE, "small"), text, "one");
  assert.equal(inside.reason, "'Outer' cannot be put inside itself.");
  assert.deepEqual(inside.ids, []);
});

test("pasting inside a subgraph puts nodes into its definition and definitions beside it", () => {
  const scoped = scopedDocument(HERE, "other");
  const { changes } = pasteChanges(scoped, copied(HERE, ["a"], "elsewhere"), { at: null, keepOuter: false, pipelineId: "one" });
  const after = applyChanges(HERE, rootedChanges(changes, "other"));
  assert.equal(after.subgraphs.other.nodes.a.subgraph, "outer_2");
  assert.ok(after.subgraphs.outer_2.nodes.inner);
});

test("a node that goes from inside leaves the ports of its subgraph to those who use them", () => {
  const definition = {
    nodes: { split: {}, keep: {} }, inputs: { raw: ["split.dataset", "keep.dataset"], only: "split.more" },
    outputs: { out: "split.results" }, parameters: { share: "split.fraction" },
  };
  const root = { format: 1, nodes: {}, subgraphs: { prepare: definition } };
  const changes = removeNodes(scopedDocument(root, "prepare"), new Set(["split"]), { modules });
  const after = applyChanges(root, rootedChanges(changes, "prepare"));
  assert.deepEqual(after.subgraphs.prepare, {
    nodes: { keep: {} }, inputs: { raw: "keep.dataset", only: [] }, outputs: { out: null }, parameters: { share: [] },
  });
});
