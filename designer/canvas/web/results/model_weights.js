// How much each feature of a model counts, read from its archive's facts. Pure.

/**
 * @typedef {{title: string, note: string, rows: [string, number][], intercept: number | null}} WeightList
 */

/**
 * The lists of weights a model has, each largest first: coefficients by class, importance, permutation.
 *
 * @param {Record<string, any>} model
 * @returns {WeightList[]}
 */
export function readWeights(model) {
  /** @type {WeightList[]} */
  const lists = [];
  for (const entry of model.coefficients ?? []) {
    const title =
      entry.class === undefined || entry.class === null || entry.class === ""
        ? "Coefficients"
        : `Coefficients for “${entry.class}”`;
    lists.push({
      title,
      note: "",
      rows: sortRows(entry.weights),
      intercept: typeof entry.intercept === "number" ? entry.intercept : null,
    });
  }
  if (model.feature_importance)
    lists.push({ title: "Feature importance", note: "", rows: sortRows(model.feature_importance), intercept: null });
  const { explanation } = model;
  if (explanation?.features) {
    lists.push({
      title: "By permutation",
      note: "How much worse the model gets when the column is shuffled.",
      rows: sortRows(explanation.features),
      intercept: null,
    });
  }
  return lists.filter((list) => list.rows.length > 0);
}

/**
 * @param {any} source records with a feature and a value, or a map from feature to value
 * @returns {[string, number][]}
 */
function sortRows(source) {
  const pairs = Array.isArray(source) ? source.map(readPair) : Object.entries(source ?? {});
  return /** @type {[string, number][]} */ (pairs.filter(([, value]) => typeof value === "number")).sort(
    (a, b) => Math.abs(b[1]) - Math.abs(a[1]),
  );
}

/** @param {any} item @returns {[string, unknown]} */
function readPair(item) {
  return [String(item.feature ?? item.name ?? ""), item.value ?? item.importance ?? item.coefficient];
}
