/**
 * Texts of comments that were begun and not sent: kept in this browser, so that neither Esc, a lost
 * connection nor a reload takes them.
 */
import { browserStorage } from "./browser_storage.js";

const STORED = "designer.comment_drafts.";
const MOST = 50;

export class CommentDrafts {
  /** @param {string} pipelineId @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} [storage] */
  constructor(pipelineId, storage = browserStorage()) {
    this.key = STORED + pipelineId;
    this.storage = storage;
    this.texts = readTexts(storage?.getItem(this.key));
  }

  /** @param {string} name what the text will be: `new …`, `reply …` or `edit …` */
  get(name) {
    return this.texts.get(name) ?? "";
  }

  /** @param {string} name @param {string} text empty when it was sent or given up */
  set(name, text) {
    this.texts.delete(name);
    if (text.trim()) this.texts.set(name, text);
    const kept = [...this.texts].slice(-MOST);
    if (kept.length === 0) this.storage?.removeItem(this.key);
    else this.#keep(JSON.stringify(kept));
  }

  /** A full storage is no reason to lose what is still in the field. @param {string} text */
  #keep(text) {
    try {
      this.storage?.setItem(this.key, text);
    } catch {
      // It stays in memory.
    }
  }
}

/** @param {string | null | undefined} stored @returns {Map<string, string>} */
function readTexts(stored) {
  try {
    const found = JSON.parse(stored ?? "[]");
    const isText = (/** @type {any} */ item) => Array.isArray(item) && item.length === 2 && item.every((part) => typeof part === "string");
    return new Map(Array.isArray(found) ? found.filter(isText) : []);
  } catch {
    return new Map();
  }
}
