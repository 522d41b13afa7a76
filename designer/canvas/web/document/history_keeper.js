/**
 * Undo and what is still to be settled with others survive reloads and crashes: both lie in the
 * browser's database, written with every edit. Each open page has a shelf of its own; it takes up
 * the one its tab had before, or one whose page is gone.
 *
 * @import {Operation} from "../types.js"
 * @import {Clash} from "./conflicts.js"
 * @import {History} from "./history.js"
 *
 * @typedef {{id: string, pipelineId: string, at: number, done: string[], undone: string[], clashes?: readonly Clash[]}} Shelf
 * @typedef {{done: Operation[], undone: Operation[], clashes: readonly Clash[]}} Steps
 * @typedef {EventTarget & {items: readonly Clash[], takeUp: (items: readonly Clash[]) => void}} KeptClashes emits `change`
 * @typedef {object} Shelves
 * @property {(pipelineId: string) => Promise<Shelf[]>} list newest first
 * @property {(id: string) => Promise<Steps>} load
 * @property {(shelf: Shelf, change: {put: Operation[], remove: string[]}) => Promise<void>} write
 * @property {(id: string) => Promise<boolean>} claim whether the shelf is this page's for as long as it is open
 */
import { newId } from "./identity.js";

/**
 * Takes up the steps and the clashes that were left, and keeps every change of them from then on.
 *
 * @param {History} history
 * @param {string} pipelineId
 * @param {Shelves} shelves
 * @param {{tab?: Pick<Storage, "getItem" | "setItem"> | null, clashes?: KeptClashes | null}} [more] `tab`: the tab's own storage
 * @returns {Promise<() => void>} stops keeping
 */
export async function keepHistory(history, pipelineId, shelves, { tab = globalThis.sessionStorage ?? null, clashes = null } = {}) {
  const place = `designer.shelf.${pipelineId}`;
  const { id, from } = await findShelf(shelves, pipelineId, tab?.getItem(place) ?? "");
  tab?.setItem(place, id);
  const steps = from ? await shelves.load(from) : { done: [], undone: [], clashes: [] };
  history.done.unshift(...steps.done);
  if (history.undone.length === 0) history.undone = steps.undone;
  clashes?.takeUp(steps.clashes);
  /** @type {Map<string, Operation>} what lies on the shelf */
  let kept = new Map(id === from ? stepsById(steps) : []);
  let isAsked = false;

  async function save() {
    isAsked = false;
    const { done, undone } = history;
    const now = stepsById({ done, undone });
    const put = [...now.values()].filter((operation) => kept.get(operation.id) !== operation);
    const remove = [...kept.keys()].filter((key) => !now.has(key));
    kept = now;
    const shelf = { id, pipelineId, at: Date.now(), done: done.map(idOf), undone: undone.map(idOf), clashes: clashes?.items ?? [] };
    await shelves.write(shelf, { put, remove }).catch(() => undefined);
  }

  function keep() {
    if (!isAsked) queueMicrotask(save);
    isAsked = true;
  }
  history.onChange = keep;
  clashes?.addEventListener("change", keep);
  const isLess = clashes !== null && clashes.items.length !== steps.clashes.length;
  if ((from && from !== id) || isLess) keep();
  return () => {
    history.onChange = () => {};
    clashes?.removeEventListener("change", keep);
  };
}

/**
 * @param {Shelves} shelves
 * @param {string} pipelineId
 * @param {string} wanted the shelf that this tab had before
 * @returns {Promise<{id: string, from: string}>} the page's own shelf, and the one its steps come from
 */
async function findShelf(shelves, pipelineId, wanted) {
  if (wanted && (await shelves.claim(wanted))) return { id: wanted, from: wanted };
  const left = wanted ? [] : await shelves.list(pipelineId).catch(() => []);
  for (const { id } of left) if (await shelves.claim(id)) return { id, from: id };
  const id = newId();
  await shelves.claim(id);
  // A tab that was duplicated brings the name of a shelf that is in use: its steps are copied.
  return { id, from: wanted };
}

/** @param {Pick<Steps, "done" | "undone">} steps @returns {Map<string, Operation>} */
function stepsById({ done, undone }) {
  return new Map([...done, ...undone].map((operation) => [operation.id, operation]));
}

/** @param {Operation} operation */
function idOf(operation) {
  return operation.id;
}
