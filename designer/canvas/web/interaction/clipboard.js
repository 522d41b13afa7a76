/**
 * The clipboard of the canvas: nodes travel as JSON text, so a selection can be sent by chat.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */
import { readIncoming } from "../document/incoming.js";
import { isLoose, isTyping } from "../actions/keyboard.js";
import { hasNothing } from "../actions/targets.js";
import { addFiles, addSource } from "./sources.js";

/** A paste this soon after the middle button went up comes from it. */
const MIDDLE_PASTE_MS = 200;

export class CanvasClipboard {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    /** What was copied here last, for browsers that keep the clipboard from us. */
    this.lastCopied = "";
    this.keepsOuter = false;
    this.middleReleasedAt = -Infinity;
  }

  /** @returns {() => void} stops listening */
  listen() {
    /** @type {[string, (event: any) => void, boolean][]} */
    const handlers = [
      ["copy", (event) => this.#onCopy(event), false],
      ["cut", (event) => this.#onCopy(event), false],
      ["paste", (event) => this.#onPaste(event), false],
      ["keydown", ({ shiftKey }) => (this.keepsOuter = shiftKey), true],
      ["mouseup", ({ button, timeStamp }) => button === 1 && (this.middleReleasedAt = timeStamp), true],
    ];
    for (const [type, act, isEarly] of handlers) document.addEventListener(type, act, isEarly);
    return () => {
      for (const [type, act, isEarly] of handlers) document.removeEventListener(type, act, isEarly);
    };
  }

  copy() {
    this.#take();
    navigator.clipboard?.writeText(this.lastCopied).catch(() => undefined);
  }

  cut() {
    this.copy();
    this.view.session.removeSelected();
  }

  /** From a menu, where the browser has to be asked for what the clipboard holds. */
  async paste() {
    const text = await navigator.clipboard?.readText().catch(() => "");
    this.insert(text || this.lastCopied);
  }

  /** @param {string} text @param {{keepOuter?: boolean}} [how] */
  insert(text, { keepOuter = false } = {}) {
    const { session, announcer } = this.view;
    const ids = session.paste(text, { at: this.view.pointerInView(), keepOuter });
    if (ids.length > 0) return announcer.say(`${ids.length} pasted.`);
    const incoming = session.readOnly ? null : readIncoming(text);
    if (incoming) addSource(this.view, incoming, this.view.pointerInView());
    else if (text) session.notify({ kind: "info", message: "The clipboard holds neither nodes nor a table." });
  }

  #take() {
    const { session, announcer } = this.view;
    this.lastCopied = session.copyText();
    announcer.say(`${session.selection.nodes.size + session.selection.marks.size} copied.`);
  }

  /** @param {ClipboardEvent} event */
  #onCopy(event) {
    const { session } = this.view;
    const isTextMarked = isLoose() && getSelection()?.isCollapsed === false;
    if (!this.#isOurs() || isTextMarked || hasNothing({ session }) || !event.clipboardData) return;
    event.preventDefault();
    this.#take();
    event.clipboardData.setData("text/plain", this.lastCopied);
    if (event.type === "cut") session.removeSelected();
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    if (!this.#isOurs()) return;
    event.preventDefault();
    // On Linux the middle button pastes what was marked last; on the canvas it only pans.
    if (event.timeStamp - this.middleReleasedAt < MIDDLE_PASTE_MS) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0 && !this.view.session.readOnly) return void addFiles(this.view, files, this.view.pointerInView());
    this.insert(event.clipboardData?.getData("text/plain") || this.lastCopied, { keepOuter: this.keepsOuter });
  }

  #isOurs() {
    return isLoose() || (this.view.root.contains(document.activeElement) && !isTyping(document.activeElement));
  }
}
