// One column in depth: how many are missing, how the values lie, which are most frequent.

import { defineComponent, h } from "vue";
import { icon, iconButton } from "../../panels/atoms.js";
import { formatNumber, formatShare, readNumber } from "../format.js";
import { exactType, isNumberType, momentText, typeIcon } from "./cells.js";

/**
 * @import {ColumnProfile, Histogram} from "../artifact_api.js"
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
          h("span", { class: "ed-muted" }, exactType(profile)),
          iconButton("close", "Close the profile", { onClick: () => emit("close") }),
        ]),
        profile.histogram ? drawHistogram(profile.histogram) : null,
        drawFacts(profile, props.rows),
        profile.sample
          ? h(
              "p",
              { class: "ed-hint" },
              `Quantiles, distinct and frequent values come from a sample of ${formatNumber(profile.sample)} rows; the rest is exact.`,
            )
          : null,
        profile.top?.length ? drawTop(profile.top, props.rows) : null,
      ]);
    };
  },
});

/** @param {Histogram} histogram */
function drawHistogram({ edges, counts }) {
  const highest = Math.max(1, ...counts);
  return h("figure", { class: "ed-profile-histogram" }, [
    h(
      "div",
      { class: "ed-bars" },
      counts.map((count, index) =>
        h("span", {
          style: { height: `${count ? Math.max(2, (count / highest) * 100) : 0}%` },
          "data-tip": `${edgeText(edges[index])} to ${edgeText(edges[index + 1])}: ${formatNumber(count)}`,
        }),
      ),
    ),
    h("figcaption", [h("span", edgeText(edges[0])), h("span", edgeText(edges.at(-1)))]),
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
    facts.push(["Distinct", `${profile.sample ? "at least " : ""}${formatNumber(profile.distinct)}`]);
  if (profile.not_finite) facts.push(["Infinite or NaN", formatNumber(profile.not_finite)]);
  if (profile.empty) facts.push(["Empty texts", formatNumber(profile.empty)]);
  if (profile.longest !== undefined && profile.longest !== null)
    facts.push(["Length", `${formatNumber(profile.shortest)} to ${formatNumber(profile.longest)} characters`]);
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
      top.map(([value, count]) =>
        h("li", [
          h("span", { class: "ed-top-bar", style: { width: `${(count / highest) * 100}%` } }),
          h("span", { class: ["ed-top-value", { "ed-cell-null": value === "" }] }, show(value)),
          h("span", { class: "ed-top-count", "data-tip": formatNumber(count) }, [
            rows ? formatShare(count / rows) : formatNumber(count),
          ]),
        ]),
      ),
    ),
  ]);
}

/** @param {unknown} edge a number, or a moment as text */
function edgeText(edge) {
  return typeof edge === "string" ? momentText(edge).replace(/ 00:00:00$/, "") : formatNumber(edge);
}

/** @param {unknown} value */
function show(value) {
  if (value === "") return "empty text";
  return readNumber(value) === null ? momentText(value) : formatNumber(value);
}
