// What is said about a chart: of how many rows it is, what was left out, whether it is a sample. Pure.

import { formatCount, formatNumber } from "../format.js";

/**
 * @param {any} answer
 * @returns {string}
 */
export function chartNote(answer) {
  const said = [rowsNote(answer)];
  if (answer.missing) said.push(`${formatNumber(answer.missing)} missing`);
  if (answer.outside > 0) said.push(`${formatNumber(answer.outside)} farther out are not drawn`);
  if (answer.left_out > 0) said.push(`${formatNumber(answer.left_out)} infinite or NaN left out`);
  if (answer.others?.values)
    said.push(`${formatCount(answer.others.values, "more value")} in ${formatCount(answer.others.rows, "row")}`);
  if (answer.kind === "scatter" && typeof answer.correlation === "number")
    said.push(`r = ${formatNumber(answer.correlation, 3)}`);
  if (answer.every) said.push(`each point is one ${answer.every}`);
  return said.filter(Boolean).join(" · ");
}

/** @param {any} answer */
function rowsNote({ kind, rows, drawn = rows, sample }) {
  if (sample && kind === "scatter")
    return `a sample of ${formatCount(sample, "point")} of ${formatNumber(drawn)}, the same every time`;
  if (sample) return `from a sample of ${formatCount(sample, "row")} of ${formatNumber(rows)}, evenly spread`;
  if (drawn < rows) return `${formatNumber(drawn)} of ${formatCount(rows, "row")}, the others have missing values`;
  return `all ${formatCount(rows, "row")}`;
}

/**
 * What was left out of a correlation, by reason.
 *
 * @param {{name: string, reason: string}[]} leftOut
 * @returns {string[]}
 */
export function leftOutNotes(leftOut) {
  /** @type {Map<string, string[]>} */
  const reasons = new Map();
  for (const { name, reason } of leftOut) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return [...reasons].map(([reason, names]) => {
    const shown = names.slice(0, 4).join(", ");
    return `${shown}${names.length > 4 ? ` and ${names.length - 4} more` : ""}: ${reason}`;
  });
}

/**
 * The numbers behind a chart, as rows with a head.
 *
 * @param {any} answer
 * @returns {unknown[][]}
 */
export function chartRows(answer) {
  switch (answer.kind) {
    case "scatter":
      return answer.form === "tiles"
        ? [
            ["x from", "x to", "y from", "y to", "rows"],
            ...answer.tiles.map((/** @type {number[]} */ [x = 0, y = 0, rows]) => [
              answer.x_edges[x],
              answer.x_edges[x + 1],
              answer.y_edges[y],
              answer.y_edges[y + 1],
              rows,
            ]),
          ]
        : [
            [answer.x.name, answer.y.name, ...(answer.groups.length ? [answer.by.name] : [])],
            ...answer.points.map((/** @type {any[]} */ [x, y, group]) =>
              answer.groups.length ? [x, y, groupName(answer.groups[group])] : [x, y],
            ),
          ];
    case "box": {
      const names = ["minimum", "low", "q1", "median", "q3", "high", "maximum", "mean", "rows", "beyond"];
      return [
        [answer.x.name, ...names],
        ...answer.boxes.map((/** @type {any} */ box) => [groupName(box.name), ...names.map((name) => box[name])]),
      ];
    }
    case "time_line":
      return [
        ["line", "time", answer.aggregate, "rows"],
        ...answer.series.flatMap((/** @type {any} */ line) =>
          line.times.map((/** @type {string} */ at, /** @type {number} */ index) => [
            groupName(line.name),
            at,
            line.value[index],
            line.rows[index],
          ]),
        ),
      ];
    case "correlation":
      return [
        ["", ...answer.columns.map((/** @type {any} */ column) => column.name)],
        ...answer.values.map((/** @type {unknown[]} */ row, /** @type {number} */ at) => [answer.columns[at].name, ...row]),
      ];
    default:
      return distributionRows(answer);
  }
}

/** @param {any} answer */
function distributionRows({ form, edges, values, series }) {
  const names = series.map((/** @type {any} */ line) => groupName(line.name) || "rows");
  const counts = (/** @type {number} */ at) => series.map((/** @type {any} */ line) => line.counts[at]);
  if (form === "counts")
    return [["value", ...names], ...values.map((/** @type {unknown} */ value, /** @type {number} */ at) => [value, ...counts(at)])];
  return [
    ["from", "to", ...names],
    ...edges.slice(0, -1).map((/** @type {unknown} */ edge, /** @type {number} */ at) => [edge, edges[at + 1], ...counts(at)]),
  ];
}

/** @param {any} name */
function groupName(name) {
  if (name === null || name === undefined) return "";
  return typeof name === "object" && "$others" in name ? "others" : name;
}

/**
 * Rows as CSV that a spreadsheet takes as data, never as a formula.
 *
 * @param {unknown[][]} rows
 */
export function asCsv(rows) {
  return rows.map((row) => row.map(csvCell).join(",")).join("\r\n");
}

/** @param {unknown} value */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
