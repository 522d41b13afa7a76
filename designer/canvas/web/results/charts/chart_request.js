// Which charts suit a table and which columns they are first drawn of. Pure.

import { isNumberType } from "../table/cells.js";

/**
 * @import {ColumnProfile, TableColumn} from "../artifact_api.js"
 * @typedef {"distribution" | "scatter" | "box" | "time_line" | "correlation"} ChartKind
 * @typedef {{kind: ChartKind, x?: string, y?: string, by?: string, columns?: string[], bars?: number, points?: boolean, trimmed?: boolean, measure?: "pearson" | "spearman", aggregate?: string}} ChartRequest
 * @typedef {TableColumn & Partial<ColumnProfile>} KnownColumn
 */

/** @type {[ChartKind, string, string][]} */
export const KINDS = [
  ["distribution", "Distribution", "bar_chart"],
  ["scatter", "Scatter", "scatter_plot"],
  ["box", "Boxes", "candlestick_chart"],
  ["time_line", "Time line", "show_chart"],
  ["correlation", "Correlation", "grid_on"],
];

export const AGGREGATES = ["mean", "median", "sum", "minimum", "maximum", "count"];

/** More different values than this make no groups. */
const MOST_GROUPS = 12;

/** @param {KnownColumn} column */
export const isNumber = (column) => isNumberType(column.type);
/** @param {KnownColumn} column */
export const isMoment = (column) => column.type === "datetime";
/** @param {KnownColumn} column */
export const isDay = (column) => isMoment(column) && !/^(Time|Duration)/.test(column.dtype ?? "");
/** @param {KnownColumn} column */
export const isCategory = (column) => /^(string|categorical|boolean)$/.test(column.type);
/** @param {KnownColumn} column */
export const isDrawable = (column) => isNumber(column) || isMoment(column) || isCategory(column);

/**
 * Whether a column can split a chart into few groups, as far as its profile tells.
 *
 * @param {KnownColumn} column
 */
export function canSplit(column) {
  if (isCategory(column)) return true;
  return column.type === "integer" && (column.distinct ?? Infinity) <= MOST_GROUPS;
}

/**
 * The columns that can stand in each place of a kind of chart; a place that may stay empty is marked.
 *
 * @param {ChartKind} kind
 * @param {readonly KnownColumn[]} columns
 * @returns {{name: "x" | "y" | "by", label: string, columns: KnownColumn[], isOptional: boolean}[]}
 */
export function places(kind, columns) {
  const numbers = columns.filter(isNumber);
  const axis = columns.filter((column) => isNumber(column) || isMoment(column));
  const groups = columns.filter(canSplit);
  /** @param {"x" | "y" | "by"} name @param {string} label @param {KnownColumn[]} found @param {boolean} [isOptional] */
  const place = (name, label, found, isOptional = false) => ({ name, label, columns: found, isOptional });
  switch (kind) {
    case "distribution":
      return [place("x", "Column", columns.filter(isDrawable)), place("by", "Split by", groups, true)];
    case "scatter":
      return [place("x", "Across", axis), place("y", "Up", axis), place("by", "Colour by", groups, true)];
    case "box":
      return [place("x", "For each", groups), place("y", "Number", numbers)];
    case "time_line":
      return [place("x", "Time", columns.filter(isDay)), place("y", "Number", numbers, true), place("by", "Split by", groups, true)];
    default:
      return [];
  }
}

/** @param {ChartKind} kind @param {readonly KnownColumn[]} columns */
export function isPossible(kind, columns) {
  if (kind === "correlation") return columns.filter(isDrawable).length > 1;
  const wanted = places(kind, columns);
  const hasAll = wanted.every((place) => place.isOptional || place.columns.length > 0);
  return hasAll && (kind !== "scatter" || (wanted[0]?.columns.length ?? 0) > 1);
}

/**
 * A chart of a kind with its columns chosen: the ones it had where they fit, else the most telling.
 *
 * @param {ChartKind} kind
 * @param {readonly KnownColumn[]} columns
 * @param {Partial<ChartRequest>} [before]
 * @returns {ChartRequest}
 */
export function chartOf(kind, columns, before = {}) {
  if (kind === "correlation") return { kind, measure: before.measure ?? "pearson" };
  /** @type {ChartRequest} */
  const chart = { kind };
  const taken = new Set();
  for (const { name, columns: fitting, isOptional } of places(kind, columns)) {
    const known = fitting.find((column) => column.name === before[name] && !taken.has(column.name));
    const isWanted = !isOptional || (kind === "time_line" && name === "y" && before.kind !== "time_line");
    const first = isWanted ? telling(fitting.filter((column) => !taken.has(column.name))) : undefined;
    const chosen = known ?? first;
    if (chosen) {
      chart[name] = chosen.name;
      taken.add(chosen.name);
    }
  }
  if (kind === "time_line") chart.aggregate = before.aggregate ?? "mean";
  if (kind === "scatter" && before.points) chart.points = true;
  return chart;
}

/**
 * The chart that is shown first: of the column looked at, else how the first telling column lies.
 *
 * @param {readonly KnownColumn[]} columns
 * @param {string} [lookedAt]
 * @returns {ChartRequest | null}
 */
export function firstChart(columns, lookedAt = "") {
  const drawable = columns.filter(isDrawable);
  if (drawable.length === 0) return null;
  const label = drawable.find((column) => column.role === "label");
  const x = drawable.find((column) => column.name === lookedAt) ?? label ?? telling(drawable);
  return { kind: "distribution", x: x?.name ?? "" };
}

/**
 * The column that tells most by itself: one whose values differ, but not all of them.
 *
 * @param {readonly KnownColumn[]} columns
 */
function telling(columns) {
  return columns.find((column) => !isIdentity(column) && (column.distinct ?? 2) > 1) ?? columns[0];
}

/** @param {KnownColumn} column */
function isIdentity({ name, type, top }) {
  const isNumbered = /(^|_)(id|key|index|number)$/i.test(name);
  return isNumbered || (/^(string|integer)$/.test(type) && top !== undefined && top.length === 0);
}
