// One module in the palette: dragged, added by Enter, its state and its error beside it.

import { h, ref } from "vue";
import { categoryColor, icon } from "./atoms.js";
import { matchRanges } from "./fuzzy.js";
import { canAdd, cardState, versionToAdd } from "./palette_model.js";

/**
 * @import {ModuleCard} from "../types.js"
 */

const DRAG_TYPE = "application/x-designer-module";
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
      icon(state === "broken" ? "error_outline" : card.icon || card.spec?.icon || "extension", "ed-module-icon"),
      h("span", { class: "ed-module-title" }, [
        highlight(card.title, query),
        card.error ? h("span", { class: "ed-module-error" }, errorText(card)) : null,
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
