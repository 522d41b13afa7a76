// The panel on the left: the modules and the outline, one at a time.

import { defineComponent, h, nextTick, ref } from "vue";
import { iconButton } from "./atoms.js";
import { hint, useEditor } from "./editor_context.js";
import { Outline } from "./outline.js";
import { Palette } from "./palette.js";

/**
 * @import {LeftTab} from "./panel_layout.js"
 */

/** @type {{id: LeftTab, title: string, action: string}[]} */
const TABS = [
  { id: "modules", title: "Modules", action: "panels.modules" },
  { id: "outline", title: "Outline", action: "panels.outline" },
];

/** Emits `add` with a card, `collapse`, and what the outline asks for: `choose`, `behind`, `leave`. */
export const LeftPanel = defineComponent({
  name: "LeftPanel",
  emits: ["add", "collapse", "choose", "behind", "leave"],
  setup(_props, { emit, expose }) {
    const { session, layout, actions } = useEditor();
    /** @type {import("vue").Ref<any>} */
    const palette = ref(null);
    /** @type {import("vue").Ref<any>} */
    const outline = ref(null);
    const shown = () => (session.readOnly ? "outline" : layout.left);

    expose({
      focusSearch: () => palette.value?.focusSearch(),
      focusOutline: () => outline.value?.focus(),
      isInOutline: () => outline.value?.hasFocus() ?? false,
      renameInOutline: (/** @type {string} */ id) => outline.value?.rename(id) ?? false,
    });

    /** @param {KeyboardEvent} event */
    function onTabKey(event) {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      event.stopPropagation();
      layout.left = shown() === "modules" ? "outline" : "modules";
      const list = /** @type {HTMLElement} */ (event.currentTarget);
      void nextTick(() => /** @type {HTMLElement | null} */ (list.querySelector("[aria-selected=true]"))?.focus());
    }

    return () =>
      h("div", { class: "ed-left" }, [
        h("div", { class: "ed-panel-head" }, [
          h(
            "div",
            { class: "ed-left-tabs", role: "tablist", "aria-label": "Modules and outline", onKeydown: onTabKey },
            TABS.filter(({ id }) => id === "outline" || !session.readOnly).map(({ id, title, action }) =>
              h("button", {
                type: "button", role: "tab", id: `left-tab-${id}`, "aria-selected": String(shown() === id), "aria-controls": "left-panel", tabindex: shown() === id ? 0 : -1,
                "data-tip": hint(title, action, actions), onClick: () => (layout.left = id),
              }, title)),
          ),
          iconButton("first_page", hint("Hide this panel", shown() === "modules" ? "panels.modules" : "panels.outline", actions), { onClick: () => emit("collapse") }),
        ]),
        h("div", { class: "ed-left-body", role: "tabpanel", id: "left-panel", "aria-labelledby": `left-tab-${shown()}` }, [
          shown() === "modules"
            ? h(Palette, { ref: palette, onAdd: (/** @type {any} */ card) => emit("add", card) })
            : h(Outline, { ref: outline, onChoose: (/** @type {any} */ row) => emit("choose", row), onAdd: (/** @type {any} */ row) => emit("behind", row), onLeave: () => emit("leave") }),
        ]),
      ]);
  },
});
