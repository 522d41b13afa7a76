// One column in depth: how many are missing, how the values lie, which are most frequent.

import { defineComponent, h } from "vue";
import { icon, iconButton } from "../panels/atoms.js";
import { formatNumber, formatShare, readNumber } from "./format.js";
import { cellText, isNumberType, typeIcon } from "./table_cells.js";

/**
 * @import {ColumnProfile} from "./artifact_api.js"
 */

/** Props: `profile`, `rows`. Emits `close`. */
export const ColumnProfilePanel = defineComponent({
  name: "ColumnProfilePanel",
  props: { profile: { type: Object, required: true }, rows: { type: Number, required: true } },
  emits: ["close"],
  setup(props, { emit }) {
    return () => {
      const profile = /** @type {ColumnProfile} */ (props.profile);
      return h("aside", { class: "ed-profile", "aria-label": `Profile of ${profile.name}` }, [
        h("div", { class: "ed-profile-head" }, [
          icon(typeIcon(profile)),
          h("strong", profile.name),
          h("span", { class: "ed-muted" }, profile.type),
          iconButton("close", "Close the profile", { onClick: () => emit("close") }),
        ]),
        profile.histogram ? drawHistogram(profile.histogram) : null,
        drawFacts(profile, props.rows),
        profile.top?.length ? drawTop(profile.top, props.rows) : null,
      ]);
    };
  },
});

/** @param {{edges: number[], counts: number[]}} histogram */
function drawHistogram({ edges, counts }) {
  const highest = Math.max(1, ...counts);
  return h("figure", { class: "ed-profile-histogram" }, [
    h(
      "div",
      { class: "ed-bars" },
      counts.map((count, index) =>
        h("span", {
          style: { height: `${count ? Math.max(2, (count / highest) * 100) : 0}%` },
          "data-tip": `${formatNumber(edges[index])} to ${formatNumber(edges[index + 1])}: ${formatNumber(count)}`,
        }),
      ),
    ),
    h("figcaption", [h("span", formatNumber(edges[0])), h("span", formatNumber(edges.at(-1)))]),
  ]);
}

/**
 * @param {ColumnProfile} profile
 * @param {number} rows
 */
function drawFacts(profile, rows) {
  /** @type {[string, string][]} */
  const facts = [
    [
      "Missing",
      rows ? `${formatNumber(profile.nulls)} · ${formatShare(profile.nulls / rows)}` : formatNumber(profile.nulls),
    ],
  ];
  if (profile.distinct !== null && profile.distinct !== undefined)
    facts.push(["Distinct", formatNumber(profile.distinct)]);
  if (isNumberType(profile.type)) {
    if (profile.mean !== null && profile.mean !== undefined) facts.push(["Mean", formatNumber(profile.mean)]);
    if (profile.std !== null && profile.std !== undefined)
      facts.push(["Standard deviation", formatNumber(profile.std)]);
  }
  facts.push(...rangeFacts(profile));
  return h(
    "dl",
    { class: "ed-facts" },
    facts.map(([name, value]) => h("div", [h("dt", name), h("dd", value)])),
  );
}

/**
 * Minimum, quantiles and maximum in order.
 *
 * @param {ColumnProfile} profile
 * @returns {[string, string][]}
 */
function rangeFacts(profile) {
  /** @type {[string, string][]} */
  const facts = [];
  if (profile.min !== null && profile.min !== undefined) facts.push(["Minimum", show(profile.min)]);
  const quantiles = Object.entries(profile.quantiles ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  for (const [share, value] of quantiles)
    facts.push([share === "0.5" ? "Median" : `${formatShare(Number(share))} quantile`, show(value)]);
  if (profile.max !== null && profile.max !== undefined) facts.push(["Maximum", show(profile.max)]);
  return facts;
}

/**
 * @param {[unknown, number][]} top
 * @param {number} rows
 */
function drawTop(top, rows) {
  const highest = Math.max(1, ...top.map(([, count]) => count));
  return h("div", { class: "ed-top-values" }, [
    h("h4", "Most frequent"),
    h(
      "ol",
      top
        .slice(0, 12)
        .map(([value, count]) =>
          h("li", [
            h("span", { class: "ed-top-bar", style: { width: `${(count / highest) * 100}%` } }),
            h(
              "span",
              { class: ["ed-top-value", { "ed-cell-null": value === null }] },
              value === null ? "null" : show(value),
            ),
            h("span", { class: "ed-top-count" }, rows ? formatShare(count / rows) : formatNumber(count)),
          ]),
        ),
    ),
  ]);
}

/** @param {unknown} value */
function show(value) {
  return readNumber(value) === null ? cellText(value) : formatNumber(value);
}
