// What differs between two artifacts, brought into lines and words. Pure.

import { cellText, isNumberType } from "../table/cells.js";
import { formatCount, formatNumber } from "../format.js";

/**
 * @import {StepOfRun, TableColumn, ColumnProfile} from "../artifact_api.js"
 * @typedef {{name: string, before: string, after: string}} RoleChange
 * @typedef {{name: string, before: TableColumn, after: TableColumn}} TypeChange
 * @typedef {{added: TableColumn[], removed: TableColumn[], retyped: TypeChange[], roles: RoleChange[], common: number, is_reordered: boolean}} SchemaDifference
 * @typedef {{before: number, after: number, matched: number, changed: number, added: number, removed: number, keys: string[], repeated: number, is_reordered: boolean}} RowCounts
 * @typedef {{kind: "tables", schema: SchemaDifference, rows: RowCounts, cells: {name: string, changed: number}[], candidates: string[]}} TableDifference
 * @typedef {{path: string[], before: unknown, after: unknown, largest_change?: number | null}} LeafChange
 * @typedef {{model: string, name: string, before: unknown, after: unknown, change: number | null}} MetricChange
 * @typedef {{kind: "documents", is_same: boolean, metrics: MetricChange[], changes: LeafChange[], more: number}} DocumentDifference
 * @typedef {{columns: TableColumn[], rows: {before: unknown[], after: unknown[], cells: number[]}[], numbers: [number, number][], total: number, offset: number}} ChangedRows
 * @typedef {{columns: TableColumn[], rows: unknown[][], numbers: number[], total: number, offset: number}} WholeRows
 * @typedef {"changed" | "added" | "removed"} RowKind
 * @typedef {{name: string, value: number | null}} Measure
 * @typedef {TableColumn & {measures: Measure[], histogram?: {edges: unknown[], before: number[], after: number[]} | null, values?: {value: unknown, before: number, after: number}[]}} ColumnShift
 * @typedef {{row: string, column: TableColumn, before: unknown, after: unknown, span: number, more: number}} ChangedCell
 */

/** Cells of one row that are listed; of a wide table there may be thousands. */
const MOST_CELLS = 8;
const MOST_ROWS = 100;
const CELLS_AT_ONCE = 20_000;

/**
 * The two runs to compare, the earlier one first: the chosen one, else the newest one before in which the port holds
 * something else, else the newest that has the port at all.
 *
 * @param {readonly StepOfRun[]} runs newest first
 * @param {{runId: string, port: string, against: string}} looked
 * @returns {{other: StepOfRun, before: StepOfRun, after: StepOfRun} | null}
 */
export function pairOf(runs, { runId, port, against }) {
  const here = runs.find(({ run }) => run.id === runId);
  const others = runs.filter(({ run, step }) => run.id !== runId && step.outputs?.[port]);
  if (!here?.step.outputs?.[port]) return null;
  const digest = here.step.outputs[port].digest;
  const earlier = others.filter(({ run }) => numberOf(run) < numberOf(here.run));
  const other =
    others.find(({ run }) => run.id === against) ??
    earlier.find(({ step }) => step.outputs?.[port]?.digest !== digest) ??
    others.find(({ step }) => step.outputs?.[port]?.digest !== digest) ??
    earlier[0] ??
    others[0];
  if (!other) return null;
  const isEarlier = numberOf(other.run) < numberOf(here.run);
  return { other, before: isEarlier ? other : here, after: isEarlier ? here : other };
}

/** @param {import("../../types.js").Run} run */
function numberOf(run) {
  return run.number ?? 0;
}

/** One line about the rows. @param {RowCounts} rows */
export function rowSummary({ before, after, added, removed, changed }) {
  const counts =
    before === after ? formatCount(after, "row") : `${formatNumber(before)} → ${formatCount(after, "row")}`;
  const changes = [
    added ? `${formatNumber(added)} added` : "",
    removed ? `${formatNumber(removed)} removed` : "",
    changed ? `${formatNumber(changed)} changed` : "",
  ].filter(Boolean);
  return [counts, ...(changes.length ? changes : ["none changed"])].join(" · ");
}

/**
 * The kinds of rows there are to list, with how many of each.
 *
 * @param {RowCounts} rows
 * @returns {{which: RowKind, label: string, count: number}[]}
 */
export function rowKinds({ changed, added, removed }) {
  return [
    { which: "changed", label: "Changed", count: changed },
    { which: "added", label: "Added", count: added },
    { which: "removed", label: "Removed", count: removed },
  ];
}

/** How many rows of so many columns are fetched at once. @param {number} columns */
export function rowsAtOnce(columns) {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(CELLS_AT_ONCE / Math.max(1, columns))));
}

/**
 * The columns with the places of their cells, those first that tell rows apart.
 *
 * @param {readonly TableColumn[]} columns
 * @param {readonly string[]} keys
 * @returns {{column: TableColumn, place: number, isNumber: boolean}[]}
 */
export function keysFirst(columns, keys) {
  const placed = columns.map((column, place) => ({ column, place, isNumber: isNumberType(column.type) }));
  const isKey = (/** @type {{column: TableColumn}} */ { column }) => keys.includes(column.name);
  return [...placed.filter(isKey), ...placed.filter((item) => !isKey(item))];
}

/** How rows found their partners. @param {RowCounts} rows */
export function matchingWords({ keys, repeated, is_reordered: isReordered }) {
  const how = keys.length ? `Rows are matched by ${keys.join(", ")}` : "Rows are matched by their place";
  const again = repeated ? `; ${formatCount(repeated, "row")} repeat a key` : "";
  return `${how}${again}${isReordered ? "; they come in another order" : ""}.`;
}

/**
 * What happened to the columns themselves, one line for each.
 *
 * @param {SchemaDifference} schema
 * @param {(column: TableColumn) => string} typeOf
 * @returns {{name: string, what: "added" | "removed" | "retyped" | "role", text: string}[]}
 */
export function schemaLines({ added, removed, retyped, roles }, typeOf) {
  return [
    ...added.map((column) => ({ name: column.name, what: /** @type {const} */ ("added"), text: typeOf(column) })),
    ...removed.map((column) => ({ name: column.name, what: /** @type {const} */ ("removed"), text: typeOf(column) })),
    ...retyped.map(({ name, before, after }) => ({
      name,
      what: /** @type {const} */ ("retyped"),
      text: `${typeOf(before)} → ${typeOf(after)}`,
    })),
    ...roles.map(({ name, before, after }) => ({
      name,
      what: /** @type {const} */ ("role"),
      text: `${before || "no role"} → ${after || "no role"}`,
    })),
  ];
}

/**
 * The compared columns, those with most changed values first.
 *
 * @param {TableDifference} difference
 * @returns {{name: string, changed: number}[]}
 */
export function columnLines({ cells, candidates }) {
  const changed = [...cells].sort((a, b) => b.changed - a.changed);
  const known = new Set(changed.map(({ name }) => name));
  const others = candidates.filter((name) => !known.has(name));
  return [...changed, ...others.map((name) => ({ name, changed: 0 }))];
}

/**
 * The shape of a column before and after, for small histograms of one scale.
 *
 * @param {ColumnShift} shift
 * @param {"before" | "after"} side
 * @returns {ColumnProfile | null}
 */
export function shapeOf(shift, side) {
  const { name, type, histogram, values } = shift;
  if (histogram) {
    const [was, is] = [shares(histogram.before), shares(histogram.after)];
    const highest = Math.max(...was, ...is);
    const counts = (side === "before" ? was : is).map((share) => share / (highest || 1));
    return { name, type, nulls: 0, histogram: { edges: histogram.edges, counts } };
  }
  if (!values?.length) return null;
  const highest = Math.max(...values.flatMap(({ before, after }) => [before, after]));
  return { name, type, nulls: 0, top: values.map((item) => [item.value, item[side] / (highest || 1)]) };
}

/** @param {readonly number[]} counts */
function shares(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total ? count / total : 0));
}

/**
 * A line for each cell that differs; the first of a row says how many follow, and how many more there are.
 *
 * @param {ChangedRows} page
 * @param {readonly string[]} keys
 * @returns {ChangedCell[]}
 */
export function changedCells({ columns, rows, numbers }, keys) {
  const places = keys.map((key) => columns.findIndex(({ name }) => name === key));
  return rows.flatMap(({ before, after, cells }, at) => {
    const shown = cells.slice(0, MOST_CELLS);
    const row = keys.length ? places.map((place) => cellText(after[place])).join(", ") : String(numbers[at]?.[1]);
    return shown.map((place, line) => ({
      row,
      column: /** @type {TableColumn} */ (columns[place]),
      before: before[place],
      after: after[place],
      span: line === 0 ? shown.length : 0,
      more: line === 0 ? cells.length - shown.length : 0,
    }));
  });
}

/** A value in a document as text. @param {unknown} value */
export function leafText(value) {
  if (value && typeof value === "object") {
    if ("$absent" in value) return "absent";
    if ("$numbers" in value) return formatCount(Number(value.$numbers), "number");
  }
  if (typeof value === "number") return formatNumber(value, 6);
  if (value === "") return "empty text";
  return cellText(value);
}
