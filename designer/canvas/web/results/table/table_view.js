// A table of any length: rows, profile or charts of it; only what is on screen is fetched.

import { computed, defineAsyncComponent, defineComponent, h, ref, shallowRef, watch } from "vue";
import { button, emptyState, icon } from "../../panels/atoms.js";
import { formatCount } from "../format.js";
import { failedView, waitingView } from "../loading.js";
import { CellSheet } from "./cell_sheet.js";
import { ColumnProfilePanel } from "./column_profile.js";
import { FilterForm } from "./filter_form.js";
import { ProfileOverview } from "./profile_overview.js";
import { MOST_COPIED_CELLS, asTabbedText, blockOf, cellsIn } from "./selection.js";
import { TableBar } from "./table_bar.js";
import { TableGrid } from "./table_grid.js";
import { PLAIN } from "./table_query.js";
import { useFind } from "./use_find.js";
import { useTable } from "./use_table.js";

/** Fetched when a chart is first looked at. */
const ChartView = defineAsyncComponent(async () => (await import("../charts/chart_view.js")).ChartView);

/**
 * @import {ArtifactApi} from "../artifact_api.js"
 * @import {CellPlace} from "./selection.js"
 */

/** @type {[string, string, string][]} */
const VIEWS = [
  ["table", "Rows", "table_rows"],
  ["profile", "Profile", "bar_chart"],
  ["chart", "Charts", "show_chart"],
];

/**
 * Props: `api`, `digest`, `port` (under which the columns' layout is remembered), `view` (what of the table is
 * looked at). Emits `view`.
 */
export const TableView = defineComponent({
  name: "TableView",
  props: {
    api: { type: Object, required: true },
    digest: { type: String, required: true },
    port: { type: String, default: "" },
    view: { type: String, default: "table" },
  },
  emits: ["view"],
  setup(props, { emit }) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const table = useTable(
      api,
      () => props.digest,
      () => props.port,
    );
    const chosen = ref("");
    /** @type {import("vue").ShallowRef<CellPlace | null>} */
    const opened = shallowRef(null);
    /** @type {import("vue").ShallowRef<{name: string, anchor: HTMLElement} | null>} */
    const filtering = shallowRef(null);
    const note = ref("");
    /** @type {import("vue").Ref<any>} */
    const grid = ref(null);
    /** @type {import("vue").Ref<any>} */
    const bar = ref(null);
    const find = useFind(table, (row, name) => {
      const column = table.order.value.findIndex((item) => item.column.name === name);
      grid.value?.select({ row, column: Math.max(0, column) }, false);
    });
    const copied = computed(() => (table.selection.value ? blockOf(table.selection.value) : null));

    watch(
      () => props.digest,
      () => {
        chosen.value = "";
        opened.value = null;
        find.look("");
      },
    );
    watch(table.state, ({ query }, before) => query !== before?.query && (opened.value = null));

    /** @param {string} name */
    function choose(name) {
      opened.value = null;
      chosen.value = chosen.value === name ? "" : name;
    }

    async function copy() {
      const block = copied.value;
      if (!block) return;
      if (cellsIn(block) > MOST_COPIED_CELLS)
        return tell(`More than ${formatCount(MOST_COPIED_CELLS, "cell")} are selected. Download them instead.`);
      const columns = table.order.value.slice(block.left, block.right + 1).map(({ index }) => index);
      try {
        const rows = await table.source.value.cells({ first: block.top, last: block.bottom + 1 }, columns);
        await navigator.clipboard.writeText(asTabbedText(rows));
        tell(`${formatCount(cellsIn(block), "cell")} copied`);
      } catch (error) {
        tell(error instanceof Error ? error.message : "The cells could not be copied.");
      }
    }

    let timer = 0;
    /** @param {string} text */
    function tell(text) {
      note.value = text;
      clearTimeout(timer);
      timer = window.setTimeout(() => (note.value = ""), 4000);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "f") bar.value?.focusSearch();
      else if (key === "g") bar.value?.openRowField();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    return () => {
      const { isReady, error, columns } = table.state.value;
      if (error && !isReady) return failedView(error, table.reload);
      if (props.view === "chart")
        return h("div", { class: "ed-table-view" }, [h(ChartView, { table, column: chosen.value }, { views: drawViews })]);
      if (props.view === "profile")
        return h("div", { class: "ed-table-view" }, [
          h(
            ProfileOverview,
            { table, chosen: chosen.value, onChoose: (/** @type {string} */ name) => (chosen.value = name) },
            { views: drawViews },
          ),
        ]);
      if (!isReady) return waitingView("Reading the table");
      if (columns.length === 0) return emptyState("table_rows", "The table has no columns", "The step made a table without any.");
      return h("div", { class: "ed-table-view", onKeydown }, [
        h(
          TableBar,
          {
            ref: bar,
            table,
            find,
            onGo: (/** @type {number} */ row) => {
              grid.value?.select({ row, column: table.selection.value?.cursor.column ?? 0 }, false);
              grid.value?.focus();
            },
            onFilter: openFilter,
          },
          { views: drawViews },
        ),
        h("div", { class: "ed-table-main" }, [
          h("div", { class: "ed-table-place" }, [
            h(TableGrid, {
              ref: grid,
              table,
              chosen: chosen.value,
              found: /** @type {any} */ (find.found?.hits ? find.found : null),
              onProfile: choose,
              onFilter: openFilter,
              onCopy: copy,
              onOpen: (/** @type {CellPlace} */ cell) => {
                chosen.value = "";
                opened.value = cell;
              },
            }),
            drawState(),
            note.value ? h("p", { class: "ed-table-note", role: "status" }, note.value) : null,
          ]),
          drawSide(),
        ]),
        drawFilter(),
      ]);
    };

    function drawViews() {
      return h(
        "div",
        { class: "ed-segments ed-views", role: "radiogroup", "aria-label": "What to look at" },
        VIEWS.map(([id, label, name]) =>
          h(
            "button",
            {
              key: id,
              type: "button",
              role: "radio",
              "aria-checked": String(id === props.view),
              onClick: () => emit("view", id),
            },
            [icon(name), h("span", label)],
          ),
        ),
      );
    }

    /** @param {string} name @param {HTMLElement} anchor */
    function openFilter(name, anchor) {
      filtering.value = { name, anchor };
    }

    function drawState() {
      const { isArranging, error, total, query, progress } = table.state.value;
      if (isArranging)
        return h("div", { class: "ed-table-progress", role: "status" }, [
          h("span", { class: "ed-spinner" }),
          h("span", progress?.text || "Looking"),
          progress?.share ? h("span", { class: "ed-muted" }, `${Math.round(progress.share * 100)} %`) : null,
          button("Cancel", { kind: "quiet", onClick: () => table.source.value.cancel() }),
        ]);
      if (error)
        return h("div", { class: "ed-table-failure" }, [
          failedView(error, () => void table.source.value.ask(table.state.value.wanted, true)),
          button("Show the rows as before", { onClick: () => table.source.value.cancel() }),
        ]);
      if (total > 0) return null;
      const isReduced = query.filters.length > 0 || query.search !== "";
      return h("div", { class: "ed-table-failure" }, [
        emptyState(
          "table_rows",
          isReduced ? "No row passes the filters" : "The table has no rows",
          isReduced ? "" : "A filter before this node may have removed them all.",
          isReduced ? [button("Show all rows", { onClick: () => table.ask(PLAIN) })] : [],
        ),
      ]);
    }

    function drawSide() {
      if (opened.value) return h(CellSheet, { table, cell: opened.value, onClose: () => (opened.value = null) });
      const facts = table.profile.columns.get(chosen.value);
      if (facts)
        return h(ColumnProfilePanel, { profile: facts, rows: table.profile.rows, onClose: () => (chosen.value = "") });
      if (!chosen.value) return null;
      return h("aside", { class: "ed-profile" }, [
        table.profile.error ? failedView(table.profile.error, table.profile.reload) : waitingView("Profiling the column"),
      ]);
    }

    function drawFilter() {
      const { name, anchor } = filtering.value ?? {};
      const column = table.state.value.columns.find((item) => item.name === name);
      if (!column || !anchor) return null;
      return h(FilterForm, {
        key: column.name,
        column,
        anchor,
        filter: /** @type {any} */ (table.state.value.wanted.filters.find((item) => item.column === name) ?? null),
        facts: /** @type {any} */ (table.profile.columns.get(column.name) ?? null),
        onApply: (/** @type {any} */ filter) => {
          table.filterBy(column.name, filter);
          filtering.value = null;
        },
        onClose: () => (filtering.value = null),
      });
    }
  },
});
