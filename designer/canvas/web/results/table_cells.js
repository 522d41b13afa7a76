// One cell: numbers to the right with aligned digits, null faint, everything as text.

import { h } from "vue";
import { formatFixed, formatNumber, readNumber } from "./format.js";

/**
 * @import {TableColumn} from "./artifact_api.js"
 */

/**
 * @param {unknown} value `undefined` while its page is on the way
 * @param {TableColumn} column
 * @param {{left: number, width: number, decimals?: number | null}} place px; digits after the point, where all agree
 */
export function drawCell(value, column, { left, width, decimals = null }) {
  const style = { left: `${left}px`, width: `${width}px` };
  if (value === undefined) return h("span", { class: "ed-cell ed-cell-waiting", style });
  if (value === null)
    return h(
      "span",
      { class: ["ed-cell ed-cell-null", { "ed-cell-number": isNumberType(column.type) }], style },
      "null",
    );
  const number = isNumberType(column.type) ? readNumber(value) : null;
  if (number !== null)
    return h(
      "span",
      { class: "ed-cell ed-cell-number", style, title: String(number) },
      decimals === null ? formatNumber(number, 6) : formatFixed(number, decimals),
    );
  const text = cellText(value);
  return h(
    "span",
    {
      class: ["ed-cell", { "ed-cell-number": isNumberType(column.type) }],
      style,
      title: text.length > 30 ? text : undefined,
    },
    text,
  );
}

/** @param {unknown} value */
export function cellText(value) {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null)
    return "$number" in value ? String(value.$number) : JSON.stringify(value);
  return String(value);
}

/** @param {string} type */
export function isNumberType(type) {
  return /^(u?int|float|double|decimal|number|half)/i.test(type);
}

/** @param {TableColumn} column */
export function typeIcon(column) {
  if (column.categorical) return "category";
  const type = column.type.toLowerCase();
  if (isNumberType(type)) return "tag";
  if (type.startsWith("bool")) return "toggle_on";
  if (/^(date|time|duration|timestamp)/.test(type)) return "schedule";
  if (/^(cat|dict|enum)/.test(type)) return "category";
  if (/^(list|struct|array|map)/.test(type)) return "data_array";
  return "notes";
}
