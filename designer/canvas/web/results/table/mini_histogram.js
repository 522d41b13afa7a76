// The shape of a column in a few pixels: a histogram of numbers, or bars of the most frequent values.

import { h } from "vue";

/**
 * @import {ColumnProfile} from "../artifact_api.js"
 */

const BARS_AT_MOST = 32;

/**
 * @param {ColumnProfile} profile
 * @param {number} rows
 */
export function miniHistogram(profile, rows) {
  const counts = profile.histogram?.counts ?? (profile.top ?? []).slice(0, 8).map(([, count]) => count);
  const bars = squeeze(counts, BARS_AT_MOST);
  const highest = Math.max(1, ...bars);
  const width = bars.length ? 100 / bars.length : 100;
  return h(
    "svg",
    {
      class: ["ed-mini", { "ed-mini-top": !profile.histogram }],
      viewBox: "0 0 100 20",
      preserveAspectRatio: "none",
      "aria-hidden": "true",
      "data-rows": rows,
    },
    [h("path", { d: bars.map((count, index) => bar(index * width, (count / highest) * 19, width)).join("") })],
  );
}

/**
 * Neighbouring bars joined until there are few enough.
 *
 * @param {readonly number[]} counts
 * @param {number} most
 * @returns {number[]}
 */
export function squeeze(counts, most) {
  if (counts.length <= most) return [...counts];
  const step = Math.ceil(counts.length / most);
  /** @type {number[]} */
  const bars = [];
  for (let at = 0; at < counts.length; at += step)
    bars.push(counts.slice(at, at + step).reduce((sum, count) => sum + count, 0));
  return bars;
}

/**
 * @param {number} x
 * @param {number} height
 * @param {number} width
 */
function bar(x, height, width) {
  const gap = Math.min(1, width * 0.2);
  const tall = height > 0 ? Math.max(0.8, height) : 0;
  return `M${(x + gap / 2).toFixed(2)} 20h${(width - gap).toFixed(2)}v${(-tall).toFixed(2)}h${(gap - width).toFixed(2)}Z`;
}
