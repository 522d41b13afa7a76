/**
 * Ports and promoted parameters of a definition: added, renamed, ordered, removed, with every node
 * that uses them. Pure: a document in, a document out.
 *
 * @import {GraphDocument, GraphNode, SubgraphDefinition, WireValue} from "../types.js"
 * @typedef {"inputs" | "outputs" | "parameters"} PortKind
 */
import { definitionOf, freeName, holderOf, inputOf, orderedNames, present, usesOf, wireFrom, withFields, withHolder } from "./subgraphs.js";
import { listOf, oneOrMore, sourceOf, splitSource } from "./wires.js";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

/**
 * A port or promoted parameter that leads to something inside; one that does already stays.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {PortKind} kind
 * @param {string} end `node.port` or `node.parameter`
 * @param {{name?: string}} [how] the name of one that is there already: it leads there as well
 * @returns {{root: GraphDocument, name: string}}
 */
export function expose(root, definition, kind, end, { name } = {}) {
  const held = definitionOf(root, definition);
  const known = exposedAs(held, kind, end);
  if (known && (name === undefined || name === known)) return { root, name: known };
  if (name !== undefined && held[kind]?.[name] !== undefined) {
    const value = kind === "outputs" ? end : oneOrMore([...listOf(held[kind][name]), end]);
    return { root: withPorts(root, definition, kind, { ...held[kind], [name]: value }), name };
  }
  const [node, key] = splitSource(end);
  const taken = new Set(Object.keys(held[kind] ?? {}));
  const fresh = name ?? freeName(taken, taken.has(key) ? `${node}_${key}` : key);
  const order = orderedNames(held, kind);
  const added = withPorts(root, definition, kind, { ...held[kind], [fresh]: end });
  return { root: order.length > 0 ? reorder(added, definition, kind, [...order, fresh]) : added, name: fresh };
}

/** The name that something inside is offered under. @param {SubgraphDefinition} definition @param {PortKind} kind @param {string} end */
export function exposedAs(definition, kind, end) {
  return Object.entries(definition[kind] ?? {}).find(([, ends]) => listOf(ends).includes(end))?.[0];
}

/** A new input port that leads nowhere yet. @param {GraphDocument} root @param {string} definition @param {string} wanted */
export function addInput(root, definition, wanted) {
  const held = definitionOf(root, definition);
  const name = freeName(new Set(Object.keys(held.inputs ?? {})), wanted);
  const order = [...orderedNames(held, "inputs"), name];
  return { root: reorder(withPorts(root, definition, "inputs", { ...held.inputs, [name]: [] }), definition, "inputs", order), name };
}

/** A new output port that gives nothing yet. @param {GraphDocument} root @param {string} definition @param {string} wanted */
export function addOutput(root, definition, wanted) {
  const held = definitionOf(root, definition);
  const name = freeName(new Set(Object.keys(held.outputs ?? {})), wanted);
  const order = [...orderedNames(held, "outputs"), name];
  return { root: reorder(withPorts(root, definition, "outputs", { ...held.outputs, [name]: null }), definition, "outputs", order), name };
}

/**
 * Takes what an input port or a promoted parameter leads to away from it; the port stays.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {"inputs" | "parameters"} kind
 * @param {string} end
 */
export function unlead(root, definition, kind, end) {
  const held = definitionOf(root, definition);
  const name = exposedAs(held, kind, end);
  if (name === undefined) return root;
  return withPorts(root, definition, kind, { ...held[kind], [name]: oneOrMore(listOf(held[kind]?.[name]).filter((other) => other !== end)) });
}

/**
 * Another name, at every use too.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {PortKind} kind
 * @param {{from: string, to: string}} names
 * @returns {{ok: true, root: GraphDocument, name: string} | {ok: false, reason: string}}
 */
export function renamePort(root, definition, kind, { from, to }) {
  const held = definitionOf(root, definition);
  const name = nameOf(to);
  if (name === from) return { ok: true, root, name };
  if (!NAME.test(name)) return { ok: false, reason: "A name begins with a letter and holds letters, digits and underscores." };
  if (held[kind]?.[name] !== undefined) return { ok: false, reason: `There is a '${name}' already.` };
  const order = orderedNames(held, kind).map((one) => (one === from ? name : one));
  const ports = Object.fromEntries(Object.entries(held[kind] ?? {}).map(([one, ends]) => [one === from ? name : one, ends]));
  const renamed = reorder(withPorts(root, definition, kind, ports), definition, kind, order);
  return { ok: true, root: atUses(renamed, definition, kind, (one) => (one === from ? name : one)), name };
}

/** @param {GraphDocument} root @param {string} definition @param {PortKind} kind @param {string[]} names in the wanted order */
export function reorder(root, definition, kind, names) {
  const held = definitionOf(root, definition);
  const { [kind]: _, ...others } = held.layout?.ports ?? {};
  const isByName = names.join("\n") === names.toSorted().join("\n");
  const ports = isByName ? others : { ...others, [kind]: names };
  return withHolder(root, definition, { ...held, layout: { ...held.layout, ports } });
}

/**
 * Without a port, and without the wires to it or from it at every use.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {"inputs" | "outputs"} kind
 * @param {string} name
 */
export function removePort(root, definition, kind, name) {
  return atUses(withoutPort(root, definition, kind, name), definition, kind, (one) => (one === name ? null : one));
}

/**
 * Takes a promoted parameter back. Where the uses agree on a value, the nodes inside keep it; a
 * promotion of it further out goes too.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {string} name
 * @returns {{root: GraphDocument, lost: number}} how many uses lose a value of their own
 */
export function demote(root, definition, name) {
  let after = root;
  for (const { definition: outer, id } of usesOf(root, definition)) {
    const around = definitionOf(after, outer);
    const further = exposedAs(around, "parameters", `${id}.${name}`);
    if (further && listOf(around.parameters?.[further]).length === 1) after = demote(after, outer, further).root;
    else if (further) after = unlead(after, outer, "parameters", `${id}.${name}`);
  }
  const values = usesOf(after, definition).map(({ definition: outer, id }) => holderOf(after, outer)?.nodes[id].parameters?.[name]);
  const [first] = values;
  const areSame = values.every((value) => JSON.stringify(value) === JSON.stringify(first));
  if (areSame && first !== undefined) after = withValueInside(after, definition, name, first);
  after = atUses(withoutPort(after, definition, "parameters", name), definition, "parameters", (one) => (one === name ? null : one));
  return { root: after, lost: areSame ? 0 : values.filter((value) => value !== undefined).length };
}

/** A name that the file takes, of what a person typed. @param {string} text */
export function nameOf(text) {
  return text.trim().replaceAll(/[^A-Za-z0-9_]+/g, "_").replaceAll(/^_+|_+$/g, "");
}

/** @param {GraphDocument} root @param {string} definition @param {PortKind} kind @param {object} ports */
function withPorts(root, definition, kind, ports) {
  return withHolder(root, definition, { ...definitionOf(root, definition), [kind]: ports });
}

/** @param {GraphDocument} root @param {string} definition @param {PortKind} kind @param {string} name */
function withoutPort(root, definition, kind, name) {
  const held = definitionOf(root, definition);
  const { [name]: _, ...left } = held[kind] ?? {};
  const order = orderedNames(held, kind).filter((one) => one !== name);
  return reorder(withPorts(root, definition, kind, left), definition, kind, order);
}

/** @param {GraphDocument} root @param {string} definition @param {string} name @param {any} value */
function withValueInside(root, definition, name, value) {
  const held = definitionOf(root, definition);
  const nodes = { ...held.nodes };
  for (const end of listOf(held.parameters?.[name])) {
    const [node, parameter] = splitSource(end);
    if (nodes[node]) nodes[node] = { ...nodes[node], parameters: { ...nodes[node].parameters, [parameter]: value } };
  }
  return withHolder(root, definition, { ...held, nodes });
}

/**
 * What names a port of a definition at its uses, under another name or, for `null`, not any more.
 *
 * @param {GraphDocument} root
 * @param {string} definition
 * @param {PortKind} kind
 * @param {(name: string) => string | null} rename
 */
function atUses(root, definition, kind, rename) {
  const scopes = new Map(usesOf(root, definition).map((use) => [use.definition, /** @type {Set<string>} */ (new Set())]));
  for (const use of usesOf(root, definition)) scopes.get(use.definition)?.add(use.id);
  let after = root;
  for (const [outer, ids] of scopes) after = withHolder(after, outer, renamedIn(after, outer, { ids, kind, rename }));
  return after;
}

/** @param {GraphDocument} root @param {string} outer @param {{ids: ReadonlySet<string>, kind: PortKind, rename: (name: string) => string | null}} how */
function renamedIn(root, outer, { ids, kind, rename }) {
  const holder = /** @type {import("./subgraphs.js").Holder} */ (holderOf(root, outer));
  const around = definitionOf(root, outer);
  const ledEnd = (/** @type {string} */ end) => {
    const [node, port] = splitSource(end);
    if (!ids.has(node)) return [end];
    const name = rename(port);
    return name === null ? [] : [`${node}.${name}`];
  };
  const ledEnds = (/** @type {{[name: string]: string | string[]}} */ ports) => Object.fromEntries(Object.entries(ports).map(([name, ends]) => [name, oneOrMore(listOf(ends).flatMap(ledEnd))]));
  if (kind === "outputs") {
    const nodes = Object.fromEntries(Object.entries(holder.nodes).map(([id, node]) => [id, relinked(node, ledEnd)]));
    const nothing = outer ? null : undefined;
    return { ...holder, nodes, outputs: holder.outputs && present(Object.entries(holder.outputs).map(([name, end]) => [name, end && (ledEnd(end)[0] ?? nothing)])) };
  }
  const nodes = Object.fromEntries(Object.entries(holder.nodes).map(([id, node]) => [id, ids.has(id) ? withKeys(node, kind, rename) : node]));
  return { ...holder, nodes, ...(outer && around[kind] ? { [kind]: ledEnds(around[kind]) } : {}) };
}

/** @param {GraphNode} node @param {"inputs" | "parameters"} kind @param {(name: string) => string | null} rename @returns {GraphNode} */
function withKeys(node, kind, rename) {
  if (!node[kind]) return node;
  const entries = Object.entries(node[kind]).flatMap(([key, value]) => {
    const name = rename(key);
    return name === null ? [] : [[name, value]];
  });
  return withFields(node, { [kind]: Object.fromEntries(entries) });
}

/** @param {GraphNode} node @param {(end: string) => string[]} ledEnd @returns {GraphNode} */
function relinked(node, ledEnd) {
  if (!node.inputs) return node;
  const inputs = present(Object.entries(node.inputs).map(([port, value]) => {
    const wires = listOf(/** @type {WireValue | WireValue[]} */ (value)).flatMap((wire) => ledEnd(sourceOf(wire)).map((end) => wireFrom(wire, end)));
    return [port, inputOf(wires, Array.isArray(value))];
  }));
  return withFields(node, { inputs });
}
