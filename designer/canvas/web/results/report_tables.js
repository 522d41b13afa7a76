// The tables of a report: metrics, the threshold with its counts, the confusion matrix, the clusters.

import { h } from "vue";
import { icon } from "../panels/atoms.js";
import { ConfusionMatrix } from "./confusion_matrix.js";
import { formatCount, formatName, formatNumber } from "./format.js";
import { betterOf, countsAt, metricsOf, orderMetrics } from "./threshold.js";

/**
 * @typedef {{name: string, title?: string, rows?: number, metrics?: Record<string, number | null>, charts?: Record<string, any>}} ReportModel
 */

/**
 * Metrics as tiles; with two models as a table that marks the better one.
 *
 * @param {ReportModel[]} models
 */
export function drawMetrics(models) {
  const names = orderMetrics(models.flatMap((model) => Object.keys(model.metrics ?? {})));
  const [only, ...others] = models;
  if (only && others.length === 0) {
    return h("div", { class: "ed-tiles" }, [
      ...names.map((name) =>
        h("div", { key: name, class: "ed-tile" }, [
          h("span", { class: "ed-tile-name" }, formatName(name)),
          h("span", { class: "ed-tile-value" }, formatNumber(only.metrics?.[name])),
        ]),
      ),
      only.rows
        ? h("div", { class: "ed-tile ed-tile-quiet" }, [
            h("span", { class: "ed-tile-name" }, "Rows"),
            h("span", { class: "ed-tile-value" }, formatNumber(only.rows)),
          ])
        : null,
    ]);
  }
  return h("div", { class: "ed-compare-scroll" }, [
    h("table", { class: "ed-compare" }, [
      h("thead", [h("tr", [h("td"), ...names.map((name) => h("th", { scope: "col" }, formatName(name)))])]),
      h(
        "tbody",
        models.map((model, row) =>
          h("tr", { key: model.name }, [
            h("th", { scope: "row" }, [
              h("span", { class: `ed-series ed-series-${row}` }),
              titleOf(model),
              model.rows ? h("span", { class: "ed-muted" }, formatCount(model.rows, "row")) : null,
            ]),
            ...names.map((name) => {
              const better =
                betterOf(
                  name,
                  models.map((item) => item.metrics?.[name]),
                ) === row;
              return h("td", { class: { "ed-better": better } }, [
                formatNumber(model.metrics?.[name]),
                better
                  ? h("span", { class: "ed-better-mark", "data-tip": "The better one" }, [
                      icon("arrow_drop_up"),
                      h("span", { class: "ed-hidden" }, "better"),
                    ])
                  : null,
              ]);
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
export function drawTables(model, index, count, threshold) {
  const { confusion, threshold_table: table, clusters } = model.charts ?? {};
  if (!confusion && !table && !clusters) return null;
  const at = table ? countsAt(table, threshold.value) : null;
  const counts =
    at && confusion?.labels.length === 2
      ? [
          [at.tn, at.fp],
          [at.fn, at.tp],
        ]
      : confusion?.counts;
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
      h("span", [
        `Threshold ${at.threshold.toFixed(2)}`,
        positive === undefined ? null : h("span", { class: "ed-muted" }, ` from here on “${positive}”`),
      ]),
      h("input", {
        type: "range",
        class: "ed-slider",
        min: 0,
        max: 1,
        step: 0.01,
        value: threshold.value,
        style: { "--share": `${threshold.value * 100}%` },
        onInput: (/** @type {Event} */ event) =>
          (threshold.value = Number(/** @type {HTMLInputElement} */ (event.target).value)),
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
    Object.entries(metricsOf(at)).map(([name, value]) =>
      h("div", { key: name }, [h("dt", formatName(name)), h("dd", value === null ? "–" : formatNumber(value, 3))]),
    ),
  );
}

/** @param {Record<string, any[]>} clusters */
function drawClusters(clusters) {
  const columns = Object.keys(CLUSTER_FACTS).filter((name) => Array.isArray(clusters[name]));
  return h(
    "div",
    { class: "ed-compare-scroll" },
    h("table", { class: "ed-compare" }, [
      h("thead", [
        h("tr", [
          h("th", { scope: "col" }, "Cluster"),
          ...columns.map((name) => h("th", { scope: "col" }, CLUSTER_FACTS[name])),
        ]),
      ]),
      h(
        "tbody",
        (clusters.labels ?? []).map((label, row) =>
          h("tr", { key: row }, [
            h("th", { scope: "row" }, String(label)),
            ...columns.map((name) => h("td", formatNumber(clusters[name]?.[row]))),
          ]),
        ),
      ),
    ]),
  );
}

/** @type {Record<string, string>} */
const CLUSTER_FACTS = {
  sizes: "Rows",
  average_distance_to_own_center: "Mean distance to its centre",
  average_distance_to_other_center: "to the other centres",
  maximum_distance: "Largest",
};

/** @param {ReportModel} model */
export function titleOf(model) {
  return model.title || formatName(model.name);
}
