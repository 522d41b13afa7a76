// From what the server found to what the chart library draws. Pure: fixed keys of ours, data only as values.

import { valueAxis } from "../chart.js";
import { formatNumber, formatShare, readNumber } from "../format.js";
import { momentText } from "../table/cells.js";

/**
 * @import {ChartOptions, Palette} from "../chart.js"
 * @typedef {{name: string, type: string}} AxisColumn
 * @typedef {(text: string) => string} Escape
 */

/** Texts from data may hold what the library reads as a style; braces and bars are harmless as look-alikes. */
const PLAIN_SIGNS = /[{}|]/g;

/** @param {unknown} value @returns {string} */
export function plainText(value) {
  return labelOf(value).replace(PLAIN_SIGNS, (sign) => ({ "{": "❴", "}": "❵" })[sign] ?? "❘");
}

/**
 * What a group or value is called.
 *
 * @param {any} value
 */
export function labelOf(value) {
  if (value === null || value === undefined) return "all rows";
  if (value === "") return "empty text";
  if (typeof value === "object" && "$others" in value) return `${formatNumber(value.$others)} others`;
  return readNumber(value) === null ? momentText(value) : formatNumber(value, 6);
}

/**
 * @param {any} answer
 * @param {{share?: boolean}} [looks] `share`: each group as shares of its own rows
 * @returns {ChartOptions}
 */
export function chartOptions(answer, looks = {}) {
  switch (answer.kind) {
    case "scatter":
      return answer.form === "tiles" ? tiles(answer) : points(answer);
    case "box":
      return boxes(answer);
    case "time_line":
      return timeLine(answer);
    case "correlation":
      return matrix(answer);
    default:
      return answer.form === "counts" ? counts(answer, looks) : histogram(answer, looks);
  }
}

/** @param {any} answer @param {{share?: boolean}} looks @returns {ChartOptions} */
function histogram({ x, edges, series }, { share = false }) {
  const isTime = x.type === "datetime";
  return (palette) => ({
    ...frame(palette, series.length > 1),
    grid: { left: 64, right: 20, top: series.length > 1 ? 34 : 16, bottom: 44 },
    tooltip: tooltip(palette, (/** @type {any} */ { data, seriesName }) => [
      ...(series.length > 1 ? [seriesName] : []),
      `${axisText(data[0], isTime)} to ${axisText(data[1], isTime)}`,
      share ? formatShare(data[2]) : `${formatNumber(data[2])} rows`,
    ]),
    xAxis: placeAxis(palette, x, isTime, { splitLine: { show: false } }),
    yAxis: valueAxis(palette, share ? "share of its rows" : "rows", { nameGap: 48, axisLabel: shortNumbers(palette) }),
    series: series.map((/** @type {any} */ { name, counts: bars, rows }) => ({
      type: "custom",
      name: plainText(name),
      encode: { x: [0, 1], y: 2 },
      renderItem: series.length > 1 ? stepItem : barItem,
      data: bars.map((/** @type {number} */ count, /** @type {number} */ at) => [
        moment(edges[at], isTime),
        moment(edges[at + 1], isTime),
        share && rows ? count / rows : count,
      ]),
    })),
  });
}

/** @param {any} _ @param {any} api */
function barItem(_, api) {
  const [left, top] = api.coord([api.value(0), api.value(2)]);
  const [right, bottom] = api.coord([api.value(1), 0]);
  const gap = right - left > 4 ? 1 : 0;
  return {
    type: "rect",
    shape: { x: left, y: top, width: Math.max(1, right - left - gap), height: bottom - top },
    style: { fill: api.visual("color"), opacity: 0.85 },
  };
}

/** @param {any} context @param {any} api */
function stepItem(context, api) {
  const item = barItem(context, api);
  const [left, top] = api.coord([api.value(0), api.value(2)]);
  const [right] = api.coord([api.value(1), 0]);
  const fill = { ...item, shape: { ...item.shape, width: Math.max(1, right - left) }, style: { ...item.style, opacity: 0.2 } };
  const line = { type: "line", shape: { x1: left, y1: top, x2: right, y2: top }, style: { stroke: api.visual("color"), lineWidth: 2 } };
  return { type: "group", children: [fill, line] };
}

/** @param {any} answer @param {{share?: boolean}} looks @returns {ChartOptions} */
function counts({ x, values, series, others }, { share = false }) {
  const names = values.map(plainText);
  return (palette) => ({
    ...frame(palette, series.length > 1),
    grid: { left: 12, right: 56, top: series.length > 1 ? 34 : 12, bottom: 36, containLabel: true },
    tooltip: tooltip(palette, (/** @type {any} */ { name, value, seriesName }) => [
      ...(series.length > 1 ? [seriesName] : []),
      name,
      share ? formatShare(value) : `${formatNumber(value)} rows`,
    ]),
    xAxis: valueAxis(palette, share ? "share of its rows" : "rows", { axisLabel: shortNumbers(palette) }),
    yAxis: {
      type: "category",
      inverse: true,
      data: names,
      name: others.values ? "" : undefined,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.ink, fontSize: 11, width: 160, overflow: "truncate" },
      tooltip: { show: false },
    },
    series: series.map((/** @type {any} */ { name, counts: bars, rows }) => ({
      type: "bar",
      name: plainText(name ?? x.name),
      stack: series.length > 1 && !share ? "rows" : undefined,
      barMaxWidth: 22,
      itemStyle: { opacity: 0.85 },
      label: series.length === 1 ? { show: true, position: "right", color: palette.muted, fontSize: 11, formatter: (/** @type {any} */ { value }) => formatNumber(value) } : undefined,
      data: share ? bars.map((/** @type {number} */ count) => (rows ? count / rows : 0)) : bars,
    })),
  });
}

/** @param {any} answer @returns {ChartOptions} */
function points({ x, y, points: found, groups }) {
  const [isTimeX, isTimeY] = [x.type === "datetime", y.type === "datetime"];
  /** @type {unknown[]} */
  const names = groups.length ? groups : [null];
  return (palette) => ({
    ...frame(palette, groups.length > 0),
    grid: { left: 72, right: 20, top: groups.length ? 34 : 16, bottom: 44 },
    tooltip: tooltip(palette, (/** @type {any} */ { data, seriesName }) => [
      ...(groups.length ? [seriesName] : []),
      `${plainText(x.name)}: ${axisText(data[0], isTimeX)}`,
      `${plainText(y.name)}: ${axisText(data[1], isTimeY)}`,
    ]),
    xAxis: placeAxis(palette, x, isTimeX),
    yAxis: placeAxis(palette, y, isTimeY, { nameGap: 54 }),
    series: names.map((name, at) => ({
      type: "scatter",
      name: plainText(name),
      symbol: SYMBOLS[at % SYMBOLS.length],
      symbolSize: found.length > 800 ? 4 : 6,
      itemStyle: { opacity: found.length > 800 ? 0.45 : 0.65 },
      data: found
        .filter((/** @type {any[]} */ point) => groups.length === 0 || point[2] === at)
        .map((/** @type {any[]} */ [across, up]) => [moment(across, isTimeX), moment(up, isTimeY)]),
    })),
  });
}

const SYMBOLS = ["circle", "triangle", "rect", "diamond", "pin", "arrow"];

/** @param {any} answer @returns {ChartOptions} */
function tiles({ x, y, x_edges, y_edges, tiles: found }) {
  const [isTimeX, isTimeY] = [x.type === "datetime", y.type === "datetime"];
  const most = found.reduce((/** @type {number} */ high, /** @type {number[]} */ tile) => Math.max(high, tile[2] ?? 0), 1);
  return (palette) => ({
    grid: { left: 72, right: 84, top: 16, bottom: 44 },
    tooltip: tooltip(palette, (/** @type {any} */ { data }) => [
      `${plainText(x.name)}: ${axisText(data[0], isTimeX)} to ${axisText(data[1], isTimeX)}`,
      `${plainText(y.name)}: ${axisText(data[2], isTimeY)} to ${axisText(data[3], isTimeY)}`,
      `${formatNumber(data[4])} rows`,
    ]),
    xAxis: placeAxis(palette, x, isTimeX, { splitLine: { show: false } }),
    yAxis: placeAxis(palette, y, isTimeY, { nameGap: 54, splitLine: { show: false } }),
    visualMap: {
      type: "continuous",
      dimension: 5,
      min: 0,
      max: Math.log1p(most),
      right: 4,
      top: "middle",
      itemWidth: 10,
      itemHeight: 110,
      text: [formatNumber(most), "1 row"],
      textStyle: { color: palette.muted, fontSize: 11 },
      inRange: { color: [palette.line, palette.series[0] ?? "", palette.ink] },
      calculable: false,
      hoverLink: false,
    },
    series: [
      {
        type: "custom",
        name: "rows",
        encode: { x: [0, 1], y: [2, 3] },
        animation: false,
        renderItem: tileItem,
        data: found.map((/** @type {number[]} */ [across = 0, up = 0, rows = 0]) => [
          moment(x_edges[across], isTimeX),
          moment(x_edges[across + 1], isTimeX),
          moment(y_edges[up], isTimeY),
          moment(y_edges[up + 1], isTimeY),
          rows,
          Math.log1p(rows),
        ]),
      },
    ],
  });
}

/** @param {any} _ @param {any} api */
function tileItem(_, api) {
  const [left, bottom] = api.coord([api.value(0), api.value(2)]);
  const [right, top] = api.coord([api.value(1), api.value(3)]);
  return {
    type: "rect",
    shape: { x: left, y: top, width: right - left + 0.5, height: bottom - top + 0.5 },
    style: { fill: api.visual("color") },
  };
}

/** @param {any} answer @returns {ChartOptions} */
function boxes({ x, y, boxes: found }) {
  return (palette) => ({
    grid: { left: 72, right: 20, top: 16, bottom: 64 },
    tooltip: tooltip(palette, (/** @type {any} */ { dataIndex }) => boxWords(found[dataIndex])),
    xAxis: {
      type: "category",
      name: plainText(x.name),
      nameLocation: "middle",
      nameGap: 42,
      nameTextStyle: { color: palette.muted, fontSize: 11 },
      data: found.map((/** @type {any} */ box) => plainText(box.name)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.ink, fontSize: 11, width: 90, overflow: "truncate", interval: 0, rotate: found.length > 8 ? 30 : 0 },
    },
    yAxis: valueAxis(palette, plainText(y.name), { scale: true, nameGap: 54, axisLabel: shortNumbers(palette) }),
    series: [
      {
        type: "boxplot",
        name: plainText(y.name),
        boxWidth: [8, 44],
        itemStyle: { color: `${palette.series[0]}33`, borderColor: palette.series[0] },
        data: found.map((/** @type {any} */ { low, q1, median, q3, high }) => [low, q1, median, q3, high]),
      },
      {
        type: "scatter",
        name: "mean",
        symbol: "diamond",
        symbolSize: 7,
        itemStyle: { color: palette.series[1] },
        data: found.map((/** @type {any} */ { mean }, /** @type {number} */ at) => [at, mean]),
      },
    ],
  });
}

/** @param {any} box */
function boxWords({ name, rows, beyond, minimum, q1, median, q3, maximum, mean }) {
  return [
    `${plainText(name)}: ${formatNumber(rows)} rows`,
    `median ${formatNumber(median)}, mean ${formatNumber(mean)}`,
    `half of them ${formatNumber(q1)} to ${formatNumber(q3)}`,
    `all of them ${formatNumber(minimum)} to ${formatNumber(maximum)}`,
    `${formatNumber(beyond)} beyond the whiskers`,
  ];
}

/** @param {any} answer @returns {ChartOptions} */
function timeLine({ x, y, series, aggregate }) {
  const name = y ? `${aggregate} of ${plainText(y.name)}` : "rows";
  const hasBand = series.length === 1 && Boolean(y) && /^(mean|median)$/.test(aggregate);
  return (palette) => ({
    ...frame(palette, series.length > 1),
    grid: { left: 72, right: 20, top: series.length > 1 ? 34 : 16, bottom: 44 },
    tooltip: { ...tooltip(palette, () => []), trigger: "axis", formatter: undefined, valueFormatter: (/** @type {unknown} */ value) => formatNumber(value, 5) },
    dataZoom: [{ type: "inside", filterMode: "none" }],
    xAxis: placeAxis(palette, x, true),
    yAxis: valueAxis(palette, name, { scale: Boolean(y), nameGap: 54, axisLabel: shortNumbers(palette) }),
    series: [
      ...(hasBand ? band(series[0], palette) : []),
      ...series.map((/** @type {any} */ line) => ({
        type: "line",
        name: series.length > 1 ? plainText(line.name) : name,
        showSymbol: line.times.length < 40,
        symbolSize: 5,
        lineStyle: { width: 1.5 },
        ...(hasBand ? { itemStyle: { color: palette.series[0] } } : {}),
        data: line.times.map((/** @type {string} */ at, /** @type {number} */ index) => [moment(at, true), line.value[index]]),
      })),
    ],
  });
}

/** The middle half of the values around a line. @param {any} line @param {Palette} palette */
function band({ times, low, high }, palette) {
  const style = { type: "line", stack: "band", stackStrategy: "all", showSymbol: false, silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  const at = times.map((/** @type {string} */ time) => moment(time, true));
  return [
    { ...style, name: "lower quarter", data: at.map((/** @type {number} */ time, /** @type {number} */ index) => [time, low[index]]) },
    {
      ...style,
      name: "middle half",
      areaStyle: { color: palette.series[0], opacity: 0.18 },
      data: at.map((/** @type {number} */ time, /** @type {number} */ index) => [time, high[index] === null ? null : high[index] - low[index]]),
    },
  ];
}

/** @param {any} answer @returns {ChartOptions} */
function matrix({ columns, values }) {
  const names = columns.map((/** @type {AxisColumn} */ column) => plainText(column.name));
  const axis = (/** @type {Palette} */ palette) => ({
    type: "category",
    data: names,
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: { color: palette.ink, fontSize: 11, width: 110, overflow: "truncate", interval: 0 },
  });
  return (palette) => ({
    grid: { left: 8, right: 64, top: 8, bottom: 8, containLabel: true },
    tooltip: tooltip(palette, (/** @type {any} */ { value: [across, up, found] }) => [
      `${names[across]} and ${names[up]}`,
      typeof found === "number" ? `${measureOf(columns[across], columns[up])} ${formatNumber(found, 3)}` : "cannot be told",
    ]),
    xAxis: { ...axis(palette), axisLabel: { ...axis(palette).axisLabel, rotate: names.length > 6 ? 40 : 0 } },
    yAxis: { ...axis(palette), inverse: true },
    visualMap: {
      type: "continuous",
      min: -1,
      max: 1,
      right: 0,
      top: "middle",
      itemWidth: 10,
      itemHeight: 110,
      text: ["1", "−1"],
      textStyle: { color: palette.muted, fontSize: 11 },
      inRange: { color: [palette.series[1], palette.surface, palette.series[0]] },
    },
    series: [
      {
        type: "heatmap",
        name: "together",
        label: {
          show: names.length <= 14,
          fontSize: 11,
          formatter: (/** @type {any} */ { value }) => (typeof value[2] === "number" ? shortShare(value[2]) : ""),
        },
        itemStyle: { borderColor: palette.surface, borderWidth: 1 },
        data: values.flatMap((/** @type {(number | null)[]} */ row, /** @type {number} */ up) =>
          row.map((value, across) => ({
            value: [across, up, value ?? "-"],
            label: { color: Math.abs(value ?? 0) > 0.5 ? palette.surface : palette.ink },
          })),
        ),
      },
    ],
  });
}

/** Two digits, and no minus before nothing. @param {number} value */
function shortShare(value) {
  return (Math.abs(value) < 0.005 ? 0 : value).toFixed(2).replace("-", "−");
}

/** @param {any} a @param {any} b */
function measureOf(a, b) {
  if (a.is_category && b.is_category) return "Cramér’s V";
  return a.is_category || b.is_category ? "correlation ratio" : "r";
}

/** @param {Palette} palette @param {boolean} hasLegend */
function frame(palette, hasLegend) {
  if (!hasLegend) return {};
  return {
    legend: {
      type: "scroll",
      top: 0,
      right: 12,
      left: 60,
      itemWidth: 14,
      itemHeight: 8,
      textStyle: { color: palette.ink, fontSize: 11, width: 140, overflow: "truncate" },
      inactiveColor: palette.line,
      pageTextStyle: { color: palette.muted },
    },
  };
}

/** @param {Palette} palette @param {(item: any) => string[]} words */
function tooltip(palette, words) {
  return {
    trigger: "item",
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.ink, fontSize: 11 },
    formatter: (/** @type {any} */ item) => words(item).join("\n"),
  };
}

/** @param {Palette} palette @param {AxisColumn} column @param {boolean} isTime @param {Record<string, any>} [more] */
function placeAxis(palette, column, isTime, more = {}) {
  const axis = valueAxis(palette, plainText(column.name), { scale: true, axisLabel: shortNumbers(palette), ...more });
  return isTime ? { ...axis, type: "time", axisLabel: { color: palette.muted, fontSize: 11, hideOverlap: true } } : axis;
}

/** @param {Palette} palette */
function shortNumbers(palette) {
  return { color: palette.muted, fontSize: 11, hideOverlap: true, formatter: (/** @type {number} */ value) => shortNumber(value) };
}

/** A number for an axis: `12k`, `3.4M`. @param {number} value */
export function shortNumber(value) {
  const size = Math.abs(value);
  for (const [unit, letter] of /** @type {const} */ ([
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ]))
    if (size >= unit && size < 1e12) return `${formatNumber(value / unit, 3)}${letter}`;
  return formatNumber(value, 3);
}

/** @param {unknown} value @param {boolean} isTime */
function moment(value, isTime) {
  return isTime && typeof value === "string" ? Date.parse(value) : value;
}

/** @param {unknown} value @param {boolean} isTime */
function axisText(value, isTime) {
  if (!isTime || typeof value !== "number") return formatNumber(value, 5);
  return new Date(value - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace("T", " ").replace(/ 00:00$/, "");
}
