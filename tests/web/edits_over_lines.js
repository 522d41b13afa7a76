// Edits of the browser for tests in Python: a JSON line in, a JSON line out.
import { createInterface } from "node:readline";
import { difference } from "../../designer/canvas/web/document/difference.js";
import { ModuleStore } from "../../designer/canvas/web/document/module_store.js";
import { applyChanges, invertChanges } from "../../designer/canvas/web/document/operations.js";
import { collapse } from "../../designer/canvas/web/document/subgraph_collapse.js";
import { ScopeView } from "../../designer/canvas/web/document/scope_view.js";
import { demote, expose } from "../../designer/canvas/web/document/subgraph_ports.js";
import { unpack } from "../../designer/canvas/web/document/subgraph_unpack.js";

const modules = new ModuleStore();

const EDITS = {
  modules: ({ specs }) => (modules.addSpecs(specs), {}),
  collapse: ({ root, definition, ids }) => collapse(root, definition, ids, { modules }),
  unpack: ({ root, definition, id }) => unpack(root, definition, id),
  promote: ({ root, definition, end }) => expose(root, definition, "parameters", end),
  view: ({ root, definition, expanded, changes }) => {
    const view = new ScopeView(root, definition, expanded);
    const rooted = view.rooted(changes ?? []);
    return { view: view.document, rooted, edited: applyChanges(root, rooted.changes) };
  },
  demote: ({ root, definition, name }) => demote(root, definition, name),
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  modules.follow(asked.root ?? { nodes: {} });
  const answer = EDITS[asked.edit](asked);
  if (answer.root) {
    const changes = difference(asked.root, answer.root);
    answer.applied = applyChanges(asked.root, changes);
    answer.undone = applyChanges(answer.applied, invertChanges(changes));
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
