// Untrained models, transforms and plain values: facts as a list, everything else as JSON text.

import { defineComponent, h } from "vue";
import { icon } from "../panels/atoms.js";
import { cellText } from "./table/cells.js";
import { formatName, formatNumber, readNumber } from "./format.js";

export const UntrainedModelView = defineComponent({
  name: "UntrainedModelView",
  props: { document: { type: Object, required: true } },
  setup(props) {
    return () =>
      h("div", { class: "ed-sheet-view" }, [
        h("h3", [icon("psychology_alt"), props.document.title ?? props.document.learner]),
        h(
          "p",
          { class: "ed-muted" },
          `An untrained learner for ${taskName(props.document.task)}. Train Model fits it to a table.`,
        ),
        factList(props.document.parameters ?? {}),
      ]);
  },
});

export const TransformView = defineComponent({
  name: "TransformView",
  props: { document: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { kind, columns = [], state = {} } = props.document;
      return h("div", { class: "ed-sheet-view" }, [
        h("h3", [icon("transform"), formatName(String(kind ?? "Transform"))]),
        h(
          "p",
          { class: "ed-muted" },
          columns.length
            ? `Learned on ${columns.length} columns; Apply Transformation does the same to other tables.`
            : "Apply Transformation does the same to other tables.",
        ),
        columns.length
          ? h(
              "ul",
              { class: "ed-chips" },
              columns.map((/** @type {string} */ name) => h("li", { key: name }, name)),
            )
          : null,
        h(JsonText, { value: state }),
      ]);
    };
  },
});

export const ValueView = defineComponent({
  name: "ValueView",
  props: { document: { default: null } },
  setup(props) {
    return () => h("div", { class: "ed-sheet-view" }, [h(JsonText, { value: props.document })]);
  },
});

const JsonText = defineComponent({
  name: "JsonText",
  props: { value: { default: null } },
  setup(props) {
    return () => h("pre", { class: "ed-json" }, JSON.stringify(props.value, null, 2));
  },
});

/** @param {Record<string, unknown>} facts */
export function factList(facts) {
  return h(
    "dl",
    { class: "ed-facts" },
    Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => h("div", { key: name }, [h("dt", formatName(name)), h("dd", factText(value))])),
  );
}

/** @param {unknown} value */
function factText(value) {
  if (value === null || value === undefined || value === "") return "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return readNumber(value) === null ? cellText(value) : formatNumber(value, 6);
}

/** @param {string} task */
export function taskName(task) {
  /** @type {Record<string, string>} */
  const names = { binary: "two classes", multiclass: "several classes", regression: "numbers", clustering: "groups" };
  return names[task] ?? task;
}
