// Columns of the wired input: one by name, or many by names and rules.

import { computed, defineComponent, h, ref, watch } from "vue";
import { isEmpty } from "../../document/parameter_values.js";
import { icon } from "../atoms.js";
import { describeSelection, fromRules, isNameList, resolveColumns, toRules, unknownNames } from "../column_rules.js";
import { choicesOf, drawNames } from "./column_choices.js";
import { drawRules } from "./column_rule_editor.js";
import { Combobox } from "./combobox.js";
import { useKnownTable, useReason } from "./known_columns.js";

/**
 * @import {RuleSelection} from "../column_rules.js"
 * @import {Field} from "../form_model.js"
 * @import {KnownTable} from "./known_columns.js"
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
    const [nodeId, port] = [() => props.nodeId, () => props.field.spec.port];
    const table = useKnownTable(nodeId, port);
    const reason = useReason(nodeId, port);
    return () => {
      const value = props.field.value ?? "";
      return h("div", [
        h(Combobox, {
          id: props.id,
          label: props.field.title,
          value,
          choices: choicesOf(table.value?.columns ?? []),
          placeholder: table.value ? "choose a column" : "column name",
          disabled: props.disabled,
          onTake: (/** @type {string} */ name) => emit("commit", name || null),
        }),
        props.disabled ? null : drawHint(value ? [value] : [], table.value, /** @type {Field} */ (props.field), reason.value),
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
    const [nodeId, port] = [() => props.nodeId, () => props.field.spec.port];
    const table = useKnownTable(nodeId, port);
    const reason = useReason(nodeId, port);
    const byRules = ref(!areNames(/** @type {Field} */ (props.field)));
    watch(
      () => props.field.value,
      () => (byRules.value ||= !areNames(/** @type {Field} */ (props.field))),
    );
    const selection = computed(() => toRules(props.field.value));
    const names = computed(() => fromRules(selection.value));

    function showNames() {
      byRules.value = false;
      if (table.value && !areNames(/** @type {Field} */ (props.field))) commitNames(resolveColumns(props.field.value, table.value.columns));
    }

    /** @param {RuleSelection} next */
    const commit = (next) => emit("commit", fromRules(next));
    /** @param {string[]} names */
    const commitNames = (names) => emit("commit", names);

    return () =>
      h("div", { class: "ed-columns", id: props.id }, [
        h("div", { class: "ed-segments", role: "radiogroup", "aria-label": "How columns are chosen" }, [
          modeButton("By name", !byRules.value, props.disabled, showNames),
          modeButton("With rules", byRules.value, props.disabled, () => (byRules.value = true)),
        ]),
        byRules.value
          ? drawRules(selection.value, table.value, props.disabled, commit)
          : drawNames(isNameList(names.value) ? names.value : [], table.value, {
              disabled: props.disabled,
              title: props.field.title,
              commit: commitNames,
            }),
        drawCount(props.field.value, table.value),
        props.disabled ? null : drawHint(props.field.value, table.value, /** @type {Field} */ (props.field), reason.value),
      ]);
  },
});

/** Whether a list of names says all there is to a selection. @param {Field} field */
function areNames(field) {
  return field.missing || isNameList(fromRules(toRules(field.value)));
}

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
 * @param {KnownTable | null} table
 */
function drawCount(value, table) {
  if (!table) return isEmpty(value) ? null : h("p", { class: "ed-hint" }, `${describeSelection(value)}.`);
  const chosen = resolveColumns(value, table.columns);
  const all = `${table.columns.length}${table.more.length ? " or more" : ""}`;
  return h("p", { class: "ed-hint" }, [icon("view_column"), `${chosen.length} of ${all} columns`]);
}

/**
 * What is missing of what was chosen, unless the field says so already; else why the columns are not known.
 *
 * @param {unknown} value
 * @param {KnownTable | null} table
 * @param {Field} field
 * @param {string} reason why the columns are not known
 */
function drawHint(value, table, field, reason) {
  if (!table) return h("p", { class: "ed-hint" }, reason);
  const unknown = unknownNames(value, table);
  if (unknown.length === 0 || field.diagnostics.length > 0) return null;
  const names = unknown.slice(0, 5).join(", ") + (unknown.length > 5 ? ", …" : "");
  const place = table.isOld ? "Not in the input as it was last run" : "Not in the input";
  return h("p", { class: "ed-message ed-message-warning" }, `${place}: ${names}`);
}
