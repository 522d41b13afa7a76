// A trained model: what it is, from what, and which features weigh most.

import { computed, defineComponent, h, ref } from "vue";
import { button, icon } from "../panels/atoms.js";
import { formatNumber } from "./format.js";
import { factList, taskName } from "./value_view.js";

const SHOWN_FIRST = 15;

/** Props: `document` (the archive's model.json), `artifact`, `api`. */
export const ModelView = defineComponent({
  name: "ModelView",
  props: { document: { type: Object, required: true }, artifact: { type: Object, required: true }, api: { type: Object, required: true } },
  setup(props) {
    const all = ref(false);
    const weights = computed(() => readWeights(props.document));

    return () => {
      const model = props.document;
      const features = model.features ?? model.feature_columns ?? [];
      return h("div", { class: "ed-sheet-view ed-model" }, [
        h("div", [
          h("h3", [icon("model_training"), model.title ?? model.learner ?? "Model"]),
          factList({
            task: model.task ? `predicts ${taskName(model.task)}` : null,
            label: model.label?.column ?? model.label ?? model.label_column,
            classes: Array.isArray(model.classes) ? model.classes.map(String).join(", ") : undefined,
            features: features.length || undefined,
            rows: model.rows,
            seed: model.seed,
          }),
          h("h4", "Parameters"),
          factList(model.parameters ?? {}),
          h("a", { class: "ed-button ed-button-plain", href: props.api.downloadUrl(props.artifact.digest), download: "" }, [icon("download"), h("span", "Download the model")]),
        ]),
        weights.value.rows.length ? drawWeights(weights.value, all) : null,
      ]);
    };
  },
});

/**
 * Feature importances or coefficients, largest first. Accepts a map, pairs, or records.
 *
 * @param {Record<string, any>} model
 * @returns {{title: string, signed: boolean, rows: [string, number][]}}
 */
export function readWeights(model) {
  const coefficients = model.coefficients;
  const source = coefficients ?? model.feature_importance ?? model.importance ?? {};
  const entries = Array.isArray(source)
    ? source.map((item) => (Array.isArray(item) ? item : [item.feature ?? item.name, item.importance ?? item.coefficient ?? item.value]))
    : Object.entries(source);
  const rows = /** @type {[string, number][]} */ (entries.filter((/** @type {any} */ [, value]) => typeof value === "number").sort((/** @type {any} */ a, /** @type {any} */ b) => Math.abs(b[1]) - Math.abs(a[1])));
  return { title: coefficients ? "Coefficients" : "Feature importance", signed: rows.some(([, value]) => value < 0), rows };
}

/**
 * @param {{title: string, signed: boolean, rows: [string, number][]}} weights
 * @param {import("vue").Ref<boolean>} all
 */
function drawWeights({ title, signed, rows }, all) {
  const largest = Math.max(...rows.map(([, value]) => Math.abs(value)), Number.MIN_VALUE);
  const shown = all.value ? rows : rows.slice(0, SHOWN_FIRST);
  return h("div", { class: ["ed-weights", { "ed-weights-signed": signed }] }, [
    h("h4", title),
    h(
      "ol",
      shown.map(([name, value]) =>
        h("li", { key: name }, [
          h("span", { class: "ed-weight-name", title: name }, name),
          h("span", { class: "ed-weight-track" }, [h("span", { class: ["ed-weight-bar", { "ed-weight-negative": value < 0 }], style: { width: `${(Math.abs(value) / largest) * (signed ? 50 : 100)}%` } })]),
          h("span", { class: "ed-weight-value" }, formatNumber(value)),
        ]),
      ),
    ),
    rows.length > SHOWN_FIRST ? button(all.value ? "Show fewer" : `Show all ${rows.length}`, { kind: "quiet", onClick: () => (all.value = !all.value) }) : null,
  ]);
}
