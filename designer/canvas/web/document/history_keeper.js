/**
 * Undo survives a reload of its tab: the steps rest in the tab's own storage.
 *
 * @import {History} from "./history.js"
 */

const STEPS = 200;
const LONGEST = 2_000_000;

/**
 * Takes up what this tab left, and leaves it again when the page goes.
 *
 * @param {History} history
 * @param {string} pipelineId
 * @returns {() => void} stops keeping
 */
export function keepHistory(history, pipelineId) {
  if (typeof sessionStorage === "undefined") return () => undefined;
  const key = `designer.history.${pipelineId}`;
  restore(history, sessionStorage.getItem(key));
  sessionStorage.removeItem(key);
  const save = () => {
    const text = JSON.stringify({ done: history.done.slice(-STEPS), undone: history.undone.slice(-STEPS) });
    if (text.length <= LONGEST) sessionStorage.setItem(key, text);
  };
  addEventListener("pagehide", save);
  return () => removeEventListener("pagehide", save);
}

/** @param {History} history @param {string | null} text */
function restore(history, text) {
  if (!text) return;
  try {
    const { done, undone } = JSON.parse(text);
    if (Array.isArray(done) && Array.isArray(undone)) Object.assign(history, { done, undone });
  } catch {
    // What cannot be read is no history.
  }
}
