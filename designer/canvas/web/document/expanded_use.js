/**
 * Expand in place: a node that uses a subgraph is shown with the nodes inside it, on the canvas
 * where it stands. The document stays as it is; what is edited inside is led back to the definition.
 * Wires across the border belong to the ports and are not edited here. Pure.
 *
 * @import {GraphDocument, GraphNode, InputValue, Point, Rect, SubgraphDefinition, WireValue} from "../types.js"
 *
 * @typedef {object} Expanded one use, as it is shown
 * @property {string} id of the node that uses the subgraph
 * @property {string} name of the definition
 * @property {ReadonlyMap<string, string>} inner ids in the definition, by id in the view
 * @property {Point} shift from places inside to places in the view
 * @property {Rect} frame around the nodes
 * @property {Point} corner where the node itself stands in the view
 * @property {Spread} spread how what is around makes room
 *
 * @typedef {{node: Rect, frame: Rect}} Spread
 */
import { isEqual } from "./difference.js";
import { cornerOf, foldedInnerLayout, foldedLayout, frameAround, NODE, spreadLayout } from "./expanded_layout.js";
import { SEPARATOR } from "./scope.js";
import { originOf } from "./subgraph_layout.js";
import { inputOf, present, subgraphTitle, withFields, wireFrom } from "./subgraphs.js";
import { listOf, oneOrMore, sourceOf, splitSource } from "./wires.js";

/**
 * @param {GraphDocument} document a view
 * @param {string} id
 * @returns {{document: GraphDocument, expanded: Expanded} | null} `null` for what has no inside here
 */
export function expandUse(document, id) {
  const use = document.nodes[id];
  const name = use?.subgraph;
  const definition = name ? document.subgraphs?.[name] : undefined;
  if (!use || !name || !definition || Object.keys(definition.nodes).length === 0) return null;
  const viewId = (/** @type {string} */ inner) => `${id}${SEPARATOR}${inner}`;
  const ids = Object.keys(definition.nodes);
  if (ids.some((inner) => Object.hasOwn(document.nodes, viewId(inner)))) return null;
  const inner = new Map(ids.map((one) => [viewId(one), one]));
  const place = document.layout?.nodes?.[id] ?? { x: 0, y: 0 };
  const origin = originOf(definition.layout ?? {});
  const shift = { x: place.x - origin.x, y: place.y - origin.y };
  const frame = frameAround(ids.map((one) => definition.layout?.nodes?.[one] ?? origin).map(({ x, y }) => ({ x: x + shift.x, y: y + shift.y })));
  /** @type {Expanded} */
  const expanded = { id, name, inner, shift, frame, corner: cornerOf(frame), spread: { node: { ...place, ...NODE }, frame } };
  const led = (/** @type {WireValue} */ wire) => wireFrom(wire, ledSource(sourceOf(wire), { id, definition }));
  const around = mapValues(document.nodes, (node) => withWires(node, led));
  const { inputs: _, ...own } = around[id];
  const nodes = { ...around, [id]: { ...own, expanded: true }, ...innerNodes(around[id], definition, { id, viewId }) };
  return { document: { ...document, nodes, outputs: document.outputs && mapValues(document.outputs, (source) => ledSource(source, { id, definition })), layout: spreadLayout(document.layout ?? {}, definition.layout ?? {}, { expanded, viewId }) }, expanded };
}

/**
 * The document that a changed view means, or why there is none.
 *
 * @param {GraphDocument} before as it was when the use was expanded
 * @param {GraphDocument} shown the view
 * @param {GraphDocument} after the view as it was edited
 * @param {Expanded} shownUse
 * @returns {GraphDocument | string}
 */
export function foldUse(before, shown, after, shownUse) {
  const { id, name } = shownUse;
  const inner = new Map([...shownUse.inner, ...addedInside(shown, after, id)]);
  const expanded = { ...shownUse, inner };
  const use = after.nodes[id];
  const definition = /** @type {SubgraphDefinition} */ (after.subgraphs?.[name] ?? before.subgraphs?.[name]);
  const title = use?.label || subgraphTitle(before.subgraphs, name);
  const outputs = foldedOutputs(before, shown, after, expanded);
  if (use && (outputs === null || crosses(shown, after, inner))) return `This crosses the border of '${title}'. Go inside, or use one of its ports.`;
  const gone = new Set(use ? [...inner].flatMap(([view, one]) => (after.nodes[view] ? [] : [one])) : []);
  /** @type {{[id: string]: GraphNode}} */
  const nodes = {};
  for (const [one, node] of Object.entries(after.nodes)) {
    if (!inner.has(one)) nodes[one] = one === id ? plainUse(node, before.nodes[id], after) : plainNeighbour(one, node, { before, shown, expanded, isUseGone: !use });
  }
  const folded = { ...after, nodes, outputs: outputs ?? undefined, layout: foldedLayout(before, shown, after, expanded) };
  const changed = use ? foldedDefinition(definition, { shown, after, expanded, gone }) : definition;
  return changed === definition ? folded : { ...folded, subgraphs: { ...after.subgraphs, [name]: changed } };
}

/** Nodes that came into the view under ids that say they belong inside. @param {GraphDocument} shown @param {GraphDocument} after @param {string} id @returns {[string, string][]} */
function addedInside(shown, after, id) {
  const start = id + SEPARATOR;
  return Object.keys(after.nodes).flatMap((one) => (one.startsWith(start) && !shown.nodes[one] ? [[one, one.slice(start.length)]] : []));
}

/** Outputs of the pipeline with those from inside led back to the ports; `null` for one that no port gives. @param {GraphDocument} before @param {GraphDocument} shown @param {GraphDocument} after @param {Expanded} expanded @returns {GraphDocument["outputs"] | null} */
function foldedOutputs(before, shown, after, { id, inner }) {
  if (after.outputs === shown.outputs) return before.outputs;
  /** @type {{[name: string]: string}} */
  const outputs = {};
  for (const name of new Set([...Object.keys(before.outputs ?? {}), ...Object.keys(after.outputs ?? {})])) {
    const [held, was, now] = [before.outputs?.[name], shown.outputs?.[name], after.outputs?.[name]];
    const isCutInside = held !== undefined && was !== undefined && now === undefined && after.nodes[id] !== undefined && inner.has(splitSource(was)[0]) && !after.nodes[splitSource(was)[0]];
    if (held !== undefined && (now === was || isCutInside)) outputs[name] = held;
    else if (now !== undefined && inner.has(splitSource(now)[0])) return null;
    else if (now !== undefined) outputs[name] = now;
  }
  return Object.keys(outputs).length > 0 ? outputs : undefined;
}

/** Whether a wire has come or gone that joins the inside and what is around, while both its ends stayed. @param {GraphDocument} shown @param {GraphDocument} after @param {ReadonlyMap<string, string>} inner */
function crosses(shown, after, inner) {
  const border = (/** @type {GraphDocument} */ document) => new Set(Object.entries(document.nodes).flatMap(([id, node]) =>
    Object.entries(node.inputs ?? {}).flatMap(([port, value]) => listOf(/** @type {WireValue | WireValue[]} */ (value)).flatMap((wire) => {
      const source = sourceOf(wire);
      const isBorder = inner.has(id) !== inner.has(splitSource(source)[0]);
      return isBorder ? [`${source}>${id}.${port}${typeof wire === "object" && wire.disabled ? "!" : ""}`] : [];
    }))));
  const [was, is] = [border(shown), border(after)];
  const ends = (/** @type {string} */ key) => key.split(">").map((end) => splitSource(end)[0]);
  const isLost = [...was].some((key) => !is.has(key) && ends(key).every((end) => after.nodes[end]));
  return isLost || [...is].some((key) => !was.has(key));
}

/** The use as the document holds it, with what was changed about it. @param {GraphNode} node @param {GraphNode} held @param {GraphDocument} after @returns {GraphNode} */
function plainUse(node, held, after) {
  const { expanded: _, inputs: __, ...own } = node;
  const inputs = present(Object.entries(held.inputs ?? {}).map(([port, value]) => [port, standing(value, after)]));
  const merged = { ...own, ...(held.inputs ? { inputs } : {}) };
  return isEqual(merged, held) ? held : withFields(merged, {});
}

/** An input without the wires whose source is gone. @param {InputValue} value @param {GraphDocument} after @returns {InputValue | undefined} */
function standing(value, after) {
  const wires = listOf(/** @type {WireValue | WireValue[]} */ (value));
  const left = wires.filter((wire) => after.nodes[splitSource(sourceOf(wire))[0]]);
  return left.length === wires.length ? value : inputOf(left, Array.isArray(value));
}

/** A node beside the use, its wires from inside led back to the ports. @param {string} id @param {GraphNode} node @param {{before: GraphDocument, shown: GraphDocument, expanded: Expanded, isUseGone: boolean}} from @returns {GraphNode} */
function plainNeighbour(id, node, { before, shown, expanded, isUseGone }) {
  const held = before.nodes[id];
  if (node === shown.nodes[id] && !isUseGone) return held;
  const isFromUse = (/** @type {WireValue} */ wire) => splitSource(sourceOf(wire))[0] === expanded.id;
  const inputs = present([...new Set([...Object.keys(node.inputs ?? {}), ...Object.keys(held?.inputs ?? {})])].map((port) => {
    const now = listOf(/** @type {any} */ (node.inputs?.[port]));
    const original = listOf(/** @type {any} */ (held?.inputs?.[port]));
    const shownWires = listOf(/** @type {any} */ (shown.nodes[id]?.inputs?.[port]));
    const kept = now.flatMap((wire) => {
      if (!expanded.inner.has(splitSource(sourceOf(wire))[0])) return [wire];
      const at = shownWires.findIndex((one) => isEqual(one, wire));
      return isUseGone || at < 0 ? [] : [original[at]];
    });
    const lost = isUseGone ? [] : original.filter((wire) => isFromUse(wire) && !kept.some((one) => isEqual(one, wire)));
    const isList = Array.isArray(node.inputs?.[port] ?? held?.inputs?.[port]);
    return [port, inputOf([...kept, ...lost], isList)];
  }));
  return withFields(node, { inputs, after: isUseGone ? node.after?.filter((one) => one !== expanded.id) : node.after });
}

/** The definition with what was changed inside. @param {SubgraphDefinition} definition @param {{shown: GraphDocument, after: GraphDocument, expanded: Expanded, gone: ReadonlySet<string>}} edit @returns {SubgraphDefinition} */
function foldedDefinition(definition, { shown, after, expanded, gone }) {
  const nodes = { ...definition.nodes };
  let isChanged = gone.size > 0;
  for (const [view, one] of expanded.inner) {
    const node = after.nodes[view];
    if (!node) delete nodes[one];
    else if (node !== shown.nodes[view]) {
      nodes[one] = plainInner(node, expanded);
      isChanged = true;
    }
  }
  const layout = foldedInnerLayout(definition.layout, { shown, after, expanded });
  if (!isChanged && layout === definition.layout) return definition;
  const isGone = (/** @type {string | null} */ end) => end !== null && gone.has(splitSource(end)[0]);
  const cut = (/** @type {{[name: string]: string | string[]} | undefined} */ ports) => ports && mapValues(ports, (ends) => oneOrMore(listOf(ends).filter((end) => !isGone(end))));
  const cleaned = gone.size > 0 ? { inputs: cut(definition.inputs), outputs: definition.outputs && mapValues(definition.outputs, (end) => (isGone(end) ? null : end)), parameters: cut(definition.parameters) } : {};
  return /** @type {SubgraphDefinition} */ (present(Object.entries({ ...definition, ...cleaned, nodes, layout })));
}

/** A node inside as its definition holds it. @param {GraphNode} node @param {Expanded} expanded @returns {GraphNode} */
function plainInner(node, { inner }) {
  const { within: _, ...own } = node;
  const inputs = present(Object.entries(node.inputs ?? {}).map(([port, value]) => {
    const wires = listOf(/** @type {WireValue | WireValue[]} */ (value)).flatMap((wire) => {
      const [source, output] = splitSource(sourceOf(wire));
      const one = inner.get(source);
      return one ? [wireFrom(wire, `${one}.${output}`)] : [];
    });
    return [port, inputOf(wires, Array.isArray(value) && wires.length > 1)];
  }));
  return withFields(own, { inputs, after: node.after?.flatMap((one) => inner.get(one) ?? []) });
}

/** The nodes of a definition as they stand in the view. @param {GraphNode} use @param {SubgraphDefinition} definition @param {{id: string, viewId: (inner: string) => string}} names */
function innerNodes(use, definition, { id, viewId }) {
  const nodes = Object.fromEntries(Object.entries(definition.nodes).map(([one, node]) => {
    const wired = withWires(node, (wire) => {
      const [source, port] = splitSource(sourceOf(wire));
      return wireFrom(wire, `${viewId(source)}.${port}`);
    });
    return [viewId(one), { ...wired, within: id, ...(node.after ? { after: node.after.map(viewId) } : {}) }];
  }));
  for (const [port, targets] of Object.entries(definition.inputs ?? {}).sort()) {
    for (const target of use.inputs?.[port] === undefined ? [] : listOf(targets)) {
      const [one, key] = splitSource(target);
      const node = nodes[viewId(one)];
      const handed = listOf(/** @type {WireValue | WireValue[]} */ (use.inputs?.[port]));
      if (node) nodes[viewId(one)] = { ...node, inputs: { ...node.inputs, [key]: /** @type {InputValue} */ (oneOrMore([...listOf(/** @type {any} */ (node.inputs?.[key])), ...handed])) } };
    }
  }
  return nodes;
}

/** What gives, inside the use, what one of its outputs gives. @param {string} source @param {{id: string, definition: SubgraphDefinition}} use */
function ledSource(source, { id, definition }) {
  const [node, port] = splitSource(source);
  const led = node === id ? definition.outputs?.[port] : null;
  return led ? `${id}${SEPARATOR}${led}` : source;
}

/** @param {GraphNode} node @param {(wire: WireValue) => WireValue} lead @returns {GraphNode} the same one when none of its wires is led elsewhere */
function withWires(node, lead) {
  if (!node.inputs) return node;
  let isTouched = false;
  const inputs = mapValues(node.inputs, (value) => {
    const wires = listOf(/** @type {WireValue | WireValue[]} */ (value));
    const led = wires.map(lead);
    if (led.every((wire, i) => sourceOf(wire) === sourceOf(wires[i]))) return value;
    isTouched = true;
    return Array.isArray(value) ? led : led[0];
  });
  return isTouched ? { ...node, inputs } : node;
}

/** @template T, R @param {{[key: string]: T}} object @param {(item: T) => R} change @returns {{[key: string]: R}} */
function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(item)]));
}
