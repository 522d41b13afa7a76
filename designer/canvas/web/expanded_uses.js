/**
 * Which subgraphs a person has expanded in place, kept in this browser for each pipeline: a way to
 * look at it, no part of the document.
 */
import { browserStorage, keptList } from "./document/browser_storage.js";
import { SEPARATOR, stepId } from "./document/scope.js";

const STORED = "designer.expanded.";

export class ExpandedUses {
  /** @param {string} key of the pipeline or run @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} [storage] */
  constructor(key, storage = browserStorage()) {
    this.key = STORED + key;
    this.storage = storage;
    /** Step ids that the uses would have themselves. @type {Set<string>} */
    this.steps = new Set(keptList(storage, this.key, isStep));
    /** Grows with every change. */
    this.version = 0;
  }

  /** Those that a scope shows, by their ids there; what lies in one comes after it. @param {readonly string[]} scope @returns {string[]} */
  within(scope) {
    const start = scope.length > 0 ? stepId(scope, "") : "";
    return [...this.steps].filter((step) => step.startsWith(start)).map((step) => step.slice(start.length)).sort((a, b) => depth(a) - depth(b));
  }

  /** @param {string} step @param {boolean} isExpanded */
  set(step, isExpanded) {
    if (isExpanded) this.steps.add(step);
    else this.steps.delete(step);
    this.version++;
    if (this.steps.size > 0) this.storage?.setItem(this.key, JSON.stringify([...this.steps]));
    else this.storage?.removeItem(this.key);
  }
}

/** @param {string} step */
function depth(step) {
  return step.split(SEPARATOR).length;
}

/** @param {any} step @returns {step is string} */
function isStep(step) {
  return typeof step === "string";
}
