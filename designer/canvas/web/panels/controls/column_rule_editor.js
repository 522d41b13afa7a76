// The rules of a column selection: begin with all or none, then include and exclude.

import { h } from "vue";
import { iconButton } from "../atoms.js";
import { COLUMN_ROLES, COLUMN_TYPES } from "../column_rules.js";
import { drawNames } from "./column_choices.js";

/**
 * @import {ColumnRule, RuleBy, RuleSelection} from "../column_rules.js"
 * @import {KnownTable} from "./known_columns.js"
 */

/**
 * @param {RuleSelection} selection
 * @param {KnownTable | null} table
 * @param {boolean} disabled
 * @param {(next: RuleSelection) => void} commit
 */
export function drawRules(selection, table, disabled, commit) {
  /** @param {number} at @param {Partial<ColumnRule>} patch */
  const change = (at, patch) =>
    commit({
      ...selection,
      rules: selection.rules.map((rule, index) => (index === at ? { ...rule, ...patch } : rule)),
    });
  return h("div", { class: "ed-rules" }, [
    h("label", { class: "ed-rule-start" }, [
      h("span", "Begin with"),
      select(
        selection.start,
        [
          ["none", "no columns"],
          ["all", "all columns"],
        ],
        disabled,
        "Begin with",
        (start) => commit({ ...selection, start: start === "all" ? "all" : "none" }),
      ),
    ]),
    ...selection.rules.map((rule, at) =>
      h("div", { key: at, class: "ed-rule" }, [
        h("div", { class: "ed-rule-head" }, [
          select(
            rule.action,
            [
              ["include", "Include"],
              ["exclude", "Exclude"],
            ],
            disabled,
            "Include or exclude",
            (action) => change(at, { action: action === "exclude" ? "exclude" : "include" }),
          ),
          select(rule.by, RULE_KINDS, disabled, "By what", (by) =>
            change(at, { by: /** @type {RuleBy} */ (by), values: [] }),
          ),
          disabled
            ? null
            : iconButton("close", "Remove this rule", {
                onClick: () => commit({ ...selection, rules: selection.rules.filter((_, index) => index !== at) }),
              }),
        ]),
        drawRuleValues(rule, table, disabled, (values) => change(at, { values })),
      ]),
    ),
    disabled
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "ed-link ed-add",
            onClick: () =>
              commit({
                ...selection,
                rules: [
                  ...selection.rules,
                  { action: selection.start === "all" ? "exclude" : "include", by: "types", values: [] },
                ],
              }),
          },
          "Add a rule",
        ),
  ]);
}

/** @type {[RuleBy, string][]} */
const RULE_KINDS = [
  ["names", "names"],
  ["types", "types"],
  ["pattern", "pattern"],
  ["indexes", "positions"],
  ["roles", "roles"],
];

/**
 * @param {ColumnRule} rule
 * @param {KnownTable | null} table
 * @param {boolean} disabled
 * @param {(values: (string | number)[]) => void} commit
 */
function drawRuleValues(rule, table, disabled, commit) {
  const values = rule.values.map(String);
  if (rule.by === "types" || rule.by === "roles") {
    const options = rule.by === "types" ? COLUMN_TYPES : COLUMN_ROLES;
    return h(
      "div",
      { class: "ed-toggles" },
      options.map((option) =>
        h(
          "button",
          {
            type: "button",
            "aria-pressed": String(values.includes(option)),
            disabled,
            onClick: () =>
              commit(values.includes(option) ? values.filter((value) => value !== option) : [...values, option]),
          },
          option,
        ),
      ),
    );
  }
  if (rule.by === "names")
    return drawNames(values, table, { disabled, title: "the rule", commit });
  const isPattern = rule.by === "pattern";
  return h("input", {
    class: "ed-input ed-mono",
    value: values.join(isPattern ? " " : ", "),
    disabled,
    placeholder: isPattern ? "regular expression, e.g. ^mean" : "positions from 1, e.g. 1, 3, 5",
    "aria-label": isPattern ? "Regular expression" : "Positions",
    onChange: (/** @type {Event} */ event) => {
      const text = /** @type {HTMLInputElement} */ (event.target).value.trim();
      commit(isPattern ? (text ? [text] : []) : readIndexes(text));
    },
    onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
  });
}

/**
 * @param {string} value
 * @param {readonly (readonly [string, string])[]} options
 * @param {boolean} disabled
 * @param {string} label
 * @param {(value: string) => void} choose
 */
function select(value, options, disabled, label, choose) {
  return h(
    "select",
    {
      class: "ed-input ed-select",
      value,
      disabled,
      "aria-label": label,
      onChange: (/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value),
      onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
    },
    options.map(([option, text]) => h("option", { value: option, selected: option === value }, text)),
  );
}

/** @param {string} text */
function readIndexes(text) {
  return text
    .split(/[,\s]+/)
    .map(Number)
    .filter((index) => Number.isInteger(index) && index > 0);
}
