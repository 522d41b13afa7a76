/**
 * Everything a node's face shows, as one plain object. Pure.
 *
 * @import {Diagnostic, GraphNode, Port} from "../types.js"
 * @import {Scene} from "./scene.js"
 * @import {VisualState} from "./node_state.js"
 * @import {EditorSession} from "../session.js"
 *
 * @typedef {{name: string, title: string, type: string, isWired: boolean, isOptional: boolean, x: number}} PortFace
 * @typedef {"node" | "subgraph" | "opened" | "input" | "output"} FaceKind a subgraph closed or opened in place, a port of one
 * @typedef {{id: string, kind: FaceKind, isNew: boolean, inside: number, uses: number, isInside: boolean, title: string, subtitle: string, line: string, icon: string, category: string, state: VisualState, progress: number | null, width: number, inputs: PortFace[], outputs: PortFace[], problem: "" | "error" | "warning", problemText: string, notice: string, label: string}} Face
 */
import { portTitle } from "../document/edits.js";
import { NEW_PORT } from "../document/terminals.js";
import { portOffset } from "./geometry.js";
import { resultLine, STATE_WORDS, summaryText, visualState } from "./node_state.js";

/** Material icon ligatures by category, for modules that name none. @type {{[category: string]: string}} */
const ICONS = {
  data_input_output: "storage", data_transformation: "transform", feature_selection: "filter_alt", statistical_functions: "functions",
  regression: "show_chart", classification: "category", clustering: "bubble_chart", anomaly_detection: "report_problem",
  model_training: "model_training", model_scoring_evaluation: "analytics", python_language: "code", r_language: "code",
  text_analytics: "text_fields", computer_vision: "image", recommendation: "recommend", web_service: "cloud", subgraph: "account_tree",
};

/**
 * @param {EditorSession} session
 * @param {Scene} scene
 * @param {number} slot
 * @param {{problems: ReadonlyMap<string, {own: Diagnostic[], inside: Diagnostic[]}>, now: number}} context
 * @returns {Face}
 */
export function faceOf(session, scene, slot, { problems, now }) {
  const id = scene.ids[slot];
  const node = session.document.nodes[id] ?? {};
  const spec = scene.specs[slot];
  const step = session.stepOf(id);
  const state = visualState(node, step, session.isStale(id));
  const moduleTitle = spec?.title ?? node.module ?? "";
  const isRenamed = scene.titles[slot] !== moduleTitle;
  const summary = summaryText(node, spec);
  const version = node.version === "default" ? (spec?.version ?? "default") : (node.version ?? "");
  const { own, inside } = problems.get(id) ?? NONE;
  const worst = worstOf(own) ?? worstOf(inside);
  const facts = session.subgraphs.facts(node);
  const inputs = portFaces(scene, slot, "input");
  const outputs = portFaces(scene, slot, "output");
  return {
    id, state, inputs, outputs,
    kind: faceKind(node, facts !== null),
    isNew: node.terminal?.name === NEW_PORT,
    inside: facts?.count ?? 0,
    uses: facts?.uses ?? 0,
    isInside: worst !== undefined && !own.includes(worst),
    title: scene.titles[slot],
    subtitle: node.terminal ? [...inputs, ...outputs].map(({ type }) => type).join() : facts ? [facts.published ? `Version ${version}` : "", countOf(facts.count, "node"), summary].filter(Boolean).join(" · ") : [[isRenamed || summary ? (isRenamed ? moduleTitle : "") : "Version", version].filter(Boolean).join(" "), summary].filter(Boolean).join(" · "),
    line: resultLine(state, step, now),
    icon: spec?.icon || ICONS[scene.categories[slot]] || "extension",
    category: scene.categories[slot],
    progress: typeof step?.progress === "number" ? step.progress : null,
    width: scene.width[slot],
    problem: worst ? ((worst.severity ?? "error") === "error" ? "error" : "warning") : "",
    problemText: worst ? `${worst.message} ${worst.remedy ?? ""}`.trim() + (own.includes(worst) ? "" : " It is inside; click to go there.") : "",
    notice: spec && spec.state && spec.state !== "active" ? `${version} is ${spec.state}. ${spec.state_message ?? ""}`.trim() : "",
    label: labelOf(node, { title: scene.titles[slot], words: [facts ? `subgraph of ${countOf(facts.count, "node")}` : "", STATE_WORDS[state], countOf(inputs.length, "input"), countOf(outputs.length, "output")] }),
  };
}

/** @param {Scene} scene @param {number} slot @param {"input" | "output"} side @returns {PortFace[]} */
function portFaces(scene, slot, side) {
  const ports = side === "input" ? scene.inputs[slot] : scene.outputs[slot];
  const word = side === "input" ? "in" : "out";
  return ports.map((port, i) => ({
    name: port.name, title: portTitle(port), type: port.type, isOptional: port.optional ?? false,
    isWired: scene.wired.has(`${scene.ids[slot]}.${word}.${port.name}`),
    x: portOffset(scene.width[slot], i, ports.length),
  }));
}

/** What a screen reader says of a node. @param {GraphNode} node @param {{title: string, words: string[]}} about */
function labelOf({ terminal }, { title, words }) {
  if (terminal?.name === NEW_PORT) return title;
  return [title, ...(terminal ? [terminal.kind === "inputs" ? "input of the subgraph" : "output of the subgraph"] : words)].filter(Boolean).join(", ");
}

/** @param {GraphNode} node @param {boolean} isSubgraph @returns {FaceKind} */
function faceKind({ terminal, expanded }, isSubgraph) {
  if (terminal) return terminal.kind === "inputs" ? "input" : "output";
  return expanded ? "opened" : isSubgraph ? "subgraph" : "node";
}

/** @param {readonly Diagnostic[]} items */
function worstOf(items) {
  return items.find(({ severity }) => (severity ?? "error") === "error") ?? items.find(({ severity }) => severity === "warning");
}

const NONE = { own: [], inside: [] };

/** @param {number} number @param {string} word */
function countOf(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
