// A box in which one thing is chosen by typing: what the link box, the command palette and other quick choices are made of.

import { computed, defineComponent, h, nextTick, onMounted, ref, watch } from "vue";
import { emptyState, icon, keys, typeMark } from "./atoms.js";
import { matchRanges, scoreItem } from "./fuzzy.js";

/**
 * @typedef {object} PickItem
 * @property {string} id unique in the list
 * @property {string} title
 * @property {string} [hint] small text on the right
 * @property {string} [keys] keys that do the same
 * @property {string} [icon]
 * @property {string} [colour] of the icon, as CSS
 * @property {string} [type] port type, drawn as its mark
 * @property {string} [section] a heading above the first of its kind
 * @property {string[]} [tags] more words to be found by
 * @property {boolean} [isOff]
 * @property {() => unknown} run
 */

const MOST = 60;

/** Props: `items` (all of them, best first), `label`, `placeholder`, `none` (what an empty list says), `first` (query to begin with). Emits `close`, `query`. */
export const PickBox = defineComponent({
  name: "PickBox",
  props: {
    items: { type: Array, required: true },
    label: { type: String, required: true },
    placeholder: { type: String, default: "" },
    none: { type: String, default: "Nothing is found" },
    first: { type: String, default: "" },
  },
  emits: ["close", "query"],
  setup(props, { emit }) {
    const query = ref(props.first);
    const active = ref(0);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const input = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const list = ref(null);
    onMounted(() => input.value?.select());

    const shown = computed(() => pick(query.value, /** @type {PickItem[]} */ (props.items)));
    watch(query, (value) => {
      active.value = 0;
      emit("query", value);
    });
    watch(active, () => void nextTick(() => list.value?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })));

    /** @param {PickItem | undefined} item */
    function choose(item) {
      if (!item || item.isOff) return;
      emit("close");
      void item.run();
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      const last = shown.value.length - 1;
      if (step && Math.abs(step) === 1) active.value = (active.value + step + last + 1) % Math.max(1, last + 1);
      else if (step) active.value = Math.max(0, Math.min(last, active.value + step));
      else if (event.key === "Enter") choose(shown.value[active.value]);
      else if (event.key === "Escape") emit("close");
      else return void event.stopPropagation();
      event.preventDefault();
      event.stopPropagation();
    }

    /** @param {FocusEvent} event */
    function onFocusout(event) {
      const box = /** @type {HTMLElement} */ (event.currentTarget);
      if (!(event.relatedTarget instanceof Node && box.contains(event.relatedTarget)) && document.hasFocus()) emit("close");
    }

    return () =>
      h("div", { class: "ed-pick", role: "dialog", "aria-label": props.label, onKeydown, onFocusout, tabindex: -1 }, [
        h("label", { class: "ed-search" }, [
          icon("search"),
          h("input", {
            ref: input, type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "pick-list", "aria-activedescendant": `pick-${active.value}`, autofocus: true,
            "aria-label": props.label, placeholder: props.placeholder, value: query.value,
            onInput: (/** @type {Event} */ event) => (query.value = /** @type {HTMLInputElement} */ (event.target).value),
          }),
        ]),
        h("div", { ref: list, id: "pick-list", class: "ed-pick-list", role: "listbox", "aria-label": props.label },
          shown.value.length ? shown.value.map(drawItem) : emptyState("search_off", query.value ? `${props.none} for “${query.value}”` : props.none, "")),
      ]);

    /** @param {PickItem} item @param {number} index */
    function drawItem(item, index) {
      const heading = item.section && item.section !== shown.value[index - 1]?.section ? h("div", { class: "ed-quick-title", role: "presentation" }, item.section) : null;
      return [
        heading,
        h("div", {
          key: item.id, id: `pick-${index}`, role: "option", "aria-selected": String(index === active.value), "aria-disabled": item.isOff ? "true" : undefined,
          class: ["ed-quick-item", { "ed-quick-off": item.isOff }], style: { "--category": item.colour ?? "var(--ink-3)" },
          onPointermove: () => (active.value = index),
          onPointerdown: (/** @type {PointerEvent} */ event) => event.preventDefault(),
          onClick: () => choose(item),
        }, [
          item.type ? typeMark(item.type) : icon(item.icon ?? "chevron_right", "ed-module-icon"),
          h("span", { class: "ed-quick-name" }, marked(item.title, query.value)),
          item.hint ? h("span", { class: "ed-muted" }, item.hint) : null,
          item.keys ? h("span", { class: "ed-chords" }, item.keys.split(" ").map(keys)) : null,
        ]),
      ];
    }
  },
});

/**
 * The items that match, best first; all of them in their own order while nothing is typed.
 *
 * @param {string} query
 * @param {readonly PickItem[]} items
 */
export function pick(query, items) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, MOST);
  const scored = items.map((item, order) => ({ item, order, score: scoreItem(words, item) })).filter(({ score }) => score > 0);
  const least = Math.max(0, ...scored.map(({ score }) => score)) * 0.2;
  const close = scored.filter(({ score }) => score >= least).sort((a, b) => b.score - a.score || a.order - b.order).slice(0, MOST);
  return bySection(close.map(({ item }) => item));
}

/** Items of one section stand together, in the order of their best. @param {PickItem[]} items */
function bySection(items) {
  const sections = [...new Set(items.map(({ section }) => section))];
  return sections.flatMap((section) => items.filter((item) => item.section === section));
}

/** A text with what was searched for in it marked. @param {string} text @param {string} query */
export function marked(text, query) {
  const parts = [];
  let at = 0;
  for (const [start, end] of query ? matchRanges(query, text) : []) {
    parts.push(text.slice(at, start), h("mark", text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}
