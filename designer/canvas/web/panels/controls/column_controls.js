// Columns of the wired input: one by name, or many by names and rules.

import { computed, defineComponent, h, ref } from "vue";
import { icon } from "../atoms.js";
import { describeSelection, fromRules, isNameList, resolveColumns, toRules, unknownNames } from "../column_rules.js";
import { choicesOf, drawNames } from "./column_choices.js";
import { drawRules } from "./column_rule_editor.js";
import { Combobox } from "./combobox.js";
import { useKnownColumns } from "./known_columns.js";

/**
 * @import {KnownColumn, RuleSelection} from "../column_rules.js"
 */

const common = /** @type {const} */ ({
  field: { type: Object, required: true },
  id: { type: String, required: true },
  disabled: Boolean,
  nodeId: { type: String, required: true },
});

/** Props: `field`, `id`, `nodeId`, `disabled`. Emits `commit` with a name or null. */
export const ColumnControl = defineComponent({
  name: "ColumnControl",
  props: common,
  emits: ["commit"],
  setup(props, { emit }) {
    const columns = useKnownColumns(
      () => props.nodeId,
      () => props.field.spec.port,
    );
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
        missing
          ? h("p", { class: "ed-message ed-message-warning" }, `No column “${value}” in the input as it was last run.`)
          : columnHint(columns.value, props.disabled),
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
    const columns = useKnownColumns(
      () => props.nodeId,
      () => props.field.spec.port,
    );
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
            if (!isNameList(fromRules(selection.value)))
              commitNames(columns.value ? resolveColumns(props.field.value, columns.value) : []);
          }),
          modeButton("With rules", showRules.value, props.disabled, () => (byRules.value = true)),
        ]),
        showRules.value
          ? drawRules(selection.value, columns.value ?? [], props.disabled, commit)
          : drawNames(/** @type {string[]} */ (props.field.value ?? []), columns.value, {
              disabled: props.disabled,
              title: props.field.title,
              commit: commitNames,
            }),
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
  return h(
    "button",
    { type: "button", role: "radio", "aria-checked": String(chosen), disabled, onClick: choose },
    label,
  );
}

/**
 * @param {unknown} value
 * @param {readonly KnownColumn[] | null} columns
 * @param {boolean} disabled
 */
function drawPreview(value, columns, disabled) {
  if (!columns)
    return h(
      "p",
      { class: "ed-hint" },
      `${describeSelection(value)}.${disabled ? "" : " Run the node before this one to choose from its columns."}`,
    );
  const chosen = resolveColumns(value, columns);
  const unknown = unknownNames(value, columns);
  return h("div", [
    h("p", { class: "ed-hint" }, [icon("view_column"), `${chosen.length} of ${columns.length} columns`]),
    unknown.length
      ? h(
          "p",
          { class: "ed-message ed-message-warning" },
          `Not in the input as it was last run: ${unknown.slice(0, 5).join(", ")}${unknown.length > 5 ? ", …" : ""}`,
        )
      : null,
  ]);
}

/**
 * @param {readonly KnownColumn[] | null} columns
 * @param {boolean} disabled
 */
function columnHint(columns, disabled) {
  return columns || disabled
    ? null
    : h("p", { class: "ed-hint" }, "Run the node before this one to choose from its columns.");
}
