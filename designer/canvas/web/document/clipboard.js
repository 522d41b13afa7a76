/**
 * Copy and paste as JSON text: the same schema as the graph file, so a selection travels by chat.
 *
 * @import {Change, GraphDocument, GraphNode, Point} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 */
import { allMarks, freeMark, markKey, markOf, parseMark, setMark } from "./annotations.js";
import { bendEnds } from "./bends.js";
import { definitionsOf, insideItself, landed, usingNames } from "./copied_subgraphs.js";
import { addNode, change, freeId } from "./edits.js";
import { SEPARATOR } from "./scope.js";
import { freeName } from "./subgraphs.js";
import { sourceOf, splitSource, withoutWires } from "./wires.js";

/** The pipeline that copied subgraphs come from: pasted there they stay linked. */
const ORIGIN = "x-pipeline";

/**
 * Nodes as text, secrets left out, with the subgraphs that they use; and frames and notes. What is drawn
 * only is no part of it: ports of a subgraph, the inside of a node that is copied too.
 *
 * @param {GraphDocument} document
 * @param {Iterable<string>} ids
 * @param {ModuleStore} modules
 * @param {{marks?: Iterable<string>, pipelineId?: string}} [more] `pipelineId` tells, where the text lands, whether it comes from there
 */
export function copyText(document, ids, modules, { marks = [], pipelineId } = {}) {
  /** @type {GraphDocument} */
  const copied = { format: 1, nodes: {}, layout: { nodes: {} } };
  const names = copiedNames(document, ids);
  for (const [id, name] of names) {
    const { within: _, expanded: __, ...node } = document.nodes[id];
    copied.nodes[name] = rewired(withoutSecrets(node, modules), names, () => true);
    const place = document.layout?.nodes?.[id];
    if (place && copied.layout?.nodes) copied.layout.nodes[name] = place;
  }
  for (const key of marks) {
    const { kind, id } = parseMark(key);
    const mark = markOf(document.layout, key);
    if (mark) copied.layout = { ...copied.layout, [kind]: { ...copied.layout?.[kind], [id]: mark } };
  }
  const bends = Object.entries(document.layout?.wires ?? {}).filter(([key]) => Object.values(bendEnds(key)).every((end) => copied.nodes[splitSource(end)[0]]));
  if (bends.length > 0) copied.layout = { ...copied.layout, wires: Object.fromEntries(bends) };
  const definitions = Object.entries(definitionsOf(document.subgraphs, copied.nodes));
  const parameters = pick(document.parameters, referredTo([copied.nodes, ...definitions.map(([, { nodes }]) => nodes)]));
  if (parameters) copied.parameters = parameters;
  if (definitions.length > 0) {
    copied.subgraphs = Object.fromEntries(definitions.map(([name, definition]) => [name, { ...definition, nodes: mapNodes(definition.nodes, (node) => withoutSecrets(node, modules)) }]));
    Object.assign(copied, { [ORIGIN]: pipelineId });
  }
  return JSON.stringify(copied, null, 2);
}

/** What is copied of these nodes, and its name in the text. @param {GraphDocument} document @param {Iterable<string>} ids @returns {Map<string, string>} */
function copiedNames(document, ids) {
  const chosen = new Set([...ids].filter((id) => document.nodes[id] && !document.nodes[id].terminal));
  /** @type {(around: string | undefined) => boolean} */
  const isCovered = (around) => around !== undefined && (chosen.has(around) || isCovered(document.nodes[around]?.within));
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const id of chosen) {
    const { within } = document.nodes[id];
    if (!isCovered(within)) names.set(id, freeName(new Set(names.values()), within ? id.slice(within.length + SEPARATOR.length) : id));
  }
  return names;
}

/**
 * The graph that a text holds, or `null` when it holds none.
 *
 * @param {string} text
 * @returns {GraphDocument | null}
 */
export function parseCopied(text) {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const parsed = JSON.parse(text);
    const isGraph = parsed?.format === 1 && typeof parsed.nodes === "object" && parsed.nodes !== null;
    return isGraph && (Object.keys(parsed.nodes).length > 0 || allMarks(parsed.layout).length > 0) ? parsed : null;
  } catch {
    return null;
  }
}

/**
 * The changes that add copied nodes under free ids, and the pipeline parameters that they refer to.
 *
 * @param {GraphDocument} document
 * @param {GraphDocument} copied
 * @param {{at: Point | null, by?: Point, keepOuter: boolean, pipelineId?: string, inside?: string}} how `at`: the
 *   middle of the pasted nodes, else each is moved `by`; `keepOuter` keeps wires from nodes left behind;
 *   `inside`: the expanded node that they go into
 * @returns {{changes: Change[], ids: string[], marks: string[], reason: string}} none with the reason where they cannot be put here
 */
export function pasteChanges(document, copied, { at, by = { x: 32, y: 32 }, keepOuter, pipelineId, inside = "" }) {
  const isFromHere = pipelineId !== undefined && /** @type {any} */ (copied)[ORIGIN] === pipelineId;
  const { names, added } = landed(document.subgraphs ?? {}, copied.subgraphs ?? {}, isFromHere);
  const nodes = usingNames(copied.nodes, names);
  const subgraphs = { ...document.subgraphs, ...added };
  const reason = document.definition ? insideItself({ ...document, subgraphs }, document.definition, Object.values(nodes)) : "";
  if (reason) return { changes: [], ids: [], marks: [], reason };
  const taken = { ...document.nodes };
  /** @type {Map<string, string>} */
  const renamed = new Map();
  for (const id of Object.keys(copied.nodes)) {
    const fresh = freeId(taken, id, inside);
    taken[fresh] = copied.nodes[id];
    renamed.set(id, fresh);
  }
  const shift = shiftTo(copied, at, by);
  const changes = Object.entries(added).map(([name, definition]) => change(document, ["subgraphs", name], definition));
  for (const [id, fresh] of renamed) {
    const node = rewired(nodes[id], renamed, (other) => keepOuter && Object.hasOwn(document.nodes, other) && (document.nodes[other].within ?? "") === inside);
    const place = copied.layout?.nodes?.[id] ?? { x: 0, y: 0 };
    changes.push(...addNode(document, fresh, node, { x: place.x + shift.x, y: place.y + shift.y }));
  }
  const missing = [...referredTo([copied.nodes, ...Object.values(added).map((one) => one.nodes)])].filter((name) => !Object.hasOwn(document.parameters ?? {}, name));
  for (const [name, parameter] of Object.entries(pick(copied.parameters, missing) ?? {})) {
    changes.unshift(change(document, ["parameters", name], parameter));
  }
  const looks = pastedLooks(document, copied, { renamed, shift });
  return { changes: [...changes, ...looks.changes], ids: [...renamed.values()], marks: looks.marks, reason: "" };
}

/**
 * Frames, notes and bends that come along.
 *
 * @param {GraphDocument} document
 * @param {GraphDocument} copied
 * @param {{renamed: ReadonlyMap<string, string>, shift: Point}} how
 */
function pastedLooks(document, copied, { renamed, shift }) {
  /** @type {Change[]} */
  const changes = [];
  const marks = [];
  for (const kind of /** @type {const} */ (["frames", "notes"])) {
    const taken = { ...document.layout?.[kind] };
    for (const mark of Object.values(copied.layout?.[kind] ?? {})) {
      const id = freeMark({ ...document, layout: { [kind]: taken } }, kind);
      Object.assign(taken, { [id]: mark });
      changes.push(setMark(document, kind, id, { ...mark, x: mark.x + shift.x, y: mark.y + shift.y }));
      marks.push(markKey(kind, id));
    }
  }
  const named = (/** @type {string} */ end) => `${renamed.get(splitSource(end)[0]) ?? ""}.${splitSource(end)[1]}`;
  for (const [key, points] of Object.entries(copied.layout?.wires ?? {})) {
    const { source, target } = bendEnds(key);
    changes.push(change(document, ["layout", "wires", `${named(source)}>${named(target)}`], points.map(([x, y]) => [x + shift.x, y + shift.y])));
  }
  return { changes, marks };
}

/** The pipeline parameters that these nodes refer to. @param {{[id: string]: GraphNode}[]} groups @returns {Set<string>} */
function referredTo(groups) {
  const values = groups.flatMap((nodes) => Object.values(nodes)).flatMap(({ parameters }) => Object.values(parameters ?? {}));
  return new Set(values.flatMap((value) => (typeof value?.$parameter === "string" ? [value.$parameter] : [])));
}

/**
 * @template T
 * @param {{[name: string]: T} | undefined} all
 * @param {Iterable<string>} names
 * @returns {{[name: string]: T} | null} `null` when none is there
 */
function pick(all, names) {
  const found = [...names].flatMap((name) => (all && Object.hasOwn(all, name) ? [/** @type {const} */ ([name, all[name]])] : []));
  return found.length ? Object.fromEntries(found) : null;
}

/** @param {{[id: string]: GraphNode}} nodes @param {(node: GraphNode) => GraphNode} change @returns {{[id: string]: GraphNode}} */
function mapNodes(nodes, change) {
  return Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, change(node)]));
}

/** @param {GraphNode} node @param {ModuleStore} modules @returns {GraphNode} */
function withoutSecrets(node, modules) {
  if (!node.parameters) return node;
  const secret = new Set((modules.specOf(node)?.parameters ?? []).flatMap((spec) => (spec.kind === "secret" ? [spec.name] : [])));
  const kept = Object.entries(node.parameters).filter(([name, value]) => !secret.has(name) || isReference(value));
  const { parameters: _, ...rest } = node;
  return kept.length ? { ...rest, parameters: Object.fromEntries(kept) } : rest;
}

/** @param {any} value */
function isReference(value) {
  return typeof value === "object" && value !== null && "$secret" in value;
}

/**
 * @param {GraphNode} node
 * @param {Map<string, string>} renamed
 * @param {(id: string) => boolean} isKept
 * @returns {GraphNode}
 */
function rewired(node, renamed, isKept) {
  const { inputs, after, ...rest } = node;
  /** @type {GraphNode} */
  const result = rest;
  const entries = Object.entries(inputs ?? {}).flatMap(([port, value]) => {
    const left = withoutWires(value, (source) => !renamed.has(splitSource(source)[0]) && !isKept(splitSource(source)[0]));
    return left === undefined ? [] : [[port, renameSources(left, renamed)]];
  });
  if (entries.length) result.inputs = Object.fromEntries(entries);
  const order = (after ?? []).flatMap((id) => renamed.get(id) ?? (isKept(id) ? [id] : []));
  if (order.length) result.after = order;
  return result;
}

/** @param {any} value @param {Map<string, string>} renamed @returns {any} */
function renameSources(value, renamed) {
  if (Array.isArray(value)) return value.map((item) => renameSources(item, renamed));
  const [node, port] = splitSource(sourceOf(value));
  const source = `${renamed.get(node) ?? node}.${port}`;
  return typeof value === "string" ? source : { ...value, from: source };
}

/** @param {GraphDocument} copied @param {Point | null} at @param {Point} by @returns {Point} */
function shiftTo(copied, at, by) {
  const nodes = Object.values(copied.layout?.nodes ?? {}).map((place) => ({ ...place, width: 208, height: 64 }));
  const rects = [...nodes, ...allMarks(copied.layout).map(({ rect }) => rect)];
  if (!at || rects.length === 0) return at ?? by;
  const middle = (/** @type {number[]} */ starts, /** @type {number[]} */ ends) => (Math.min(...starts) + Math.max(...ends)) / 2;
  const snap = (/** @type {number} */ value) => Math.round(value / 8) * 8;
  return {
    x: snap(at.x - middle(rects.map(({ x }) => x), rects.map(({ x, width }) => x + width))),
    y: snap(at.y - middle(rects.map(({ y }) => y), rects.map(({ y, height }) => y + height))),
  };
}
