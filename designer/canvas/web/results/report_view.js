// A report of an evaluation: metrics of one or two models side by side, and the charts that belong to its task.

import { computed, defineComponent, h, ref, shallowRef, watch } from "vue";
import { emptyState } from "../panels/atoms.js";
import { Chart } from "./chart.js";
import { clusterMapOptions, curveOptions, histogramOptions, scatterOptions } from "./report_charts.js";
import { drawMetrics, drawTables, titleOf } from "./report_tables.js";
import { countsAt } from "./threshold.js";

/**
 * @import {ReportModel} from "./report_tables.js"
 * @typedef {{format: number, task: string, models: ReportModel[]}} Report
 */

/** Props: `document`, a report; `titles`, what people call the models, by input port. */
export const ReportView = defineComponent({
  name: "ReportView",
  props: { document: { type: Object, required: true }, titles: { type: Object, default: () => ({}) } },
  setup(props) {
    const models = computed(() =>
      readModels(props.document).map((model) => ({
        ...model,
        title: props.titles[model.name] ?? model.title,
      })),
    );
    const threshold = ref(0.5);
    const chosen = ref("");
    const charts = computed(() => reportCharts(models.value));
    const shown = computed(() => charts.value.find((chart) => chart.id === chosen.value) ?? charts.value[0]);
    /** @type {import("vue").ShallowRef<any>} */
    const options = shallowRef(null);
    const point = computed(() => rocPoint(models.value[0], threshold.value));
    watch(
      [shown, point],
      () => (options.value = shown.value?.options(shown.value.id === "roc" ? point.value : null) ?? null),
      { immediate: true },
    );

    return () => {
      if (models.value.length === 0)
        return emptyState("assessment", "The report is empty", "Evaluate Model writes metrics and charts here.");
      return h("div", { class: "ed-report" }, [
        drawMetrics(models.value),
        h("div", { class: "ed-report-main" }, [
          shown.value
            ? h("section", { class: "ed-report-charts" }, [
                charts.value.length === 1
                  ? h("h4", shown.value.title)
                  : h(
                      "div",
                      { class: "ed-segments", role: "radiogroup", "aria-label": "Chart" },
                      charts.value.map((chart) =>
                        h(
                          "button",
                          {
                            key: chart.id,
                            type: "button",
                            role: "radio",
                            "aria-checked": String(chart.id === shown.value?.id),
                            onClick: () => (chosen.value = chart.id),
                          },
                          chart.title,
                        ),
                      ),
                    ),
                options.value
                  ? h(Chart, {
                      key: shown.value.id,
                      options: options.value,
                      label: `${shown.value.title} of ${models.value.map(titleOf).join(" and ")}`,
                    })
                  : null,
                shown.value.note ? h("p", { class: "ed-hint" }, shown.value.note) : null,
              ])
            : null,
          h(
            "div",
            { class: "ed-report-sides" },
            models.value.map((model, index) => drawTables(model, index, models.value.length, threshold)),
          ),
        ]),
      ]);
    };
  },
});

/**
 * The charts that the models of a report have.
 *
 * @param {ReportModel[]} models
 * @returns {{id: string, title: string, note?: string, options: (mark: [number, number] | null) => import("./chart.js").ChartOptions}[]}
 */
function reportCharts(models) {
  /** @param {string} name */
  const parts = (name) =>
    models.filter((model) => model.charts?.[name]).map((model) => ({ title: titleOf(model), ...model.charts?.[name] }));
  const found = [];
  const roc = parts("roc");
  if (roc.length)
    found.push({
      id: "roc",
      title: "ROC",
      options: (/** @type {[number, number] | null} */ mark) =>
        curveOptions(roc, {
          x: "false positive rate",
          y: "true positive rate",
          baseline: [
            [0, 1],
            [0, 1],
          ],
          mark,
        }),
    });
  const recall = parts("precision_recall");
  if (recall.length)
    found.push({
      id: "precision_recall",
      title: "Precision and recall",
      options: () => curveOptions(recall, { x: "recall", y: "precision" }),
    });
  const lift = parts("lift");
  if (lift.length)
    found.push({
      id: "lift",
      title: "Lift",
      options: () =>
        curveOptions(lift, {
          x: "share of rows",
          y: "lift",
          baseline: [
            [0, 1],
            [1, 1],
          ],
          free: true,
        }),
    });
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
    found.push({
      id: "actual",
      title: "Predicted and actual",
      note,
      options: () =>
        scatterOptions(
          residuals.map((item) => ({ title: item.title, x: item.actual, y: item.predicted })),
          { x: "actual", y: "predicted", line: "diagonal" },
        ),
    });
    found.push({
      id: "residuals",
      title: "Residuals",
      note,
      options: () =>
        scatterOptions(
          residuals.map((item) => ({ title: item.title, x: item.predicted, y: item.residual })),
          { x: "predicted", y: "residual", line: "zero" },
        ),
    });
  }
  if (histograms.length)
    found.push({
      id: "residual_histogram",
      title: "Histogram of residuals",
      options: () => histogramOptions(histograms, "residual"),
    });
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

/**
 * @param {Partial<Report>} report
 * @returns {ReportModel[]}
 */
function readModels({ models = [] }) {
  return models;
}
