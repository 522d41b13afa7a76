// The smallest parts every panel is made of: icons, buttons, badges, the mark of a port type.

import { h } from "vue";
import { chordParts } from "../actions/chords.js";
import { shapeAt, typeLetter, typeVariable } from "../scene/port_shapes.js";

/**
 * @import {VNode} from "vue"
 */

/**
 * An icon of the bundled icon font; decoration only, so hidden from screen readers.
 *
 * @param {string} name ligature of the font
 * @param {string} [className]
 * @returns {VNode}
 */
export function icon(name, className = "") {
  return h("i", { class: `material-icons ed-icon ${className}`, "aria-hidden": "true" }, name);
}

/**
 * A button that is an icon; its label is the tooltip and what a screen reader says.
 *
 * @param {string} name
 * @param {string} label
 * @param {Record<string, unknown>} [attributes]
 * @returns {VNode}
 */
export function iconButton(name, label, attributes = {}) {
  const { class: className = "", ...rest } = attributes;
  return h(
    "button",
    { type: "button", class: `ed-icon-button ${className}`, "aria-label": label, "data-tip": label, ...rest },
    [icon(name)],
  );
}

/**
 * A text button.
 *
 * @param {string} label
 * @param {{kind?: "primary" | "quiet" | "plain", icon?: string, [attribute: string]: unknown}} [attributes]
 * @returns {VNode}
 */
export function button(label, attributes = {}) {
  const { kind = "plain", icon: name, class: className = "", ...rest } = attributes;
  return h("button", { type: "button", class: `ed-button ed-button-${kind} ${className}`, ...rest }, [
    name ? icon(name) : null,
    h("span", label),
  ]);
}

/**
 * The mark of a port type: colour and shape, the same as on the canvas.
 *
 * @param {string} type
 * @returns {VNode}
 */
export function typeMark(type) {
  return h(
    "svg",
    { class: "ed-type-mark", viewBox: "-6 -6 12 12", "aria-hidden": "true", style: { color: typeColor(type) } },
    [h("path", { d: shapeAt(type), fill: "currentColor" })],
  );
}

/**
 * The same mark with the type's letter beside it.
 *
 * @param {string} type
 * @returns {VNode}
 */
export function typeTag(type) {
  return h("span", { class: "ed-type-tag", "data-tip": type }, [typeMark(type), h("span", { class: "ed-type-letter", "aria-hidden": "true" }, typeLetter(type))]);
}

/**
 * The CSS colour of a port type.
 *
 * @param {string} type
 */
export function typeColor(type) {
  return `var(${typeVariable(type)})`;
}

/**
 * The CSS colour of a module category.
 *
 * @param {string} category
 */
export function categoryColor(category) {
  return `var(--category-${category.replace(/[^a-z_]/g, "")}, var(--category-other))`;
}

/**
 * A status as shape, colour and word.
 *
 * @param {string} status
 * @param {{reused?: boolean, label?: string | false}} [options]
 * @returns {VNode}
 */
export function statusMark(status, options = {}) {
  const shown = options.reused && status === "completed" ? "reused" : status;
  const word = options.label === undefined ? statusWord(shown) : options.label;
  return h("span", { class: `ed-status ed-status-${shown}` }, [
    icon(STATUS_ICONS[shown] ?? "circle"),
    word === false ? h("span", { class: "ed-hidden" }, statusWord(shown)) : h("span", word),
  ]);
}

/**
 * A problem's severity as shape and colour.
 *
 * @param {string} severity
 * @returns {VNode}
 */
export function severityMark(severity) {
  const name = severity === "warning" ? "warning" : severity === "info" ? "info" : "error";
  return h("span", { class: `ed-severity ed-severity-${name}` }, [icon(name), h("span", { class: "ed-hidden" }, name)]);
}

/**
 * A key or a chord, drawn as keys.
 *
 * @param {string} chord
 * @returns {VNode}
 */
export function keys(chord) {
  return h(
    "span",
    { class: "ed-keys" },
    chordParts(chord).map((key) => h("kbd", key)),
  );
}

/**
 * What an empty place says: what it is and the first step.
 *
 * @param {string} name icon
 * @param {string} title
 * @param {string} text
 * @param {VNode[]} [actions]
 * @returns {VNode}
 */
export function emptyState(name, title, text, actions = []) {
  return h("div", { class: "ed-empty" }, [
    icon(name),
    h("p", { class: "ed-empty-title" }, title),
    text ? h("p", { class: "ed-empty-text" }, text) : null,
    actions.length ? h("div", { class: "ed-empty-actions" }, actions) : null,
  ]);
}

/** @param {string} status */
function statusWord(status) {
  return status === "idle" ? "Not run yet" : status.charAt(0).toUpperCase() + status.slice(1);
}

/** @type {Record<string, string>} */
const STATUS_ICONS = {
  idle: "radio_button_unchecked",
  queued: "schedule",
  preparing: "hourglass_top",
  running: "autorenew",
  completed: "check_circle",
  reused: "bolt",
  failed: "error",
  cancelled: "block",
  skipped: "remove_circle_outline",
  stopped: "pause",
};
