// The subgraphs of a pipeline: where they are used, one more use, and those that nothing uses.

import { h } from "vue";
import { scopeOf } from "../document/scope.js";
import { unusedDefinitions, usesOf } from "../document/subgraphs.js";
import { button, icon, iconButton } from "./atoms.js";

/**
 * @import {EditorSession} from "../session.js"
 */

/** @param {EditorSession} session */
export function drawSubgraphs(session) {
  const { root } = session;
  const names = Object.keys(root.subgraphs ?? {}).sort((a, b) => session.subgraphs.titleOf(a).localeCompare(session.subgraphs.titleOf(b)));
  const unused = unusedDefinitions(root);
  return [
    ...names.map((name) =>
      h("div", { key: name, class: "ed-subgraph-row", "data-subgraph": name }, [
        icon("account_tree"),
        drawName(session, name),
        h("span", { class: "ed-count" }, useText(usesOf(root, name).length)),
        session.readOnly ? null : iconButton("add", "Add a node that uses it", { onClick: () => addUse(session, name) }),
        session.readOnly || !unused.includes(name) ? null : iconButton("delete_outline", "Delete it; nothing uses it", { onClick: () => session.subgraphs.removeUnused([name]) }),
      ]),
    ),
    session.readOnly || unused.length < 2 ? null : button(`Delete the ${unused.length} that nothing uses`, { kind: "quiet", icon: "delete_outline", onClick: () => session.subgraphs.removeUnused() }),
  ];
}

/** @param {EditorSession} session @param {string} name */
function drawName(session, name) {
  const title = session.subgraphs.titleOf(name);
  const scope = scopeOf(session.root, name);
  if (!scope) return h("span", { class: "ed-subgraph-name" }, title);
  return h("button", { type: "button", class: "ed-link ed-subgraph-name", title: `Go inside ${title}`, onClick: () => session.goTo(scope) }, title);
}

/** @param {EditorSession} session @param {string} name */
function addUse(session, name) {
  const { x, y } = session.viewCentre();
  const id = session.subgraphs.addUse(name, { x: Math.round((x - 104) / 8) * 8, y: Math.round((y - 32) / 8) * 8 });
  if (id) session.focusNode(id);
}

/** @param {number} uses */
function useText(uses) {
  return uses === 0 ? "not used" : uses === 1 ? "used once" : `used ${uses} times`;
}
