/**
 * Everything a node's face shows, as one plain object. Pure.
 *
 * @import {Diagnostic, GraphNode, Port} from "../types.js"
 * @import {Scene} from "./scene.js"
 * @import {VisualState} from "./node_state.js"
 * @import {SettingPart} from "./settings_line.js"
 * @import {EditorSession} from "../session.js"
 * @import {MeterText} from "../document/meters.js"
 * @import {Other} from "../presence.js"
 * @import {VersionNotice} from "../document/versions.js"
 *
 * @typedef {{name: string, title: string, type: string, isWired: boolean, isOptional: boolean, x: number}} PortFace
 * @typedef {"node" | "subgraph" | "opened" | "input" | "output"} FaceKind a subgraph closed or opened in place, a port of one
 * @typedef {{id: string, kind: FaceKind, isNew: boolean, inside: number, uses: number, isInside: boolean, title: string, subtitle: SettingPart[], subtitleHint: string, toSet: string, toSetHint: string, line: string, icon: string, category: string, state: VisualState, progress: number | null, width: number, inputs: PortFace[], outputs: PortFace[], problem: "" | "error" | "warning", problemText: string, notice: VersionNotice | null, label: string, meter: MeterText[], hasBreakpoint: boolean, comments: number, others: readonly Other[], isReceding: boolean}} Face
 */
import { portTitle } from "../document/edits.js";
import { meterTexts } from "../document/meters.js";
import { OUTCOME_STATES, OUTCOME_WORDS, previewLine } from "../document/plan_preview.js";
import { NEW_PORT } from "../document/terminals.js";
import { versionNotice } from "../document/versions.js";
import { portOffset } from "./geometry.js";
import { resultLine, STATE_WORDS, visualState } from "./node_state.js";
import { settingsLine } from "./settings_line.js";

/** A required parameter has no value. */
const NOT_SET = "V004";

/** Material icon ligatures by category, for modules that name none. @type {{[category: string]: string}} */
const ICONS = {
  data_input_output: "storage", data_transformation: "transform", feature_selection: "filter_alt", statistical_functions: "functions",
  regression: "show_chart", classification: "category", clustering: "bubble_chart", anomaly_detection: "report_problem",
  model_training: "model_training", model_scoring_evaluation: "analytics", python_language: "code", r_language: "code",
  text_analytics: "text_fields", computer_vision: "image", recommendation: "recommend", web_service: "cloud", subgraph: "account_tree",
};

/** What a run would do with these is what a person looks for; the rest recedes. @type {Set<string>} */
const OUTSTANDING = new Set(["runs", "invalid"]);

/**
 * The state that a node of the scope shows: what the run made of it, or what a previewed one would.
 *
 * @param {EditorSession} session
 * @param {string} id
 * @returns {VisualState}
 */
export function stateOfNode(session, id) {
  const outcome = session.outcomeOf(id)?.outcome;
  if (outcome) return OUTCOME_STATES[outcome];
  const node = session.document.nodes[id] ?? {};
  return visualState(node, session.stepOf(id), { isStale: session.isStale(id), isLeftOut: session.leftOut.has(id) });
}

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
  const outcome = session.outcomeOf(id);
  const state = stateOfNode(session, id);
  const isPreviewing = session.previews.shown?.preview != null;
  const notice = versionNotice(node, spec, session.modules.card(node.module ?? ""));
  const moduleTitle = spec?.title ?? node.module ?? "";
  const isRenamed = scene.titles[slot] !== moduleTitle;
  const settings = settingsLine(node, spec);
  const version = node.version === "default" ? (spec?.version ?? "default") : (node.version ?? "");
  const moduleWords = [moduleTitle, version].filter(Boolean).join(" ");
  const { own, inside } = problems.get(id) ?? NONE;
  const worst = worstOf(own) ?? worstOf(inside);
  const facts = session.subgraphs.facts(node);
  const inputs = portFaces(scene, slot, "input");
  const outputs = portFaces(scene, slot, "output");
  const comments = session.comments.inView.get(id) ?? 0;
  const others = session.presence.inView.get(id) ?? NOBODY;
  return {
    id, state, inputs, outputs,
    kind: faceKind(node, facts !== null),
    isNew: node.terminal?.name === NEW_PORT,
    inside: facts?.count ?? 0,
    uses: facts?.uses ?? 0,
    isInside: worst !== undefined && !own.includes(worst),
    title: scene.titles[slot],
    subtitle: [...(facts ? subgraphParts(facts, version) : []), ...placeParts(node), ...settings.parts, ...(facts ? [] : [{ text: isRenamed ? moduleWords : settings.parts.length ? version : `Version ${version}`, isChanged: false }])].filter(({ text }) => text),
    subtitleHint: settings.changed.length ? `${moduleWords}. Set here: ${settings.changed.join(", ")}` : moduleWords,
    toSet: settings.missing.length ? `${settings.missing.length} to set` : "",
    toSetHint: settings.missing.length ? `Needed before a run: ${settings.missing.join(", ")}` : "",
    line: outcome ? previewLine(outcome) : resultLine(state, step, now, { leftOut: session.leftOut.get(id) ?? "", frozen: session.frozen.words(node) }),
    icon: spec?.icon || ICONS[scene.categories[slot]] || "extension",
    category: scene.categories[slot],
    progress: typeof step?.progress === "number" ? step.progress : null,
    width: scene.width[slot],
    problem: worst ? ((worst.severity ?? "error") === "error" ? "error" : "warning") : "",
    problemText: worst ? `${worst.message} ${worst.remedy ?? ""}`.trim() + (own.includes(worst) ? "" : " It is inside; click to go there.") : "",
    notice,
    meter: state === "running" ? meterTexts(step?.meter) : [],
    hasBreakpoint: session.breakpoints.hasNode(session.scope, id),
    comments,
    others,
    isReceding: isPreviewing && !OUTSTANDING.has(outcome?.outcome ?? ""),
    label: labelOf(node, {
      title: scene.titles[slot],
      words: [
        facts ? `subgraph of ${countOf(facts.count, "node")}` : "", outcome ? OUTCOME_WORDS[outcome.outcome] : STATE_WORDS[state],
        countOf(inputs.length, "input"), countOf(outputs.length, "output"), settings.missing.length ? `${settings.missing.length} to set` : "",
        comments ? countOf(comments, "open comment") : "", others.length ? `selected by ${others.map(({ title }) => title).join(", ")}` : "",
      ],
    }),
  };
}

/** Where and in what a node runs, when that was chosen for it. @param {GraphNode} node @returns {SettingPart[]} */
function placeParts({ run }) {
  return [run?.target ? `on ${run.target}` : "", run?.environment ? `in ${run.environment}` : ""].map((text) => ({ text, isChanged: true }));
}

/** What a subgraph is, before its settings. @param {{count: number, published?: unknown}} facts @param {string} version @returns {SettingPart[]} */
function subgraphParts({ count, published }, version) {
  return [published ? `Version ${version}` : "", countOf(count, "node")].map((text) => ({ text, isChanged: false }));
}

/** What the mark tells of; values that wait to be set are said in words. @param {readonly Diagnostic[]} diagnostics */
function worstOf(diagnostics) {
  const errors = diagnostics.filter(({ severity }) => (severity ?? "error") === "error");
  return errors.find(({ code }) => code !== NOT_SET) ?? diagnostics.find(({ severity }) => severity === "warning");
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

const NONE = { own: [], inside: [] };
/** @type {readonly Other[]} */
const NOBODY = [];

/** @param {number} number @param {string} word */
function countOf(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
