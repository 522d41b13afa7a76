// Between the form of a filter and the filter itself. Pure.

import { cellText, isNumberType } from "./cells.js";
import { testsFor } from "./table_query.js";

/**
 * @import {TableColumn} from "../artifact_api.js"
 * @import {FilterTest, TableFilter} from "./table_query.js"
 * @typedef {{test: FilterTest, negated: boolean, value: string, low: string, high: string, values: string[], withMissing: boolean}} FilterFields
 */

/** What each test is called, and its opposite. @type {Record<FilterTest, [string, string]>} */
export const TEST_WORDS = {
  range: ["is between", "is not between"],
  equals: ["is", "is not"],
  contains: ["contains", "does not contain"],
  one_of: ["is one of", "is none of"],
  missing: ["is missing", "is not missing"],
};

export { testsFor };

/**
 * The fields for a filter in force, or empty ones.
 *
 * @param {TableColumn} column
 * @param {TableFilter | null} filter
 * @returns {FilterFields}
 */
export function formOf(column, filter) {
  const [first = "missing"] = testsFor(column);
  const values = filter?.values ?? [];
  return {
    test: filter?.test ?? first,
    negated: filter?.negated ?? false,
    value: textOf(filter?.value),
    low: textOf(filter?.low),
    high: textOf(filter?.high),
    values: values.filter((value) => value !== null).map(textOf),
    withMissing: values.includes(null),
  };
}

/**
 * The filter that the fields say, or what is wrong with them.
 *
 * @param {TableColumn} column
 * @param {FilterFields} fields
 * @returns {{filter: TableFilter | null, error: string}}
 */
export function filterFrom(column, fields) {
  const { test, negated } = fields;
  const name = column.name;
  const base = { column: name, test, ...(negated ? { negated } : {}) };
  const texts = test === "range" ? [fields.low, fields.high] : test === "one_of" ? fields.values : [fields.value];
  const wrong = test === "missing" ? undefined : texts.find((text) => text.trim() !== "" && !isReadable(column, test, text));
  if (wrong !== undefined) return { filter: null, error: `“${wrong}” is no ${column.type}.` };
  switch (test) {
    case "missing":
      return { filter: base, error: "" };
    case "range": {
      const [low, high] = texts.map((text) => valueOf(column, text));
      if (low === null && high === null) return { filter: null, error: "Give one end at least." };
      return { filter: { ...base, ...(low === null ? {} : { low }), ...(high === null ? {} : { high }) }, error: "" };
    }
    case "one_of": {
      const values = [...texts.map((text) => valueOf(column, text, true)), ...(fields.withMissing ? [null] : [])];
      return values.length ? { filter: { ...base, values }, error: "" } : { filter: null, error: "Choose a value at least." };
    }
    case "contains":
      return fields.value ? { filter: { ...base, value: fields.value }, error: "" } : { filter: null, error: "Give a text." };
    default: {
      const value = valueOf(column, fields.value, true);
      return value === null ? { filter: null, error: "Give a value." } : { filter: { ...base, value }, error: "" };
    }
  }
}

/** @param {TableColumn} column @param {FilterTest} test @param {string} text */
function isReadable(column, test, text) {
  if (test === "contains") return true;
  if (isNumberType(column.type)) return /^nan$/i.test(text.trim()) || Number.isFinite(Number(text.replaceAll(",", "")));
  if (column.type === "datetime") return !Number.isNaN(Date.parse(text)) || /^[\d:.]+$/.test(text);
  return true;
}

/** @param {TableColumn} column @param {string} text @param {boolean} [isExact] an empty text is a value @returns {unknown} */
function valueOf(column, text, isExact = false) {
  const trimmed = text.trim();
  if (isNumberType(column.type)) {
    if (trimmed === "") return null;
    if (/^nan$/i.test(trimmed)) return { $number: "NaN" };
    const plain = trimmed.replaceAll(",", "");
    return Number.isSafeInteger(Number(plain)) || plain.includes(".") ? Number(plain) : plain;
  }
  if (column.type === "boolean") return trimmed === "" ? null : trimmed === "true";
  if (column.type === "datetime") return trimmed === "" ? null : trimmed.replace(" ", "T");
  return text === "" && !isExact ? null : text;
}

/** @param {unknown} value */
function textOf(value) {
  return value === undefined || value === null ? "" : cellText(value);
}
