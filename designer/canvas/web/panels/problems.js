// The list of problems: what is wrong, where, what to do; a click leads to the place.

import { defineComponent, h } from "vue";
import { emptyState, severityMark } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/**
 * @import {Diagnostic} from "../types.js"
 */

/** @type {Record<string, number>} */
const RANK = { error: 0, warning: 1, info: 2 };

export const Problems = defineComponent({
  name: "ProblemsList",
  setup() {
    const { session, state, ui } = useEditor();

    /** @param {Diagnostic} item */
    function show(item) {
      const { node, parameter } = placeOf(item.where ?? "");
      if (!node || !state.document.nodes?.[node]) return session.select([]);
      session.focusNode(node);
      if (parameter) ui.focusField = { node, name: parameter, tick: Date.now() };
    }

    return () => {
      const items = sortDiagnostics(state.diagnostics);
      if (items.length === 0) return emptyState("check_circle", "No problems", "The pipeline can run.");
      return h(
        "ul",
        { class: "ed-problems" },
        items.map((item, index) =>
          h("li", { key: index }, [
            h("button", { type: "button", onClick: () => show(item) }, [
              severityMark(item.severity ?? "error"),
              h("span", { class: "ed-problem-code" }, item.code),
              h("span", { class: "ed-problem-text" }, [h("span", item.message), item.remedy ? h("span", { class: "ed-muted" }, ` ${item.remedy}`) : null]),
              h("span", { class: "ed-problem-place" }, placeText(item.where ?? "", session)),
            ]),
          ]),
        ),
      );
    };
  },
});

/**
 * Errors first, then warnings, each in the order the server gave.
 *
 * @param {readonly Diagnostic[]} items
 */
export function sortDiagnostics(items) {
  return [...items].sort((a, b) => (RANK[a.severity ?? "error"] ?? 0) - (RANK[b.severity ?? "error"] ?? 0));
}

/**
 * The node, and the parameter or port, that a JSON Pointer leads to.
 *
 * @param {string} where
 * @returns {{node: string | null, parameter: string | null, port: string | null}}
 */
export function placeOf(where) {
  const [, root, node, kind, name] = where.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (root !== "nodes" || !node) return { node: null, parameter: null, port: null };
  return { node, parameter: kind === "parameters" ? (name ?? null) : null, port: kind === "inputs" ? (name ?? null) : null };
}

/**
 * @param {string} where
 * @param {import("../session.js").EditorSession} session
 */
function placeText(where, session) {
  const { node, parameter, port } = placeOf(where);
  if (!node) return where.split("/").slice(1).join(" · ");
  return [session.document.nodes[node] ? session.titleOf(node) : node, parameter ?? port].filter(Boolean).join(" · ");
}
