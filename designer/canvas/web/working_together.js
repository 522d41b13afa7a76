/**
 * What people do with each other's work in a session: they name versions, look at what changed, and
 * send links to nodes.
 *
 * @import {EditorSession} from "./session.js"
 * @import {PushMessage} from "./push_channel.js"
 * @import {Compared, WhatChanged} from "./document/what_changed.js"
 * @typedef {{scope: string, node: string}} Subject a node in a subgraph's definition, or in the pipeline itself
 */
import { keepOwnName } from "./document/identity.js";
import { scopeOf } from "./document/scope.js";
import { isTerminal } from "./document/terminals.js";

export class WorkingTogether {
  /** @param {EditorSession} session */
  constructor(session) {
    this.session = session;
    /** Who is named as the author of what is done here. */
    this.name = "";
    this.isRenamed = false;
  }

  /** Whether there is a pipeline that others see too: an earlier run has none. */
  get isPossible() {
    return this.session.pipelineId !== "" && !this.session.runId;
  }

  /** @param {PushMessage} message */
  receive(message) {
    if (message.kind === "versions") this.#emit("versions");
    if (message.kind === "hello") this.#greeted(message.you ?? "");
  }

  /** A new connection begins under the name that the page was opened with. @param {string} name */
  #greeted(name) {
    const { transport, push } = this.session;
    if (this.isRenamed) push?.send?.({ name: transport.author });
    if (name) this.takeName((this.isRenamed && transport.author) || name);
  }

  /** From now on this person has another name. @param {string} name empty goes back to the one that the server knows */
  rename(name) {
    const { transport, push } = this.session;
    transport.author = keepOwnName(name);
    this.isRenamed = true;
    if (transport.author) this.takeName(transport.author);
    push?.send?.({ name: transport.author });
  }

  /** What the server calls this person. @param {string} name */
  takeName(name) {
    if (this.name === name) return;
    this.name = name;
    this.#emit("name");
  }

  /** Names what the pipeline is now. @param {string} name @param {string} description */
  async nameVersion(name, description) {
    await this.session.settled();
    await this.session.transport.post(this.#path("/revisions"), { name, description });
    this.#emit("versions");
  }

  /** @param {Compared} compared @returns {Promise<WhatChanged>} */
  async compare({ before, after }) {
    await this.session.settled();
    return this.session.transport.get(this.#path(`/compare?${new URLSearchParams({ before, after })}`));
  }

  /** Where a node of the scope lives; `null` for one that only this view has. @param {string} id @returns {Subject | null} */
  subjectOf(id) {
    const { document, here, view } = this.session;
    if (!this.isPossible || here.published || !document.nodes[id] || isTerminal(id)) return null;
    const home = view.homeOf(id);
    return { scope: home.definition, node: home.id };
  }

  /** The address that shows a node of the scope. @param {string} id @param {string} page address of the page */
  linkTo(id, page) {
    const { scope, node } = this.subjectOf(id) ?? { scope: "", node: "" };
    const link = new URL(page);
    link.search = new URLSearchParams({ ...(scope && { in: scope }), node }).toString();
    return link.href;
  }

  /** Shows what an address leads to. @param {string} search its query */
  showLinked(search) {
    const parameters = new URLSearchParams(search);
    const subject = { scope: parameters.get("in") ?? "", node: parameters.get("node") ?? "" };
    if (subject.node && this.has(subject)) this.show(subject);
    else if (subject.node && this.isPossible) this.session.notify({ kind: "info", message: "The node that the link leads to is not in the pipeline any more." });
  }

  /** Shows a node, wherever it lives. @param {Subject} subject @returns {boolean} whether it is there */
  show({ scope, node }) {
    const { session } = this;
    if (!this.showScope(scope)) return false;
    if (!node || !session.document.nodes[node]) return false;
    session.focusNode(node);
    return true;
  }

  /** Shows the inside of a subgraph, or the pipeline itself. @param {string} scope @returns {boolean} whether it is there */
  showScope(scope) {
    const { session } = this;
    const way = scope === session.definition ? session.scope : scopeOf(session.root, scope);
    return way !== null && session.goTo(way);
  }

  /** Whether a node is still in the pipeline. @param {Subject} subject */
  has({ scope, node }) {
    const { root } = this.session;
    return Boolean((scope ? root.subgraphs?.[scope] : root)?.nodes[node]);
  }

  /** @param {string} rest */
  #path(rest) {
    return `/pipelines/${encodeURIComponent(this.session.pipelineId)}${rest}`;
  }

  /** @param {string} type */
  #emit(type) {
    this.session.dispatchEvent(new CustomEvent(type));
  }
}
