import assert from "node:assert/strict";
import { test } from "node:test";
import "../without_vue/register.js";

const { rowShares } = await import("../../../designer/canvas/web/results/confusion_matrix.js");
const { decimalsOf, formatBytes, formatClock, formatName, formatNumber, formatSeconds, formatShare } =
  await import("../../../designer/canvas/web/results/format.js");
const { readSeries } = await import("../../../designer/canvas/web/results/metrics_view.js");
const { squeeze } = await import("../../../designer/canvas/web/results/table/mini_histogram.js");
const { readWeights } = await import("../../../designer/canvas/web/results/model_weights.js");
const { stepTabs } = await import("../../../designer/canvas/web/results/step_tabs.js");
const { betterOf, countsAt, metricsOf, orderMetrics } =
  await import("../../../designer/canvas/web/results/threshold.js");

test("numbers are short, grouped and keep small values visible", () => {
  assert.equal(formatNumber(1234567), "1,234,567");
  assert.equal(formatNumber(0.123456), "0.1235");
  assert.equal(formatNumber(-0.00001234), "−1.234e-5");
  assert.equal(formatNumber(12345.678), "12,346");
  assert.equal(formatNumber({ $number: "NaN" }), "NaN");
  assert.equal(formatNumber({ $number: "-Infinity" }), "−∞");
  assert.equal(formatNumber(null), "–");
});

test("a column's digits follow its values, unless that would hide small ones", () => {
  assert.equal(decimalsOf([1.5, 2, 3.25, null]), 2);
  assert.equal(decimalsOf([1, 2, 3]), 0);
  assert.equal(decimalsOf([1.5, 0.00002]), null);
});

test("bytes, seconds, clock and shares are said as people say them", () => {
  assert.deepEqual([formatBytes(512), formatBytes(48213), formatBytes(2_500_000_000)], ["512 B", "48.2 kB", "2.5 GB"]);
  assert.deepEqual(
    [formatSeconds(0.0384), formatSeconds(2.41), formatSeconds(185), formatSeconds(3725)],
    ["38 ms", "2.4 s", "3 min 05 s", "1 h 02 min"],
  );
  assert.deepEqual([formatClock(7.9), formatClock(3753)], ["0:07", "1:02:33"]);
  assert.deepEqual(
    [formatShare(0.5), formatShare(0.0004), formatShare(0.9999), formatShare(0.051)],
    ["50 %", "<0.1 %", ">99.9 %", "5.1 %"],
  );
});

test("metric names are read as words, known ones as they are known", () => {
  assert.deepEqual([formatName("log_loss"), formatName("auc"), formatName("r2")], ["Log loss", "AUC", "R²"]);
});

test("the counts follow the threshold, and what divides by nothing is left open", () => {
  const table = { thresholds: [0, 0.5, 1], tp: [10, 8, 0], fp: [5, 1, 0], tn: [0, 4, 5], fn: [0, 2, 10] };
  assert.deepEqual(countsAt(table, 0.6), { threshold: 0.5, tp: 8, fp: 1, tn: 4, fn: 2 });
  assert.equal(metricsOf(countsAt(table, 0.5)).accuracy, 0.8);
  assert.equal(metricsOf(countsAt(table, 1)).precision, null);
});

test("less is better for a loss and more for a score; a tie has no winner", () => {
  assert.equal(betterOf("log_loss", [0.1, 0.2]), 0);
  assert.equal(betterOf("auc", [0.9, 0.95]), 1);
  assert.equal(betterOf("auc", [0.9, 0.9]), -1);
  assert.equal(betterOf("auc", [0.9, null]), -1);
});

test("telling metrics come first and counts are left to the matrix", () => {
  assert.deepEqual(orderMetrics(["true_positives", "zeta", "accuracy", "auc", "auc"]), ["auc", "accuracy", "zeta"]);
});

test("shares are of each actual class, and an absent class stays at zero", () => {
  assert.deepEqual(
    rowShares([
      [3, 1],
      [0, 0],
    ]),
    [
      [0.75, 0.25],
      [0, 0],
    ],
  );
});

test("weights come largest first, with their class and intercept", () => {
  const [list] = readWeights({
    coefficients: [
      {
        class: "M",
        intercept: -1,
        weights: [
          { feature: "a", value: 0.1 },
          { feature: "b", value: -2 },
        ],
      },
    ],
  });
  assert.deepEqual(list, {
    title: "Coefficients for “M”",
    note: "",
    rows: [
      ["b", -2],
      ["a", 0.1],
    ],
    intercept: -1,
  });
  assert.deepEqual(readWeights({ title: "Model" }), []);
});

test("a step has a tab for each output port, also before it was made, and for what else there is", () => {
  const step = { status: "failed", outputs: {}, error: { code: "M008", message: "x" }, metrics: { auc: 1 } };
  assert.deepEqual(
    stepTabs(step, { outputs: [{ name: "dataset", type: "Table" }] }).map((tab) => tab.id),
    ["port:dataset", "error", "metrics", "log"],
  );
});

test("long histograms are squeezed without losing counts", () => {
  const bars = squeeze([1, 2, 3, 4, 5], 3);
  assert.deepEqual(bars, [3, 7, 5]);
});

test("a series is a list of numbers or of numbered pairs", () => {
  assert.deepEqual(
    readSeries([
      [0, 1.5],
      [1, 1.2],
    ]),
    [1.5, 1.2],
  );
  assert.equal(readSeries(0.5), null);
});
