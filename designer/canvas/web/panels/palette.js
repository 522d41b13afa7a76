// The palette: every module by category, searchable, dragged onto the canvas or added by Enter.

import { computed, defineComponent, h, nextTick, ref } from "vue";
import { categoryColor, emptyState, icon, iconButton, keys } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { matchRanges } from "./fuzzy.js";
import { ModuleHoverCard } from "./module_hover_card.js";
import { canAdd, cardState, findCards, groupCards, versionToAdd } from "./palette_model.js";

/**
 * @import {ModuleCard} from "../types.js"
 */

const DRAG_TYPE = "application/x-designer-module";
const HOVER_MS = 350;

/** Emits `add` with a card when Enter or a double click asks for a node. */
export const Palette = defineComponent({
  name: "ModulePalette",
  emits: ["add", "collapse"],
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
    const groups = computed(() => groupCards(cards.value));
    const found = computed(() => (query.value.trim() ? findCards(query.value, cards.value) : null));

    expose({ focusSearch: () => nextTick(() => input.value?.select()) });

    /** @param {KeyboardEvent} event */
    function onSearchKey(event) {
      const results = found.value ?? [];
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!found.value) return void focusRow(list.value, 0);
        active.value = (active.value + (event.key === "ArrowDown" ? 1 : -1) + results.length) % Math.max(1, results.length);
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
    const row = (card, isActive) => drawRow(card, { query: query.value, isActive, hover, add: () => emit("add", card) });

    return () =>
      h("aside", { class: "ed-palette", "aria-label": "Modules" }, [
        h("div", { class: "ed-panel-head" }, [
          h("h2", "Modules"),
          h("span", { class: "ed-count" }, String(cards.value.length)),
          iconButton("first_page", "Hide modules (1)", { onClick: () => emit("collapse") }),
        ]),
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
          { ref: list, class: "ed-palette-list", onKeydown: (/** @type {KeyboardEvent} */ event) => walkRows(event, list.value, input.value) },
          found.value ? drawFound(found.value, row, active.value, query) : groups.value.map((group) => drawGroup(group, row, layout, toggle)),
        ),
        hover.shown.value ? h(ModuleHoverCard, { card: hover.shown.value.card, top: hover.shown.value.top, left: hover.shown.value.left }) : null,
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
    return emptyState("search_off", `No module matches “${query.value}”`, "Try a shorter word, or write your own: save a Python file into the workspace's modules folder and it appears here.", [
      h("button", { type: "button", class: "ed-link", onClick: () => (query.value = "") }, "Clear the search"),
    ]);
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
    h("button", { type: "button", class: "ed-category-head", "aria-expanded": String(open), onClick: () => toggle(group.id) }, [
      icon(open ? "expand_more" : "chevron_right"),
      h("span", group.title),
      h("span", { class: "ed-count" }, String(group.cards.length)),
    ]),
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
 * @param {ModuleCard} card
 * @param {{query: string, isActive: boolean, hover: ReturnType<typeof useHover>, add: () => void}} options
 */
function drawRow(card, { query, isActive, hover, add }) {
  const { state, message } = cardState(card);
  const usable = canAdd(card);
  return h(
    "li",
    {
      key: card.id,
      class: ["ed-module", `ed-module-is-${state}`, { "ed-module-active": isActive }],
      style: { "--category": categoryColor(card.category) },
      draggable: usable,
      tabindex: 0,
      role: "button",
      "data-module": card.id,
      "aria-disabled": usable ? undefined : "true",
      "aria-label": `${card.title}${state === "active" ? "" : `, ${state}`}. Enter adds it.`,
      onPointerenter: (/** @type {PointerEvent} */ event) => hover.enter(card, event),
      onPointerleave: hover.leave,
      onDblclick: usable ? add : undefined,
      onKeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && usable) add();
      },
      onDragstart: (/** @type {DragEvent} */ event) => {
        hover.leave();
        startDrag(event, card);
      },
    },
    [
      icon(state === "broken" ? "error_outline" : card.icon || card.spec?.icon || "widgets", "ed-module-icon"),
      h("span", { class: "ed-module-title" }, [
        highlight(card.title, query),
        card.error ? h("span", { class: "ed-module-error" }, `${card.error.message} ${errorPlace(card)}`) : null,
      ]),
      badge(card, state, message),
    ],
  );
}

/**
 * @param {ModuleCard} card
 * @param {string} state
 * @param {string} message
 */
function badge(card, state, message) {
  if (state === "broken") return null;
  if (card.origin === "draft") return h("span", { class: "ed-badge" }, "draft");
  if (state === "deprecated" || state === "disabled") return h("span", { class: "ed-badge ed-badge-warning", "data-tip": message || undefined }, state);
  return null;
}

/** @param {ModuleCard} card */
function errorPlace(card) {
  const error = /** @type {any} */ (card.error);
  const file = String(error.file ?? error.where ?? "").replace(/^\//, "");
  return file ? `${file}${error.line ? `:${error.line}` : ""}` : "";
}

/**
 * @param {string} text
 * @param {string} query
 */
function highlight(text, query) {
  const parts = [];
  let at = 0;
  for (const [start, end] of query ? matchRanges(query, text) : []) {
    if (start > at) parts.push(text.slice(at, start));
    parts.push(h("mark", text.slice(start, end)));
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}

/**
 * @param {DragEvent} event
 * @param {ModuleCard} card
 */
function startDrag(event, card) {
  if (!event.dataTransfer) return;
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.setData(DRAG_TYPE, JSON.stringify({ module: card.id, version: versionToAdd(card) }));
  event.dataTransfer.setData("text/plain", card.title);
}

/** The hover card's state: shown after a pause, gone at once. */
function useHover() {
  /** @type {import("vue").Ref<{card: ModuleCard, top: number, left: number} | null>} */
  const shown = ref(null);
  let timer = 0;
  return {
    shown,
    /** @param {ModuleCard} card @param {PointerEvent} event */
    enter(card, event) {
      clearTimeout(timer);
      const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
      timer = window.setTimeout(() => (shown.value = { card, top: box.top, left: box.right + 8 }), HOVER_MS);
    },
    leave() {
      clearTimeout(timer);
      shown.value = null;
    },
  };
}

/**
 * @param {HTMLElement | null} list
 * @param {number} index
 */
function focusRow(list, index) {
  /** @type {NodeListOf<HTMLElement> | undefined} */ (list?.querySelectorAll(".ed-category-head, .ed-module"))?.[index]?.focus();
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement | null} list
 * @param {HTMLInputElement | null} input
 */
function walkRows(event, list, input) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const rows = [...(list?.querySelectorAll(".ed-category-head, .ed-module") ?? [])];
  const at = rows.indexOf(/** @type {Element} */ (event.target));
  if (at < 0) return;
  event.preventDefault();
  if (event.key === "ArrowUp" && at === 0) input?.focus();
  else focusRow(list, Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1))));
}
