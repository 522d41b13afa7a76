// Which columns of a table are shown, where and how wide; remembered for each port. Pure but for the storage.

import { runningSums } from "./row_window.js";

/**
 * @import {TableColumn} from "../artifact_api.js"
 * @typedef {{hidden: string[], pinned: string[], widths: Record<string, number>}} ColumnChoices
 * @typedef {{column: TableColumn, index: number, left: number, width: number, pinned: boolean}} PlacedColumn
 * @typedef {{pinned: PlacedColumn[], free: PlacedColumn[], pinnedWidth: number, freeWidth: number}} ColumnLayout
 */

const STORAGE_KEY = "designer.tables";
const MOST_REMEMBERED = 100;
export const NARROWEST_PX = 48;
export const WIDEST_PX = 800;

/** @returns {ColumnChoices} */
export function noChoices() {
  return { hidden: [], pinned: [], widths: {} };
}

/**
 * Where every shown column goes: pinned ones first, from the left edge; the others beside them, from their own zero.
 *
 * @param {readonly TableColumn[]} columns
 * @param {readonly number[]} widths what each would take by itself
 * @param {ColumnChoices} choices
 * @returns {ColumnLayout}
 */
export function layOut(columns, widths, choices) {
  const hidden = new Set(choices.hidden);
  const rank = new Map(choices.pinned.map((name, at) => [name, at]));
  const shown = columns
    .map((column, index) => ({ column, index, width: choices.widths[column.name] ?? widths[index] ?? 120 }))
    .filter(({ column }) => !hidden.has(column.name));
  const pinned = shown
    .filter(({ column }) => rank.has(column.name))
    .sort((a, b) => (rank.get(a.column.name) ?? 0) - (rank.get(b.column.name) ?? 0));
  const free = shown.filter(({ column }) => !rank.has(column.name));
  const [pinnedLefts, freeLefts] = [pinned, free].map((list) => runningSums(list.map(({ width }) => width)));
  return {
    pinned: pinned.map((item, at) => ({ ...item, left: pinnedLefts?.[at] ?? 0, pinned: true })),
    free: free.map((item, at) => ({ ...item, left: freeLefts?.[at] ?? 0, pinned: false })),
    pinnedWidth: pinnedLefts?.at(-1) ?? 0,
    freeWidth: freeLefts?.at(-1) ?? 0,
  };
}

/** All shown columns in their order on the screen. @param {ColumnLayout} layout */
export function inOrder(layout) {
  return [...layout.pinned, ...layout.free];
}

/** @param {ColumnChoices} choices @param {string} name @returns {ColumnChoices} */
export function withHidden(choices, name) {
  const isHidden = choices.hidden.includes(name);
  return { ...choices, hidden: toggled(choices.hidden, name, !isHidden) };
}

/** @param {ColumnChoices} choices @param {string} name @returns {ColumnChoices} */
export function withPinned(choices, name) {
  return { ...choices, pinned: toggled(choices.pinned, name, !choices.pinned.includes(name)) };
}

/** @param {ColumnChoices} choices @param {string} name @param {number | null} width null for its own @returns {ColumnChoices} */
export function withWidth(choices, name, width) {
  const { [name]: _, ...widths } = choices.widths;
  if (width === null) return { ...choices, widths };
  return { ...choices, widths: { ...widths, [name]: Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, width))) } };
}

/**
 * @param {Storage | undefined} storage
 * @param {string} port
 * @returns {ColumnChoices}
 */
export function recallChoices(storage, port) {
  const found = readAll(storage).find(([name]) => name === port)?.[1];
  const known = found && typeof found === "object" ? found : {};
  const { hidden, pinned, widths } = /** @type {Partial<ColumnChoices>} */ (known);
  return {
    hidden: Array.isArray(hidden) ? hidden.filter(isText) : [],
    pinned: Array.isArray(pinned) ? pinned.filter(isText) : [],
    widths: Object.fromEntries(Object.entries(widths ?? {}).filter(([, width]) => Number.isFinite(width))),
  };
}

/**
 * @param {Storage | undefined} storage
 * @param {string} port
 * @param {ColumnChoices} choices
 */
export function keepChoices(storage, port, choices) {
  const others = readAll(storage).filter(([name]) => name !== port);
  const isDefault = choices.hidden.length + choices.pinned.length + Object.keys(choices.widths).length === 0;
  const kept = isDefault ? others : [...others, [port, choices]];
  storage?.setItem(STORAGE_KEY, JSON.stringify(kept.slice(-MOST_REMEMBERED)));
}

/** @param {Storage | undefined} storage @returns {[string, unknown][]} */
function readAll(storage) {
  try {
    const found = JSON.parse(storage?.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((item) => Array.isArray(item) && isText(item[0])) : [];
  } catch {
    return [];
  }
}

/** @param {readonly string[]} list @param {string} name @param {boolean} isIn */
function toggled(list, name, isIn) {
  const others = list.filter((item) => item !== name);
  return isIn ? [...others, name] : others;
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string";
}
