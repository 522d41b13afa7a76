/**
 * What the editor knows of modules: the palette's cards, specs by exact version, port types.
 *
 * @import {GraphDocument, GraphNode, ModuleCard, ModuleSpec, Port} from "../types.js"
 */
import { SubgraphSpecs } from "./subgraph_specs.js";
import { wiresInto, wiresOf } from "./wires.js";

/**
 * Tells whether an output of one type may be wired to an input of another.
 *
 * @param {string} output
 * @param {string} input
 */
export function isCompatible(output, input) {
  return output === input || input === "Any" || output === "Any";
}

export class ModuleStore {
  constructor() {
    /** @type {Map<string, ModuleSpec>} */
    this.specs = new Map();
    /** @type {ModuleCard[]} */
    this.list = [];
    /** @type {Map<string, ModuleCard>} */
    this.byId = new Map();
    this.generation = 0;
    /** Documents of published subgraphs, by `id@version`. @type {Map<string, GraphDocument>} */
    this.definitions = new Map();
    this.subgraphs = new SubgraphSpecs((node) => this.specOf(node));
  }

  /** @param {{[key: string]: ModuleSpec}} specs by `id@version` */
  addSpecs(specs) {
    for (const [key, spec] of Object.entries(specs)) this.specs.set(key, spec);
  }

  /** @param {ModuleCard[]} cards @param {number} generation */
  setCards(cards, generation) {
    this.list = cards;
    this.generation = generation;
    this.byId = new Map(cards.map((card) => [card.id, card]));
    for (const { spec } of cards) if (spec) this.specs.set(`${spec.id}@${spec.version}`, spec);
  }

  cards() {
    return this.list;
  }

  /** @param {string} moduleId */
  card(moduleId) {
    return this.byId.get(moduleId) ?? null;
  }

  /**
   * The spec of a module version; without a version, or for `default`, the default one.
   *
   * @param {string} moduleId
   * @param {string} [version]
   * @returns {ModuleSpec | null}
   */
  spec(moduleId, version) {
    const wanted = version && version !== "default" ? version : this.byId.get(moduleId)?.default;
    return this.specs.get(`${moduleId}@${wanted}`) ?? (wanted === version ? null : (this.byId.get(moduleId)?.spec ?? null));
  }

  /** @param {{[key: string]: GraphDocument}} definitions documents of published subgraphs by `id@version` */
  addDefinitions(definitions) {
    for (const [key, document] of Object.entries(definitions)) this.definitions.set(key, document);
  }

  /** Whether a node stands for a subgraph, drawn here or published. @param {GraphNode | undefined} node */
  isSubgraph(node) {
    return Boolean(node?.subgraph) || this.specOf(node)?.kind === "subgraph";
  }

  /** Key of the published subgraph that a node uses, empty for other nodes. @param {GraphNode | undefined} node */
  publishedKey(node) {
    const spec = node?.module ? this.specOf(node) : null;
    return spec?.kind === "subgraph" ? `${spec.id}@${spec.version}` : "";
  }

  /** The document of the published subgraph that a node uses, where it is here. @param {GraphNode} node @returns {GraphDocument | null} */
  definitionOf(node) {
    return this.definitions.get(this.publishedKey(node)) ?? null;
  }

  /** The definitions that subgraph nodes of the document mean. @param {GraphDocument} root */
  follow(root) {
    this.subgraphs.definitions = root.subgraphs ?? {};
  }

  /** @param {GraphNode | undefined} node @returns {ModuleSpec | null} */
  specOf(node) {
    if (node?.subgraph) return node.expanded ? this.subgraphs.opened(node.subgraph) : this.subgraphs.spec(node.subgraph);
    if (node?.terminal) return this.subgraphs.terminal(node.terminal);
    return node?.module ? this.spec(node.module, node.version) : null;
  }

  /** @param {string} outputType @param {string} inputType */
  compatible(outputType, inputType) {
    return isCompatible(outputType, inputType);
  }

  /**
   * The ports of a node; for a module that nobody knows, those that the wires name.
   *
   * @param {GraphDocument} document
   * @param {string} id
   * @returns {{inputs: readonly Port[], outputs: readonly Port[]}}
   */
  portsOf(document, id) {
    const spec = this.specOf(document.nodes[id]);
    if (spec) return { inputs: spec.inputs ?? [], outputs: spec.outputs ?? [] };
    const inputs = new Set(wiresInto(document, id).map((wire) => wire.port));
    const outputs = new Set(wiresOf(document).flatMap((wire) => (wire.node === id ? [wire.output] : [])));
    return { inputs: [...inputs].map(unknownPort), outputs: [...outputs].map(unknownPort) };
  }
}

/** @param {string} name @returns {Port} */
function unknownPort(name) {
  return { name, type: "Any" };
}
