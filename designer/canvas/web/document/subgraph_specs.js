/**
 * What a subgraph looks like from outside: a module specification made of its definition, so that
 * ports, forms and faces need not know the difference. Pure but for what it remembers.
 *
 * @import {GraphNode, ModuleSpec, ParameterSpec, Port, SubgraphDefinition} from "../types.js"
 */
import { NEW_PORT } from "./terminals.js";
import { orderedNames, subgraphTitle, wordsOf } from "./subgraphs.js";
import { listOf, splitSource } from "./wires.js";

/** The category of subgraphs, for colour and icon. */
export const SUBGRAPH = "subgraph";

/** What a terminal that is no port yet takes or gives. @type {Port} */
const ANY_PORT = { name: NEW_PORT, type: "Any" };

/** The category of the ports of a subgraph where they are drawn inside it. */
export const TERMINAL = "terminal";

export class SubgraphSpecs {
  /** @param {(node: GraphNode | undefined) => ModuleSpec | null} specOf of the nodes inside */
  constructor(specOf) {
    this.specOf = specOf;
    /** @type {{[name: string]: SubgraphDefinition}} */
    this.definitions = {};
    /** @type {Map<string, {definition: SubgraphDefinition, inner: (ModuleSpec | null)[], spec: ModuleSpec}>} */
    this.known = new Map();
    /** Specs without ports, with the spec they were made from. @type {Map<string, {closed: ModuleSpec, spec: ModuleSpec}>} */
    this.portless = new Map();
    /** Terminals by definition, kind and name. @type {Map<string, {port: Port, spec: ModuleSpec}>} */
    this.terminals = new Map();
    /** Names that are being looked at: a circle of definitions has no ports. @type {Set<string>} */
    this.visiting = new Set();
  }

  /** @param {string} name @returns {ModuleSpec | null} the same object until something it shows has changed */
  spec(name) {
    const definition = this.definitions[name];
    if (!definition || this.visiting.has(name)) return null;
    this.visiting.add(name);
    const inner = Object.values(definition.nodes ?? {}).map((node) => this.specOf(node));
    this.visiting.delete(name);
    const held = this.known.get(name);
    if (held?.definition === definition && held.inner.every((spec, i) => spec === inner[i])) return held.spec;
    const spec = subgraphSpec(name, definition, new Map(Object.keys(definition.nodes ?? {}).map((id, i) => [id, inner[i]])));
    this.known.set(name, { definition, inner, spec });
    return spec;
  }

  /** Of a use that is shown with its inside: it has no ports of its own there. @param {string} name @returns {ModuleSpec | null} */
  opened(name) {
    const spec = this.spec(name);
    if (!spec) return null;
    const held = this.portless.get(name);
    if (held?.closed === spec) return held.spec;
    const opened = { ...spec, inputs: [], outputs: [] };
    this.portless.set(name, { closed: spec, spec: opened });
    return opened;
  }

  /** @param {{kind: "inputs" | "outputs", name: string, definition: string}} terminal @returns {ModuleSpec | null} the same object until its port has changed */
  terminal({ kind, name, definition }) {
    const port = name === NEW_PORT ? ANY_PORT : this.spec(definition)?.[kind]?.find((item) => item.name === name);
    if (!port) return null;
    const key = `${definition}.${kind}.${name}`;
    const held = this.terminals.get(key);
    if (held?.port === port) return held.spec;
    const spec = terminalSpec(kind, port);
    this.terminals.set(key, { port, spec });
    return spec;
  }
}

/** A port of a subgraph as a node inside it: an input gives, an output takes. @param {"inputs" | "outputs"} kind @param {Port} port @returns {ModuleSpec} */
function terminalSpec(kind, port) {
  const isInput = kind === "inputs";
  const title = port === ANY_PORT ? (isInput ? "New input" : "New output") : port.name;
  return {
    id: "", version: "", digest: "", category: TERMINAL, icon: port === ANY_PORT ? "add" : isInput ? "input" : "output", title, summary: port.description ?? "",
    inputs: isInput ? [] : [port], outputs: isInput ? [port] : [], parameters: [],
  };
}

/**
 * @param {string} name
 * @param {SubgraphDefinition} definition
 * @param {ReadonlyMap<string, ModuleSpec | null>} inner specs by id of the inner node
 * @returns {ModuleSpec}
 */
export function subgraphSpec(name, definition, inner) {
  return {
    id: "", version: "", digest: "", category: SUBGRAPH, icon: "account_tree",
    title: subgraphTitle({ [name]: definition }, name),
    summary: definition.description ?? "",
    inputs: orderedNames(definition, "inputs").map((port) => inputPort(port, listOf(definition.inputs?.[port]), inner)),
    outputs: orderedNames(definition, "outputs").map((port) => outputPort(port, definition.outputs?.[port] ?? "", inner)),
    parameters: orderedNames(definition, "parameters").flatMap((name) => promoted(name, listOf(definition.parameters?.[name]), { definition, inner })),
  };
}

/** @param {string} name @param {string[]} targets @param {ReadonlyMap<string, ModuleSpec | null>} inner @returns {Port} */
function inputPort(name, targets, inner) {
  const ports = targets.flatMap((target) => portOf(target, inner, "inputs") ?? []);
  const [first] = ports;
  if (!first) return { name, type: "Any" };
  return { name, type: first.type, description: first.description, optional: ports.every((port) => port.optional), many: ports.every((port) => port.many) };
}

/** @param {string} name @param {string} source @param {ReadonlyMap<string, ModuleSpec | null>} inner @returns {Port} */
function outputPort(name, source, inner) {
  const port = portOf(source, inner, "outputs");
  return { name, type: port?.type ?? "Any", description: port?.description };
}

/** @param {string} place `node.port` @param {ReadonlyMap<string, ModuleSpec | null>} inner @param {"inputs" | "outputs"} side */
function portOf(place, inner, side) {
  const [node, port] = splitSource(place);
  return inner.get(node)?.[side]?.find((item) => item.name === port) ?? null;
}

/**
 * @param {string} name
 * @param {string[]} targets `node.parameter`
 * @param {{definition: SubgraphDefinition, inner: ReadonlyMap<string, ModuleSpec | null>}} inside
 * @returns {ParameterSpec[]} none where the inside is not known
 */
function promoted(name, targets, { definition, inner }) {
  const [node, parameter] = splitSource(targets[0] ?? "");
  const declared = inner.get(node)?.parameters?.find((item) => item.name === parameter);
  if (!declared) return [];
  const { visible_when: _, required, ...rest } = declared;
  const own = definition.nodes?.[node]?.parameters?.[parameter];
  const port = declared.port && outerPort(definition, `${node}.${declared.port}`);
  return [{
    ...rest, name, title: (name === parameter ? declared.title : "") || wordsOf(name), summary: true,
    ...(own === undefined ? { required } : { default: own }),
    ...(declared.port ? { port: port ?? undefined } : {}),
  }];
}

/** The input port of the definition that leads to an inner one. @param {SubgraphDefinition} definition @param {string} target */
function outerPort(definition, target) {
  return Object.entries(definition.inputs ?? {}).find(([, targets]) => listOf(targets).includes(target))?.[0];
}

