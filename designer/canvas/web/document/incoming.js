/**
 * What a text from the clipboard means when it is no graph: a table, or the place of a file. Pure.
 *
 * @typedef {{kind: "table", format: "CSV" | "TSV", text: string} | {kind: "file", path: string} | {kind: "url", url: string}} Incoming
 */

/** Endings of files that Import Data reads. */
export const TABLE_ENDINGS = ["csv", "tsv", "txt", "parquet", "arrow", "feather", "jsonl", "ndjson", "xlsx", "xls", "csv.gz", "tsv.gz"];
const LONGEST_LINE = 100_000;
const LOOKED_AT = 50;

/** @param {string} text @returns {Incoming | null} */
export function readIncoming(text) {
  const trimmed = text.replaceAll("\r\n", "\n").trim();
  if (!trimmed) return null;
  return placeIn(trimmed) ?? tableIn(trimmed);
}

/** Whether a file of this name is one that Import Data reads. @param {string} name */
export function isTableFile(name) {
  return TABLE_ENDINGS.some((ending) => name.toLowerCase().endsWith(`.${ending}`));
}

/** A label made from the name of a file. @param {string} path */
export function labelOf(path) {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/\.(csv|tsv)\.gz$|\.[^.]+$/i, "").replaceAll(/[_-]+/g, " ").trim() || name;
}

/** @param {string} text @returns {Incoming | null} */
function placeIn(text) {
  if (text.includes("\n")) return null;
  const path = text.replace(/^"(.*)"$/, "$1").replace(/^file:\/\//, "");
  if (/^https?:\/\/\S+$/.test(path)) return isTableFile(path.split(/[?#]/)[0]) ? { kind: "url", url: path } : null;
  const isPath = /^(\/|\.{1,2}\/|~\/|[A-Za-z]:[\\/]|[\w. -]+(\/[\w. -]+)+$|[\w.-]+$)/.test(path);
  return isPath && isTableFile(path) && !path.includes(",") ? { kind: "file", path } : null;
}

/** @param {string} text @returns {Incoming | null} */
function tableIn(text) {
  const lines = text.split("\n").slice(0, LOOKED_AT);
  if (lines.length < 2 || lines.some((line) => line.length > LONGEST_LINE)) return null;
  for (const [sign, format] of /** @type {const} */ ([["\t", "TSV"], [",", "CSV"], [";", "CSV"]])) {
    const counts = lines.map((line) => fieldsOf(line, sign));
    if (counts[0] < 2 || counts.some((count) => count !== counts[0])) continue;
    return { kind: "table", format, text: sign === ";" ? text.split("\n").map(commaSeparated).join("\n") : text };
  }
  return null;
}

/** Fields of a line; a sign inside quotes does not count. @param {string} line @param {string} sign */
function fieldsOf(line, sign) {
  let [fields, isQuoted] = [1, false];
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === sign && !isQuoted) fields += 1;
  }
  return fields;
}

/** A line with semicolons as one with commas. @param {string} line */
function commaSeparated(line) {
  return line.split(";").map((field) => (field.includes(",") && !field.startsWith('"') ? `"${field}"` : field)).join(",");
}
