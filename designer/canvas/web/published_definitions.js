/**
 * Fetches the insides of published subgraphs that came to be used after the pipeline was opened,
 * with the specifications of the modules in them.
 *
 * @import {GraphDocument, GraphNode} from "./types.js"
 * @import {ModuleStore} from "./document/module_store.js"
 * @import {Transport} from "./transport.js"
 */

export class PublishedDefinitions {
  /** @param {{modules: ModuleStore, transport: Pick<Transport, "definition" | "moduleSpec">, onArrived: () => void}} options */
  constructor({ modules, transport, onArrived }) {
    this.modules = modules;
    this.transport = transport;
    this.onArrived = onArrived;
    /** Asked for already, here or on the way. @type {Set<string>} */
    this.asked = new Set();
    /** The document that was looked through last. @type {GraphDocument | null} */
    this.seen = null;
    this.generation = -1;
  }

  /** Asks for what a document uses and is not here; each once. @param {GraphDocument} root */
  follow(root) {
    if (this.seen === root && this.generation === this.modules.generation) return;
    this.seen = root;
    this.generation = this.modules.generation;
    this.#ask(root);
  }

  /** Fetches what is not here of the modules that a document uses. @param {GraphDocument} document */
  async know(document) {
    await Promise.all(nodesIn(document).map((node) => this.#fetchSpec(node)));
  }

  /** @param {GraphDocument} document */
  #ask(document) {
    for (const node of nodesIn(document)) {
      const key = this.modules.publishedKey(node);
      if (!key || this.asked.has(key) || this.modules.definitions.has(key)) continue;
      this.asked.add(key);
      void this.#fetch(key);
    }
  }

  /** @param {string} key `id@version` */
  async #fetch(key) {
    const document = await this.transport.definition(...parts(key)).catch(() => null);
    if (!document) return void this.asked.delete(key);
    await Promise.all(nodesIn(document).map((node) => this.#fetchSpec(node)));
    this.modules.addDefinitions({ [key]: document });
    this.onArrived();
    this.#ask(document);
  }

  /** @param {GraphNode} node */
  async #fetchSpec({ module, version }) {
    if (!module || !version || this.modules.spec(module, version)) return;
    const spec = await this.transport.moduleSpec(module, version).catch(() => null);
    if (spec) this.modules.addSpecs({ [`${module}@${version}`]: spec });
  }
}

/** Every node of a document, inside its definitions too. @param {GraphDocument} document @returns {GraphNode[]} */
function nodesIn(document) {
  return [document, ...Object.values(document.subgraphs ?? {})].flatMap(({ nodes }) => Object.values(nodes));
}

/** @param {string} key @returns {[string, string]} */
function parts(key) {
  const at = key.lastIndexOf("@");
  return [key.slice(0, at), key.slice(at + 1)];
}
