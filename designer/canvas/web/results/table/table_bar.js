// Above a table: how much there is, what reduces or orders it, finding, going to a row, columns, taking it along.

import { defineComponent, h, nextTick, ref } from "vue";
import { icon, iconButton } from "../../panels/atoms.js";
import { PopMenu } from "../../panels/pop_menu.js";
import { formatCount } from "../format.js";
import { withHidden } from "./column_layout.js";
import { PLAIN, filterText, isPlain } from "./table_query.js";

/**
 * @import {Find} from "./use_find.js"
 * @import {Table} from "./use_table.js"
 */

const SEARCH_MS = 250;
const FORMATS = /** @type {const} */ ([
  ["csv", "CSV"],
  ["parquet", "Parquet"],
  ["arrow", "Arrow"],
]);

/** Props: `table`, `find`. Emits `go` (a row of the view), `filter` (a column's name, an element). */
export const TableBar = defineComponent({
  name: "TableBar",
  props: { table: { type: Object, required: true }, find: { type: Object, required: true } },
  emits: ["go", "filter"],
  setup(props, { emit, expose, slots }) {
    const table = /** @type {Table} */ (props.table);
    const find = /** @type {Find} */ (props.find);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const searchField = ref(null);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const rowField = ref(null);
    const isGoing = ref(false);
    let timer = 0;

    /** @param {Event} event */
    function onSearch(event) {
      const text = /** @type {HTMLInputElement} */ (event.target).value.trim();
      clearTimeout(timer);
      timer = window.setTimeout(() => find.look(text), SEARCH_MS);
    }

    /** @param {KeyboardEvent} event */
    function onSearchKey(event) {
      event.stopPropagation();
      if (event.key === "Escape") {
        clearTimeout(timer);
        find.look("");
        /** @type {HTMLInputElement} */ (event.target).value = "";
      }
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(timer);
      const text = /** @type {HTMLInputElement} */ (event.target).value.trim();
      if (text === find.text) find.next(event.shiftKey);
      else find.look(text);
    }

    async function openRowField() {
      isGoing.value = true;
      await nextTick();
      rowField.value?.focus();
    }

    /** @param {KeyboardEvent} event */
    function onRowKey(event) {
      event.stopPropagation();
      if (event.key === "Escape") isGoing.value = false;
      if (event.key !== "Enter") return;
      const digits = /** @type {HTMLInputElement} */ (event.target).value.replace(/[\s,._]/g, "");
      if (!/^\d+$/.test(digits)) return;
      isGoing.value = false;
      emit("go", Math.min(Number(digits), table.state.value.total - 1));
    }

    expose({ focusSearch: () => searchField.value?.select(), openRowField });

    return () => {
      const { total, rows, columns, query, wanted, isReady } = table.state.value;
      const isReduced = query.filters.length > 0 || query.search !== "";
      const hidden = columns.length - table.order.value.length;
      const count = isReduced
        ? `${formatCount(total, "row")} of ${formatCount(rows, "row").split(" ")[0]}`
        : formatCount(rows, "row");
      return [
        h("div", { class: "ed-view-bar" }, [
          slots.views?.(),
          h("span", { class: "ed-view-facts" }, isReady ? `${count} × ${formatCount(columns.length, "column")}` : ""),
          hidden ? h("span", { class: "ed-badge" }, `${hidden} hidden`) : null,
          h("span", { class: "ed-spacer" }),
          drawFind(),
          isGoing.value
            ? h("label", { class: "ed-search ed-search-small ed-go-to" }, [
                icon("tag"),
                h("input", {
                  ref: rowField,
                  inputmode: "numeric",
                  placeholder: `0 to ${(total - 1).toLocaleString("en")}`,
                  "aria-label": "Go to row",
                  onKeydown: onRowKey,
                  onBlur: () => (isGoing.value = false),
                }),
              ])
            : iconButton("swap_vert", "Go to row (Ctrl+G)", { onClick: openRowField, disabled: total === 0 }),
          h(
            PopMenu,
            { label: "Columns", align: "end", items: columnItems(), disabled: columns.length === 0 },
            { default: () => [icon("view_column")] },
          ),
          h(
            PopMenu,
            {
              label: isPlain(query) ? "Download" : "Download the rows shown",
              align: "end",
              items: FORMATS.map(([format, label]) => ({
                label: `Download as ${label}`,
                icon: "download",
                run: () => download(table.api.downloadUrl(table.digest(), format, query)),
              })),
            },
            { default: () => [icon("download")] },
          ),
        ]),
        isPlain(wanted) ? null : drawChips(),
      ];
    };

    function drawFind() {
      const { found, progress, text, error } = find;
      return h("div", { class: "ed-table-find" }, [
        h("label", { class: "ed-search ed-search-small" }, [
          icon("search"),
          h("input", {
            ref: searchField,
            type: "search",
            placeholder: "Find in the table",
            "aria-label": "Find in the table",
            value: text,
            onInput: onSearch,
            onKeydown: onSearchKey,
          }),
        ]),
        h("span", { class: ["ed-table-find-count", { "ed-table-find-none": found?.hits === 0 || error }], role: "status" }, [
          error ? error.message : progress ? progressText(progress) : found ? foundText(found) : "",
        ]),
        progress && text
          ? iconButton("close", "Stop searching", { onClick: find.stop, class: "ed-small-button" })
          : null,
        found?.hits
          ? [
              iconButton("keyboard_arrow_up", "Previous hit (Shift+Enter)", {
                onClick: () => find.next(true),
                class: "ed-small-button",
              }),
              iconButton("keyboard_arrow_down", "Next hit (Enter)", {
                onClick: () => find.next(false),
                class: "ed-small-button",
              }),
              iconButton("filter_list", "Show only the rows with a hit", {
                onClick: () => table.ask({ ...table.state.value.wanted, search: text }),
                class: "ed-small-button",
              }),
            ]
          : null,
      ]);
    }

    function columnItems() {
      const { columns } = table.state.value;
      const hidden = new Set(table.choices.value.hidden);
      const some = columns.slice(0, 200);
      return [
        ...(hidden.size
          ? [
              {
                label: "Show all columns",
                icon: "visibility",
                run: () => table.arrange({ ...table.choices.value, hidden: [] }),
              },
              { separator: true },
            ]
          : []),
        ...some.map((column) => ({
          label: column.name,
          checked: !hidden.has(column.name),
          run: () => table.arrange(withHidden(table.choices.value, column.name)),
        })),
      ];
    }

    function drawChips() {
      const { wanted } = table.state.value;
      return h("div", { class: "ed-chip-bar", role: "group", "aria-label": "Filters and order" }, [
        wanted.search
          ? chip("search", `has “${wanted.search}”`, "Do not reduce to hits", () =>
              table.ask({ ...wanted, search: "" }),
            )
          : null,
        ...wanted.filters.map((filter) =>
          chip(
            "filter_alt",
            filterText(filter),
            "Remove the filter",
            () => table.filterBy(filter.column, null),
            (element) => emit("filter", filter.column, element),
          ),
        ),
        ...wanted.sort.map((sort) =>
          chip(sort.descending ? "arrow_downward" : "arrow_upward", sort.column, "Do not sort by it", () =>
            table.ask({ ...wanted, sort: wanted.sort.filter((item) => item !== sort) }),
          ),
        ),
        h("button", { type: "button", class: "ed-link", onClick: () => table.ask(PLAIN) }, "Clear all"),
      ]);
    }
  },
});

/**
 * @param {string} name icon
 * @param {string} text
 * @param {string} label of the button that removes it
 * @param {() => void} remove
 * @param {(element: HTMLElement) => void} [open]
 */
function chip(name, text, label, remove, open) {
  const content = [icon(name), h("span", text)];
  return h("span", { key: `${name}${text}`, class: "ed-chip" }, [
    open
      ? h(
          "button",
          {
            type: "button",
            onClick: (/** @type {MouseEvent} */ event) => open(/** @type {HTMLElement} */ (event.currentTarget)),
          },
          content,
        )
      : content,
    iconButton("close", label, { onClick: remove, class: "ed-chip-close" }),
  ]);
}

/** @param {import("../long_answer.js").Progress} progress */
function progressText({ share }) {
  return share ? `searching, ${Math.round(share * 100)} %` : "searching";
}

/** @param {import("../artifact_api.js").Found} found */
function foundText({ hits, hit = 0, number = 0 }) {
  if (hits === 0) return "not found";
  return `${(hit + 1).toLocaleString("en")} of ${hits.toLocaleString("en")} · row ${number.toLocaleString("en")}`;
}

/** @param {string} url */
function download(url) {
  const link = Object.assign(document.createElement("a"), { href: url, download: "" });
  link.click();
}
