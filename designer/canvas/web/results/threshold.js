// What a classifier does at a threshold: counts from the report's table, metrics from the counts. Pure.

/**
 * @typedef {{thresholds: number[], tp: number[], fp: number[], tn: number[], fn: number[]}} ThresholdTable
 * @typedef {{threshold: number, tp: number, fp: number, tn: number, fn: number}} ThresholdCounts
 */

/**
 * The counts at the table's threshold nearest to the wished one.
 *
 * @param {ThresholdTable} table
 * @param {number} wished
 * @returns {ThresholdCounts}
 */
export function countsAt(table, wished) {
  let best = 0;
  table.thresholds.forEach((threshold, index) => {
    if (Math.abs(threshold - wished) < Math.abs(/** @type {number} */ (table.thresholds[best]) - wished)) best = index;
  });
  const at = (/** @type {number[]} */ list) => list[best] ?? 0;
  return { threshold: at(table.thresholds), tp: at(table.tp), fp: at(table.fp), tn: at(table.tn), fn: at(table.fn) };
}

/**
 * Accuracy, precision, recall and F1; one that divides by nothing is null.
 *
 * @param {ThresholdCounts} counts
 * @returns {Record<"accuracy" | "precision" | "recall" | "f1", number | null>}
 */
export function metricsOf({ tp, fp, tn, fn }) {
  const precision = ratio(tp, tp + fp);
  const recall = ratio(tp, tp + fn);
  return { accuracy: ratio(tp + tn, tp + tn + fp + fn), precision, recall, f1: ratio(2 * tp, 2 * tp + fp + fn) };
}

/** @param {number} part @param {number} whole */
function ratio(part, whole) {
  return whole > 0 ? part / whole : null;
}

/** Metrics where less is better; of all others more is. */
const LESS_IS_BETTER =
  /^(false_|log_loss|mae|rmse|mse|rae|rse|mean_|root_|relative_|davies|average_distance|inertia|training_log_loss)/;

const FIRST = [
  "auc",
  "accuracy",
  "macro_accuracy",
  "f1",
  "macro_f1",
  "precision",
  "recall",
  "log_loss",
  "r2",
  "rmse",
  "mae",
];

/**
 * Metric names once each, the telling ones first; counts that the confusion matrix shows are left out.
 *
 * @param {readonly string[]} names
 * @returns {string[]}
 */
export function orderMetrics(names) {
  const rank = (/** @type {string} */ name) => (FIRST.indexOf(name) + FIRST.length + 1) % (FIRST.length + 1);
  return [...new Set(names)]
    .filter((name) => !/^(true|false)_(positives|negatives)$/.test(name))
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * Which of several models has the better metric: its index, or -1 on a tie or where it cannot be told.
 *
 * @param {string} metric
 * @param {readonly (number | null | undefined)[]} values
 * @returns {number}
 */
export function betterOf(metric, values) {
  const numbers = values.map((value) => (typeof value === "number" && Number.isFinite(value) ? value : null));
  if (numbers.length < 2 || numbers.some((value) => value === null)) return -1;
  const sign = LESS_IS_BETTER.test(metric) ? -1 : 1;
  const best = Math.max(...numbers.map((value) => sign * Number(value)));
  const winners = numbers.flatMap((value, index) => (sign * Number(value) === best ? [index] : []));
  return winners.length === 1 ? /** @type {number} */ (winners[0]) : -1;
}
