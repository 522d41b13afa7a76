// Several nodes selected: how many of what, and what may be done with all of them.

import { defineComponent, h } from "vue";
import { button, categoryColor, icon } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/** Props: `ids`. */
export const SelectionProperties = defineComponent({
  name: "SelectionProperties",
  props: { ids: { type: Array, required: true } },
  setup(props) {
    const { session, state } = useEditor();
    return () => {
      const ids = /** @type {string[]} */ (props.ids);
      const disabled = ids.every((id) => state.document.nodes[id]?.state?.kind === "disabled");
      return h("div", { class: "ed-node-properties" }, [
        h("div", { class: "ed-section-body ed-first" }, [
          h(
            "ul",
            { class: "ed-kinds" },
            countKinds(ids, session).map(({ spec, count, title }) =>
              h("li", { key: title, style: { "--category": categoryColor(spec?.category ?? "") } }, [
                icon(spec?.icon || "extension"),
                h("span", title),
                h("span", { class: "ed-count" }, String(count)),
              ]),
            ),
          ),
          session.readOnly
            ? null
            : h("div", { class: "ed-actions" }, [
                button("Run to these", { icon: "vertical_align_bottom", onClick: () => session.running.start({ to: ids }) }),
                button("Run only these", {
                  icon: "filter_center_focus",
                  onClick: () => session.running.start({ only: ids }),
                }),
                button("Duplicate", { icon: "content_copy", onClick: () => session.duplicate() }),
                button(disabled ? "Enable" : "Disable", {
                  icon: disabled ? "toggle_on" : "toggle_off",
                  onClick: () => session.setDisabled(ids, !disabled),
                }),
                button("Delete", { icon: "delete_outline", onClick: () => session.removeNodes(ids) }),
              ]),
        ]),
      ]);
    };
  },
});

/**
 * @param {string[]} ids
 * @param {import("../session.js").EditorSession} session
 */
function countKinds(ids, session) {
  /** @type {Map<string, {title: string, spec: import("../types.js").ModuleSpec | null, count: number}>} */
  const kinds = new Map();
  for (const id of ids) {
    const node = session.document.nodes[id];
    const spec = session.modules.specOf(node);
    const title = spec?.title ?? node?.module ?? id;
    const kind = kinds.get(title) ?? { title, spec, count: 0 };
    kind.count += 1;
    kinds.set(title, kind);
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count || a.title.localeCompare(b.title));
}
