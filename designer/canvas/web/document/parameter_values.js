/**
 * What a node holds for its parameters: the value in force, whether it is seen, set, changed. Pure.
 *
 * @import {GraphNode, ModuleSpec, ParameterSpec} from "../types.js"
 */

/**
 * Whether every `visible_when` of a parameter holds on this node, hidden controllers included.
 *
 * @param {ParameterSpec} parameter
 * @param {ModuleSpec} spec
 * @param {GraphNode} node
 * @returns {boolean}
 */
export function isVisible(parameter, spec, node) {
  return (parameter.visible_when ?? []).every((condition) => {
    const other = (spec.parameters ?? []).find((item) => item.name === condition.parameter);
    if (!other) return true;
    if (!isVisible(other, spec, node)) return false;
    const value = valueOf(other, node);
    return referenceOf(value) !== null || condition.values.some((allowed) => sameValue(allowed, value));
  });
}

/**
 * The value in force on a node: its own if it has one, else the default.
 *
 * @param {ParameterSpec} parameter
 * @param {GraphNode} node
 */
export function valueOf(parameter, node) {
  const own = node.parameters ?? {};
  return Object.hasOwn(own, parameter.name) ? own[parameter.name] : parameter.default;
}

/**
 * Whether a node holds another value than the default.
 *
 * @param {ParameterSpec} parameter
 * @param {GraphNode} node
 */
export function differs(parameter, node) {
  return Object.hasOwn(node.parameters ?? {}, parameter.name) && !sameValue(valueOf(parameter, node), parameter.default);
}

/**
 * Whether a value is needed and not there.
 *
 * @param {ParameterSpec} parameter
 * @param {GraphNode} node
 */
export function isMissing(parameter, node) {
  const value = valueOf(parameter, node);
  return Boolean(parameter.required) && (isEmpty(value) || (Array.isArray(value) && value.length === 0));
}

/** Whether a value is what an untouched field holds. @param {unknown} value */
export function isEmpty(value) {
  return value === null || value === undefined || value === "";
}

/**
 * Name of the pipeline parameter a value refers to, or null.
 *
 * @param {unknown} value
 */
export function referenceOf(value) {
  if (value && typeof value === "object" && "$parameter" in value) return String(value.$parameter);
  return null;
}

/**
 * Whether two JSON values are the same.
 *
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function sameValue(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = /** @type {Record<string, unknown>} */ (b);
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && sameValue(value, right[key]))
  );
}

/** What a person calls a parameter. @param {{name: string, title?: string}} parameter */
export function titleOf({ name, title }) {
  const words = name.replaceAll("_", " ");
  return title || words.charAt(0).toUpperCase() + words.slice(1);
}
