// Actual classes down, predicted classes across; counts or shares of each actual class.

import { defineComponent, h, ref } from "vue";
import { formatNumber, formatShare } from "./format.js";

/** Props: `labels`, `counts` (rows actual, columns predicted). */
export const ConfusionMatrix = defineComponent({
  name: "ConfusionMatrix",
  props: { labels: { type: Array, required: true }, counts: { type: Array, required: true } },
  setup(props) {
    const normalised = ref(false);
    return () => {
      const labels = /** @type {unknown[]} */ (props.labels).map(String);
      const counts = /** @type {number[][]} */ (props.counts);
      const shares = rowShares(counts);
      return h("figure", { class: "ed-confusion" }, [
        h("figcaption", [
          h("span", "Confusion matrix"),
          h("label", { class: "ed-check" }, [
            h("input", {
              type: "checkbox",
              checked: normalised.value,
              onChange: () => (normalised.value = !normalised.value),
            }),
            "shares of each actual class",
          ]),
        ]),
        h("table", { "aria-label": "Confusion matrix: rows are actual classes, columns are predicted classes" }, [
          h("thead", [
            h("tr", [
              h("td", { colspan: 2 }),
              h("th", { colspan: labels.length, class: "ed-confusion-axis", scope: "colgroup" }, "predicted"),
            ]),
            h("tr", [
              h("td", { colspan: 2 }),
              ...labels.map((label) => h("th", { scope: "col", title: label }, label)),
            ]),
          ]),
          h(
            "tbody",
            counts.map((row, actual) =>
              h("tr", { key: actual }, [
                actual === 0
                  ? h(
                      "th",
                      { rowspan: labels.length, class: "ed-confusion-axis ed-confusion-side", scope: "rowgroup" },
                      [h("span", "actual")],
                    )
                  : null,
                h("th", { scope: "row", title: labels[actual] }, labels[actual]),
                ...row.map((count, predicted) =>
                  drawCell({
                    count,
                    share: shares[actual]?.[predicted] ?? 0,
                    right: actual === predicted,
                    normalised: normalised.value,
                  }),
                ),
              ]),
            ),
          ),
        ]),
      ]);
    };
  },
});

/**
 * Each row divided by its sum; a row without members stays 0.
 *
 * @param {readonly (readonly number[])[]} counts
 * @returns {number[][]}
 */
export function rowShares(counts) {
  return counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum ? count / sum : 0));
  });
}

/** @param {{count: number, share: number, right: boolean, normalised: boolean}} cell */
function drawCell({ count, share, right, normalised }) {
  return h(
    "td",
    {
      class: ["ed-confusion-cell", right ? "ed-confusion-right" : "ed-confusion-wrong"],
      style: { "--share": share.toFixed(3) },
      title: `${count} rows, ${formatShare(share)} of this actual class`,
    },
    normalised ? formatShare(share) : formatNumber(count),
  );
}
