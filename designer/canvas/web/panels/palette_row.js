// One module in the palette: dragged, added by Enter, its state and its error beside it.

import { h, ref } from "vue";
import { MODULE_TYPE, setDragged } from "../interaction/drop.js";
import { categoryColor, icon } from "./atoms.js";
import { toggleFavourite, useModuleMemory } from "./module_memory.js";
import { canAdd, cardState, versionToAdd } from "./palette_model.js";
import { marked } from "./pick_box.js";

/**
 * @import {ModuleCard} from "../types.js"
 */

const HOVER_MS = 350;

/**
 * @param {ModuleCard} card
 * @param {{query: string, isActive: boolean, hover: ReturnType<typeof useHover>, add: () => void}} options
 */
export function drawRow(card, { query, isActive, hover, add }) {
  const { state, message } = cardState(card);
  const usable = canAdd(card);
  return h(
    "li",
    {
      key: card.id,
      class: ["ed-module", `ed-module-is-${state}`, { "ed-module-active": isActive }],
      style: { "--category": categoryColor(card.category) },
      draggable: usable,
      "data-module": card.id,
      onPointerenter: (/** @type {PointerEvent} */ event) => hover.enter(card, event),
      onPointerleave: hover.leave,
      onDblclick: usable ? add : undefined,
      onDragstart: (/** @type {DragEvent} */ event) => {
        hover.leave();
        startDrag(event, card);
      },
    },
    [
      h(
        "div",
        {
          class: "ed-module-face",
          tabindex: 0,
          role: "button",
          "aria-disabled": usable ? undefined : "true",
          "aria-label": `${card.title}${state === "active" ? "" : `, ${state}`}. ${usable ? "Enter adds it, * makes it a favourite." : ""}`,
          onKeydown: (/** @type {KeyboardEvent} */ event) => {
            if (event.key === "Enter" && usable) add();
            if (event.key === "*" && usable) toggleFavourite(card.id);
          },
        },
        [
          icon(state === "broken" ? "error_outline" : card.icon || card.spec?.icon || "extension", "ed-module-icon"),
          h("span", { class: "ed-module-title" }, [
            marked(card.title, query),
            card.error ? h("span", { class: "ed-module-error" }, errorText(card)) : null,
          ]),
          badge(card, state, message),
        ],
      ),
      usable ? star(card) : null,
    ],
  );
}

/** @param {ModuleCard} card */
function star(card) {
  const isFavourite = useModuleMemory().favourites.includes(card.id);
  return h(
    "button",
    {
      type: "button",
      tabindex: -1,
      class: ["ed-star", { "ed-star-on": isFavourite }],
      "aria-label": isFavourite ? `Remove ${card.title} from the favourites` : `Make ${card.title} a favourite`,
      "aria-pressed": String(isFavourite),
      onClick: () => toggleFavourite(card.id),
      onDblclick: (/** @type {MouseEvent} */ event) => event.stopPropagation(),
    },
    [icon(isFavourite ? "star" : "star_border")],
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
  if (state === "deprecated" || state === "disabled")
    return h("span", { class: "ed-badge ed-badge-warning", "data-tip": message || undefined }, state);
  return null;
}

/**
 * What is wrong with a draft, with file and line unless the sentence names them already.
 *
 * @param {ModuleCard} card
 */
function errorText(card) {
  const { message = "", where = "" } = card.error ?? {};
  const place = where.replace(/^\//, "");
  return place && !message.includes(place.split(":")[0] ?? place) ? `${message} ${place}` : message;
}

/**
 * @param {DragEvent} event
 * @param {ModuleCard} card
 */
function startDrag(event, card) {
  if (!event.dataTransfer) return;
  event.dataTransfer.effectAllowed = "copy";
  const dragged = { module: card.id, version: versionToAdd(card) };
  setDragged(dragged);
  event.dataTransfer.setData(MODULE_TYPE, JSON.stringify(dragged));
  event.dataTransfer.setData("text/plain", card.title);
}

/** The hover card's state: shown after a pause, gone at once. */
export function useHover() {
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
