// A table of any length: only the rows and columns on screen exist; pages are fetched as they are needed.

import {
  computed,
  defineComponent,
  h,
  nextTick,
  onBeforeUnmount,
  onMounted,
  ref,
  shallowReactive,
  shallowRef,
  watch,
} from "vue";
import { button, emptyState } from "../panels/atoms.js";
import { ColumnProfilePanel } from "./column_profile.js";
import { decimalsOf } from "./format.js";
import { failedView, waitingView } from "./loading.js";
import { usePages } from "./table_pages.js";
import { drawBar, drawHead, drawRows } from "./table_parts.js";
import { columnWidths, columnWindow, rowWindow, runningSums } from "./table_window.js";

/**
 * @import {ArtifactApi, TableProfile} from "./artifact_api.js"
 */

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
    const decimals = computed(() =>
      table.columns.value.map((_, index) => decimalsOf(table.sample.value.map((row) => row[index]))),
    );
    const lefts = computed(() => runningSums(widths.value));
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
      Object.assign(view, {
        top: element.scrollTop,
        left: element.scrollLeft,
        width: element.clientWidth,
        height: element.clientHeight,
      });
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
          h(
            "div",
            {
              ref: scroller,
              class: "ed-table-scroll",
              tabindex: 0,
              role: "region",
              "aria-label": "Table rows",
              onScroll: measure,
            },
            [
              drawHead(shown, {
                table,
                lefts: lefts.value,
                widths: widths.value,
                first: columns.value.first,
                profiles: profiles.value,
                rows: profile.value?.rows ?? 0,
                chosen: chosen.value,
                sortBy,
                choose: (name) => (chosen.value = chosen.value === name ? "" : name),
              }),
              h(
                "div",
                {
                  class: "ed-table-body",
                  style: { height: `${rows.value.height}px`, width: `${lefts.value.at(-1)}px` },
                },
                [
                  drawRows(table, rows.value, {
                    shown,
                    first: columns.value.first,
                    lefts: lefts.value,
                    widths: widths.value,
                    decimals: decimals.value,
                  }),
                ],
              ),
              table.total.value === 0
                ? emptyState(
                    "table_rows",
                    table.query.search ? "No row matches the search" : "The table has no rows",
                    table.query.search ? "" : "A filter before this node may have removed them all.",
                    table.query.search
                      ? [button("Clear the search", { onClick: () => (table.query.search = "") })]
                      : [],
                  )
                : null,
            ],
          ),
          profiles.value.has(chosen.value)
            ? h(ColumnProfilePanel, {
                profile: /** @type {any} */ (profiles.value.get(chosen.value)),
                rows: profile.value?.rows ?? 0,
                onClose: () => (chosen.value = ""),
              })
            : null,
        ]),
      ]);
    };
  },
});
