/**
 * What differs between two states of a pipeline, as the server says it, and the address that leads to
 * it. Pure but for `keepCompare`.
 *
 * @typedef {"added" | "removed" | "changed"} ChangeKind
 * @typedef {{path: string[], before?: any, after?: any, text?: string, lines?: string[]}} Detail
 * @typedef {{kind: ChangeKind, what: string, scope?: string, id?: string, title?: string, details?: Detail[]}} Difference
 * @typedef {{title: string, reference: string, revision: number}} StateName
 * @typedef {{before: StateName, after: StateName, comparison: {differences: Difference[], moved: {[scope: string]: string[]}}}} WhatChanged
 * @typedef {{before: string, after: string}} Compared references: a revision's number, a version's name, `now`
 */

const BETWEEN = "..";

/** The two states that an address asks for. @param {string} search its query @returns {Compared | null} */
export function readCompare(search) {
  const text = new URLSearchParams(search).get("compare") ?? "";
  const at = text.indexOf(BETWEEN);
  if (at < 1) return null;
  return { before: text.slice(0, at), after: text.slice(at + BETWEEN.length) || "now" };
}

/** The query of an address with these states in it, everything else as it was. @param {string} search @param {Compared | null} compared */
export function withCompare(search, compared) {
  const parameters = new URLSearchParams(search);
  if (compared) parameters.set("compare", compared.before + BETWEEN + compared.after);
  else parameters.delete("compare");
  const text = parameters.toString();
  return text ? `?${text}` : "";
}

/** @param {Compared | null} compared */
export function keepCompare(compared) {
  const search = withCompare(location.search, compared);
  if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
}

/** Whether a value came, went, or is another one. @param {Detail} detail @returns {ChangeKind} */
export function detailKind(detail) {
  if (!("before" in detail)) return "added";
  return "after" in detail ? "changed" : "removed";
}

/** How much differs, on one line. @param {WhatChanged["comparison"]} comparison */
export function changedWords({ differences, moved }) {
  const counts = /** @type {const} */ (["added", "removed", "changed"]).map((kind) => ({ kind, count: differences.filter((one) => one.kind === kind).length }));
  const moves = Object.values(moved ?? {}).reduce((sum, ids) => sum + ids.length, 0);
  return [...counts, { kind: "moved", count: moves }].filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${kind}`).join(", ");
}
