// Properties of the pipeline itself: description, parameters, outputs, history.

import { computed, defineComponent, h, ref, watch } from "vue";
import { iconButton } from "./atoms.js";
import { NumberControl } from "./controls/number_control.js";
import { SwitchControl } from "./controls/choice_control.js";
import { TextControl } from "./controls/text_control.js";
import { useEditor } from "./editor_context.js";
import { InlineName } from "./inline_name.js";
import { Outputs } from "./pipeline_outputs.js";
import { addParameter, removeParameter, renameParameter, usersOf } from "./pipeline_parameters.js";
import { Revisions } from "./revisions.js";
import { RunSettings } from "./run_settings.js";
import { section } from "./section.js";
import { drawSubgraphs } from "./subgraph_list.js";

/**
 * @import {GraphParameter} from "./form_model.js"
 * @import {GraphDocument} from "../types.js"
 */

const TYPES = /** @type {const} */ (["int", "float", "bool", "string"]);

export const PipelineProperties = defineComponent({
  name: "PipelineProperties",
  setup() {
    const { session, state, layout, toasts } = useEditor();
    const parameters = computed(() =>
      Object.entries(/** @type {Record<string, GraphParameter>} */ (state.document.parameters ?? {})).sort(([a], [b]) =>
        a.localeCompare(b),
      ),
    );
    const outputs = computed(() => Object.entries(state.document.outputs ?? {}).sort(([a], [b]) => a.localeCompare(b)));

    return () =>
      h("div", { class: "ed-node-properties" }, [
        h("div", { class: "ed-section-body ed-first" }, [h(Description), drawFacts(session.root)]),
        section(
          layout,
          {
            name: "pipeline_parameters",
            title: "Parameters",
            count: parameters.value.length,
            action: session.readOnly
              ? null
              : iconButton("add", "Add a pipeline parameter", { onClick: () => addParameter(session) }),
          },
          () => drawParameters(parameters.value, session, toasts),
        ),
        section(layout, { name: "pipeline_outputs", title: "Outputs", count: outputs.value.length }, () =>
          h(Outputs, { outputs: outputs.value }),
        ),
        section(layout, { name: "pipeline_run", title: "Run settings", openFirst: false }, () => [
          h("p", { class: "ed-hint" }, "For every node that says nothing else."),
          h(RunSettings, { nodeId: "" }),
        ]),
        Object.keys(state.document.subgraphs ?? {}).length
          ? section(layout, { name: "pipeline_subgraphs", title: "Subgraphs" }, () => drawSubgraphs(session))
          : null,
        session.runId
          ? null
          : section(layout, { name: "pipeline_history", title: "History", openFirst: false }, () => h(Revisions)),
      ]);
  },
});

const Description = defineComponent({
  name: "PipelineDescription",
  setup() {
    const { session, state } = useEditor();
    const text = ref(state.document.description ?? "");
    watch(
      () => state.document.description,
      (value) => (text.value = value ?? ""),
    );
    return () =>
      h("div", { class: "ed-field" }, [
        h("div", { class: "ed-field-head" }, [h("label", { for: "pipeline-description" }, "Description")]),
        h("textarea", {
          id: "pipeline-description",
          class: "ed-input",
          rows: 3,
          value: text.value,
          disabled: session.readOnly,
          placeholder: "What this pipeline is for",
          onInput: (/** @type {Event} */ event) =>
            (text.value = /** @type {HTMLTextAreaElement} */ (event.target).value),
          onChange: () =>
            session.edit("Change the description", [
              text.value.trim() ? { path: ["description"], after: text.value.trim() } : { path: ["description"] },
            ]),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        }),
      ]);
  },
});

/** @param {GraphDocument} document */
function drawFacts(document) {
  const nodes = Object.values(document.nodes ?? {});
  if (nodes.length === 0) return null;
  const wires = nodes.reduce(
    (sum, node) =>
      sum +
      Object.values(node.inputs ?? {}).reduce((count, input) => count + (Array.isArray(input) ? input.length : 1), 0),
    0,
  );
  return h(
    "p",
    { class: "ed-hint" },
    `${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}, ${wires} ${wires === 1 ? "wire" : "wires"}. Select a node to see its parameters.`,
  );
}

/**
 * @param {[string, GraphParameter][]} parameters
 * @param {import("../session.js").EditorSession} session
 * @param {import("./toasts.js").ToastStore} toasts
 */
function drawParameters(parameters, session, toasts) {
  if (parameters.length === 0) {
    return h(
      "p",
      { class: "ed-hint" },
      "A value that several nodes share, or that a run may change: tie a node's parameter to one with the link beside its name.",
    );
  }
  return parameters.map(([name, parameter]) => drawParameter(name, parameter, session, toasts));
}

/**
 * @param {string} name
 * @param {GraphParameter} parameter
 * @param {import("../session.js").EditorSession} session
 * @param {import("./toasts.js").ToastStore} toasts
 */
function drawParameter(name, parameter, session, toasts) {
  const users = usersOf(session.document, name);
  const id = `pipeline-parameter-${name}`;
  const spec = { name, kind: parameter.type, minimum: parameter.minimum, maximum: parameter.maximum };
  const field = {
    spec,
    name,
    title: name,
    control: parameter.type,
    value: parameter.default ?? null,
    changed: false,
    reference: null,
    missing: false,
    diagnostics: [],
  };
  const control = parameter.type === "bool" ? SwitchControl : parameter.type === "string" ? TextControl : NumberControl;
  /** @param {Partial<GraphParameter>} patch */
  const change = (patch) =>
    session.edit(`Change ${name}`, [{ path: ["parameters", name], after: withoutEmpty({ ...parameter, ...patch }) }]);
  return h("div", { key: name, class: "ed-field ed-pipeline-parameter" }, [
    h("div", { class: "ed-field-head" }, [
      h(InlineName, {
        value: name,
        label: "Name of the parameter",
        readOnly: session.readOnly,
        onCommit: (/** @type {string} */ wish) => renameParameter(session, name, wish),
      }),
      h("span", { class: "ed-spacer" }),
      h(
        "select",
        {
          class: "ed-mini-select",
          value: parameter.type,
          disabled: session.readOnly,
          "aria-label": `Type of ${name}`,
          onChange: (/** @type {Event} */ event) =>
            change({
              type: /** @type {GraphParameter["type"]} */ (/** @type {HTMLSelectElement} */ (event.target).value),
              default: undefined,
              minimum: undefined,
              maximum: undefined,
            }),
        },
        TYPES.map((type) => h("option", { value: type, selected: type === parameter.type }, type)),
      ),
      session.readOnly
        ? null
        : iconButton("delete_outline", users.length ? `Remove; ${users.length} fields keep its value` : "Remove", {
            onClick: () => removeParameter(session, name, parameter, toasts),
          }),
    ]),
    h("label", { class: "ed-hidden", for: id }, `Value of ${name}`),
    h(/** @type {any} */ (control), {
      field,
      id,
      disabled: session.readOnly,
      onCommit: (/** @type {unknown} */ value) => change({ default: value ?? undefined }),
    }),
    h("input", {
      class: "ed-note",
      value: parameter.description ?? "",
      placeholder: "What it is for",
      "aria-label": `What ${name} is for`,
      readonly: session.readOnly,
      onChange: (/** @type {Event} */ event) =>
        change({ description: /** @type {HTMLInputElement} */ (event.target).value.trim() }),
      onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
    }),
    h(
      "p",
      { class: "ed-hint" },
      users.length ? `Used by ${users.map(([node]) => session.titleOf(node)).join(", ")}` : "Not used yet",
    ),
  ]);
}

/** @param {Record<string, unknown>} value */
function withoutEmpty(value) {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined && item !== null && item !== ""),
  );
}
