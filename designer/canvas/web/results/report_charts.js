// Chart options for the parts of a report. Pure: a report's arrays in, chart options out.

import { valueAxis } from "./chart.js";

/**
 * @import {ChartOptions, Palette} from "./chart.js"
 * @typedef {{title: string, x: number[], y: number[]}} Curve
 */

const DASH = [4, 4];

/**
 * Curves between 0 and 1 on both axes; `baseline` draws what guessing would give.
 *
 * @param {Curve[]} curves
 * @param {{x: string, y: string, baseline?: [number[], number[]], free?: boolean, mark?: [number, number] | null}} axes
 * @returns {ChartOptions}
 */
export function curveOptions(curves, { x, y, baseline, free = false, mark = null }) {
  return (palette) => ({
    legend: curves.length > 1 ? { ...legend(palette), data: curves.map((curve) => curve.title) } : undefined,
    xAxis: valueAxis(palette, x, { min: 0, max: 1 }),
    yAxis: valueAxis(palette, y, free ? { min: 0, nameGap: 30 } : { min: 0, max: 1, nameGap: 30 }),
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: 11 },
      valueFormatter: (/** @type {unknown} */ value) => (typeof value === "number" ? value.toFixed(3) : ""),
    },
    series: [
      ...curves.map((curve, index) => ({
        type: "line",
        name: curve.title,
        data: curve.x.map((value, at) => [value, curve.y[at]]),
        showSymbol: false,
        lineStyle: { width: 2, type: index === 0 ? "solid" : "dashed" },
        markPoint:
          index === 0 && mark
            ? { symbol: "circle", symbolSize: 9, data: [{ coord: mark }], label: { show: false }, animation: false }
            : undefined,
      })),
      baseline
        ? {
            type: "line",
            name: "guessing",
            data: baseline[0].map((value, at) => [value, baseline[1][at]]),
            showSymbol: false,
            silent: true,
            tooltip: { show: false },
            lineStyle: { width: 1, type: DASH, color: palette.muted },
          }
        : null,
    ].filter(Boolean),
  });
}

/**
 * Predicted against actual, or the residual against the prediction.
 *
 * @param {{title: string, x: number[], y: number[]}[]} clouds
 * @param {{x: string, y: string, line: "diagonal" | "zero"}} axes
 * @returns {ChartOptions}
 */
export function scatterOptions(clouds, { x, y, line }) {
  return (palette) => ({
    legend: clouds.length > 1 ? legend(palette) : undefined,
    xAxis: valueAxis(palette, x, { scale: true }),
    yAxis: valueAxis(palette, y, { scale: true, nameGap: 40 }),
    grid: { left: 60, right: 16, top: 28, bottom: 40 },
    series: clouds.map((cloud, index) => ({
      type: "scatter",
      name: cloud.title,
      data: cloud.x.map((value, at) => [value, cloud.y[at]]),
      symbol: index === 0 ? "circle" : "triangle",
      symbolSize: 5,
      itemStyle: { opacity: 0.55 },
      markLine: index === 0 ? referenceLine(palette, line, cloud) : undefined,
    })),
  });
}

/**
 * A histogram as touching bars.
 *
 * @param {{title: string, edges: number[], counts: number[]}[]} histograms
 * @param {string} name of the x axis
 * @returns {ChartOptions}
 */
export function histogramOptions(histograms, name) {
  return (palette) => ({
    legend: histograms.length > 1 ? legend(palette) : undefined,
    xAxis: valueAxis(palette, name, { scale: true, splitLine: { show: false } }),
    yAxis: valueAxis(palette, "rows", { nameGap: 36 }),
    grid: { left: 52, right: 16, top: 28, bottom: 40 },
    series: histograms.map((histogram) => ({
      type: "line",
      name: histogram.title,
      step: "end",
      showSymbol: false,
      areaStyle: { opacity: 0.25 },
      lineStyle: { width: 1.5 },
      data: [
        ...histogram.counts.map((count, at) => [histogram.edges[at], count]),
        [histogram.edges.at(-1), histogram.counts.at(-1)],
      ],
    })),
  });
}

/**
 * Points of each cluster on the two main axes.
 *
 * @param {{x: number[], y: number[], cluster: number[]}} map
 * @returns {ChartOptions}
 */
export function clusterMapOptions({ x, y, cluster }) {
  const ids = [...new Set(cluster)].sort((a, b) => a - b);
  return (palette) => ({
    legend: legend(palette),
    xAxis: valueAxis(palette, "first principal component", { scale: true }),
    yAxis: valueAxis(palette, "second principal component", { scale: true, nameGap: 34 }),
    series: ids.map((id, index) => ({
      type: "scatter",
      name: `Cluster ${id}`,
      symbol: SYMBOLS[index % SYMBOLS.length],
      symbolSize: 6,
      itemStyle: { opacity: 0.65 },
      data: x.flatMap((value, at) => (cluster[at] === id ? [[value, y[at]]] : [])),
    })),
  });
}

const SYMBOLS = ["circle", "triangle", "rect", "diamond", "pin", "arrow"];

/** @param {Palette} palette */
function legend(palette) {
  return {
    top: 0,
    right: 0,
    itemWidth: 16,
    itemHeight: 8,
    textStyle: { color: palette.ink, fontSize: 11 },
    inactiveColor: palette.line,
  };
}

/**
 * @param {Palette} palette
 * @param {"diagonal" | "zero"} kind
 * @param {{x: number[], y: number[]}} cloud
 */
function referenceLine(palette, kind, cloud) {
  const style = {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: palette.muted, type: DASH, width: 1 },
    animation: false,
  };
  if (kind === "zero") return { ...style, data: [{ yAxis: 0 }] };
  const all = [...cloud.x, ...cloud.y];
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return { ...style, data: [[{ coord: [low, low] }, { coord: [high, high] }]] };
}
