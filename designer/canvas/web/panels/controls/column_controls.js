// Columns of the wired input: one by name, or many by names and rules.

import { computed, defineComponent, h, ref } from "vue";
import { typeIcon } from "../../results/table_cells.js";
import { icon, iconButton } from "../atoms.js";
import { COLUMN_ROLES, COLUMN_TYPES, describeSelection, fromRules, isNameList, resolveColumns, toRules, unknownNames } from "../column_rules.js";
import { Combobox } from "./combobox.js";
import { useKnownColumns } from "./known_columns.js";

/**
 * @import {ColumnRule, KnownColumn, RuleBy, RuleSelection} from "../column_rules.js"
 */

const common = /** @type {const} */ ({ field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean, nodeId: { type: String, required: true } });

/** Props: `field`, `id`, `nodeId`, `disabled`. Emits `commit` with a name or null. */
export const ColumnControl = defineComponent({
  name: "ColumnControl",
  props: common,
  emits: ["commit"],
  setup(props, { emit }) {
    const columns = useKnownColumns(() => props.nodeId, () => props.field.spec.port);
    return () => {
      const value = props.field.value ?? "";
      const missing = value && columns.value && !columns.value.some((column) => column.name === value);
      return h("div", [
        h(Combobox, {
          id: props.id,
          label: props.field.title,
          value,
          choices: choicesOf(columns.value ?? []),
          placeholder: columns.value ? "choose a column" : "column name",
          disabled: props.disabled,
          onTake: (/** @type {string} */ name) => emit("commit", name || null),
        }),
        missing ? h("p", { class: "ed-message ed-message-warning" }, `No column “${value}” in the input as it was last run.`) : columnHint(columns.value, props.disabled),
      ]);
    };
  },
});

/** Props: `field`, `id`, `nodeId`, `disabled`. Emits `commit` with a selection. */
export const ColumnsControl = defineComponent({
  name: "ColumnsControl",
  props: common,
  emits: ["commit"],
  setup(props, { emit }) {
    const columns = useKnownColumns(() => props.nodeId, () => props.field.spec.port);
    const byRules = ref(!isNameList(props.field.value ?? []));
    const selection = computed(() => toRules(props.field.value));
    const showRules = computed(() => byRules.value || !isNameList(fromRules(selection.value)));

    /** @param {RuleSelection} next */
    const commit = (next) => emit("commit", fromRules(next));
    /** @param {string[]} names */
    const commitNames = (names) => emit("commit", names);

    return () =>
      h("div", { class: "ed-columns", id: props.id }, [
        h("div", { class: "ed-segments", role: "radiogroup", "aria-label": "How columns are chosen" }, [
          modeButton("By name", !showRules.value, props.disabled, () => {
            byRules.value = false;
            if (!isNameList(fromRules(selection.value))) commitNames(columns.value ? resolveColumns(props.field.value, columns.value) : []);
          }),
          modeButton("With rules", showRules.value, props.disabled, () => (byRules.value = true)),
        ]),
        showRules.value
          ? drawRules(selection.value, columns.value ?? [], props.disabled, commit)
          : drawNames(/** @type {string[]} */ (props.field.value ?? []), columns.value, { disabled: props.disabled, title: props.field.title, commit: commitNames }),
        drawPreview(props.field.value, columns.value, props.disabled),
      ]);
  },
});

/**
 * @param {string} label
 * @param {boolean} chosen
 * @param {boolean} disabled
 * @param {() => void} choose
 */
function modeButton(label, chosen, disabled, choose) {
  return h("button", { type: "button", role: "radio", "aria-checked": String(chosen), disabled, onClick: choose }, label);
}

/**
 * @param {readonly string[]} names
 * @param {readonly KnownColumn[] | null} columns
 * @param {{disabled: boolean, title: string, commit: (names: string[]) => void}} options
 */
function drawNames(names, columns, { disabled, title, commit }) {
  const known = new Map((columns ?? []).map((column) => [column.name, column]));
  return [
    names.length
      ? h(
          "ul",
          { class: "ed-chips" },
          names.map((name, at) =>
            h("li", { key: name, class: { "ed-chip-unknown": columns !== null && !known.has(name) } }, [
              h("span", name),
              disabled ? null : iconButton("close", `Take ${name} out`, { onClick: () => commit(names.filter((_, index) => index !== at)) }),
            ]),
          ),
        )
      : null,
    disabled
      ? null
      : h(Combobox, {
          label: `Add a column to ${title}`,
          choices: choicesOf((columns ?? []).filter((column) => !names.includes(column.name))),
          placeholder: columns ? "Add a column" : "Add a column by name",
          clearOnTake: true,
          onTake: (/** @type {string} */ text) => commit([...names, ...splitNames(text, known).filter((name) => !names.includes(name))]),
        }),
  ];
}

/**
 * @param {RuleSelection} selection
 * @param {readonly KnownColumn[]} columns
 * @param {boolean} disabled
 * @param {(next: RuleSelection) => void} commit
 */
function drawRules(selection, columns, disabled, commit) {
  /** @param {number} at @param {Partial<ColumnRule>} patch */
  const change = (at, patch) => commit({ ...selection, rules: selection.rules.map((rule, index) => (index === at ? { ...rule, ...patch } : rule)) });
  return h("div", { class: "ed-rules" }, [
    h("label", { class: "ed-rule-start" }, [
      h("span", "Begin with"),
      select(selection.start, [["none", "no columns"], ["all", "all columns"]], disabled, "Begin with", (start) => commit({ ...selection, start: start === "all" ? "all" : "none" })),
    ]),
    ...selection.rules.map((rule, at) =>
      h("div", { key: at, class: "ed-rule" }, [
        h("div", { class: "ed-rule-head" }, [
          select(rule.action, [["include", "Include"], ["exclude", "Exclude"]], disabled, "Include or exclude", (action) => change(at, { action: action === "exclude" ? "exclude" : "include" })),
          select(rule.by, RULE_KINDS, disabled, "By what", (by) => change(at, { by: /** @type {RuleBy} */ (by), values: [] })),
          disabled ? null : iconButton("close", "Remove this rule", { onClick: () => commit({ ...selection, rules: selection.rules.filter((_, index) => index !== at) }) }),
        ]),
        drawRuleValues(rule, columns, disabled, (values) => change(at, { values })),
      ]),
    ),
    disabled
      ? null
      : h("button", { type: "button", class: "ed-link ed-add", onClick: () => commit({ ...selection, rules: [...selection.rules, { action: selection.start === "all" ? "exclude" : "include", by: "types", values: [] }] }) }, "Add a rule"),
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
 * @param {readonly KnownColumn[]} columns
 * @param {boolean} disabled
 * @param {(values: (string | number)[]) => void} commit
 */
function drawRuleValues(rule, columns, disabled, commit) {
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
            onClick: () => commit(values.includes(option) ? values.filter((value) => value !== option) : [...values, option]),
          },
          option,
        ),
      ),
    );
  }
  if (rule.by === "names") return drawNames(values, columns.length ? columns : null, { disabled, title: "the rule", commit });
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
    { class: "ed-input ed-select", value, disabled, "aria-label": label, onChange: (/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value), onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation() },
    options.map(([option, text]) => h("option", { value: option, selected: option === value }, text)),
  );
}

/**
 * @param {unknown} value
 * @param {readonly KnownColumn[] | null} columns
 * @param {boolean} disabled
 */
function drawPreview(value, columns, disabled) {
  if (!columns) return h("p", { class: "ed-hint" }, `${describeSelection(value)}.${disabled ? "" : " Run the node before this one to choose from its columns."}`);
  const chosen = resolveColumns(value, columns);
  const unknown = unknownNames(value, columns);
  return h("div", [
    h("p", { class: "ed-hint" }, [icon("view_column"), `${chosen.length} of ${columns.length} columns`]),
    unknown.length ? h("p", { class: "ed-message ed-message-warning" }, `Not in the input as it was last run: ${unknown.slice(0, 5).join(", ")}${unknown.length > 5 ? ", …" : ""}`) : null,
  ]);
}

/**
 * @param {readonly KnownColumn[] | null} columns
 * @param {boolean} disabled
 */
function columnHint(columns, disabled) {
  return columns || disabled ? null : h("p", { class: "ed-hint" }, "Run the node before this one to choose from its columns.");
}

/** @param {readonly KnownColumn[]} columns */
function choicesOf(columns) {
  return columns.map((column) => ({ value: column.name, icon: typeIcon(column), note: column.role || "" }));
}

/**
 * Pasted lists are split at commas and tabs, unless the whole text is a known name.
 *
 * @param {string} text
 * @param {Map<string, KnownColumn>} known
 */
function splitNames(text, known) {
  if (known.has(text)) return [text];
  return text
    .split(/[,\t\n]+/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** @param {string} text */
function readIndexes(text) {
  return text
    .split(/[,\s]+/)
    .map(Number)
    .filter((index) => Number.isInteger(index) && index > 0);
}
