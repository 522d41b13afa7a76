/**
 * The clashes with other people's edits that a session knows of, and what a person does about them.
 *
 * @import {EditorSession} from "./session.js"
 * @import {Clash, Contested, Side} from "./document/conflicts.js"
 * @import {LogEntry} from "./document/sync.js"
 */
import { changesTo, undecided, wentUnder, withClash } from "./document/conflicts.js";
import { nodeAt, placeOf } from "./document/place.js";
import { definitionOfPath, scopeOf } from "./document/scope.js";

/** Emits `change`. */
export class Clashes extends EventTarget {
  /** @param {EditorSession} session */
  constructor(session) {
    super();
    this.session = session;
    /** Oldest first. @type {readonly Clash[]} */
    this.items = [];
    session.addEventListener("document", () => this.#set(undecided(this.items, session.root)));
  }

  /** Clashes of an earlier page, as far as they are not settled since. @param {readonly Clash[]} earlier */
  takeUp(earlier) {
    const all = this.items.reduce(withClash, earlier);
    this.#set(undecided(all, this.session.root));
  }

  /** @param {Clash} clash */
  add(clash) {
    this.#set(withClash(this.items, clash));
  }

  /** Takes note of own edits that others went over. @param {readonly LogEntry[]} entries */
  follow(entries) {
    const { client, history } = this.session;
    const clients = new Set([client, ...history.done.map((operation) => operation.client)]);
    for (const entry of entries) {
      const clash = wentUnder(entry, clients);
      if (clash) this.add(clash);
    }
  }

  /** A side stands from now on; where it does not yet, by one more edit. @param {Clash} clash @param {Side} side */
  keep(clash, side) {
    const { session } = this;
    const changes = changesTo(session.root, clash, side);
    if (changes.length > 0 && !session.editRoot(side === "mine" ? "Keep my edit" : "Keep their edit", changes)) return;
    this.dismiss(clash);
  }

  /** What stands is left standing. @param {Clash} clash */
  dismiss(clash) {
    this.#set(this.items.filter(({ id }) => id !== clash.id));
  }

  /** Brings a contested place into view. @param {Contested} place */
  show({ path }) {
    const { session } = this;
    const definition = definitionOfPath(path);
    const scope = definition === session.definition ? session.scope : scopeOf(session.root, definition);
    if (scope) session.goTo(scope);
    const node = nodeAt(placeOf(path));
    if (node) session.focusNode(node);
  }

  /** @param {readonly Clash[]} items */
  #set(items) {
    if (items.length === this.items.length && items.every((item, i) => item === this.items[i])) return;
    this.items = items;
    this.dispatchEvent(new CustomEvent("change"));
  }
}
