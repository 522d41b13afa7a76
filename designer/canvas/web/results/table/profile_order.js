// The order of columns in the overview of a profile. Pure.

/**
 * @import {ColumnProfile} from "../artifact_api.js"
 * @typedef {{by: "place" | "name" | "nulls" | "distinct", descending: boolean}} ProfileOrder
 */

/**
 * Columns in an order; what is not known yet comes last, equal ones stay as they were.
 *
 * @param {readonly ColumnProfile[]} columns
 * @param {ProfileOrder} order
 * @returns {ColumnProfile[]}
 */
export function sortedFacts(columns, { by, descending }) {
  if (by === "place") return descending ? [...columns].reverse() : [...columns];
  const sign = descending ? -1 : 1;
  return [...columns].sort((a, b) => {
    if (by === "name") return sign * a.name.localeCompare(b.name);
    const [x, y] = [a[by] ?? null, b[by] ?? null];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return sign * (x - y);
  });
}
