// What every panel of one editor shares: the session, its state made reactive, and the layout.

import { keysText } from "../actions/chords.js";
import { inject, onScopeDispose, provide, shallowReactive } from "vue";

/**
 * @import {EditorSession} from "../session.js"
 * @import {Diagnostic, GraphDocument, Run} from "../types.js"
 * @import {PanelLayout} from "./panel_layout.js"
 * @import {ArtifactApi} from "../results/artifact_api.js"
 * @import {ToastStore} from "./toasts.js"
 * @import {ActionRegistry} from "../actions/registry.js"
 * @import {Compared} from "../document/what_changed.js"
 * @import {ShownPreview} from "../document/run_previews.js"
 *
 * @typedef {object} SessionState
 * @property {GraphDocument} document what the scope shows
 * @property {readonly string[]} scope the subgraph nodes that were entered
 * @property {string} definition the subgraph that is shown; empty for the pipeline itself
 * @property {{nodes: Set<string>, wires: Set<string>, marks: Set<string>}} selection
 * @property {Run | null} run
 * @property {number} statusTick grows with every status change; read it to follow `session.statuses`
 * @property {Diagnostic[]} diagnostics
 * @property {{state: string, waiting: number}} connection
 * @property {number} modulesTick
 * @property {number} schemasTick grows when more is known of what nodes give; read it to follow `session.foresight`
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {ShownPreview | null} plan what a run would do, while a person looks at it
 * @property {number} breakpointTick
 * @property {number} commentTick grows when a comment is written; read it to follow `session.comments`
 *
 * @typedef {{nodeId: string, port: string | null, tab: string | null, tick: number, view?: string, against?: string, keys?: string[] | null}} Opened
 *
 * @typedef {object} EditorContext
 * @property {EditorSession} session
 * @property {SessionState} state
 * @property {PanelLayout} layout
 * @property {ArtifactApi} api
 * @property {ActionRegistry} actions
 * @property {(id: string) => void} act does an action as its key would
 * @property {ToastStore} toasts
 * @property {{opened: Opened | null, bottomTab: string, focusField: {node: string, name: string, line?: number, isLarge?: boolean, tick: number} | null, help: boolean, quickAdd: {request: import("./quick_add.js").QuickAddRequest, finish: (hasAdded: boolean) => void} | null, choice: {label: string, placeholder?: string, none?: string, items: import("./pick_box.js").PickItem[], first?: string} | null, isFinding: boolean, publishing: string, moduleHelp: import("../types.js").ModuleSpec | null, isTouring: boolean, isNaming: boolean, comparing: Compared | null, commenting: Commenting}} ui
 * @typedef {{thread: string, subject: import("../working_together.js").Subject | null, place: string, isKeyboard: boolean}} Commenting
 *   what the panel of comments is asked for: a thread, or a new comment on a subject; `place`: the only one whose threads are listed
 */

const KEY = Symbol("editor");

/** @param {EditorContext} context */
export function provideEditor(context) {
  provide(KEY, context);
}

/** @returns {EditorContext} */
export function useEditor() {
  return /** @type {EditorContext} */ (inject(KEY));
}

/**
 * A tooltip with the keys that do the same, as they are bound now.
 *
 * @param {string} title
 * @param {string} id of the action
 * @param {ActionRegistry} actions
 */
export function hint(title, id, actions) {
  const keys = actions.firstKeys(id);
  return keys ? `${title} (${keysText(keys)})` : title;
}

/**
 * The session's state as one shallow reactive object, kept up to date by its events.
 *
 * @param {EditorSession} session
 * @returns {SessionState}
 */
export function followSession(session) {
  const state = shallowReactive(readState(session));
  const listen = listener(session);
  listen("document", () => {
    state.document = session.document;
    state.scope = session.scope;
    state.definition = session.definition;
    state.canUndo = session.canUndo;
    state.canRedo = session.canRedo;
  });
  listen("selection", () => {
    state.selection = session.selection;
  });
  listen("status", () => (state.statusTick += 1));
  listen("run", () => {
    state.run = session.run;
    state.statusTick += 1;
  });
  listen("diagnostics", () => (state.diagnostics = [...session.diagnostics]));
  listen("connection", () => {
    state.connection = { ...session.connection };
    state.canUndo = session.canUndo;
    state.canRedo = session.canRedo;
  });
  listen("modules", () => (state.modulesTick += 1));
  listen("schemas", () => (state.schemasTick += 1));
  listen("preview", () => (state.plan = session.previews.shown));
  listen("breakpoints", () => (state.breakpointTick += 1));
  listener(session.comments)("change", () => (state.commentTick += 1));
  return state;
}

/** @param {EditorSession} session @returns {SessionState} */
function readState(session) {
  return {
    document: session.document,
    scope: session.scope,
    definition: session.definition,
    selection: session.selection,
    run: session.run,
    statusTick: 0,
    diagnostics: [...session.diagnostics],
    connection: { ...session.connection },
    modulesTick: 0,
    schemasTick: 0,
    canUndo: session.canUndo,
    canRedo: session.canRedo,
    plan: session.previews.shown,
    breakpointTick: 0,
    commentTick: 0,
  };
}

/**
 * Adds listeners that end with the component that asked for them.
 *
 * @param {EventTarget} target
 */
export function listener(target) {
  /** @param {string} name @param {(event: any) => void} handler */
  return (name, handler) => {
    target.addEventListener(name, handler);
    onScopeDispose(() => target.removeEventListener(name, handler));
  };
}
