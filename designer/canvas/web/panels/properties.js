// The properties panel: of the selected node, of several, or of the pipeline when nothing is selected.

import { computed, defineComponent, h } from "vue";
import { markOf } from "../document/annotations.js";
import { iconButton } from "./atoms.js";
import { hint, useEditor } from "./editor_context.js";
import { isTerminal } from "../document/terminals.js";
import { DefinitionProperties } from "./definition_properties.js";
import { MarkProperties } from "./mark_properties.js";
import { NodeProperties } from "./node_properties.js";
import { PipelineProperties } from "./pipeline_properties.js";
import { SelectionProperties } from "./selection_properties.js";
import { TerminalProperties } from "./terminal_properties.js";

/** Emits `collapse`. */
export const Properties = defineComponent({
  name: "PropertiesPanel",
  emits: ["collapse"],
  setup(_props, { emit }) {
    const { state, actions } = useEditor();
    const nodes = computed(() => [...state.selection.nodes].filter((id) => state.document.nodes?.[id]));

    const mark = computed(() => {
      const [only, ...more] = state.selection.marks;
      return more.length === 0 && only && markOf(state.document.layout, only) ? only : "";
    });
    /** Whether what is shown has its name at the top itself. */
    const isNamed = () => nodes.value.length === 1 || (nodes.value.length === 0 && !mark.value && state.definition !== "");

    return () =>
      h("aside", { class: "ed-properties", "aria-label": "Properties" }, [
        h("div", { class: ["ed-panel-head", { "ed-panel-head-over": isNamed() }] }, [
          isNamed() ? null : h("h2", mark.value ? (mark.value.startsWith("frames") ? "Frame" : "Note") : title(nodes.value.length)),
          h("span", { class: "ed-spacer" }),
          iconButton("last_page", hint("Hide properties", "panels.properties", actions), { onClick: () => emit("collapse") }),
        ]),
        h("div", { class: "ed-properties-scroll" }, [
          nodes.value.length === 1
            ? h(isTerminal(nodes.value[0]) ? TerminalProperties : NodeProperties, { key: nodes.value[0], nodeId: /** @type {string} */ (nodes.value[0]) })
            : nodes.value.length > 1
              ? h(SelectionProperties, { ids: nodes.value })
              : mark.value
                ? h(MarkProperties, { key: mark.value, mark: mark.value })
                : state.definition
                  ? h(DefinitionProperties, { key: state.definition })
                  : h(PipelineProperties),
        ]),
      ]);
  },
});

/** @param {number} count */
function title(count) {
  return count === 0 ? "Pipeline" : `${count} nodes`;
}
