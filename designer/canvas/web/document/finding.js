/**
 * Finding in a pipeline: nodes by their names, modules, parameters and values; frames and notes by
 * what they say; inside subgraphs too. Pure.
 *
 * @import {GraphDocument, GraphNode} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 * @typedef {{definition: string, kind: "node" | "frames" | "notes", id: string, where: string}} Found  `where`: what matched, in words; empty where it is the name
 */
import { scopedDocument } from "./scope.js";

/**
 * Everything in which every word of the query is found, those whose name matches first.
 *
 * @param {GraphDocument} root
 * @param {ModuleStore} modules
 * @param {string} query
 * @returns {Found[]}
 */
export function findIn(root, modules, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const places = ["", ...Object.keys(root.subgraphs ?? {})];
  const found = places.flatMap((definition) => inDefinition(scopedDocument(root, definition), definition, modules, words));
  return found.sort((a, b) => Number(a.where !== "") - Number(b.where !== ""));
}

/** @param {GraphDocument} document @param {string} definition @param {ModuleStore} modules @param {string[]} words @returns {Found[]} */
function inDefinition(document, definition, modules, words) {
  const nodes = Object.entries(document.nodes).flatMap(([id, node]) => {
    const where = nodeMatch(id, node, modules, words);
    return where === null ? [] : [{ definition, kind: /** @type {const} */ ("node"), id, where }];
  });
  const marks = /** @type {const} */ (["frames", "notes"]).flatMap((kind) =>
    Object.entries(document.layout?.[kind] ?? {}).flatMap(([id, mark]) => {
      const text = String(("text" in mark ? mark.text : mark.title) ?? "");
      return words.every((word) => text.toLowerCase().includes(word)) ? [{ definition, kind, id, where: "" }] : [];
    }));
  return [...nodes, ...marks];
}

/** What of a node matches, `null` for nothing. @param {string} id @param {GraphNode} node @param {ModuleStore} modules @param {string[]} words */
function nodeMatch(id, node, modules, words) {
  const spec = modules.specOf(node);
  const name = `${node.label ?? ""} ${spec?.title ?? ""} ${node.module ?? ""} ${id}`.toLowerCase();
  if (words.every((word) => name.includes(word))) return "";
  for (const [key, value] of Object.entries(node.parameters ?? {})) {
    const title = spec?.parameters?.find((parameter) => parameter.name === key)?.title || key.replaceAll("_", " ");
    const text = valueText(value);
    const all = `${name} ${title} ${key} ${text}`.toLowerCase();
    const own = `${title} ${key} ${text}`.toLowerCase();
    if (words.every((word) => all.includes(word)) && words.some((word) => own.includes(word))) return `${title}: ${shortened(text, words)}`;
  }
  return null;
}

/** @param {any} value */
function valueText(value) {
  if (typeof value === "string") return value;
  return typeof value?.$parameter === "string" ? `= ${value.$parameter}` : JSON.stringify(value);
}

/** The part of a long text around the first word. @param {string} text @param {string[]} words */
function shortened(text, words) {
  const flat = text.replaceAll(/\s+/g, " ");
  const at = Math.max(0, ...words.map((word) => flat.toLowerCase().indexOf(word)));
  const start = Math.max(0, at - 20);
  return `${start ? "…" : ""}${flat.slice(start, start + 60)}${flat.length > start + 60 ? "…" : ""}`;
}
