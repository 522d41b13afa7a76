/**
 * What a node's face says of its settings: those that differ from the default, those that matter, those that miss. Pure.
 *
 * @import {GraphNode, ModuleSpec, ParameterSpec} from "../types.js"
 *
 * @typedef {{text: string, isChanged: boolean}} SettingPart
 * @typedef {{parts: SettingPart[], missing: string[], changed: string[]}} SettingsLine
 *   `missing`: titles of what has to be set; `changed`: all that differs, in words
 */
import { differs, isMissing, isVisible, titleOf, valueOf } from "../document/parameter_values.js";

const SHOWN = 2;
const LONGEST = 32;
const LONG_TITLE = 14;

/**
 * @param {GraphNode} node
 * @param {ModuleSpec | null} spec
 * @returns {SettingsLine}
 */
export function settingsLine(node, spec) {
  const visible = spec ? (spec.parameters ?? []).filter((parameter) => isVisible(parameter, spec, node)) : [];
  const changed = visible.filter((parameter) => differs(parameter, node)).flatMap((parameter) => part(parameter, node));
  const plain = visible.filter((parameter) => parameter.summary && !differs(parameter, node)).flatMap((parameter) => part(parameter, node));
  const parts = [...changed, ...plain].slice(0, SHOWN);
  const more = changed.length - parts.length;
  return {
    parts: more > 0 ? [...parts, { text: `+${more}`, isChanged: true }] : parts,
    missing: visible.filter((parameter) => isMissing(parameter, node)).map(titleOf),
    changed: changed.map(({ text }) => text),
  };
}

/** @param {ParameterSpec} parameter @param {GraphNode} node @returns {SettingPart[]} nothing where there is no value to speak of */
function part(parameter, node) {
  const value = valueOf(parameter, node);
  const text = valueText(value, parameter);
  if (!text) return [];
  const title = titleOf(parameter).toLowerCase();
  return [{ text: saysAll(value, parameter) ? text : named(title, text), isChanged: differs(parameter, node) }];
}

/** The value comes first where a long title would push it off the face; a pipeline parameter has a name of its own. @param {string} title @param {string} text */
function named(title, text) {
  if (title.length > LONG_TITLE && text.startsWith("$")) return text;
  return title.length > LONG_TITLE ? `${text} ${title}` : `${title} ${text}`;
}

/** Whether a value needs no title beside it. @param {any} value @param {ParameterSpec} parameter */
function saysAll(value, { kind }) {
  return kind === "columns" || kind === "file" || (typeof value === "string" && kind !== "code" && kind !== "text") || value?.rules?.length === 0;
}

/** @param {any} value @param {Pick<ParameterSpec, "kind">} [parameter] @returns {string} */
function valueText(value, { kind } = { kind: "string" }) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? "on" : "off";
  if ((kind === "code" || kind === "text") && typeof value === "string") return lines(value);
  if (Array.isArray(value)) return listText(value, kind === "columns" ? "columns" : "values");
  if (typeof value !== "object") return String(value).slice(0, LONGEST);
  const reference = Object.entries(value).find(([key]) => key.startsWith("$"));
  return reference ? `$${reference[1]}` : rulesText(value);
}

/** @param {string} text */
function lines(text) {
  const count = text.trimEnd().split("\n").length;
  return `${count} ${count === 1 ? "line" : "lines"}`;
}

/** @param {any[]} values @param {string} word */
function listText(values, word) {
  return values.length > 2 ? `${values.length} ${word}` : values.map((value) => valueText(value)).join(", ");
}

/** @param {{start?: string, rules?: any[]}} selection */
function rulesText({ start, rules }) {
  if (!Array.isArray(rules)) return "";
  if (rules.length === 0) return start === "none" ? "no columns" : "all columns";
  const [{ action, by, values = [] }] = rules;
  if (rules.length > 1) return `${rules.length} column rules`;
  const names = by === "names" ? listText(values, "columns") : `columns by ${by}`;
  return action === "exclude" ? `without ${names}` : names;
}
