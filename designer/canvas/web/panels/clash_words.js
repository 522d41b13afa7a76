// What a contested place and what either side wrote there are called.

import { definitionOfPath, scopedDocument } from "../document/scope.js";
import { placeOf } from "../document/place.js";
import { listOf, sourceOf, splitSource } from "../document/wires.js";

/**
 * @import {EditorSession} from "../session.js"
 */

const KINDS = { label: "name", state: "state", comment: "note", after: "order" };

/**
 * Where it is: the node and what of it, in the words of the canvas.
 *
 * @param {readonly string[]} path
 * @param {EditorSession} session
 */
export function placeWords(path, session) {
  const { node, id, part, name } = partsOf(path, session);
  if (!id) return path.join(" · ");
  const spec = session.modules.specOf(node);
  const parameter = spec?.parameters?.find((one) => one.name === name);
  const port = spec?.inputs?.find((one) => one.name === name);
  const what = part === "parameters" ? parameter?.title || name : part === "inputs" ? port?.title || name : /** @type {any} */ (KINDS)[part] ?? part;
  return [session.nameOf(node, id), what].filter(Boolean).join(" · ");
}

/**
 * What a side wrote.
 *
 * @param {readonly string[]} path
 * @param {any} value
 * @param {EditorSession} session
 * @returns {string}
 */
export function sideWords(path, value, session) {
  const { node, nodes, part, name, isWhole } = partsOf(path, session);
  if (value === undefined) return isWhole ? "deleted" : part === "inputs" ? "no wire" : part === "parameters" ? "the default" : "nothing";
  if (isWhole) return "there";
  if (part === "inputs") {
    return listOf(value).map((wire) => {
      const [source, port] = splitSource(sourceOf(wire));
      return `from ${nodes[source] ? session.nameOf(nodes[source], source) : source} · ${port}`;
    }).join(", ");
  }
  const isSecret = part === "parameters" && session.modules.specOf(node)?.parameters?.find((one) => one.name === name)?.kind === "secret";
  if (isSecret) return "a secret";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === "") return "empty";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** @param {readonly string[]} path @param {EditorSession} session */
function partsOf(path, session) {
  const { inside } = placeOf(path);
  const { nodes } = scopedDocument(session.root, definitionOfPath(path));
  const [kind, id, part = "", name = ""] = inside;
  const isNode = kind === "nodes";
  return { nodes, id: isNode ? id : "", node: isNode ? nodes[id] : undefined, part, name, isWhole: isNode && inside.length === 2 };
}
