/**
 * Who else has the pipeline open, and where: told by the push channel. What is selected here is told
 * to the others, at most five times a second and only when it changes.
 *
 * @import {EditorSession} from "./session.js"
 * @import {PushMessage} from "./push_channel.js"
 * @import {ScopeView} from "./document/scope_view.js"
 * @import {Subject} from "./working_together.js"
 * @typedef {{client: string, name: string, scope: string, selected: Subject[]}} Person one open editor
 * @typedef {Person & {isOwn: boolean, title: string, initials: string, hue: number}} Other
 *   `isOwn`: another tab of the same person; `hue`: which of the colours for people
 */
import { isSameBrowser, ownName } from "./document/identity.js";
import { hueOf, initialsOf } from "./document/people.js";
import { subjectKey } from "./document/comment_threads.js";

const PAUSE_MS = 200;
const MOST_SELECTED = 20;

/** Emits `change`. */
export class Presence extends EventTarget {
  /** @param {EditorSession} session */
  constructor(session) {
    super();
    this.session = session;
    /** How many editors are open, this one too. */
    this.count = 1;
    /** Those who moved last; a crowd is not all of it named. @type {readonly Other[]} */
    this.others = [];
    /** What the others were told. */
    this.told = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pause = undefined;
    /** @type {{view: ScopeView, others: readonly Other[], found: Map<string, Other[]>} | null} */
    this.drawn = null;
    session.addEventListener("selection", () => this.#tell());
    session.addEventListener("scope", () => this.#tell());
    // Who is there is not known without the server.
    session.addEventListener("connection", () => session.connection.state === "offline" && this.count > 1 && this.#take(1, []));
  }

  /** @param {PushMessage} message */
  receive(message) {
    if (message.kind === "hello") {
      this.told = "";
      this.#tell();
    } else if (message.kind === "presence") this.#take(message.clients, message.people ?? []);
  }

  /** Others, at the nodes of the view that they have selected. @returns {ReadonlyMap<string, readonly Other[]>} */
  get inView() {
    const { view, here } = this.session;
    const { others, drawn } = this;
    if (drawn?.view === view && drawn.others === others) return drawn.found;
    const found = here.published ? new Map() : nodesOf(view, others);
    this.drawn = { view, others, found };
    return found;
  }

  /** Goes where somebody is. @param {Other} other @returns {boolean} whether there is such a place */
  goTo({ scope, selected: [first] }) {
    const { together } = this.session;
    if (first && together.has(first)) return together.show(first);
    return together.showScope(scope);
  }

  close() {
    clearTimeout(this.pause);
  }

  /** @param {number} count @param {readonly Person[]} people */
  #take(count, people) {
    const { client, together } = this.session;
    const me = people.find((one) => one.client === client);
    if (me) together.takeName(me.name);
    this.count = count;
    this.others = people.filter((one) => one.client !== client).map((one) => this.#other(one));
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** @param {Person} person @returns {Other} */
  #other(person) {
    const { client, together } = this.session;
    const isOwn = isSameBrowser(person.client, client) || (ownName() !== "" && person.name === together.name);
    return { ...person, isOwn, title: isOwn ? "You, another tab" : person.name, initials: initialsOf(person.name), hue: hueOf(person.name) };
  }

  #tell() {
    if (this.pause !== undefined || !this.session.together.isPossible) return;
    const at = this.#whereabouts();
    const text = JSON.stringify(at);
    if (text === this.told) return;
    this.told = text;
    this.session.push?.send?.({ at });
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.#tell();
    }, PAUSE_MS);
  }

  #whereabouts() {
    const { here, selection, together } = this.session;
    const selected = [...selection.nodes].slice(0, MOST_SELECTED).flatMap((id) => together.subjectOf(id) ?? []);
    return { scope: here.published ? "" : here.definition, selected };
  }
}

/** @param {ScopeView} view @param {readonly Other[]} others */
function nodesOf(view, others) {
  /** @type {Map<string, Other[]>} */
  const byPlace = new Map();
  for (const other of others) for (const subject of other.selected) byPlace.set(subjectKey(subject), [...(byPlace.get(subjectKey(subject)) ?? []), other]);
  return view.atHome(byPlace);
}
