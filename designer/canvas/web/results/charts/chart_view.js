// Charts of a table: which one and of which columns is chosen above, what it is of is said below.

import { computed, defineComponent, h, onBeforeUnmount, ref, shallowRef, watch } from "vue";
import { newId } from "../../document/identity.js";
import { button, emptyState, icon } from "../../panels/atoms.js";
import { PopMenu } from "../../panels/pop_menu.js";
import { Chart } from "../chart.js";
import { failedView, waitingView } from "../loading.js";
import { isAborted } from "../long_answer.js";
import { isPlain, filterText } from "../table/table_query.js";
import { AGGREGATES, KINDS, chartOf, firstChart, isNumber, isPossible, places } from "./chart_request.js";
import { chartOptions } from "./chart_options.js";
import { asCsv, chartNote, chartRows, leftOutNotes } from "./chart_words.js";

/**
 * @import {Progress} from "../long_answer.js"
 * @import {Table} from "../table/use_table.js"
 * @import {ChartRequest, KnownColumn} from "./chart_request.js"
 */

/** Props: `table`, `column` (the one looked at). The slot `views` is what chooses between rows, profile and charts. */
export const ChartView = defineComponent({
  name: "ChartView",
  props: { table: { type: Object, required: true }, column: { type: String, default: "" } },
  setup(props, { slots }) {
    const table = /** @type {Table} */ (props.table);
    const view = newId();
    /** @type {import("vue").ShallowRef<ChartRequest | null>} */
    const asked = shallowRef(null);
    /** @type {import("vue").ShallowRef<any>} */
    const answer = shallowRef(null);
    /** @type {import("vue").ShallowRef<Progress | null>} */
    const progress = shallowRef(null);
    /** @type {import("vue").ShallowRef<Error | null>} */
    const error = shallowRef(null);
    const share = ref(false);
    /** @type {import("vue").Ref<any>} */
    const drawing = ref(null);
    let leave = new AbortController();

    const columns = computed(() =>
      table.state.value.columns.map(
        (column) => /** @type {KnownColumn} */ (table.profile.columns.get(column.name) ?? column),
      ),
    );
    const options = computed(() => (answer.value ? chartOptions(answer.value, { share: share.value }) : null));
    watch(
      () => [columns.value.length > 0, table.digest(), props.column],
      () => {
        if (columns.value.length) asked.value = firstChart(columns.value, props.column);
      },
      { immediate: true },
    );
    watch([asked, () => table.state.value.query], draw, { immediate: true });
    onBeforeUnmount(() => leave.abort());

    async function draw() {
      leave.abort();
      if (!asked.value) return;
      leave = new AbortController();
      const { signal } = leave;
      const { query } = table.state.value;
      progress.value = {};
      error.value = null;
      try {
        const found = await table.api.chart(
          table.digest(),
          { chart: asked.value, query, view },
          { signal, tell: (said) => !signal.aborted && (progress.value = said) },
        );
        if (signal.aborted) return;
        answer.value = found;
      } catch (failure) {
        if (signal.aborted || isAborted(failure)) return;
        answer.value = null;
        error.value = /** @type {Error} */ (failure);
      }
      progress.value = null;
    }

    function stop() {
      leave.abort();
      progress.value = null;
    }

    return () => {
      const { isReady } = table.state.value;
      if (!isReady) return waitingView("Reading the table");
      if (!asked.value)
        return [
          h("div", { class: "ed-view-bar" }, [slots.views?.()]),
          emptyState("bar_chart", "Nothing to draw", "None of the columns holds numbers, moments or texts."),
        ];
      return [
        h("div", { class: "ed-view-bar" }, [slots.views?.(), h("span", { class: "ed-spacer" }), drawMenu()]),
        h("div", { class: "ed-chart-page" }, [
          h("div", { class: "ed-chart-form" }, [drawKinds(asked.value), ...drawPlaces(asked.value), drawMore(asked.value)]),
          h("div", { class: "ed-chart-main" }, [drawChart(), answer.value && !error.value ? drawNotes() : null]),
        ]),
      ];
    };

    /** @param {ChartRequest} chart */
    function drawKinds(chart) {
      return h(
        "div",
        { class: "ed-chart-kinds", role: "radiogroup", "aria-label": "Kind of chart" },
        KINDS.map(([kind, label, name]) =>
          h(
            "button",
            {
              key: kind,
              type: "button",
              role: "radio",
              "aria-checked": String(chart.kind === kind),
              disabled: !isPossible(kind, columns.value),
              onClick: () => (asked.value = chartOf(kind, columns.value, chart)),
            },
            [icon(name), h("span", label)],
          ),
        ),
      );
    }

    /** @param {ChartRequest} chart */
    function drawPlaces(chart) {
      return places(chart.kind, columns.value).map(({ name, label, columns: fitting, isOptional }) =>
        h("label", { key: name, class: "ed-chart-field" }, [
          h("span", label),
          h(
            "select",
            {
              class: "ed-input ed-select",
              value: chart[name] ?? "",
              onChange: (/** @type {Event} */ event) =>
                change({ [name]: /** @type {HTMLSelectElement} */ (event.target).value || undefined }),
            },
            [
              isOptional ? h("option", { value: "" }, chart.kind === "time_line" && name === "y" ? "count of rows" : "nothing") : null,
              ...fitting.map((column) => h("option", { value: column.name }, column.name)),
            ],
          ),
        ]),
      );
    }

    /** @param {ChartRequest} chart */
    function drawMore(chart) {
      if (chart.kind === "correlation")
        return choice("Between numbers", chart.measure ?? "pearson", [["pearson", "Pearson"], ["spearman", "Spearman (ranks)"]], (value) =>
          change({ measure: /** @type {any} */ (value) }),
        );
      if (chart.kind === "time_line" && chart.y)
        return choice("Show its", chart.aggregate ?? "mean", AGGREGATES.map((name) => [name, name]), (value) => change({ aggregate: value }));
      if (chart.kind === "scatter" && !chart.by)
        return check("Single points of a sample", Boolean(chart.points), () => change({ points: !chart.points }));
      if (chart.kind !== "distribution") return null;
      const column = columns.value.find(({ name }) => name === chart.x);
      return [
        chart.by ? check("As shares of each group", share.value, () => (share.value = !share.value)) : null,
        column && isNumber(column)
          ? check("Without the outer 1 %", Boolean(chart.trimmed), () => change({ trimmed: !chart.trimmed }))
          : null,
      ];
    }

    /** @param {Partial<ChartRequest>} changed */
    function change(changed) {
      asked.value = /** @type {ChartRequest} */ ({ ...asked.value, ...changed });
    }

    function drawChart() {
      if (error.value) return failedView(error.value, draw);
      return h("div", { class: ["ed-chart-place", { "ed-table-busy": progress.value }] }, [
        isNothing(answer.value)
          ? emptyState("bar_chart", "There is nothing to draw", nothingWords(answer.value))
          : options.value
            ? h(Chart, { ref: drawing, options: options.value, label: chartLabel(answer.value) })
            : null,
        progress.value
          ? h("div", { class: "ed-table-progress", role: "status" }, [
              h("span", { class: "ed-spinner" }),
              h("span", progress.value.text || "Drawing"),
              progress.value.share ? h("span", { class: "ed-muted" }, `${Math.round(progress.value.share * 100)} %`) : null,
              button("Cancel", { kind: "quiet", onClick: stop }),
            ])
          : null,
      ]);
    }

    function drawNotes() {
      const { query } = table.state.value;
      const filters = [...(query.search ? [`has “${query.search}”`] : []), ...query.filters.map(filterText)];
      return h("div", { class: "ed-chart-notes" }, [
        h("p", { class: "ed-hint" }, chartNote(answer.value)),
        isPlain(query) || filters.length === 0 ? null : h("p", { class: "ed-hint" }, `Only rows where ${filters.join(" and ")}`),
        ...leftOutNotes(answer.value.left_out instanceof Array ? answer.value.left_out : []).map((note) =>
          h("p", { class: "ed-hint" }, `Left out: ${note}`),
        ),
      ]);
    }

    function drawMenu() {
      const isDrawn = answer.value && !isNothing(answer.value);
      return h(
        PopMenu,
        {
          label: "Save the chart",
          align: "end",
          disabled: !isDrawn,
          items: [
            { label: "Save as PNG", icon: "image", run: () => drawing.value?.save("png", fileName(answer.value)) },
            { label: "Save as SVG", icon: "shape_line", run: () => drawing.value?.save("svg", fileName(answer.value)) },
            { label: "Save its numbers as CSV", icon: "download", run: () => saveText(asCsv(chartRows(answer.value)), `${fileName(answer.value)}.csv`) },
          ],
        },
        { default: () => [icon("download")] },
      );
    }
  },
});

/**
 * @param {string} label
 * @param {string} value
 * @param {string[][]} options
 * @param {(value: string) => void} choose
 */
function choice(label, value, options, choose) {
  return h("label", { class: "ed-chart-field" }, [
    h("span", label),
    h(
      "select",
      {
        class: "ed-input ed-select",
        value,
        onChange: (/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value),
      },
      options.map(([id, words]) => h("option", { value: id }, words)),
    ),
  ]);
}

/** @param {string} label @param {boolean} checked @param {() => void} toggle */
function check(label, checked, toggle) {
  return h("label", { class: "ed-check ed-chart-check" }, [h("input", { type: "checkbox", checked, onChange: toggle }), label]);
}

/** @param {any} answer */
function isNothing(answer) {
  if (!answer) return false;
  if (answer.form === "counts") return answer.values.length === 0;
  if (answer.form === "histogram") return answer.edges.length === 0;
  if (answer.kind === "box") return answer.boxes.length === 0;
  if (answer.kind === "correlation") return answer.columns.length < 2;
  return answer.kind === "distribution" ? false : answer.drawn === 0;
}

/** @param {any} answer */
function nothingWords({ form, others, kind }) {
  if (form === "counts" && others.values > 0) return "Nearly every value is different, so that none is frequent.";
  if (kind === "correlation") return "Fewer than two columns can be compared; the reasons are below.";
  return "All values of these columns are missing.";
}

/** @param {any} answer */
function chartLabel({ kind, x, y }) {
  const words = KINDS.find(([id]) => id === kind)?.[1] ?? "Chart";
  return [words, [x?.name, y?.name].filter(Boolean).join(" and ")].filter(Boolean).join(" of ");
}

/** @param {any} answer */
function fileName(answer) {
  return chartLabel(answer).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");
}

/** @param {string} text @param {string} name */
function saveText(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
