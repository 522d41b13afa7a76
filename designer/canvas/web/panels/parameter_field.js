// One parameter: its title, its control, what it is tied to, and what is wrong with it.

import { defineComponent, h, ref, watch } from "vue";
import { icon, iconButton, severityMark } from "./atoms.js";
import { SegmentedControl, SelectControl, SwitchControl } from "./controls/choice_control.js";
import { CodeControl } from "./controls/code_control.js";
import { ColumnControl, ColumnsControl } from "./controls/column_controls.js";
import { FileControl } from "./controls/file_control.js";
import { ListControl } from "./controls/list_control.js";
import { NumberControl } from "./controls/number_control.js";
import { SecretControl, TextControl } from "./controls/text_control.js";
import { useEditor } from "./editor_context.js";
import { fittingParameters, parameterFromField } from "./form_model.js";
import { describeDefault } from "./parameter_text.js";
import { PopMenu } from "./pop_menu.js";
import { drawPin, drawPromotion } from "./promoting.js";

/**
 * @import {Field} from "./form_model.js"
 * @import {MenuItem} from "./pop_menu.js"
 */

/** A required parameter has no value: its field says so beside its title. */
const NOT_SET = "V004";

/** @type {Record<string, any>} */
const CONTROLS = {
  bool: SwitchControl,
  int: NumberControl,
  float: NumberControl,
  seed: NumberControl,
  string: TextControl,
  text: TextControl,
  code: CodeControl,
  enum: SelectControl,
  segmented: SegmentedControl,
  list: ListControl,
  column: ColumnControl,
  columns: ColumnsControl,
  file: FileControl,
  secret: SecretControl,
};

/** Props: `field`, `nodeId`. */
export const ParameterField = defineComponent({
  name: "ParameterField",
  props: { field: { type: Object, required: true }, nodeId: { type: String, required: true } },
  setup(props) {
    const { session, state, ui } = useEditor();
    const invalid = ref(/** @type {string | null} */ (null));
    watch(
      () => [props.nodeId, props.field.name],
      () => (invalid.value = null),
    );

    /** @param {unknown} value */
    function commit(value) {
      invalid.value = null;
      session.setParameter(props.nodeId, props.field.name, value);
    }

    return () => {
      const field = /** @type {Field} */ (props.field);
      const id = `parameter-${props.nodeId}-${field.name}`;
      const disabled = session.readOnly;
      return h(
        "div",
        {
          class: [
            "ed-field",
            {
              "ed-field-inline": field.control === "bool" && !field.reference,
              "ed-field-changed": field.changed && !field.missing,
              "ed-field-missing": field.missing,
            },
          ],
          "data-parameter": field.name,
          onKeydownCapture: tieByKey,
        },
        [
          h("div", { class: "ed-field-head" }, [
            h("label", { for: id }, field.title),
            field.missing ? h("span", { class: "ed-to-set", "data-tip": "Needed before the pipeline can run" }, "to set") : null,
            field.spec.required && !field.missing
              ? h(
                  "span",
                  { class: "ed-required", "data-tip": "Needed before the pipeline can run", "aria-label": "required" },
                  "*",
                )
              : null,
            field.spec.description
              ? h(
                  "span",
                  {
                    class: "ed-about",
                    role: "note",
                    "aria-label": field.spec.description,
                    "data-tip": field.spec.description,
                  },
                  [icon("help_outline")],
                )
              : null,
            h("span", { class: "ed-spacer" }),
            field.changed && !disabled
              ? iconButton("restart_alt", `Back to the default, ${describeDefault(field.spec.default)}`, {
                  class: "ed-reset",
                  onClick: () => commit(undefined),
                })
              : null,
            drawPin(session, props.nodeId, field.name),
            disabled ? null : drawTieMenu(field, props.nodeId, session, state.document),
          ]),
          field.reference !== null
            ? drawReference(field, props.nodeId, session, state.document)
            : h(CONTROLS[field.control] ?? TextControl, {
                field,
                id,
                disabled,
                nodeId: ["column", "columns", "code"].includes(field.control) ? props.nodeId : undefined,
                ...(field.control === "code" ? { reveal: wishedLine(ui.focusField, props.nodeId, field.name) } : {}),
                onCommit: commit,
                onInvalid: (/** @type {string | null} */ message) => (invalid.value = message),
              }),
          drawPromotion(session, props.nodeId, field.name),
          drawMessages(field, invalid.value),
        ],
      );
    };
  },
});

/**
 * The place of a program that somebody wants to see now: a line, or the large window.
 *
 * @param {import("./editor_context.js").EditorContext["ui"]["focusField"]} wish
 * @param {string} nodeId
 * @param {string} name
 */
function wishedLine(wish, nodeId, name) {
  return (wish?.line || wish?.isLarge) && wish.node === nodeId && wish.name === name ? wish : null;
}

/**
 * @param {Field} field
 * @param {string | null} invalid
 */
function drawMessages(field, invalid) {
  if (invalid) {
    const kept =
      field.value === null || field.value === undefined ? "" : ` ${describeDefault(field.value)} stays in force.`;
    return h("p", { class: "ed-message ed-message-error", role: "alert" }, [
      icon("error"),
      h("span", `${invalid}${kept}`),
    ]);
  }
  return field.diagnostics.filter((item) => !field.missing || item.code !== NOT_SET).map((item) =>
    h("p", { key: item.code + item.message, class: `ed-message ed-message-${item.severity ?? "error"}` }, [
      severityMark(item.severity ?? "error"),
      h("span", `${item.message} ${item.remedy ?? ""}`),
    ]),
  );
}

/** "=" typed into an empty field opens the menu that ties it. @param {KeyboardEvent} event */
function tieByKey(event) {
  const { target, currentTarget, key } = event;
  const isEmpty = (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && target.value === "" && !target.validity.badInput;
  if (key !== "=" || !isEmpty || target.closest(".ed-code, dialog") || !(currentTarget instanceof HTMLElement)) return;
  const menu = currentTarget.querySelector(".ed-tie");
  if (!(menu instanceof HTMLButtonElement)) return;
  event.preventDefault();
  event.stopPropagation();
  menu.click();
}

/**
 * The menu that ties a field to a parameter of the pipeline.
 *
 * @param {Field} field
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 * @param {import("../types.js").GraphDocument} document
 */
function drawTieMenu(field, nodeId, session, document) {
  const made = parameterFromField(field.spec, field.reference === null ? field.value : undefined);
  if (!made) return null;
  const parameters = document.parameters ?? {};
  /** @type {MenuItem[]} */
  const items = [
    { heading: "Pipeline parameter" },
    ...fittingParameters(field.spec, parameters).map((name) => ({
      label: name,
      hint: describeDefault(parameters[name]?.default),
      checked: field.reference === name,
      run: () => session.setParameter(nodeId, field.name, { $parameter: name }),
    })),
  ];
  if (field.reference === null)
    items.push({ label: `New from this field`, icon: "add", run: () => makeParameter(field, nodeId, session, made) });
  else
    items.push(
      { separator: true },
      { label: "Detach, keep its value", icon: "link_off", run: () => detach(field, nodeId, session, document) },
    );
  return h(
    PopMenu,
    {
      label: "Tie to a pipeline parameter",
      tip: field.reference === null ? "Tie to a pipeline parameter (= in the empty field)" : "",
      align: "end",
      items,
      buttonClass: `ed-icon-button ed-tie ${field.reference === null ? "" : "ed-tie-on"}`,
    },
    { default: () => [icon("link")] },
  );
}

/**
 * @param {Field} field
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 * @param {import("../types.js").GraphDocument} document
 */
function drawReference(field, nodeId, session, document) {
  const parameter = document.parameters?.[String(field.reference)];
  return h("div", { class: "ed-reference" }, [
    icon("link"),
    h(
      "button",
      {
        type: "button",
        class: "ed-link",
        "data-tip": "Edit the pipeline's parameters",
        onClick: () => session.select([]),
      },
      String(field.reference),
    ),
    h("span", { class: "ed-muted" }, parameter ? `= ${describeDefault(parameter.default)}` : "does not exist"),
    h("span", { class: "ed-spacer" }),
    session.readOnly
      ? null
      : iconButton("link_off", "Detach, keep its value", { onClick: () => detach(field, nodeId, session, document) }),
  ]);
}

/**
 * @param {Field} field
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 * @param {import("./form_model.js").GraphParameter} made
 */
function makeParameter(field, nodeId, session, made) {
  const taken = session.document.parameters ?? {};
  let name = field.name;
  for (let count = 2; Object.hasOwn(taken, name); count += 1) name = `${field.name}_${count}`;
  session.edit(`Make ${name} a pipeline parameter`, [
    { path: ["parameters", name], after: made },
    { path: ["nodes", nodeId, "parameters", field.name], after: { $parameter: name } },
  ]);
}

/**
 * @param {Field} field
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 * @param {import("../types.js").GraphDocument} document
 */
function detach(field, nodeId, session, document) {
  const value = document.parameters?.[String(field.reference)]?.default;
  session.setParameter(nodeId, field.name, value === undefined || value === field.spec.default ? undefined : value);
}
