// Column selections: the JSON a `columns` parameter holds, read, written, resolved and said in words.

/**
 * @typedef {{name: string, type: string, other_types?: string[], role?: string, categorical?: boolean | null, is_certain?: boolean}} KnownColumn
 * @typedef {"names" | "types" | "pattern" | "indexes" | "roles"} RuleBy
 * @typedef {{action: "include" | "exclude", by: RuleBy, values: (string | number)[]}} ColumnRule
 * @typedef {{start: "none" | "all", rules: ColumnRule[]}} RuleSelection
 */

export const COLUMN_TYPES = ["numeric", "string", "boolean", "datetime", "categorical"];
export const COLUMN_ROLES = ["feature", "label", "score", "ignored"];

/**
 * Whether a value is a plain list of names.
 *
 * @param {unknown} value
 * @returns {value is string[]}
 */
export function isNameList(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/**
 * Any selection value as rules; a list of names becomes one rule.
 *
 * @param {unknown} value
 * @returns {RuleSelection}
 */
export function toRules(value) {
  if (isNameList(value)) {
    return { start: "none", rules: value.length ? [{ action: "include", by: "names", values: [...value] }] : [] };
  }
  if (value && typeof value === "object" && "start" in value) {
    const selection = /** @type {RuleSelection} */ (value);
    return {
      start: selection.start === "all" ? "all" : "none",
      rules: (selection.rules ?? []).map((rule) => ({ ...rule, values: [...(rule.values ?? [])] })),
    };
  }
  return { start: "none", rules: [] };
}

/**
 * The shortest JSON for rules: names only become a plain list.
 *
 * @param {RuleSelection} selection
 * @returns {string[] | RuleSelection}
 */
export function fromRules(selection) {
  const [only] = selection.rules;
  if (selection.start === "none" && selection.rules.length === 1 && only?.by === "names" && only.action === "include") {
    return only.values.map(String);
  }
  return selection;
}

/**
 * The names a selection gives on known columns, in the order of the table.
 *
 * @param {unknown} value
 * @param {readonly KnownColumn[]} columns
 * @returns {string[]}
 */
export function resolveColumns(value, columns) {
  const selection = toRules(value);
  const chosen = new Set(selection.start === "all" ? columns.map((column) => column.name) : []);
  for (const rule of selection.rules) {
    for (const name of matchRule(rule, columns)) {
      if (rule.action === "include") chosen.add(name);
      else chosen.delete(name);
    }
  }
  return columns.map((column) => column.name).filter((name) => chosen.has(name));
}

/**
 * Names in a selection that a table lacks.
 *
 * @param {unknown} value
 * @param {{columns: readonly KnownColumn[], more?: readonly string[]}} table `more`: how the names of
 *   columns begin that may come besides
 * @returns {string[]}
 */
export function unknownNames(value, { columns, more = [] }) {
  const known = new Set(columns.map((column) => column.name));
  return toRules(value)
    .rules.filter((rule) => rule.by === "names")
    .flatMap((rule) => rule.values.map(String))
    .filter((name) => !known.has(name) && !more.some((start) => name.startsWith(start)));
}

/**
 * A selection in a few words for a closed field.
 *
 * @param {unknown} value
 */
export function describeSelection(value) {
  const { start, rules } = toRules(value);
  if (rules.length === 0) return start === "all" ? "All columns" : "No columns";
  const head = start === "all" ? "All columns" : "";
  const parts = rules.map((rule) => {
    const verb = rule.action === "exclude" ? "without " : head ? "with " : "";
    return verb + describeRule(rule);
  });
  return [head, ...parts].filter(Boolean).join(", ");
}

/**
 * The family a column's type belongs to, as rules by type name it.
 *
 * @param {KnownColumn} column
 * @returns {string}
 */
export function typeFamily(column) {
  const type = column.type.toLowerCase();
  if (/^(u?int|float|double|decimal|num|half)/.test(type)) return "numeric";
  if (/^bool/.test(type)) return "boolean";
  if (/^(date|time|duration|timestamp)/.test(type)) return "datetime";
  if (/^(cat|dict|enum)/.test(type)) return "categorical";
  if (/^(str|utf8|large_string|string)/.test(type)) return "string";
  return "other";
}

/**
 * @param {ColumnRule} rule
 * @param {readonly KnownColumn[]} columns
 * @returns {string[]}
 */
function matchRule(rule, columns) {
  const values = rule.values.map(String);
  switch (rule.by) {
    case "names":
      return values;
    case "types":
      return columns
        .filter(
          (column) => values.includes(typeFamily(column)) || (column.categorical && values.includes("categorical")),
        )
        .map((column) => column.name);
    case "roles":
      return columns.filter((column) => values.includes(column.role ?? "")).map((column) => column.name);
    case "indexes":
      return values.flatMap((index) => columns[Number(index) - 1]?.name ?? []);
    case "pattern":
      return values.flatMap((pattern) => matchPattern(pattern, columns));
  }
}

/**
 * @param {string} pattern
 * @param {readonly KnownColumn[]} columns
 */
function matchPattern(pattern, columns) {
  try {
    const expression = new RegExp(pattern, "u");
    return columns.filter((column) => expression.test(column.name)).map((column) => column.name);
  } catch {
    return [];
  }
}

/** @param {ColumnRule} rule */
function describeRule(rule) {
  const values = rule.values.map(String);
  switch (rule.by) {
    case "names":
      return values.length <= 3 ? values.join(", ") : `${values.slice(0, 2).join(", ")} and ${values.length - 2} more`;
    case "types":
      return `${values.join(" and ")} columns`;
    case "roles":
      return `columns with role ${values.join(" or ")}`;
    case "indexes":
      return `column ${values.join(", ")}`;
    case "pattern":
      return `names like ${values.join(" or ")}`;
  }
}
