// Why a step failed: the sentence, what to do, and the author's own lines of the traceback.

import { defineComponent, h } from "vue";
import { button, icon } from "../panels/atoms.js";
import { cellText } from "./table/cells.js";

/**
 * @import {ErrorRecord} from "../types.js"
 */

/** Props: `error`, `calm` where a person wanted it so. Emits `showNode`. */
export const ErrorView = defineComponent({
  name: "ErrorView",
  props: { error: { type: Object, default: null }, calm: { type: Boolean, default: false } },
  emits: ["showNode"],
  setup(props, { emit }) {
    return () => {
      const error = /** @type {ErrorRecord | null} */ (props.error);
      if (!error) return null;
      return h("div", { class: "ed-document ed-error-view" }, [
        h("div", { class: ["ed-error-head", { "ed-error-calm": props.calm }] }, [
          icon(props.calm ? "block" : "error"),
          h("div", [h("p", { class: "ed-error-message" }, error.message), error.remedy ? h("p", error.remedy) : null]),
          props.calm ? null : h("span", { class: "ed-problem-code" }, error.code),
        ]),
        (error.frames ?? []).length ? h("ol", { class: "ed-frames" }, (error.frames ?? []).map(drawFrame)) : null,
        drawDetails(error.details ?? {}),
        h("div", { class: "ed-row" }, [
          button("Show the node", { icon: "center_focus_strong", onClick: () => emit("showNode") }),
          button("Copy the error", {
            icon: "content_copy",
            kind: "quiet",
            onClick: () => navigator.clipboard?.writeText(errorText(error)),
          }),
        ]),
      ]);
    };
  },
});

/**
 * What the error is about, and the values of the author's names when it happened.
 *
 * @param {Record<string, any>} details
 */
function drawDetails(details) {
  const { values = {}, ...others } = details;
  const facts = [...Object.entries(others), ...Object.entries(values)];
  if (facts.length === 0) return null;
  return h("div", { class: "ed-error-values" }, [
    Object.keys(values).length ? h("h4", "Values at that line") : null,
    h(
      "dl",
      { class: "ed-frame-values" },
      facts.map(([name, value]) => h("div", { key: name }, [h("dt", name), h("dd", cellText(value))])),
    ),
  ]);
}

/**
 * @param {any} frame
 * @param {number} index
 */
function drawFrame(frame, index) {
  const values = Object.entries(frame.values ?? frame.locals ?? {});
  return h("li", { key: index }, [
    h("div", { class: "ed-frame-place" }, [
      h("span", frame.function ?? ""),
      h("span", { class: "ed-muted" }, `${frame.file ?? ""}:${frame.line ?? ""}`),
    ]),
    frame.text ? h("pre", frame.text) : null,
    values.length
      ? h(
          "dl",
          { class: "ed-frame-values" },
          values.map(([name, value]) => h("div", { key: name }, [h("dt", name), h("dd", cellText(value))])),
        )
      : null,
  ]);
}

/** @param {ErrorRecord} error */
function errorText(error) {
  const frames = (error.frames ?? []).map(
    (frame) => `  ${frame.file}:${frame.line} in ${frame.function}\n    ${frame.text ?? ""}`,
  );
  return [`${error.code} ${error.message}`, error.remedy ?? "", ...frames].filter(Boolean).join("\n");
}
