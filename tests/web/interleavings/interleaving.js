// One random interleaving of 2 to 20 editors on one pipeline, and what must hold at its end.
import assert from "node:assert/strict";
import { isEqual } from "../../../designer/canvas/web/document/difference.js";
import { applyChanges, valueAt } from "../../../designer/canvas/web/document/operations.js";
import { Editor } from "./editor.js";
import { byPart } from "./meaning.js";
import { Server } from "./network.js";
import { generator } from "./random.js";

export const EMPTY = { format: 1, name: "p", nodes: {} };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * @param {number} seed
 * @param {any} merge the model, or the real one behind a pipe
 * @returns {Promise<{editors: number, operations: number, refused: number, conflicts: number, renamed: number, crashes: number}>}
 */
export async function interleave(seed, merge) {
  const random = generator(seed);
  const server = new Server(merge);
  const editors = Array.from({ length: 2 + random.below(19) }, (_, i) => new Editor(server, `editor${i}`));
  for (const editor of editors) await editor.open();
  const facts = { crashes: 0, reloads: 0, restarts: 0 };
  for (let step = 0; step < 40 + 12 * editors.length; step++) {
    await disturb(random.any(editors), { random, editors, facts });
    if (random.chance(40)) await turn();
  }
  await heal(editors);
  return { ...facts, editors: editors.length, ...(await check(server, editors)) };
}

async function disturb(editor, { random, editors, facts }) {
  const { line } = editor;
  const dice = random.below(100);
  if (dice < 45) editor.edit(random);
  else if (dice < 60) await line.deliverRequest(random.below(line.requests.length || 1), fate(random));
  else if (dice < 78) for (let i = random.below(4); i >= 0; i--) line.deliverPush(random.chance(5));
  else if (dice < 83) line.disconnect();
  else if (dice < 89) line.connect();
  else if (dice < 92) editor.session.sync.retryNow();
  else if (dice < 94) editor.disk.flush();
  else if (dice < 96) await late(editor, random);
  else if (dice < 98) facts.reloads += await did(editor.reload());
  else if (dice < 99) facts.crashes += await did(editor.crash());
  else {
    facts.restarts += 1;
    for (const other of editors) other.line.disconnect();
  }
}

const did = (work) => work.then(() => 1);

function fate(random) {
  const dice = random.below(10);
  return { isLost: dice === 0, isUnanswered: dice === 1, isTwice: dice === 2 };
}

/** A request of a page that is gone still reaches the server. */
async function late(editor, random) {
  const left = editor.lines.filter((line) => line !== editor.line && line.requests.length > 0);
  if (left.length > 0) await random.any(left).deliverRequest(0);
}

async function heal(editors) {
  for (let round = 0; round < 400; round++) {
    for (const editor of editors) {
      editor.line.connect();
      editor.disk.flush();
      for (const line of editor.lines) while (line.requests.length) await line.deliverRequest(0);
      while (editor.line.pushes.length) editor.line.deliverPush();
      editor.session.sync.retryNow();
    }
    await turn();
    if (round > 3 && editors.every(isAtRest)) return;
  }
  throw new Error("the editors do not come to rest");
}

function isAtRest({ session, line, server }) {
  return line.isQuiet && session.connection.waiting === 0 && session.revision === server.merge.revision;
}

async function check(server, editors) {
  const { graph, revision } = await server.merge.snapshot();
  const { operations } = await server.merge.operationsAfter(0);
  for (const { session, disk, name } of editors) {
    assert.deepEqual(session.root, graph, `${name} sees what the server has`);
    assert.equal(session.copy.pending.length, 0, `${name} has nothing on top of it`);
    assert.equal(session.revision, revision);
    assert.deepEqual(disk.entries, [], `the log of ${name} is empty`);
  }
  checkLog(operations, graph);
  checkMeaning(operations, new Map(editors.flatMap(({ made }) => [...made])));
  const logged = new Set(operations.map(({ id }) => id));
  let refused = 0;
  for (const { made, gone, name } of editors) {
    for (const [id, operation] of made) {
      if (logged.has(id) || gone.has(id)) continue;
      assert.equal(server.verdicts.get(id), "refused", `'${operation.label}' of ${name} is neither kept nor refused`);
      refused += 1;
    }
  }
  const count = (pick) => operations.filter((entry) => Object.keys(pick(entry) ?? {}).length > 0).length;
  return { operations: operations.length, refused, conflicts: count((entry) => entry.conflicts), renamed: count((entry) => entry.renamed) };
}

/** Every accepted operation is in the log once, and in the result until a later one takes its place. */
function checkLog(operations, graph) {
  assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length, "no operation twice");
  assert.deepEqual(operations.map(({ revision }) => revision), operations.map((_, i) => i + 1));
  assert.deepEqual(operations.reduce((document, { changes }) => applyChanges(document, changes), EMPTY), graph);
  const later = [];
  for (const { changes, label } of operations.toReversed()) {
    for (const { path, after } of changes.toReversed()) {
      if (!later.some((other) => isWithin(path, other) || isWithin(other, path))) {
        assert.ok(isEqual(valueAt(graph, path), after), `'${label}' is missing at ${path.join("/")}`);
      }
      later.push(path);
    }
  }
}

/** Every edit changed the node that its maker meant, whatever ids were given out meanwhile. */
function checkMeaning(operations, made) {
  let document = EMPTY;
  for (const { id, label, changes } of operations) {
    const { meant } = made.get(id);
    for (const [part, marks] of byPart(document, changes)) {
      for (const mark of marks) {
        assert.ok(mark === "none" || meant.get(part)?.has(mark), `'${label}' meant ${[...(meant.get(part) ?? [])]} with ${part}, and changed ${mark}`);
      }
    }
    document = applyChanges(document, changes);
  }
}

function isWithin(path, other) {
  return other.every((key, i) => path[i] === key);
}
