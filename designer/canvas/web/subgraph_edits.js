/**
 * What a person does with subgraphs in a session: each verb is one gesture, taken back in one step.
 *
 * @import {GraphDocument, Point} from "./types.js"
 * @import {EditorSession} from "./session.js"
 * @import {PortKind} from "./document/subgraph_ports.js"
 */
import { difference } from "./document/difference.js";
import { nodesAt, pathOfStep, SEPARATOR } from "./document/scope.js";
import { problemsAt } from "./document/problem_places.js";
import { collapse } from "./document/subgraph_collapse.js";
import { addInput, addOutput, demote, expose, exposedAs, removePort, renamePort, reorder, unlead } from "./document/subgraph_ports.js";
import { unpack } from "./document/subgraph_unpack.js";
import { addUse, copyPublished, makeIndependent, usePublished, withoutDefinitions } from "./document/subgraph_uses.js";
import { definitionOf, isCircular, subgraphTitle, unusedDefinitions, useCounts } from "./document/subgraphs.js";
import { withEveryPlace } from "./document/suggested_places.js";
import { isTerminal } from "./document/terminals.js";
import { listOf } from "./document/wires.js";

export class SubgraphEdits {
  /** @param {EditorSession} session */
  constructor(session) {
    this.session = session;
  }

  /** The selected nodes as one subgraph. @param {Iterable<string>} ids @returns {string} id of the node in their place, empty when it was refused */
  collapse(ids) {
    const { session } = this;
    const nodes = [...ids].filter((id) => !isTerminal(id) && !session.document.nodes[id]?.within);
    const root = withEveryPlace(session.root, [session.definition], session.places);
    const answer = collapse(root, session.definition, nodes, { modules: session.modules });
    if (!answer.ok) return this.#refused(answer.reason);
    this.#done(nodes.length === 1 ? "Collapse a node" : `Collapse ${nodes.length} nodes`, answer.root);
    session.select([answer.id]);
    return answer.id;
  }

  /** Subgraph nodes become the nodes inside them. @param {Iterable<string>} ids @returns {string[]} ids of those nodes */
  unpack(ids) {
    const { session } = this;
    let { root } = session;
    const found = [];
    for (const id of ids) {
      const name = session.document.nodes[id]?.subgraph;
      if (!name) continue;
      const home = session.view.homeOf(id);
      const answer = unpack(withEveryPlace(root, [home.definition, name], session.places), home.definition, home.id);
      if (!answer.ok) this.#refused(answer.reason);
      else {
        ({ root } = answer);
        found.push(...answer.ids.map((one) => id.slice(0, id.length - home.id.length) + one));
      }
    }
    if (found.length === 0) return [];
    this.#done("Unpack", root);
    session.select(found);
    return found;
  }

  /** @param {string} id */
  makeIndependent(id) {
    const home = this.session.view.homeOf(id);
    const answer = makeIndependent(this.session.root, home.definition, home.id);
    if (!answer.ok) return this.#refused(answer.reason);
    this.#done("Make independent", answer.root);
    return answer.name;
  }

  /** One more node of a subgraph that is there. @param {string} name @param {Point} at */
  addUse(name, at) {
    const { session } = this;
    if (isCircular(session.root, session.definition, name)) return this.#refused(`'${this.titleOf(name)}' cannot be put inside itself.`);
    const { root, id } = addUse(session.root, session.definition, name, at);
    this.#done(`Add ${this.titleOf(name)}`, root);
    session.select([id]);
    return id;
  }

  /** @param {string} definition @param {string} label */
  rename(definition, label) {
    const after = label.trim() || undefined;
    this.session.editRoot("Rename the subgraph", [{ path: ["subgraphs", definition, "label"], ...(after ? { after } : {}) }]);
  }

  /** @param {string} definition @param {string} text */
  describe(definition, text) {
    const after = text.trim() || undefined;
    this.session.editRoot("Change the description", [{ path: ["subgraphs", definition, "description"], ...(after ? { after } : {}) }]);
  }

  /** Offers a parameter of a node inside on the subgraph itself. @param {string} definition @param {string} end `node.parameter` @param {string} [name] of one that is offered already */
  promote(definition, end, name) {
    const exposed = expose(this.session.root, definition, "parameters", end, name ? { name } : {});
    this.#done(`Promote ${exposed.name}`, exposed.root);
  }

  /** @param {string} definition @param {string} end `node.parameter` */
  takeBack(definition, end) {
    const held = definitionOf(this.session.root, definition);
    const name = exposedAs(held, "parameters", end);
    if (name === undefined) return;
    if (listOf(held.parameters?.[name]).length > 1) this.#done(`Take ${name} back`, unlead(this.session.root, definition, "parameters", end));
    else this.demote(definition, name);
  }

  /** @param {string} definition @param {string} name */
  demote(definition, name) {
    const { root, lost } = demote(this.session.root, definition, name);
    this.#done(`Take ${name} back`, root);
    if (lost > 0) this.session.notify({ kind: "info", message: `${lost} nodes had values of their own for '${name}'; they use the value inside now. Undo brings them back.` });
  }

  /** @param {string} definition @param {"inputs" | "outputs"} kind */
  addPort(definition, kind) {
    const { root, name } = kind === "inputs" ? addInput(this.session.root, definition, "input") : addOutput(this.session.root, definition, "output");
    this.#done(kind === "inputs" ? "Add an input" : "Add an output", root);
    return name;
  }

  /** @param {string} definition @param {PortKind} kind @param {string} from @param {string} to */
  renamePort(definition, kind, from, to) {
    const answer = renamePort(this.session.root, definition, kind, { from, to });
    if (!answer.ok) this.#refused(answer.reason);
    else this.#done(`Rename ${from}`, answer.root);
  }

  /** @param {string} definition @param {"inputs" | "outputs"} kind @param {string} name */
  removePort(definition, kind, name) {
    this.#done(`Remove ${name}`, removePort(this.session.root, definition, kind, name));
  }

  /** @param {string} definition @param {PortKind} kind @param {string[]} names */
  reorder(definition, kind, names) {
    this.#done("Reorder", reorder(this.session.root, definition, kind, names));
  }

  /** Definitions that nothing uses go. @param {Iterable<string>} [names] */
  removeUnused(names = unusedDefinitions(this.session.root)) {
    const gone = [...names];
    this.#done(gone.length === 1 ? `Delete ${this.titleOf(gone[0])}` : `Delete ${gone.length} subgraphs`, withoutDefinitions(this.session.root, gone));
  }

  /** Every node that uses a definition uses a published version of it. @param {string} definition @param {import("./types.js").ModuleSpec} spec */
  usePublished(definition, spec) {
    this.#done(`Use ${spec.title} ${spec.version}`, usePublished(this.session.root, definition, spec));
  }

  /** Shows a subgraph node with its inside, or closed again; the document stays as it is. @param {string} id @param {boolean} isExpanded */
  setExpanded(id, isExpanded) {
    const { session } = this;
    session.expanded.set(session.stepId(id), isExpanded);
    session.redraw();
  }

  /** A published subgraph becomes one of this pipeline, to be changed. @param {string} id */
  editCopy(id) {
    const { session } = this;
    const published = session.modules.definitionOf(session.document.nodes[id]);
    if (!published) return this.#refused("The definition of this version is not here.");
    const home = session.view.homeOf(id);
    const { root, name } = copyPublished(session.root, home.definition, home.id, published);
    this.#done(`Edit a copy of ${session.titleOf(id)}`, root);
    return name;
  }

  /** Where a person is inside a published subgraph: it becomes one of this pipeline, and they stay there. @returns {string} its name, empty when it could not */
  editCopyHere() {
    const { session } = this;
    const { scope } = session;
    const at = scope.findIndex((_, i) => session.whereabouts(scope.slice(0, i + 1))?.published);
    if (at < 0 || !session.goTo(scope.slice(0, at))) return "";
    const name = this.editCopy(scope[at]);
    session.goTo(scope);
    return name;
  }

  /** The id that a definition is published under: the one it was copied from, else one made of its name. @param {string} name */
  moduleIdOf(name) {
    const held = definitionOf(this.session.root, name).layout?.module;
    return typeof held === "string" ? held : `custom.${name.toLowerCase().replace(/^[^a-z]+/, "") || "subgraph"}`;
  }

  /**
   * Freezes a definition as a module version; throws what the server refuses.
   *
   * @param {string} name
   * @param {{module: string, version: string, changelog: string, makeDefault: boolean, useHere: boolean}} how
   */
  async publish(name, { module, version, changelog, makeDefault, useHere }) {
    const { session } = this;
    await session.settled();
    const spec = await session.transport.publishSubgraph(name, { module, changelog, make_default: makeDefault, ...(version ? { version } : {}) });
    const key = `${spec.id}@${spec.version}`;
    session.modules.addSpecs({ [key]: spec });
    session.modules.addDefinitions({ [key]: await session.transport.definition(spec.id, spec.version) });
    if (useHere) this.usePublished(name, spec);
    return spec;
  }

  /** Goes to what is wrong inside a subgraph: the step that failed, else the first problem. @param {string} id */
  goToTrouble(id) {
    const { session } = this;
    const path = [...session.scope, ...session.view.pathOf(id)];
    const failed = session.runs.stepsInside(path.join(SEPARATOR)).find(({ status }) => status === "failed");
    const culprit = failed ? pathOfStep(session.root, failed.step, (scope) => session.whereabouts(scope)) : this.#placeOfProblem(path);
    if (culprit) this.show(culprit);
    else session.enter(id);
  }

  /**
   * The steps that a node consists of, where it is no step itself.
   *
   * @param {string} id
   * @returns {import("./results/inner_steps.js").InnerStep[] | null} none for a port of a subgraph, `null` for a node that is one step
   */
  stepsInside(id) {
    const { session } = this;
    const node = session.document.nodes[id];
    if (node?.terminal) return [];
    if (!session.modules.isSubgraph(node)) return null;
    const around = [...session.scope, ...session.view.pathOf(id)];
    return session.runs.stepsInside(around.join(SEPARATOR)).flatMap((step) => {
      const path = pathOfStep(session.root, step.step, (scope) => session.whereabouts(scope));
      if (!path) return [];
      const titles = path.slice(around.length).map((one, i) => this.titleAt(path.slice(0, around.length + i + 1)) || one);
      return [{ step, title: titles.join(" / "), show: () => this.show(path) }];
    });
  }

  /** Goes where a node is and selects it. @param {readonly string[]} path the subgraphs around it, its own id last */
  show(path) {
    if (this.session.goTo(path.slice(0, -1))) this.session.focusNode(path[path.length - 1]);
  }

  /** @param {readonly string[]} path of the subgraph node @returns {string[] | null} */
  #placeOfProblem(path) {
    const { session } = this;
    const here = session.whereabouts(path);
    if (!here) return null;
    const inside = problemsAt(session.diagnostics, here);
    const [first] = inside.keys();
    if (first !== undefined) return [...path, first];
    for (const [id, node] of Object.entries(nodesAt(here))) {
      const found = session.modules.isSubgraph(node) ? this.#placeOfProblem([...path, id]) : null;
      if (found) return found;
    }
    return null;
  }

  /** What stands in the place that the scope shows. */
  titleHere() {
    const { session } = this;
    const id = session.scope.at(-1);
    return id === undefined ? session.root.name || "the pipeline" : this.titleAt(session.scope);
  }

  /** What people call the innermost subgraph of a scope. @param {readonly string[]} scope */
  titleAt(scope) {
    const around = this.session.whereabouts(scope.slice(0, -1));
    const id = scope[scope.length - 1];
    const node = around ? nodesAt(around)[id] : undefined;
    const own = around && node?.subgraph ? subgraphTitle(around.root.subgraphs, node.subgraph) : undefined;
    return node?.label || own || this.session.nameOf(node, id);
  }

  /**
   * What is told about a node that uses a subgraph.
   *
   * @param {import("./types.js").GraphNode} node
   * @returns {{count: number, uses: number, published: string} | null} nodes inside, nodes that share it, `id@version`; `null` for other nodes
   */
  facts(node) {
    const { session } = this;
    const published = session.modules.publishedKey(node);
    if (published) {
      const document = session.modules.definitionOf(node);
      const [top] = Object.values(document?.nodes ?? {});
      return { count: Object.keys(document?.subgraphs?.[top?.subgraph ?? ""]?.nodes ?? {}).length, uses: 1, published };
    }
    if (!node.subgraph) return null;
    const { root } = session.here;
    return { count: Object.keys(root.subgraphs?.[node.subgraph]?.nodes ?? {}).length, uses: useCounts(root).get(node.subgraph) ?? 0, published: "" };
  }

  /** The definitions that a node put here may use. @returns {{[name: string]: import("./types.js").SubgraphDefinition}} */
  usable() {
    const { root, readOnly, view } = this.session;
    const names = readOnly ? [] : Object.entries(root.subgraphs ?? {});
    return Object.fromEntries(names.filter(([name]) => !isCircular(root, view.definition, name)));
  }

  /** @param {string} name */
  titleOf(name) {
    return subgraphTitle(this.session.root.subgraphs, name);
  }

  /** How many nodes use a definition. @param {string} name */
  countUses(name) {
    return useCounts(this.session.root).get(name) ?? 0;
  }

  /** @param {string} label @param {GraphDocument} after */
  #done(label, after) {
    this.session.editRoot(label, difference(this.session.root, after));
  }

  /** @param {string} reason @returns {""} */
  #refused(reason) {
    this.session.notify({ kind: "error", message: reason });
    return "";
  }
}
