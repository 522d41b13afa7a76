// Finding in the pipeline: a small bar over the canvas, with the matches as a list and on the nodes.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, watch } from "vue";
import { markKey } from "../document/annotations.js";
import { findIn } from "../document/finding.js";
import { scopedDocument, scopeOf } from "../document/scope.js";
import { icon, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/**
 * @import {Found} from "../document/finding.js"
 */

const SHOWN = 200;

/** Emits `close`, `found` with the nodes of the shown scope. */
export const FindBar = defineComponent({
  name: "FindBar",
  emits: ["close", "found"],
  setup(_props, { emit }) {
    const { session, state } = useEditor();
    const query = ref("");
    const active = ref(-1);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const input = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const list = ref(null);
    onMounted(() => input.value?.focus());
    onBeforeUnmount(() => emit("found", []));

    const found = computed(() => {
      void state.document;
      return findIn(session.root, session.modules, query.value);
    });
    watch([found, () => state.definition], () => emit("found", found.value.filter((item) => item.kind === "node" && item.definition === state.definition).map(({ id }) => id)));
    watch(query, () => (active.value = -1));

    /** @param {number} index */
    function show(index) {
      const items = found.value;
      if (items.length === 0) return;
      active.value = (index + items.length) % items.length;
      const item = /** @type {Found} */ (items[active.value]);
      const scope = item.definition === session.definition ? session.scope : scopeOf(session.root, item.definition);
      if (scope) session.goTo(scope);
      if (item.kind === "node") session.focusNode(item.id);
      else session.focusMark(markKey(item.kind, item.id));
      void nextTick(() => list.value?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      if (event.key === "Enter") show(active.value + (event.shiftKey ? -1 : 1));
      else if (event.key === "ArrowDown") show(active.value + 1);
      else if (event.key === "ArrowUp") show(active.value - 1);
      else if (event.key === "Escape") emit("close");
      else return void event.stopPropagation();
      event.preventDefault();
      event.stopPropagation();
    }

    return () =>
      h("div", { class: "ed-find", role: "search", "aria-label": "Find in the pipeline", onKeydown }, [
        h("div", { class: "ed-find-bar" }, [
          h("label", { class: "ed-search" }, [
            icon("search"),
            h("input", {
              ref: input, type: "search", placeholder: "Find nodes, parameters, values, notes", "aria-label": "Find in the pipeline", value: query.value,
              onInput: (/** @type {Event} */ event) => (query.value = /** @type {HTMLInputElement} */ (event.target).value),
            }),
          ]),
          h("span", { class: "ed-find-count", role: "status" }, countText()),
          iconButton("keyboard_arrow_up", "Previous (Shift+Enter)", { disabled: found.value.length === 0, onClick: () => show(active.value - 1) }),
          iconButton("keyboard_arrow_down", "Next (Enter)", { disabled: found.value.length === 0, onClick: () => show(active.value + 1) }),
          iconButton("close", "Close (Esc)", { onClick: () => emit("close") }),
        ]),
        query.value.trim() && found.value.length ? h("div", { ref: list, class: "ed-find-list", role: "listbox", "aria-label": "Found" }, found.value.slice(0, SHOWN).map(drawFound)) : null,
      ]);

    function countText() {
      if (!query.value.trim()) return "";
      const { length } = found.value;
      return length === 0 ? "nothing" : active.value < 0 ? `${length} found` : `${active.value + 1} of ${length}`;
    }

    /** @param {Found} item @param {number} index */
    function drawFound(item, index) {
      const inside = item.definition && session.modules.subgraphs.spec(item.definition)?.title;
      return h("button", {
        key: `${item.definition}/${item.kind}/${item.id}`, type: "button", role: "option", tabindex: -1, "aria-selected": String(index === active.value), class: "ed-quick-item", onClick: () => show(index),
      }, [
        icon(item.kind === "node" ? "crop_16_9" : item.kind === "frames" ? "crop_din" : "sticky_note_2"),
        h("span", { class: "ed-quick-name" }, nameOf(item)),
        h("span", { class: "ed-muted" }, [inside ? `in ${inside}` : "", item.where].filter(Boolean).join(" · ")),
      ]);
    }

    /** @param {Found} item */
    function nameOf({ definition, kind, id }) {
      const document = scopedDocument(session.root, definition);
      if (kind === "node") return session.nameOf(document.nodes[id], id);
      const mark = /** @type {any} */ (document.layout?.[kind]?.[id]);
      return (kind === "frames" ? mark?.title : mark?.text?.split("\n")[0]) ?? id;
    }
  },
});
