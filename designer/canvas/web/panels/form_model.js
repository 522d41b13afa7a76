// The property form as a value: which fields a node shows, what each holds, and what is wrong with it.

import { differs, isEmpty, isMissing, isVisible, referenceOf, sameValue, titleOf, valueOf } from "../document/parameter_values.js";
import { placeOf } from "./diagnostics.js";

/**
 * @import {Diagnostic, GraphNode, ModuleSpec, ParameterSpec} from "../types.js"
 */

/**
 * A parameter of the whole pipeline.
 *
 * @typedef {object} GraphParameter
 * @property {"int" | "float" | "bool" | "string"} type
 * @property {any} [default]
 * @property {number | null} [minimum]
 * @property {number | null} [maximum]
 * @property {string} [description]
 */

/**
 * @typedef {object} Field
 * @property {ParameterSpec} spec
 * @property {string} name
 * @property {string} title
 * @property {string} [placeholder] what holds while nothing is typed
 * @property {string} control which control draws it
 * @property {unknown} value the value in force: the node's own, or the default
 * @property {boolean} changed differs from the default
 * @property {string | null} reference name of the pipeline parameter it is tied to
 * @property {boolean} missing required and empty
 * @property {Diagnostic[]} diagnostics
 */

/**
 * The visible fields of a node, in the order of the signature.
 *
 * @param {ModuleSpec} spec
 * @param {GraphNode} node
 * @param {readonly Diagnostic[]} diagnostics of this node
 * @returns {Field[]}
 */
export function visibleFields(spec, node, diagnostics) {
  const parameters = spec.parameters ?? [];
  return parameters
    .filter((parameter) => isVisible(parameter, spec, node))
    .map((parameter) => makeField(parameter, node, diagnostics));
}

/**
 * The control that draws a parameter.
 *
 * @param {ParameterSpec} parameter
 */
export function controlOf(parameter) {
  if (parameter.kind !== "enum") return parameter.kind;
  const options = (parameter.options ?? []).map(String);
  const length = options.reduce((sum, option) => sum + option.length, 0);
  return options.length <= 3 && length <= 26 && !parameter.nullable ? "segmented" : "enum";
}

/**
 * What is wrong with a value, in one sentence, or null.
 *
 * @param {ParameterSpec} parameter
 * @param {unknown} value
 * @returns {string | null}
 */
export function checkValue(parameter, value) {
  if (referenceOf(value) !== null) return null;
  if (isEmpty(value)) return parameter.required ? "A value is needed before the pipeline can run." : null;
  if (isNumeric(parameter.kind)) return checkNumber(parameter, value);
  if (parameter.kind === "enum") return checkOption(parameter, value);
  if (parameter.pattern && typeof value === "string" && !matches(parameter.pattern, value))
    return `Must match ${parameter.pattern}.`;
  return null;
}

/**
 * Reads what a person typed into a number field.
 *
 * @param {ParameterSpec} parameter
 * @param {string} text
 * @returns {{value?: number | null, message: string | null}}
 */
export function parseNumber(parameter, text) {
  const clean = text
    .trim()
    .replace("−", "-")
    .replace(/(?<=\d)[\s_](?=\d{3})/g, "");
  if (clean === "") {
    if (parameter.nullable || parameter.kind === "seed") return { value: null, message: null };
    return { message: "Enter a number." };
  }
  const value = Number(/^-?\d+,\d+$/.test(clean) ? clean.replace(",", ".") : clean);
  if (!Number.isFinite(value)) return { message: "Enter a number, for example 0.5." };
  return { value, message: checkNumber(parameter, value) };
}

/**
 * The allowed range in words, for the hint under a number: `0 to 1`, `1 or more`.
 *
 * @param {ParameterSpec} parameter
 */
export function describeRange(parameter) {
  const low = parameter.minimum ?? null;
  const high = parameter.maximum ?? null;
  if (low !== null && high !== null) {
    const from = parameter.exclusive_minimum ? `above ${low}` : `${low}`;
    const to = parameter.exclusive_maximum ? `below ${high}` : `${high}`;
    return `${from} to ${to}`;
  }
  if (low !== null) return parameter.exclusive_minimum ? `above ${low}` : `${low} or more`;
  if (high !== null) return parameter.exclusive_maximum ? `below ${high}` : `${high} or less`;
  return "";
}

/**
 * Whether a slider helps: a closed range of floats between two near numbers.
 *
 * @param {ParameterSpec} parameter
 */
export function hasSlider(parameter) {
  const low = parameter.minimum ?? null;
  const high = parameter.maximum ?? null;
  return parameter.kind === "float" && low !== null && high !== null && high - low <= 10;
}

/**
 * Pipeline parameters a field may be tied to.
 *
 * @param {ParameterSpec} parameter
 * @param {Record<string, GraphParameter>} parameters
 * @returns {string[]}
 */
export function fittingParameters(parameter, parameters) {
  const types = FITTING_TYPES[parameter.kind] ?? [];
  return Object.entries(parameters)
    .filter(([, item]) => types.includes(item.type))
    .map(([name]) => name)
    .sort();
}

/**
 * The pipeline parameter made from a field: its type, value and range.
 *
 * @param {ParameterSpec} parameter
 * @param {unknown} value
 * @returns {GraphParameter | null}
 */
export function parameterFromField(parameter, value) {
  const [type] = FITTING_TYPES[parameter.kind] ?? [];
  if (!type) return null;
  /** @type {GraphParameter} */
  const made = { type };
  if (!isEmpty(value)) made.default = value;
  if (isNumeric(parameter.kind) && parameter.minimum !== null && parameter.minimum !== undefined)
    made.minimum = parameter.minimum;
  if (isNumeric(parameter.kind) && parameter.maximum !== null && parameter.maximum !== undefined)
    made.maximum = parameter.maximum;
  return made;
}

/** @type {Record<string, GraphParameter["type"][]>} */
const FITTING_TYPES = {
  bool: ["bool"],
  int: ["int"],
  seed: ["int"],
  float: ["float", "int"],
  string: ["string"],
  text: ["string"],
  enum: ["string"],
  column: ["string"],
};

/**
 * @param {ParameterSpec} spec
 * @param {GraphNode} node
 * @param {readonly Diagnostic[]} diagnostics
 * @returns {Field}
 */
function makeField(spec, node, diagnostics) {
  const value = valueOf(spec, node);
  return {
    spec,
    name: spec.name,
    title: titleOf(spec),
    control: controlOf(spec),
    value,
    changed: differs(spec, node),
    reference: referenceOf(value),
    missing: isMissing(spec, node),
    diagnostics: diagnostics.filter((item) => pointsAt(item.where ?? "", spec.name)),
  };
}

/**
 * @param {string} where
 * @param {string} name
 */
function pointsAt(where, name) {
  return placeOf(where).parameter === name;
}

/**
 * @param {ParameterSpec} parameter
 * @param {unknown} value
 */
function checkNumber(parameter, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "Enter a number.";
  if (parameter.kind !== "float" && !Number.isInteger(value)) return "Enter a whole number.";
  const low = parameter.minimum ?? -Infinity;
  const high = parameter.maximum ?? Infinity;
  if (parameter.exclusive_minimum && value <= low) return `Must be above ${low}.`;
  if (parameter.exclusive_maximum && value >= high) return `Must be below ${high}.`;
  if (value < low) return `Must be ${low} or more.`;
  if (value > high) return `Must be ${high} or less.`;
  return null;
}

/**
 * @param {ParameterSpec} parameter
 * @param {unknown} value
 */
function checkOption(parameter, value) {
  if ((parameter.options ?? []).some((option) => sameValue(option, value))) return null;
  return `Choose one of ${(parameter.options ?? []).join(", ")}.`;
}

/**
 * @param {string} pattern
 * @param {string} value
 */
function matches(pattern, value) {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true;
  }
}

/** @param {string} kind */
function isNumeric(kind) {
  return kind === "int" || kind === "float" || kind === "seed";
}
