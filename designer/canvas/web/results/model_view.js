// A trained model: what it is, from what, and which features weigh most.

import { computed, defineComponent, h, ref } from "vue";
import { button, icon } from "../panels/atoms.js";
import { formatNumber } from "./format.js";
import { readWeights } from "./model_weights.js";
import { factList, taskName } from "./value_view.js";

/**
 * @import {WeightList} from "./model_weights.js"
 */

const SHOWN_FIRST = 15;

/** Props: `document` (the archive's model.json), `artifact`, `api`. */
export const ModelView = defineComponent({
  name: "ModelView",
  props: {
    document: { type: Object, required: true },
    artifact: { type: Object, required: true },
    api: { type: Object, required: true },
  },
  setup(props) {
    const all = ref(false);
    const chosen = ref(0);
    const lists = computed(() => readWeights(props.document));

    return () => {
      const list = lists.value[chosen.value] ?? lists.value[0];
      return h("div", { class: "ed-sheet-view ed-model" }, [
        drawFacts(props.document, props.api.downloadUrl(props.artifact.digest)),
        h("div", [
          lists.value.length > 1
            ? h(
                "div",
                { class: "ed-segments", role: "radiogroup", "aria-label": "Weights" },
                lists.value.map((item, index) =>
                  h(
                    "button",
                    {
                      key: item.title,
                      type: "button",
                      role: "radio",
                      "aria-checked": String(item === list),
                      onClick: () => (chosen.value = index),
                    },
                    item.title,
                  ),
                ),
              )
            : null,
          list ? drawWeights(list, all, lists.value.length === 1) : null,
          props.document.cluster_centers ? drawCenters(props.document.cluster_centers) : null,
        ]),
      ]);
    };
  },
});

/**
 * @param {Record<string, any>} model
 * @param {string} url of the archive
 */
function drawFacts(model, url) {
  const features = model.features ?? [];
  return h("div", [
    h("h3", [icon("model_training"), model.title ?? model.learner ?? "Model"]),
    factList({
      task: model.task ? `predicts ${taskName(model.task)}` : undefined,
      label: model.label?.column ?? model.label_column ?? undefined,
      classes: Array.isArray(model.classes) && model.classes.length ? model.classes.map(String).join(", ") : undefined,
      features: features.length || undefined,
      rows: model.rows,
      seed: model.seed,
    }),
    h("h4", "Parameters"),
    factList(model.parameters ?? {}),
    h("a", { class: "ed-button ed-button-plain", href: url, download: "" }, [
      icon("download"),
      h("span", "Download the model"),
    ]),
  ]);
}

/**
 * @param {WeightList} list
 * @param {import("vue").Ref<boolean>} all
 * @param {boolean} titled
 */
function drawWeights({ title, note, rows, intercept }, all, titled) {
  const largest = Math.max(...rows.map(([, value]) => Math.abs(value)), Number.MIN_VALUE);
  const signed = rows.some(([, value]) => value < 0);
  const shown = all.value ? rows : rows.slice(0, SHOWN_FIRST);
  return h("div", { class: ["ed-weights", { "ed-weights-signed": signed }] }, [
    titled ? h("h4", title) : null,
    note ? h("p", { class: "ed-hint" }, note) : null,
    h(
      "ol",
      shown.map(([name, value]) =>
        h("li", { key: name }, [
          h("span", { class: "ed-weight-name", title: name }, name),
          h("span", { class: "ed-weight-track" }, [
            h("span", {
              class: ["ed-weight-bar", { "ed-weight-negative": value < 0 }],
              style: { width: `${(Math.abs(value) / largest) * (signed ? 50 : 100)}%` },
            }),
          ]),
          h("span", { class: "ed-weight-value" }, formatNumber(value)),
        ]),
      ),
    ),
    intercept !== null ? h("p", { class: "ed-hint" }, `Intercept ${formatNumber(intercept)}`) : null,
    rows.length > SHOWN_FIRST
      ? button(all.value ? "Show fewer" : `Show all ${rows.length}`, {
          kind: "quiet",
          onClick: () => (all.value = !all.value),
        })
      : null,
  ]);
}

/** @param {Record<string, number>[]} centers */
function drawCenters(centers) {
  const names = Object.keys(centers[0] ?? {});
  return h("div", { class: "ed-compare-scroll" }, [
    h("h4", "Cluster centres"),
    h("table", { class: "ed-compare" }, [
      h("thead", [
        h("tr", [
          h("th", { scope: "col" }, "Feature"),
          ...centers.map((_, index) => h("th", { scope: "col" }, `Cluster ${index}`)),
        ]),
      ]),
      h(
        "tbody",
        names.map((name) =>
          h("tr", { key: name }, [
            h("th", { scope: "row" }, name),
            ...centers.map((center) => h("td", formatNumber(center[name]))),
          ]),
        ),
      ),
    ]),
  ]);
}
