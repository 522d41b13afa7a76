// Metrics a step logged: numbers as tiles, series as small lines.

import { defineComponent, h } from "vue";
import { formatName, formatNumber, readNumber } from "./format.js";

/** Props: `metrics`. */
export const MetricsView = defineComponent({
  name: "MetricsView",
  props: { metrics: { type: Object, required: true } },
  setup(props) {
    return () =>
      h("div", { class: "ed-document" }, [
        h(
          "div",
          { class: "ed-tiles" },
          Object.entries(props.metrics).map(([name, value]) => drawMetric(name, value)),
        ),
      ]);
  },
});

/**
 * @param {string} name
 * @param {unknown} value
 */
function drawMetric(name, value) {
  const series = readSeries(value);
  return h("div", { key: name, class: "ed-tile" }, [
    h("span", { class: "ed-tile-name" }, formatName(name)),
    h(
      "span",
      { class: "ed-tile-value" },
      series ? formatNumber(series.at(-1)) : readNumber(value) === null ? String(value) : formatNumber(value),
    ),
    series ? sparkline(series) : null,
  ]);
}

/**
 * A logged series: a list of numbers, or of `[index, number]` pairs.
 *
 * @param {unknown} value
 * @returns {number[] | null}
 */
export function readSeries(value) {
  if (!Array.isArray(value) || value.length === 0) return null;
  const numbers = value
    .map((item) => (Array.isArray(item) ? item[1] : item))
    .filter((item) => typeof item === "number");
  return numbers.length ? numbers : null;
}

/** @param {readonly number[]} values */
function sparkline(values) {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values
    .map((value, index) => `${(index / Math.max(1, values.length - 1)) * 100},${22 - ((value - low) / span) * 20}`)
    .join(" ");
  return h(
    "svg",
    { class: "ed-sparkline", viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" },
    [h("polyline", { points, fill: "none", stroke: "currentColor", "vector-effect": "non-scaling-stroke" })],
  );
}
