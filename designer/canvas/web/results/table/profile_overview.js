// All columns of a table at a glance: type, shape, missing, distinct, spread; sorted as one likes, one in depth.

import { computed, defineComponent, h, ref, shallowReactive } from "vue";
import { icon } from "../../panels/atoms.js";
import { failedView, waitingView } from "../loading.js";
import { formatCount, formatNumber, formatShare, readNumber } from "../format.js";
import { exactType, momentText, typeIcon } from "./cells.js";
import { ColumnProfilePanel } from "./column_profile.js";
import { miniHistogram } from "./mini_histogram.js";
import { sortedFacts } from "./profile_order.js";

/**
 * @import {ColumnProfile} from "../artifact_api.js"
 * @import {ProfileOrder} from "./profile_order.js"
 * @import {Table} from "./use_table.js"
 */

const LINE_PX = 40;
const OVERSCAN = 8;

/** Props: `table`, `chosen`. Emits `choose` (a column's name, or empty), `filter`. */
export const ProfileOverview = defineComponent({
  name: "ProfileOverview",
  props: { table: { type: Object, required: true }, chosen: { type: String, default: "" } },
  emits: ["choose"],
  setup(props, { emit, slots }) {
    const table = /** @type {Table} */ (props.table);
    const { profile } = table;
    const order = shallowReactive(/** @type {ProfileOrder} */ ({ by: "place", descending: false }));
    const search = ref("");
    const scroll = shallowReactive({ top: 0, height: 400 });
    const shown = computed(() => {
      const wanted = search.value.trim().toLowerCase();
      const known = table.state.value.columns.map((column) => profile.columns.get(column.name) ?? column);
      const found = wanted ? known.filter(({ name }) => name.toLowerCase().includes(wanted)) : known;
      return sortedFacts(/** @type {ColumnProfile[]} */ (found), order);
    });

    /** @param {ProfileOrder["by"]} by */
    function sortBy(by) {
      if (order.by === by) order.descending = !order.descending;
      else Object.assign(order, { by, descending: by !== "name" && by !== "place" });
    }

    return () => {
      if (profile.error) return failedView(profile.error, profile.reload);
      if (!table.state.value.isReady) return waitingView("Reading the table");
      const first = Math.max(0, Math.floor(scroll.top / LINE_PX) - OVERSCAN);
      const last = Math.min(shown.value.length, Math.ceil((scroll.top + scroll.height) / LINE_PX) + OVERSCAN);
      const chosen = profile.columns.get(props.chosen);
      return h("div", { class: "ed-table-main" }, [
        h("div", { class: "ed-overview" }, [
          h("div", { class: "ed-view-bar" }, [
            slots.views?.(),
            h("span", { class: "ed-view-facts", role: "status" }, progressText(table)),
            h("span", { class: "ed-spacer" }),
            h("label", { class: "ed-search ed-search-small" }, [
              icon("search"),
              h("input", {
                type: "search",
                placeholder: "Find a column",
                "aria-label": "Find a column",
                value: search.value,
                onInput: (/** @type {Event} */ event) =>
                  (search.value = /** @type {HTMLInputElement} */ (event.target).value),
                onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
              }),
            ]),
          ]),
          h("div", { class: "ed-overview-head", role: "row" }, [
            head("Column", "name"),
            h("span", "Shape"),
            head("Missing", "nulls"),
            head("Distinct", "distinct"),
            h("span", "Range, or most frequent"),
          ]),
          h(
            "div",
            {
              class: "ed-overview-list",
              onScroll: (/** @type {Event} */ event) => {
                const element = /** @type {HTMLElement} */ (event.target);
                Object.assign(scroll, { top: element.scrollTop, height: element.clientHeight });
              },
            },
            [
              h(
                "div",
                { style: { height: `${shown.value.length * LINE_PX}px`, position: "relative" } },
                shown.value.slice(first, last).map((facts, at) => drawLine(facts, first + at)),
              ),
            ],
          ),
        ]),
        chosen
          ? h(ColumnProfilePanel, {
              profile: chosen,
              rows: profile.rows,
              onClose: () => emit("choose", ""),
            })
          : null,
      ]);
    };

    /** @param {string} label @param {ProfileOrder["by"]} by */
    function head(label, by) {
      const isBy = order.by === by;
      return h(
        "button",
        { type: "button", "aria-pressed": String(isBy), "data-tip": "Sort the columns", onClick: () => sortBy(by) },
        [label, isBy ? icon(order.descending ? "arrow_downward" : "arrow_upward", "ed-table-sort") : null],
      );
    }

    /** @param {ColumnProfile} facts @param {number} at */
    function drawLine(facts, at) {
      const isKnown = profile.columns.has(facts.name);
      const missing = isKnown && profile.rows ? facts.nulls / profile.rows : 0;
      return h(
        "button",
        {
          key: facts.name,
          type: "button",
          class: ["ed-overview-line", { "ed-overview-chosen": props.chosen === facts.name }],
          style: { top: `${at * LINE_PX}px` },
          disabled: !isKnown,
          onClick: () => emit("choose", props.chosen === facts.name ? "" : facts.name),
        },
        [
          h("span", { class: "ed-overview-name" }, [
            icon(typeIcon(facts)),
            h("span", [
              h("strong", { title: facts.name }, facts.name),
              h("span", { class: "ed-muted" }, [
                exactType(facts),
                facts.role ? h("span", { class: `ed-role ed-role-${facts.role}` }, ` ${facts.role}`) : null,
              ]),
            ]),
          ]),
          isKnown ? miniHistogram(facts, profile.rows) : h("span", { class: "ed-mini ed-mini-waiting" }),
          h("span", { class: ["ed-overview-number", { "ed-null-share": missing > 0 }] }, [
            isKnown ? (missing > 0 ? formatShare(missing) : "none") : "",
          ]),
          h("span", { class: "ed-overview-number" }, isKnown ? distinctText(facts, profile.rows) : ""),
          h("span", { class: "ed-overview-range" }, isKnown ? rangeText(facts) : ""),
        ],
      );
    }
  },
});

/** @param {Table} table */
function progressText({ profile, state }) {
  const columns = formatCount(state.value.columns.length, "column");
  if (profile.isWhole) return columns;
  return `Profiling, ${profile.columns.size} of ${columns}`;
}

/** @param {ColumnProfile} facts @param {number} rows */
function distinctText({ distinct, nulls, sample }, rows) {
  if (distinct === null || distinct === undefined) return "–";
  if (distinct > 1 && distinct === rows - nulls) return "all different";
  return `${sample ? "≥ " : ""}${formatNumber(distinct)}`;
}

/** @param {ColumnProfile} facts */
function rangeText({ min, max, top, type }) {
  if (min !== undefined && min !== null && type !== "string") return `${show(min)} – ${show(max)}`;
  const [first, second] = top ?? [];
  if (!first) return "";
  return [first, second].flatMap((item) => (item ? [show(item[0])] : [])).join(", ");
}

/** @param {unknown} value */
function show(value) {
  if (value === "") return "empty text";
  return readNumber(value) === null ? momentText(value) : formatNumber(value);
}
