// The card beside a module in the palette: what it does, what goes in, what comes out.

import { defineComponent, h, nextTick, onMounted, ref, watch } from "vue";
import { categoryColor, icon, typeMark } from "./atoms.js";
import { cardState, categoryTitle, kindWord } from "./palette_model.js";

/**
 * @import {ModuleCard, Port} from "../types.js"
 */

export const ModuleHoverCard = defineComponent({
  name: "ModuleHoverCard",
  props: {
    card: { type: Object, required: true },
    top: { type: Number, required: true },
    left: { type: Number, required: true },
  },
  setup(props) {
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    const top = ref(props.top);
    const fit = () =>
      nextTick(() => {
        const height = root.value?.getBoundingClientRect().height ?? 0;
        top.value = Math.max(8, Math.min(props.top - 4, innerHeight - height - 8));
      });
    onMounted(fit);
    watch(() => props.top, fit);

    return () => {
      const card = /** @type {ModuleCard} */ (props.card);
      const { state, message, replacement } = cardState(card);
      const style = { top: `${top.value}px`, left: `${props.left}px`, "--category": categoryColor(card.category) };
      return h("div", { ref: root, class: "ed-hover-card", style, role: "tooltip" }, [
        h("div", { class: "ed-hover-title" }, [
          icon(card.icon || card.spec?.icon || "extension"),
          h("strong", card.title),
        ]),
        h(
          "div",
          { class: "ed-hover-meta" },
          `${[categoryTitle(card.category), kindWord(card.spec)].filter(Boolean).join(" · ")} · ${card.spec?.version === "draft" ? "draft" : `version ${card.spec?.version ?? card.default ?? "–"}`}`,
        ),
        card.summary ? h("p", card.summary) : null,
        state === "deprecated" || state === "disabled"
          ? h("p", { class: "ed-hover-state" }, [
              `${state === "disabled" ? "Disabled" : "Deprecated"}. ${message}`,
              replacement ? ` Use ${replacement} instead.` : "",
            ])
          : null,
        card.error ? h("p", { class: "ed-hover-state" }, `${card.error.message} ${card.error.remedy ?? ""}`) : null,
        drawPorts("In", card.spec?.inputs ?? []),
        drawPorts("Out", card.spec?.outputs ?? []),
      ]);
    };
  },
});

/**
 * @param {string} title
 * @param {Port[]} ports
 */
function drawPorts(title, ports) {
  if (ports.length === 0) return null;
  return h("div", { class: "ed-hover-ports" }, [
    h("span", { class: "ed-hover-side" }, title),
    h(
      "ul",
      ports.map((port) =>
        h("li", [
          typeMark(port.type),
          h("span", port.name),
          h(
            "span",
            { class: "ed-muted" },
            port.type + (port.optional ? ", optional" : "") + (port.many ? ", many" : ""),
          ),
        ]),
      ),
    ),
  ]);
}
