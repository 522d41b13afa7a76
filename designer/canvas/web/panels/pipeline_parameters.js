// Edits of the pipeline's parameters: added, renamed with everything tied to them, removed with the value kept.

/**
 * @import {GraphParameter} from "./form_model.js"
 * @import {Change, GraphDocument} from "../types.js"
 */

/**
 * Fields tied to a pipeline parameter: pairs of a node and a parameter name.
 *
 * @param {GraphDocument} document
 * @param {string} name
 * @returns {[string, string][]}
 */
export function usersOf(document, name) {
  return Object.entries(document.nodes ?? {}).flatMap(([id, node]) =>
    Object.entries(node.parameters ?? {})
      .filter(([, value]) => value && typeof value === "object" && "$parameter" in value && value.$parameter === name)
      .map(([parameter]) => /** @type {[string, string]} */ ([id, parameter])),
  );
}

/** @param {import("../session.js").EditorSession} session */
export function addParameter(session) {
  const taken = session.document.parameters ?? {};
  let name = "parameter";
  for (let count = 2; Object.hasOwn(taken, name); count += 1) name = `parameter_${count}`;
  session.edit(`Add ${name}`, [{ path: ["parameters", name], after: { type: "int", default: 0 } }]);
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {string} name
 * @param {string} wish
 */
export function renameParameter(session, name, wish) {
  const clean = wish
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const taken = session.document.parameters ?? {};
  if (!clean || Object.hasOwn(taken, clean)) return;
  /** @type {Change[]} */
  const changes = [{ path: ["parameters", name] }, { path: ["parameters", clean], after: taken[name] }];
  for (const [node, parameter] of usersOf(session.document, name))
    changes.push({ path: ["nodes", node, "parameters", parameter], after: { $parameter: clean } });
  session.edit(`Rename ${name}`, changes);
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {string} name
 * @param {GraphParameter} parameter
 * @param {import("./toasts.js").ToastStore} toasts
 */
export function removeParameter(session, name, parameter, toasts) {
  /** @type {Change[]} */
  const changes = usersOf(session.document, name).map(([node, field]) =>
    parameter.default === undefined
      ? { path: ["nodes", node, "parameters", field] }
      : { path: ["nodes", node, "parameters", field], after: parameter.default },
  );
  session.edit(`Remove ${name}`, [...changes, { path: ["parameters", name] }]);
  toasts.add({
    kind: "info",
    text: changes.length
      ? `'${name}' was removed; ${changes.length === 1 ? "its field keeps" : `${changes.length} fields keep`} the value.`
      : `'${name}' was removed.`,
    action: { label: "Undo", run: () => session.undo() },
  });
}
