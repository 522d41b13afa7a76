// Column names while a program is written: what the code editor offers at the cursor. Pure.

import { typeWord } from "../../document/foresight.js";

/**
 * @import {ColumnSchema} from "../../document/foresight.js"
 *
 * @typedef {{name: string, columns: readonly ColumnSchema[]}} NamedTable  `name`: what the program calls it
 * @typedef {{label: string, type: string, detail?: string, apply?: string}} Completion
 * @typedef {{from: number, options: Completion[], validFor: RegExp}} Completions
 * @typedef {{pos: number, explicit: boolean, matchBefore: (pattern: RegExp) => {from: number, to: number, text: string} | null}} CursorContext
 */

const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/**
 * Where the cursor stands, and the names that fit there.
 *
 * @param {string} language `sql` or `python`
 * @param {readonly NamedTable[]} tables
 * @param {CursorContext} context
 * @returns {Completions | null}
 */
export function completeColumns(language, tables, context) {
  if (language === "python") return inQuotes(context, /["'][^"'\n]*/, tables);
  if (language !== "sql") return null;
  return inQuotes(context, /"[^"\n]*/, tables) ?? behindTable(context, tables) ?? anyWord(context, tables);
}

/** @param {CursorContext} context @param {RegExp} opening @param {readonly NamedTable[]} tables @returns {Completions | null} */
function inQuotes(context, opening, tables) {
  const open = context.matchBefore(opening);
  if (!open) return null;
  return { from: open.from + 1, options: columnsOf(tables, false), validFor: /^[^"'\n]*$/ };
}

/** @param {CursorContext} context @param {readonly NamedTable[]} tables @returns {Completions | null} */
function behindTable(context, tables) {
  const path = context.matchBefore(/\w+\.\w*/);
  if (!path) return null;
  const [name, started] = path.text.split(".");
  const named = tables.filter((table) => table.name.toLowerCase() === name.toLowerCase());
  return { from: path.to - started.length, options: columnsOf(named.length ? named : tables, true), validFor: /^\w*$/ };
}

/** @param {CursorContext} context @param {readonly NamedTable[]} tables @returns {Completions | null} */
function anyWord(context, tables) {
  const word = context.matchBefore(/\w+/);
  if (!word && !context.explicit) return null;
  const names = tables.map(({ name, columns }) => ({ label: name, type: "class", detail: `${columns.length} columns` }));
  return { from: word?.from ?? context.pos, options: [...names, ...columnsOf(tables, true)], validFor: /^\w*$/ };
}

/** @param {readonly NamedTable[]} tables @param {boolean} isQuoting @returns {Completion[]} */
function columnsOf(tables, isQuoting) {
  /** @type {Map<string, Completion>} */
  const found = new Map();
  for (const column of tables.flatMap(({ columns }) => columns)) {
    if (found.has(column.name)) continue;
    const apply = isQuoting && !PLAIN_NAME.test(column.name) ? `"${column.name.replaceAll('"', '""')}"` : column.name;
    found.set(column.name, { label: column.name, type: "property", detail: typeWord(column), apply });
  }
  return [...found.values()];
}
