// What the rows of the outline say: to the eye in few words, to a screen reader in whole ones.

import { portTitle } from "../document/edits.js";
import { splitSource } from "../document/wires.js";
import { stateOfNode } from "../scene/face.js";
import { STATE_WORDS } from "../scene/node_state.js";

/**
 * @import {EditorSession} from "../session.js"
 * @import {Diagnostic} from "../types.js"
 * @import {OutlineRow} from "../document/outline.js"
 * @import {WireFact} from "../document/wires.js"
 * @import {VisualState} from "../scene/node_state.js"
 * @typedef {{own: Diagnostic[], inside: Diagnostic[]}} NodeProblems
 * @typedef {{title: string, note: string, isMissing: boolean, label: string}} RowWords  `note`: what stands beside the title
 * @typedef {{problems: ReadonlyMap<string, NodeProblems>, wires: readonly WireFact[]}} RowFacts  `wires`: those that the row stands for
 */

/** @type {{[state in VisualState]: string}} */
export const SHORT_WORDS = {
  idle: "", queued: "queued", running: "running", completed: "done", reused: "reused", failed: "failed", cancelled: "cancelled", skipped: "skipped",
  stale: "changed", disabled: "disabled", bypassed: "bypassed", frozen: "frozen", stopped: "waits", will_run: "would run", maybe_reused: "reused?",
};

/** @param {EditorSession} session @param {OutlineRow} row @param {RowFacts} facts @returns {RowWords} */
export function rowWords(session, row, facts) {
  if (row.kind === "node") return nodeWords(session, row.node, facts.problems.get(row.node));
  if (row.kind === "inside") return insideWords(session, row.node);
  return portWords(session, row, facts.wires);
}

/** What a row is found by when it is typed. @param {EditorSession} session @param {OutlineRow} row */
export function rowTitle(session, { kind, node, port }) {
  if (kind === "node") return session.titleOf(node);
  return port ? portTitle(port) : "Inside";
}

/** The worst problem first. @param {NodeProblems | undefined} problems @returns {Diagnostic[]} */
export function problemsOf(problems) {
  const all = [...(problems?.own ?? []), ...(problems?.inside ?? [])];
  return all.sort((a, b) => Number((a.severity ?? "error") !== "error") - Number((b.severity ?? "error") !== "error"));
}

/** @param {EditorSession} session @param {string} id @param {NodeProblems | undefined} problems @returns {RowWords} */
function nodeWords(session, id, problems) {
  const node = session.document.nodes[id] ?? {};
  const title = session.titleOf(id);
  if (node.terminal) {
    const note = node.terminal.kind === "inputs" ? "input of the subgraph" : "output of the subgraph";
    return { title, note: "", isMissing: false, label: `${title}, ${note}` };
  }
  const module = session.modules.specOf(node)?.title ?? node.module ?? "";
  const state = stateOfNode(session, id);
  const count = session.subgraphs.facts(node)?.count;
  const [worst, ...more] = problemsOf(problems);
  const said = worst ? `${1 + more.length === 1 ? (worst.severity ?? "error") : `${1 + more.length} problems`}: ${worst.message}` : "";
  const words = [
    title, module === title ? "" : module, count === undefined ? "" : `subgraph of ${count} ${count === 1 ? "node" : "nodes"}`,
    STATE_WORDS[state], said, session.breakpoints.hasNode(session.scope, id) ? "breakpoint" : "",
    commentWords(session.comments.inView.get(id) ?? 0),
  ];
  return { title, note: SHORT_WORDS[state], isMissing: false, label: words.filter(Boolean).join(", ") };
}

/** @param {number} count */
function commentWords(count) {
  return count === 0 ? "" : count === 1 ? "1 open comment" : `${count} open comments`;
}

/** @param {EditorSession} session @param {string} id @returns {RowWords} */
function insideWords(session, id) {
  const count = session.subgraphs.facts(session.document.nodes[id] ?? {})?.count ?? 0;
  const note = `${count} ${count === 1 ? "node" : "nodes"}`;
  return { title: "Inside", note, isMissing: false, label: `Inside, ${note}` };
}

/** @param {EditorSession} session @param {OutlineRow} row @param {readonly WireFact[]} wires @returns {RowWords} */
function portWords(session, { kind, port }, wires) {
  if (!port) return { title: "", note: "", isMissing: false, label: "" };
  const title = portTitle(port);
  const ends = wires.map((wire) => endWords(session, wire, kind) + (wire.disabled ? " (disabled)" : ""));
  if (kind === "output") {
    const note = ends.length > 2 ? `${ends.length} wires` : ends.join(", ");
    return { title, note: note && `→ ${note}`, isMissing: false, label: `Output ${title}, ${port.type}, ${ends.length ? `feeds ${ends.join(", ")}` : "feeds nothing"}` };
  }
  const isMissing = ends.length === 0 && !port.optional;
  const note = ends.length ? `← ${ends.join(", ")}` : port.optional ? "optional" : "not connected";
  const said = ends.length ? `from ${ends.join(", ")}` : isMissing ? "not connected" : "optional, not connected";
  return { title, note, isMissing, label: `Input ${title}, ${port.type}, ${said}` };
}

/** The node at the other end, with its port where it has several of that side. @param {EditorSession} session @param {WireFact} wire @param {string} kind of the row */
function endWords(session, wire, kind) {
  const id = kind === "input" ? wire.node : wire.target;
  const { inputs, outputs } = session.modules.portsOf(session.document, id);
  const ports = kind === "input" ? outputs : inputs;
  const name = kind === "input" ? splitSource(wire.source)[1] : wire.port;
  const port = ports.length > 1 ? ports.find((one) => one.name === name) : undefined;
  return port ? `${session.titleOf(id)} · ${portTitle(port)}` : session.titleOf(id);
}
