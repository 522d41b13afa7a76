// Two documents compared: metrics side by side, and every other value that differs.

import { defineComponent, h } from "vue";
import { emptyState } from "../../panels/atoms.js";
import { formatCount, formatName, formatNumber, readNumber } from "../format.js";
import { leafText } from "./difference_words.js";

/**
 * @import {DocumentDifference, LeafChange, MetricChange} from "./difference_words.js"
 */

/** Props: `difference` (a DocumentDifference), `names` (`{before, after}`: what both are called). */
export const ComparedDocuments = defineComponent({
  name: "ComparedDocuments",
  props: { difference: { type: Object, required: true }, names: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { metrics, changes, more, is_same: isSame } = /** @type {DocumentDifference} */ (props.difference);
      if (isSame || metrics.length + changes.length === 0)
        return emptyState("done_all", "Nothing differs in what is described", "The files differ, but say the same.");
      return h("div", { class: "ed-difference-body" }, [
        metrics.length ? h("section", [h("h4", "Metrics"), drawMetrics(metrics)]) : null,
        changes.length
          ? h("section", [
              h("h4", metrics.length ? "Other values" : "Values"),
              drawChanges(changes),
              more ? h("p", { class: "ed-hint" }, `${formatCount(more, "more value")} differ.`) : null,
            ])
          : null,
      ]);
    };

    /** @param {MetricChange[]} metrics */
    function drawMetrics(metrics) {
      const isNamed = new Set(metrics.map(({ model }) => model)).size > 1;
      return drawTable(
        [...(isNamed ? ["Model"] : []), "Metric", props.names.before, props.names.after, "Change"],
        metrics.map(({ model, name, before, after, change }) => [
          ...(isNamed ? [h("td", model)] : []),
          h("td", formatName(name)),
          h("td", { class: "ed-difference-number" }, formatNumber(before)),
          h("td", { class: "ed-difference-number" }, formatNumber(after)),
          h("td", { class: ["ed-difference-number", { "ed-muted": !change }] }, changeText(change)),
        ]),
        isNamed ? 2 : 1,
      );
    }

    /** @param {LeafChange[]} changes */
    function drawChanges(changes) {
      return drawTable(
        ["Value", props.names.before, props.names.after],
        changes.map(({ path, before, after, largest_change: largest }) => [
          h("td", { class: "ed-difference-path" }, [
            path.length ? path.join(" › ") : "The whole",
            largest ? h("span", { class: "ed-muted" }, ` largest change ${formatNumber(largest)}`) : null,
          ]),
          drawLeaf(before),
          drawLeaf(after),
        ]),
        3,
      );
    }
  },
});

/** @param {unknown} value */
function drawLeaf(value) {
  const text = leafText(value);
  const isAbsent = value !== null && typeof value === "object" && "$absent" in value;
  return h("td", [h("span", { class: ["ed-difference-value", { "ed-cell-null": isAbsent }], title: text }, text)]);
}

/**
 * @param {string[]} head
 * @param {import("vue").VNode[][]} rows
 * @param {number} texts how many of the columns are no numbers
 */
function drawTable(head, rows, texts) {
  return h("table", { class: "ed-difference-table" }, [
    h("thead", [
      h(
        "tr",
        head.map((name, at) => h("th", { scope: "col", class: { "ed-difference-number": at >= texts } }, name)),
      ),
    ]),
    h(
      "tbody",
      rows.map((cells) => h("tr", cells)),
    ),
  ]);
}

/** @param {number | null} change */
function changeText(change) {
  const number = readNumber(change);
  if (number === null) return "–";
  return number > 0 ? `+${formatNumber(number)}` : number === 0 ? "same" : formatNumber(number);
}
