// The cell cursor and the block of cells selected from it; what is copied of them. Pure.

import { cellText } from "./cells.js";
import { readNumber } from "../format.js";

/**
 * @typedef {{row: number, column: number}} CellPlace row of the view, column as shown
 * @typedef {{cursor: CellPlace, anchor: CellPlace}} CellSelection
 * @typedef {{top: number, bottom: number, left: number, right: number}} CellBlock both ends included
 * @typedef {{rows: number, columns: number, page: number}} Extent
 */

export const MOST_COPIED_CELLS = 100_000;

/**
 * Where a key takes the cursor; null for keys that move nothing.
 *
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean}} event
 * @param {CellPlace} cursor
 * @param {Extent} extent rows and columns there are, rows on a screen
 * @returns {CellPlace | null}
 */
export function moved({ key, ctrlKey, metaKey }, cursor, { rows, columns, page }) {
  const far = ctrlKey || metaKey;
  /** @type {Record<string, CellPlace>} */
  const places = {
    ArrowUp: { ...cursor, row: far ? 0 : cursor.row - 1 },
    ArrowDown: { ...cursor, row: far ? rows - 1 : cursor.row + 1 },
    ArrowLeft: { ...cursor, column: far ? 0 : cursor.column - 1 },
    ArrowRight: { ...cursor, column: far ? columns - 1 : cursor.column + 1 },
    PageUp: { ...cursor, row: cursor.row - page },
    PageDown: { ...cursor, row: cursor.row + page },
    Home: far ? { row: 0, column: 0 } : { ...cursor, column: 0 },
    End: far ? { row: rows - 1, column: columns - 1 } : { ...cursor, column: columns - 1 },
  };
  const place = places[key];
  return place ? within(place, { rows, columns, page }) : null;
}

/** @param {CellPlace} place @param {Extent} extent @returns {CellPlace} */
export function within({ row, column }, { rows, columns }) {
  return {
    row: Math.max(0, Math.min(row, rows - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  };
}

/** @param {CellSelection} selection @returns {CellBlock} */
export function blockOf({ cursor, anchor }) {
  return {
    top: Math.min(cursor.row, anchor.row),
    bottom: Math.max(cursor.row, anchor.row),
    left: Math.min(cursor.column, anchor.column),
    right: Math.max(cursor.column, anchor.column),
  };
}

/** @param {CellBlock} block */
export function cellsIn({ top, bottom, left, right }) {
  return (bottom - top + 1) * (right - left + 1);
}

/**
 * Cells as text that spreadsheets take: tabs between cells, lines between rows, quotes where a cell holds either.
 *
 * @param {readonly (readonly unknown[])[]} rows
 */
export function asTabbedText(rows) {
  return rows.map((row) => row.map(copiedText).join("\t")).join("\n");
}

/** @param {unknown} value */
function copiedText(value) {
  if (value === null || value === undefined) return "";
  const number = readNumber(value);
  const text = number === null ? cellText(value) : String(number);
  return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
