// What is asked of a table: sorting, filters, search; and how a filter reads. Pure.

import { formatNumber, readNumber } from "../format.js";
import { cellText, isNumberType } from "./cells.js";

/**
 * @import {TableColumn} from "../artifact_api.js"
 * @typedef {{column: string, descending: boolean}} TableSort
 * @typedef {"equals" | "contains" | "range" | "missing" | "one_of"} FilterTest
 * @typedef {{column: string, test: FilterTest, value?: unknown, low?: unknown, high?: unknown, values?: unknown[], negated?: boolean}} TableFilter
 * @typedef {{sort: readonly TableSort[], filters: readonly TableFilter[], search: string}} TableQuery
 */

/** @type {TableQuery} */
export const PLAIN = Object.freeze({ sort: Object.freeze([]), filters: Object.freeze([]), search: "" });

/** @param {TableQuery} query */
export function isPlain({ sort, filters, search }) {
  return sort.length === 0 && filters.length === 0 && search === "";
}

/** @param {TableQuery} a @param {TableQuery} b */
export function isSameQuery(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The sorting after a column's name was clicked: ascending, descending, not at all; `added` keeps the others.
 *
 * @param {TableQuery} query
 * @param {string} column
 * @param {boolean} added
 * @returns {TableQuery}
 */
export function sortedBy(query, column, added) {
  const known = query.sort.find((item) => item.column === column);
  const next = !known ? { column, descending: false } : known.descending ? null : { column, descending: true };
  if (!added) return { ...query, sort: next ? [next] : [] };
  const others = query.sort.filter((item) => item.column !== column);
  if (!next) return { ...query, sort: others };
  return { ...query, sort: known ? query.sort.map((item) => (item === known ? next : item)) : [...others, next] };
}

/**
 * The same query with exactly this filter on its column; null takes the column's filters away.
 *
 * @param {TableQuery} query
 * @param {string} column
 * @param {TableFilter | null} filter
 * @returns {TableQuery}
 */
export function filteredBy(query, column, filter) {
  const others = query.filters.filter((item) => item.column !== column);
  return { ...query, filters: filter ? [...others, filter] : others };
}

/**
 * The rank of a column in a sorting by several, 0 where it is the only one, null where it is not sorted by.
 *
 * @param {TableQuery} query
 * @param {string} column
 * @returns {{descending: boolean, rank: number} | null}
 */
export function sortMark(query, column) {
  const at = query.sort.findIndex((item) => item.column === column);
  const found = query.sort[at];
  return found ? { descending: found.descending, rank: query.sort.length > 1 ? at + 1 : 0 } : null;
}

/**
 * Whether a column can be sorted and filtered by value.
 *
 * @param {TableColumn} column
 */
export function hasOrder(column) {
  return /^(integer|number|datetime|boolean|categorical|string)$/.test(column.type);
}

/** Up to so many different values, people choose from a list. */
const FEW_VALUES = 12;

/**
 * The tests that suit a column, the first one first.
 *
 * @param {TableColumn & {distinct?: number | null}} column with what its profile knows
 * @returns {FilterTest[]}
 */
export function testsFor(column) {
  if (!hasOrder(column)) return ["missing"];
  if (column.type === "boolean") return ["equals", "missing"];
  if (isNumberType(column.type)) return ["range", "equals", "one_of", "missing"];
  if (column.type === "datetime") return ["range", "equals", "contains", "missing"];
  const hasFew = (column.distinct ?? Infinity) <= FEW_VALUES;
  return hasFew
    ? ["one_of", "equals", "contains", "range", "missing"]
    : ["contains", "equals", "one_of", "range", "missing"];
}

/**
 * A filter as people read it: `amount 10 – 20`, `city is not Rome`.
 *
 * @param {TableFilter} filter
 */
export function filterText(filter) {
  const { column, negated = false } = filter;
  const not = negated ? "not " : "";
  switch (filter.test) {
    case "equals":
      return filter.value === null ? `${column} is ${not}missing` : `${column} is ${not}${show(filter.value)}`;
    case "contains":
      return `${column} ${negated ? "does not contain" : "contains"} ${show(filter.value)}`;
    case "missing":
      return `${column} is ${not}missing`;
    case "one_of":
      return `${column} is ${negated ? "none" : "one"} of ${listText(filter.values ?? [])}`;
    default:
      return `${column} ${negated ? "is outside " : ""}${rangeText(filter)}`;
  }
}

/** @param {TableFilter} filter */
function rangeText({ low, high }) {
  if (low === undefined || low === null) return `≤ ${show(high)}`;
  if (high === undefined || high === null) return `≥ ${show(low)}`;
  return `${show(low)} – ${show(high)}`;
}

/** @param {unknown[]} values */
function listText(values) {
  const shown = values.slice(0, 3).map((value) => (value === null ? "missing" : show(value)));
  return values.length > 3 ? `${shown.join(", ")} and ${values.length - 3} more` : shown.join(", ");
}

/** @param {unknown} value */
function show(value) {
  if (value === "") return "“”";
  return readNumber(value) === null ? cellText(value) : formatNumber(value, 12);
}
