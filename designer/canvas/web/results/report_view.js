// A report of an evaluation: metrics of one or two models side by side, and the charts that belong to its task.

import { computed, defineComponent, h, ref, shallowRef, watch } from "vue";
import { emptyState, icon } from "../panels/atoms.js";
import { Chart } from "./chart.js";
import { ConfusionMatrix } from "./confusion_matrix.js";
import { formatCount, formatName, formatNumber } from "./format.js";
import { clusterMapOptions, curveOptions, histogramOptions, scatterOptions } from "./report_charts.js";
import { betterOf, countsAt, metricsOf, orderMetrics } from "./threshold.js";

/**
 * @typedef {{name: string, title?: string, rows?: number, metrics?: Record<string, number | null>, charts?: Record<string, any>}} ReportModel
 * @typedef {{format: number, task: string, models: ReportModel[]}} Report
 */

/** Props: `document`, a report; `titles`, what people call the models, by input port. */
export const ReportView = defineComponent({
  name: "ReportView",
  props: { document: { type: Object, required: true }, titles: { type: Object, default: () => ({}) } },
  setup(props) {
    const models = computed(() => (/** @type {Report} */ (props.document).models ?? []).map((model) => ({ ...model, title: props.titles[model.name] ?? model.title })));
    const threshold = ref(0.5);
    const chosen = ref("");
    const charts = computed(() => reportCharts(models.value));
    const shown = computed(() => charts.value.find((chart) => chart.id === chosen.value) ?? charts.value[0]);
    /** @type {import("vue").ShallowRef<any>} */
    const options = shallowRef(null);
    const point = computed(() => rocPoint(models.value[0], threshold.value));
    watch([shown, point], () => (options.value = shown.value?.options(shown.value.id === "roc" ? point.value : null) ?? null), { immediate: true });

    return () => {
      if (models.value.length === 0) return emptyState("assessment", "The report is empty", "Evaluate Model writes metrics and charts here.");
      return h("div", { class: "ed-report" }, [
        drawMetrics(models.value),
        h("div", { class: "ed-report-main" }, [
          shown.value
            ? h("section", { class: "ed-report-charts" }, [
                charts.value.length === 1 ? h("h4", shown.value.title) : h(
                  "div",
                  { class: "ed-segments", role: "radiogroup", "aria-label": "Chart" },
                  charts.value.map((chart) => h("button", { key: chart.id, type: "button", role: "radio", "aria-checked": String(chart.id === shown.value?.id), onClick: () => (chosen.value = chart.id) }, chart.title)),
                ),
                options.value ? h(Chart, { key: shown.value.id, options: options.value, label: `${shown.value.title} of ${models.value.map(titleOf).join(" and ")}` }) : null,
                shown.value.note ? h("p", { class: "ed-hint" }, shown.value.note) : null,
              ])
            : null,
          h("div", { class: "ed-report-sides" }, models.value.map((model, index) => drawTables(model, index, models.value.length, threshold))),
        ]),
      ]);
    };
  },
});

/**
 * Metrics as tiles; with two models as a table that marks the better one.
 *
 * @param {ReportModel[]} models
 */
function drawMetrics(models) {
  const names = orderMetrics(models.flatMap((model) => Object.keys(model.metrics ?? {})));
  const [only, ...others] = models;
  if (only && others.length === 0) {
    return h("div", { class: "ed-tiles" }, [
      ...names.map((name) => h("div", { key: name, class: "ed-tile" }, [h("span", { class: "ed-tile-name" }, formatName(name)), h("span", { class: "ed-tile-value" }, formatNumber(only.metrics?.[name]))])),
      only.rows ? h("div", { class: "ed-tile ed-tile-quiet" }, [h("span", { class: "ed-tile-name" }, "Rows"), h("span", { class: "ed-tile-value" }, formatNumber(only.rows))]) : null,
    ]);
  }
  return h("div", { class: "ed-compare-scroll" }, [
    h("table", { class: "ed-compare" }, [
      h("thead", [h("tr", [h("td"), ...names.map((name) => h("th", { scope: "col" }, formatName(name)))])]),
      h(
        "tbody",
        models.map((model, row) =>
          h("tr", { key: model.name }, [
            h("th", { scope: "row" }, [h("span", { class: `ed-series ed-series-${row}` }), titleOf(model), model.rows ? h("span", { class: "ed-muted" }, formatCount(model.rows, "row")) : null]),
            ...names.map((name) => {
              const better = betterOf(name, models.map((item) => item.metrics?.[name])) === row;
              return h("td", { class: { "ed-better": better } }, [formatNumber(model.metrics?.[name]), better ? h("span", { class: "ed-better-mark", "data-tip": "The better one" }, [icon("arrow_drop_up"), h("span", { class: "ed-hidden" }, "better")]) : null]);
            }),
          ]),
        ),
      ),
    ]),
  ]);
}

/**
 * Confusion matrix, threshold and cluster sizes of one model.
 *
 * @param {ReportModel} model
 * @param {number} index
 * @param {number} count
 * @param {import("vue").Ref<number>} threshold
 */
function drawTables(model, index, count, threshold) {
  const { confusion, threshold_table: table, clusters } = model.charts ?? {};
  if (!confusion && !table && !clusters) return null;
  const at = table ? countsAt(table, threshold.value) : null;
  const counts = at && confusion?.labels.length === 2 ? [[at.tn, at.fp], [at.fn, at.tp]] : confusion?.counts;
  return h("section", { key: model.name, class: "ed-report-side" }, [
    count > 1 ? h("h4", [h("span", { class: `ed-series ed-series-${index}` }), titleOf(model)]) : null,
    at && index === 0 ? drawThreshold(at, threshold, confusion?.labels?.[1]) : null,
    at ? drawThresholdMetrics(at) : null,
    confusion ? h(ConfusionMatrix, { labels: confusion.labels, counts }) : null,
    clusters ? drawClusters(clusters) : null,
  ]);
}

/**
 * @param {import("./threshold.js").ThresholdCounts} at
 * @param {import("vue").Ref<number>} threshold
 * @param {unknown} positive
 */
function drawThreshold(at, threshold, positive) {
  return h("div", { class: "ed-threshold" }, [
    h("label", [
      h("span", [`Threshold ${at.threshold.toFixed(2)}`, positive === undefined ? null : h("span", { class: "ed-muted" }, ` from here on “${positive}”`)]),
      h("input", {
        type: "range",
        class: "ed-slider",
        min: 0,
        max: 1,
        step: 0.01,
        value: threshold.value,
        style: { "--share": `${threshold.value * 100}%` },
        onInput: (/** @type {Event} */ event) => (threshold.value = Number(/** @type {HTMLInputElement} */ (event.target).value)),
        onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
      }),
    ]),
  ]);
}

/** @param {import("./threshold.js").ThresholdCounts} at */
function drawThresholdMetrics(at) {
  return h(
    "dl",
    { class: "ed-threshold-metrics" },
    Object.entries(metricsOf(at)).map(([name, value]) => h("div", { key: name }, [h("dt", formatName(name)), h("dd", value === null ? "–" : formatNumber(value, 3))])),
  );
}

/** @param {Record<string, any[]>} clusters */
function drawClusters(clusters) {
  const columns = Object.keys(CLUSTER_FACTS).filter((name) => Array.isArray(clusters[name]));
  return h("div", { class: "ed-compare-scroll" }, h("table", { class: "ed-compare" }, [
    h("thead", [h("tr", [h("th", { scope: "col" }, "Cluster"), ...columns.map((name) => h("th", { scope: "col" }, CLUSTER_FACTS[name]))])]),
    h(
      "tbody",
      (clusters.labels ?? []).map((label, row) => h("tr", { key: row }, [h("th", { scope: "row" }, String(label)), ...columns.map((name) => h("td", formatNumber(clusters[name]?.[row])))])),
    ),
  ]));
}

/** @type {Record<string, string>} */
const CLUSTER_FACTS = {
  sizes: "Rows",
  average_distance_to_own_center: "Mean distance to its centre",
  average_distance_to_other_center: "to the other centres",
  maximum_distance: "Largest",
};

/**
 * The charts that the models of a report have.
 *
 * @param {ReportModel[]} models
 * @returns {{id: string, title: string, note?: string, options: (mark: [number, number] | null) => import("./chart.js").ChartOptions}[]}
 */
function reportCharts(models) {
  /** @param {string} name */
  const parts = (name) => models.filter((model) => model.charts?.[name]).map((model) => ({ title: titleOf(model), ...model.charts?.[name] }));
  const found = [];
  const roc = parts("roc");
  if (roc.length) found.push({ id: "roc", title: "ROC", options: (/** @type {[number, number] | null} */ mark) => curveOptions(roc, { x: "false positive rate", y: "true positive rate", baseline: [[0, 1], [0, 1]], mark }) });
  const recall = parts("precision_recall");
  if (recall.length) found.push({ id: "precision_recall", title: "Precision and recall", options: () => curveOptions(recall, { x: "recall", y: "precision" }) });
  const lift = parts("lift");
  if (lift.length) found.push({ id: "lift", title: "Lift", options: () => curveOptions(lift, { x: "share of rows", y: "lift", baseline: [[0, 1], [1, 1]], free: true }) });
  found.push(...residualCharts(parts("residuals"), parts("residual_histogram")));
  const [map] = parts("cluster_map");
  if (map) found.push({ id: "cluster_map", title: "Cluster map", options: () => clusterMapOptions(map) });
  return found;
}

/**
 * @param {any[]} residuals
 * @param {any[]} histograms
 */
function residualCharts(residuals, histograms) {
  const found = [];
  const note = residuals.some((item) => item.sampled) ? "A sample of the rows." : undefined;
  if (residuals.length) {
    found.push({ id: "actual", title: "Predicted and actual", note, options: () => scatterOptions(residuals.map((item) => ({ title: item.title, x: item.actual, y: item.predicted })), { x: "actual", y: "predicted", line: "diagonal" }) });
    found.push({ id: "residuals", title: "Residuals", note, options: () => scatterOptions(residuals.map((item) => ({ title: item.title, x: item.predicted, y: item.residual })), { x: "predicted", y: "residual", line: "zero" }) });
  }
  if (histograms.length) found.push({ id: "residual_histogram", title: "Histogram of residuals", options: () => histogramOptions(histograms, "residual") });
  return found;
}

/**
 * Where the threshold lies on the ROC curve of the first model.
 *
 * @param {ReportModel | undefined} model
 * @param {number} threshold
 * @returns {[number, number] | null}
 */
function rocPoint(model, threshold) {
  const table = model?.charts?.threshold_table;
  if (!table) return null;
  const { tp, fp, tn, fn } = countsAt(table, threshold);
  return fp + tn && tp + fn ? [fp / (fp + tn), tp / (tp + fn)] : null;
}

/** @param {ReportModel} model */
function titleOf(model) {
  return model.title || formatName(model.name);
}
