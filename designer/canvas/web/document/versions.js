/**
 * The order of module versions, and what is to be said of the one that a node uses. Pure.
 *
 * @import {GraphNode, ModuleCard, ModuleSpec} from "../types.js"
 * @typedef {{kind: "deprecated" | "disabled" | "newer", text: string}} VersionNotice
 */

/**
 * Semantic order of two version numbers; missing parts are 0.
 *
 * @param {string} a
 * @param {string} b
 */
export function compareVersions(a, b) {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] || 0) - (right[at] || 0);
    if (difference) return Math.sign(difference);
  }
  return 0;
}

/**
 * Whether the default has moved past the version a node is pinned to.
 *
 * @param {string} version
 * @param {ModuleCard | null} card
 */
export function isBehind(version, card) {
  if (!card?.default || version === "default" || version === "draft" || version === card.default) return false;
  return compareVersions(card.default, version) > 0;
}

/**
 * What is to be said of a node's version: it is disabled, deprecated, or there is a newer default.
 *
 * @param {GraphNode} node
 * @param {ModuleSpec | null} spec
 * @param {ModuleCard | null} card
 * @returns {VersionNotice | null}
 */
export function versionNotice(node, spec, card) {
  const version = node.version === "default" ? (spec?.version ?? "default") : (node.version ?? "");
  const known = card?.versions.find((item) => item.version === version);
  const state = known?.state ?? spec?.state ?? "active";
  const message = known?.message ?? spec?.state_message ?? "";
  if (state === "disabled" || state === "deprecated") return { kind: state, text: `Version ${version} is ${state}. ${message}`.trim() };
  return isBehind(node.version ?? "", card) ? { kind: "newer", text: `Version ${card?.default} is the default now; this node uses ${version}.` } : null;
}
