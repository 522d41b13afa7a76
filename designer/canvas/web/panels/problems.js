// The list of problems: what is wrong, where, what to do; a click leads to the place.

import { defineComponent, h } from "vue";
import { button, emptyState, severityMark } from "./atoms.js";
import { placeOf, sortDiagnostics } from "./diagnostics.js";
import { useEditor } from "./editor_context.js";
import { scopedDocument, scopeOf } from "../document/scope.js";
import { conversionsOf, repairOf } from "./repairs.js";

/**
 * @import {Diagnostic} from "../types.js"
 */

export const Problems = defineComponent({
  name: "ProblemsList",
  setup() {
    const { session, state, ui } = useEditor();

    /** @param {Diagnostic} item */
    function show(item) {
      const { definition, node, parameter } = placeOf(item.where ?? "");
      const scope = definition === session.definition ? session.scope : scopeOf(session.root, definition);
      if (scope) session.goTo(scope);
      if (!node || !session.document.nodes[node]) return session.select([]);
      session.focusNode(node);
      if (parameter) ui.focusField = { node, name: parameter, tick: Date.now() };
    }

    return () => {
      const items = sortDiagnostics(state.diagnostics);
      if (items.length === 0) return emptyState("check_circle", "No problems", "The pipeline can run.");
      const repair = repairOf(items, session);
      return h("ul", { class: "ed-problems" }, [
        repair ? h("li", { class: "ed-repair" }, [button(repair.label, { icon: "build", onClick: repair.run })]) : null,
        ...items.map((item, index) =>
          h("li", { key: index }, [
            h("button", { type: "button", class: "ed-problem", onClick: () => show(item) }, [
              severityMark(item.severity ?? "error"),
              h("span", { class: "ed-problem-code" }, item.code),
              h("span", { class: "ed-problem-text" }, [
                h("span", item.message),
                item.remedy ? h("span", { class: "ed-muted" }, ` ${item.remedy}`) : null,
              ]),
              h("span", { class: "ed-problem-place" }, placeText(item.where ?? "", session)),
            ]),
            drawRepair(item, session),
          ]),
        ),
      ]);
    };
  },
});

/**
 * @param {Diagnostic} item
 * @param {import("../session.js").EditorSession} session
 */
function drawRepair(item, session) {
  const [repair] = conversionsOf(item, session);
  return repair ? h("button", { type: "button", class: "ed-link", onClick: repair.run }, repair.label) : null;
}

/**
 * @param {string} where
 * @param {import("../session.js").EditorSession} session
 */
function placeText(where, session) {
  const { definition, node, parameter, port } = placeOf(where);
  if (!node) return where.split("/").slice(1).join(" · ");
  const nodes = scopedDocument(session.root, definition).nodes;
  const inside = definition && session.modules.subgraphs.spec(definition)?.title;
  return [inside, nodes[node] ? session.nameOf(nodes[node], node) : node, parameter ?? port].filter(Boolean).join(" · ");
}
