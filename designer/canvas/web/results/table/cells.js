// One cell: numbers to the right with aligned digits; missing, NaN and empty ones told apart; everything as text.

import { h } from "vue";
import { formatFixed, formatNumber, readNumber } from "../format.js";

/**
 * @import {TableColumn} from "../artifact_api.js"
 */

/**
 * @param {unknown} value `undefined` while its page is on the way
 * @param {TableColumn} column
 * @param {{left: number, width: number, decimals?: number | null, state?: string}} place px; digits after the point, where all agree
 */
export function drawCell(value, column, { left, width, decimals = null, state = "" }) {
  const style = { left: `${left}px`, width: `${width}px` };
  const { kind, text, title } = readCell(value, column, decimals);
  const classes = ["ed-cell", `ed-cell-${kind}`, state, { "ed-cell-right": isNumberType(column.type) }];
  return h("span", { class: classes, style, title }, text);
}

/**
 * What a cell shows, and which kind of value it is.
 *
 * @param {unknown} value
 * @param {TableColumn} column
 * @param {number | null} [decimals]
 * @returns {{kind: "waiting" | "null" | "nan" | "empty" | "cut" | "number" | "text", text: string, title?: string}}
 */
export function readCell(value, column, decimals = null) {
  if (value === undefined) return { kind: "waiting", text: "" };
  if (value === null) return { kind: "null", text: "null" };
  if (value === "") return { kind: "empty", text: "empty text" };
  const number = isNumberType(column.type) ? readNumber(value) : null;
  if (number !== null) {
    if (Number.isNaN(number)) return { kind: "nan", text: "NaN" };
    const text = decimals === null ? formatNumber(number, 6) : formatFixed(number, decimals);
    return { kind: "number", text, title: String(number) };
  }
  const text = column.type === "datetime" ? momentText(value) : cellText(value);
  const isCut = typeof value === "object" && "$cut" in value;
  return { kind: isCut ? "cut" : "text", text, title: text.length > 30 ? text : undefined };
}

/** @param {unknown} value */
export function cellText(value) {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  if ("$number" in value) return String(value.$number);
  if ("$cut" in value) return `${typeof value.$cut === "string" ? value.$cut : JSON.stringify(value.$cut)}…`;
  return JSON.stringify(value);
}

/** A moment with a space between day and time. @param {unknown} value */
export function momentText(value) {
  return cellText(value).replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
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

/** The exact type, in short: `float64`, `datetime[µs]`. @param {TableColumn} column */
export function exactType(column) {
  const { dtype = column.type } = column;
  const moment = /^Datetime\(time_unit='(\w+)', time_zone=(?:None|'([^']*)')\)$/.exec(dtype);
  if (moment) return `datetime[${String(moment[1]).replace("us", "µs")}${moment[2] ? `, ${moment[2]}` : ""}]`;
  return dtype.charAt(0).toLowerCase() + dtype.slice(1);
}
