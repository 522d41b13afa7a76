// The palette: every module by category, searchable, dragged onto the canvas or added by Enter.

import { computed, defineComponent, h, nextTick, ref } from "vue";
import { categoryColor, emptyState, icon, keys } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { ModuleHoverCard } from "./module_hover_card.js";
import { useModuleMemory } from "./module_memory.js";
import { canAdd, favouriteGroup, findCards, groupCards } from "./palette_model.js";
import { drawRow, useHover } from "./palette_row.js";

/**
 * @import {ModuleCard} from "../types.js"
 */

/** Emits `add` with a card when Enter or a double click asks for a node. */
export const Palette = defineComponent({
  name: "ModulePalette",
  emits: ["add"],
  setup(_props, { emit, expose }) {
    const { session, state, layout } = useEditor();
    const query = ref("");
    const active = ref(0);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const input = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const list = ref(null);
    const hover = useHover();

    const cards = computed(() => {
      void state.modulesTick;
      return session.modules.cards();
    });
    const memory = useModuleMemory();
    const groups = computed(() => [...favouriteGroup(cards.value, memory.favourites), ...groupCards(cards.value)]);
    const found = computed(() => (query.value.trim() ? findCards(query.value, cards.value) : null));

    expose({ focusSearch: () => nextTick(() => input.value?.select()) });

    /** @param {KeyboardEvent} event */
    function onSearchKey(event) {
      const results = found.value ?? [];
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!found.value) return void focusRow(list.value, 0);
        active.value =
          (active.value + (event.key === "ArrowDown" ? 1 : -1) + results.length) % Math.max(1, results.length);
        void nextTick(() => list.value?.querySelector(".ed-module-active")?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Enter") {
        const card = results[active.value];
        if (card && canAdd(card)) emit("add", card);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        if (query.value) query.value = "";
        else input.value?.blur();
      }
    }

    /** @param {string} id */
    function toggle(id) {
      const key = `palette.${id}`;
      layout.sections[key] = layout.sections[key] === false;
    }

    /** @param {ModuleCard} card @param {boolean} isActive */
    const row = (card, isActive) =>
      drawRow(card, { query: query.value, isActive, hover, add: () => emit("add", card) });

    return () =>
      h("aside", { class: "ed-palette", "aria-label": "Modules" }, [
        h("label", { class: "ed-search" }, [
          icon("search"),
          h("input", {
            ref: input,
            type: "search",
            placeholder: "Search modules",
            "aria-label": "Search modules",
            value: query.value,
            onInput: (/** @type {Event} */ event) => {
              query.value = /** @type {HTMLInputElement} */ (event.target).value;
              active.value = 0;
            },
            onKeydown: onSearchKey,
          }),
          query.value ? null : keys("/"),
        ]),
        h(
          "div",
          {
            ref: list,
            class: "ed-palette-list",
            onKeydown: (/** @type {KeyboardEvent} */ event) => walkRows(event, list.value, input.value),
          },
          found.value
            ? drawFound(found.value, row, active.value, query)
            : groups.value.map((group) => drawGroup(group, row, layout, toggle)),
        ),
        hover.shown.value
          ? h(ModuleHoverCard, {
              card: hover.shown.value.card,
              top: hover.shown.value.top,
              left: hover.shown.value.left,
            })
          : null,
      ]);
  },
});

/**
 * @param {ModuleCard[]} found
 * @param {(card: ModuleCard, isActive: boolean) => any} row
 * @param {number} active
 * @param {import("vue").Ref<string>} query
 */
function drawFound(found, row, active, query) {
  if (found.length === 0) {
    return emptyState(
      "search_off",
      `No module matches “${query.value}”`,
      "Try a shorter word, or write your own: save a Python file into the workspace's modules folder and it appears here.",
      [h("button", { type: "button", class: "ed-link", onClick: () => (query.value = "") }, "Clear the search")],
    );
  }
  return h(
    "ul",
    { class: "ed-module-list" },
    found.map((card, index) => row(card, index === active)),
  );
}

/**
 * @param {import("./palette_model.js").Category} group
 * @param {(card: ModuleCard, isActive: boolean) => any} row
 * @param {import("./panel_layout.js").PanelLayout} layout
 * @param {(id: string) => void} toggle
 */
function drawGroup(group, row, layout, toggle) {
  const open = layout.sections[`palette.${group.id}`] !== false;
  return h("section", { key: group.id, class: "ed-category", style: { "--category": categoryColor(group.id) } }, [
    h(
      "button",
      { type: "button", class: "ed-category-head", "aria-expanded": String(open), onClick: () => toggle(group.id) },
      [
        icon(open ? "expand_more" : "chevron_right"),
        h("span", group.title),
        h("span", { class: "ed-count" }, String(group.cards.length)),
      ],
    ),
    open
      ? h(
          "ul",
          { class: "ed-module-list" },
          group.cards.map((card) => row(card, false)),
        )
      : null,
  ]);
}

/**
 * @param {HTMLElement | null} list
 * @param {number} index
 */
function focusRow(list, index) {
  /** @type {NodeListOf<HTMLElement> | undefined} */ (list?.querySelectorAll(".ed-category-head, .ed-module-face"))?.[
    index
  ]?.focus();
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement | null} list
 * @param {HTMLInputElement | null} input
 */
function walkRows(event, list, input) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const rows = [...(list?.querySelectorAll(".ed-category-head, .ed-module-face") ?? [])];
  const at = rows.indexOf(/** @type {Element} */ (event.target));
  if (at < 0) return;
  event.preventDefault();
  if (event.key === "ArrowUp" && at === 0) input?.focus();
  else focusRow(list, Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1))));
}
