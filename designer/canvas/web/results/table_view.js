// A table of any length: only the rows and columns on screen exist; pages are fetched as they are needed.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowReactive, shallowRef, watch } from "vue";
import { button, emptyState, icon } from "../panels/atoms.js";
import { PopMenu } from "../panels/pop_menu.js";
import { ColumnProfilePanel } from "./column_profile.js";
import { decimalsOf, formatCount, formatShare } from "./format.js";
import { failedView, waitingView } from "./loading.js";
import { drawCell, isNumberType, typeIcon } from "./table_cells.js";
import { miniHistogram } from "./mini_histogram.js";
import { BLOCK_ROWS, blocksFor, columnWidths, columnWindow, ROW_PX, rowWindow } from "./table_window.js";

/**
 * @import {ArtifactApi, ColumnProfile, TableColumn, TableProfile} from "./artifact_api.js"
 */

const SEARCH_MS = 250;

/** Props: `api`, `digest`. */
export const TableView = defineComponent({
  name: "TableView",
  props: { api: { type: Object, required: true }, digest: { type: String, required: true } },
  setup(props) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const table = usePages(api, () => props.digest);
    /** @type {import("vue").ShallowRef<TableProfile | null>} */
    const profile = shallowRef(null);
    const chosen = ref("");
    const view = shallowReactive({ top: 0, left: 0, width: 800, height: 240 });
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const scroller = ref(null);

    watch(() => props.digest, loadProfile, { immediate: true });
    async function loadProfile() {
      profile.value = null;
      const digest = props.digest;
      const answer = await api.profile(digest).catch(() => null);
      if (digest === props.digest) profile.value = answer;
    }

    const widths = computed(() => columnWidths(table.columns.value, table.sample.value));
    const decimals = computed(() => table.columns.value.map((_, index) => decimalsOf(table.sample.value.map((row) => row[index]))));
    const lefts = computed(() => widths.value.reduce((sums, width) => [...sums, /** @type {number} */ (sums.at(-1)) + width], [0]));
    const rows = computed(() => rowWindow({ scrollTop: view.top, viewport: view.height, total: table.total.value }));
    const columns = computed(() => columnWindow({ scrollLeft: view.left, viewport: view.width, lefts: lefts.value }));
    const profiles = computed(() => new Map((profile.value?.columns ?? []).map((item) => [item.name, item])));

    watch(rows, ({ first, last }) => table.need(first, last), { immediate: true });
    watch(
      () => [props.digest, table.query.sort, table.query.descending, table.query.search],
      () => nextTick(() => scroller.value?.scrollTo({ top: 0 })),
    );

    const observer = new ResizeObserver(() => measure());
    onMounted(() => scroller.value && observer.observe(scroller.value));
    watch(scroller, (element) => {
      observer.disconnect();
      if (element) observer.observe(element);
    });
    onBeforeUnmount(() => observer.disconnect());

    function measure() {
      const element = scroller.value;
      if (!element) return;
      Object.assign(view, { top: element.scrollTop, left: element.scrollLeft, width: element.clientWidth, height: element.clientHeight });
    }

    /** @param {string} name */
    function sortBy(name) {
      const { query } = table;
      if (query.sort !== name) Object.assign(query, { sort: name, descending: false });
      else if (!query.descending) query.descending = true;
      else Object.assign(query, { sort: "", descending: false });
    }

    return () => {
      if (table.error.value) return failedView(table.error.value, table.reload);
      if (!table.ready.value) return waitingView("Reading the table");
      const shown = table.columns.value.slice(columns.value.first, columns.value.last);
      return h("div", { class: "ed-table-view" }, [
        drawBar(table, api, props.digest),
        h("div", { class: "ed-table-main" }, [
          h("div", { ref: scroller, class: "ed-table-scroll", tabindex: 0, role: "region", "aria-label": "Table rows", onScroll: measure }, [
            drawHead(shown, { table, lefts: lefts.value, widths: widths.value, first: columns.value.first, profiles: profiles.value, rows: profile.value?.rows ?? 0, chosen: chosen.value, sortBy, choose: (name) => (chosen.value = chosen.value === name ? "" : name) }),
            h("div", { class: "ed-table-body", style: { height: `${rows.value.height}px`, width: `${lefts.value.at(-1)}px` } }, [
              drawRows(table, rows.value, { shown, first: columns.value.first, lefts: lefts.value, widths: widths.value, decimals: decimals.value }),
            ]),
            table.total.value === 0
              ? emptyState("table_rows", table.query.search ? "No row matches the search" : "The table has no rows", table.query.search ? "" : "A filter before this node may have removed them all.", table.query.search ? [button("Clear the search", { onClick: () => (table.query.search = "") })] : [])
              : null,
          ]),
          profiles.value.has(chosen.value)
            ? h(ColumnProfilePanel, { profile: /** @type {any} */ (profiles.value.get(chosen.value)), rows: profile.value?.rows ?? 0, onClose: () => (chosen.value = "") })
            : null,
        ]),
      ]);
    };
  },
});

/**
 * The pages of one table under one sorting and search.
 *
 * @param {ArtifactApi} api
 * @param {() => string} digest
 */
function usePages(api, digest) {
  const query = shallowReactive({ sort: "", descending: false, search: "" });
  /** @type {import("vue").ShallowRef<TableColumn[]>} */
  const columns = shallowRef([]);
  /** @type {import("vue").ShallowRef<unknown[][]>} */
  const sample = shallowRef([]);
  /** @type {Map<number, unknown[][]>} */
  const blocks = shallowReactive(new Map());
  const total = ref(0);
  const ready = ref(false);
  /** @type {import("vue").ShallowRef<Error | null>} */
  const error = shallowRef(null);
  let abort = new AbortController();
  /** @type {Set<number>} */
  const asked = new Set();

  /** @param {number} offset */
  async function fetchBlock(offset) {
    if (asked.has(offset)) return;
    asked.add(offset);
    const { signal } = abort;
    try {
      const page = await api.page(digest(), { offset, limit: BLOCK_ROWS, ...query }, signal);
      if (signal.aborted) return;
      if (!ready.value) sample.value = page.rows;
      columns.value = page.columns;
      total.value = page.total;
      blocks.set(offset, page.rows);
      ready.value = true;
    } catch (failure) {
      asked.delete(offset);
      if (!signal.aborted) error.value = /** @type {Error} */ (failure);
    }
  }

  /** @param {boolean} all forget the columns too */
  function restart(all) {
    abort.abort();
    abort = new AbortController();
    asked.clear();
    blocks.clear();
    error.value = null;
    if (all) ready.value = false;
    void fetchBlock(0);
  }

  watch(
    digest,
    () => {
      Object.assign(query, { sort: "", descending: false, search: "" });
      restart(true);
    },
    { immediate: true },
  );
  watch(
    () => [query.sort, query.descending, query.search],
    () => restart(false),
  );
  onBeforeUnmount(() => abort.abort());

  return {
    query,
    columns,
    sample,
    total,
    ready,
    error,
    reload: () => restart(true),
    /** @param {number} first @param {number} last */
    need: (first, last) => {
      if (ready.value) blocksFor(first, last).forEach(fetchBlock);
    },
    /** @param {number} index */
    row: (index) => blocks.get(Math.floor(index / BLOCK_ROWS) * BLOCK_ROWS)?.[index % BLOCK_ROWS] ?? null,
  };
}

/**
 * @param {ReturnType<typeof usePages>} table
 * @param {ArtifactApi} api
 * @param {string} digest
 */
function drawBar(table, api, digest) {
  const formats = /** @type {const} */ ([
    ["csv", "CSV"],
    ["parquet", "Parquet"],
    ["arrow", "Arrow"],
  ]);
  return h("div", { class: "ed-view-bar" }, [
    h("span", { class: "ed-view-facts" }, `${formatCount(table.total.value, table.query.search ? "matching row" : "row")} × ${formatCount(table.columns.value.length, "column")}`),
    h("span", { class: "ed-spacer" }),
    h("label", { class: "ed-search ed-search-small" }, [
      icon("search"),
      h("input", {
        type: "search",
        placeholder: "Search rows",
        "aria-label": "Search rows",
        value: table.query.search,
        onInput: debounce((/** @type {Event} */ event) => (table.query.search = /** @type {HTMLInputElement} */ (event.target).value.trim()), SEARCH_MS),
        onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
      }),
    ]),
    h(
      PopMenu,
      {
        label: "Download",
        align: "end",
        items: formats.map(([format, label]) => ({ label: `Download as ${label}`, icon: "download", run: () => download(api.downloadUrl(digest, format)) })),
      },
      { default: () => [icon("download")] },
    ),
  ]);
}

/**
 * @param {TableColumn[]} shown
 * @param {{table: ReturnType<typeof usePages>, lefts: number[], widths: number[], first: number, profiles: Map<string, ColumnProfile>, rows: number, chosen: string, sortBy: (name: string) => void, choose: (name: string) => void}} options
 */
function drawHead(shown, { table, lefts, widths, first, profiles, rows, chosen, sortBy, choose }) {
  return h(
    "div",
    { class: "ed-table-head", style: { width: `${lefts.at(-1)}px` } },
    shown.map((column, index) => {
      const at = first + index;
      const profile = profiles.get(column.name);
      const sorted = table.query.sort === column.name;
      const style = { left: `${lefts[at]}px`, width: `${widths[at]}px` };
      return h("div", { key: at, class: ["ed-table-th", { "ed-table-th-chosen": chosen === column.name, "ed-table-number": isNumberType(column.type) }], style }, [
        h("button", { type: "button", class: "ed-table-name", "data-tip": `${column.name} · ${column.type}. Click to sort.`, onClick: () => sortBy(column.name) }, [
          icon(typeIcon(column)),
          h("span", column.name),
          sorted ? icon(table.query.descending ? "arrow_downward" : "arrow_upward", "ed-table-sort") : null,
        ]),
        h("button", { type: "button", class: "ed-table-profile", "aria-label": `Profile of ${column.name}`, onClick: () => choose(column.name) }, [
          profile ? miniHistogram(profile, rows) : h("span", { class: "ed-mini" }),
          h("span", { class: "ed-table-facts" }, [
            column.role ? h("span", { class: `ed-role ed-role-${column.role}` }, column.role) : null,
            profile && profile.nulls > 0 && rows > 0 ? h("span", { class: "ed-null-share" }, `${formatShare(profile.nulls / rows)} null`) : null,
          ]),
        ]),
      ]);
    }),
  );
}

/**
 * @param {ReturnType<typeof usePages>} table
 * @param {import("./table_window.js").RowWindow} rows
 * @param {{shown: TableColumn[], first: number, lefts: number[], widths: number[], decimals: (number | null)[]}} columns
 */
function drawRows(table, rows, { shown, first, lefts, widths, decimals }) {
  const drawn = [];
  for (let index = rows.first; index < rows.last; index += 1) {
    const row = table.row(index);
    drawn.push(
      h(
        "div",
        { key: index, class: ["ed-table-row", { "ed-table-odd": index % 2 }], style: { top: `${rows.top + (index - rows.first) * ROW_PX}px` } },
        shown.map((column, at) => drawCell(row ? row[first + at] : undefined, column, { left: lefts[first + at] ?? 0, width: widths[first + at] ?? 0, decimals: decimals[first + at] ?? null })),
      ),
    );
  }
  return drawn;
}

/** @param {string} url */
function download(url) {
  const link = Object.assign(document.createElement("a"), { href: url, download: "" });
  link.click();
}

/**
 * @param {(event: Event) => void} handler
 * @param {number} wait_ms
 */
function debounce(handler, wait_ms) {
  let timer = 0;
  return (/** @type {Event} */ event) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => handler(event), wait_ms);
  };
}

