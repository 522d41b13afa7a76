/**
 * Every action of the editor, by id: what the keys, the menus, the command palette and the sheet of
 * shortcuts are made from. People's own keys are kept in this browser.
 *
 * @import {EditorSession} from "../session.js"
 * @import {CanvasView} from "../canvas_view.js"
 *
 * @typedef {"Draw" | "Subgraphs" | "Arrange" | "Select" | "Look around" | "Run" | "Panels"} ActionGroup
 * @typedef {{session: EditorSession, view: CanvasView, page: EditorPage | null}} ActionContext `page` is `null` where the canvas stands alone
 * @typedef {{[verb: string]: (...args: any[]) => any}} EditorPage what the panels around the canvas can do
 *
 * @typedef {object} Action
 * @property {string} id `group.verb`
 * @property {string} title what a menu says
 * @property {ActionGroup} group
 * @property {string} [icon]
 * @property {string[]} [keys] by default: chords, or chords one after the other
 * @property {string[]} [browserKeys] keys that the browser turns into an event of its own; they cannot be changed
 * @property {"canvas" | "page" | "always"} [where] where its keys count: on the canvas (or while nothing has
 *   the focus), anywhere but in text fields, or in those too
 * @property {boolean} [edits] whether it changes the document: off where that cannot be changed
 * @property {boolean} [yields] while it is off the browser gets its keys
 * @property {boolean} [isDanger]
 * @property {boolean} [isHidden] has keys, but is not offered in the command palette
 * @property {(context: ActionContext) => string} [titleNow]
 * @property {(context: ActionContext) => boolean} [isOff]
 * @property {(context: ActionContext) => boolean} [isOn]
 * @property {(context: ActionContext) => boolean} [isAbsent] not in menus, because it has nothing to do with what is chosen
 * @property {(context: ActionContext, event?: Event) => unknown} run
 */
import { browserStorage } from "../document/browser_storage.js";

const STORED = "designer.keys";

export class ActionRegistry extends EventTarget {
  /** @param {readonly Action[]} [actions] @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} [storage] */
  constructor(actions = [], storage = browserStorage()) {
    super();
    /** @type {Map<string, Action>} */
    this.actions = new Map();
    this.storage = storage;
    /** What a person chose instead of the default keys. @type {{[id: string]: string[]}} */
    this.own = readOwn(storage);
    /** Whether the next key press is the second chord of a sequence. */
    this.isWaiting = false;
    /** @type {Map<string, string[]> | null} ids by keys */
    this.byKeys = null;
    this.add(actions);
  }

  /** @param {readonly Action[]} actions */
  add(actions) {
    for (const action of actions) this.actions.set(action.id, action);
    this.byKeys = null;
  }

  /** @param {string} id @returns {Action} */
  get(id) {
    const action = this.actions.get(id);
    if (!action) throw new Error(`there is no action '${id}'`);
    return action;
  }

  list() {
    return [...this.actions.values()];
  }

  /** @param {string} id @returns {readonly string[]} */
  keysOf(id) {
    return this.own[id] ?? this.actions.get(id)?.keys ?? [];
  }

  /** The keys a menu shows. @param {string} id */
  firstKeys(id) {
    return this.keysOf(id)[0] ?? this.actions.get(id)?.browserKeys?.[0] ?? "";
  }

  /** @param {string} id @param {string[] | null} keys `null` goes back to the default */
  rebind(id, keys) {
    const { [id]: _, ...rest } = this.own;
    this.own = keys ? { ...rest, [id]: keys } : rest;
    this.#keep();
  }

  /** Every action has its default keys again. */
  resetKeys() {
    this.own = {};
    this.#keep();
  }

  /**
   * The actions that have these keys, and whether longer sequences begin with them.
   *
   * @param {string} keys
   * @returns {{actions: Action[], isPrefix: boolean}}
   */
  match(keys) {
    const index = this.#index();
    const actions = (index.get(keys) ?? []).map((id) => this.get(id));
    return { actions, isPrefix: [...index.keys()].some((other) => other.startsWith(`${keys} `)) };
  }

  /** What may follow the first chords of a sequence. @param {string} keys @returns {{keys: string, action: Action}[]} */
  continuations(keys) {
    return [...this.#index()].flatMap(([other, ids]) =>
      other.startsWith(`${keys} `) ? ids.map((id) => ({ keys: other.slice(keys.length + 1), action: this.get(id) })) : []);
  }

  /** Other actions that would answer to these keys too; those that share them by default take turns. @param {string} id @param {string} keys @returns {Action[]} */
  rivals(id, keys) {
    const clashes = (/** @type {string} */ theirs) => theirs === keys || theirs.startsWith(`${keys} `) || keys.startsWith(`${theirs} `);
    const isShared = (/** @type {Action} */ other) => [other, this.get(id)].every(({ keys: own }) => own?.includes(keys));
    return this.list().filter((other) => other.id !== id && this.keysOf(other.id).some(clashes) && !isShared(other));
  }

  #index() {
    if (this.byKeys) return this.byKeys;
    this.byKeys = new Map();
    for (const { id } of this.list()) {
      for (const keys of this.keysOf(id)) this.byKeys.set(keys, [...(this.byKeys.get(keys) ?? []), id]);
    }
    return this.byKeys;
  }

  #keep() {
    this.byKeys = null;
    if (Object.keys(this.own).length === 0) this.storage?.removeItem(STORED);
    else this.storage?.setItem(STORED, JSON.stringify(this.own));
    this.dispatchEvent(new Event("keys"));
  }
}

/** Whether an action cannot be done now. @param {Action} action @param {ActionContext} context */
export function isOff(action, context) {
  return Boolean((action.edits && context.session.readOnly) || action.isOff?.(context));
}

/** What an action is called now. @param {Action} action @param {ActionContext} context */
export function titleOf(action, context) {
  return action.titleNow?.(context) ?? action.title;
}

/** @param {Pick<Storage, "getItem"> | null} storage @returns {{[id: string]: string[]}} */
function readOwn(storage) {
  try {
    const parsed = JSON.parse(storage?.getItem(STORED) ?? "{}");
    const entries = Object.entries(parsed).filter(([, keys]) => Array.isArray(keys) && keys.every((item) => typeof item === "string"));
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}
