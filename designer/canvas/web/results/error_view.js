// Why a step failed: the sentence, what to do, and the author's own lines with the values they met.

import { defineComponent, h } from "vue";
import { button, icon } from "../panels/atoms.js";
import { cellText } from "./table/cells.js";

/**
 * @import {ErrorRecord} from "../types.js"
 * @typedef {{file?: string, line?: number, function?: string, text?: string, mark?: [number, number], values?: {[name: string]: string}, module?: string, version?: string, parameter?: string}} Frame
 *   `module`: whose source the file is; `parameter`: of this node, whose text the file is; `mark`: the part of `text` that failed
 */

/**
 * Props: `error`, `calm` where a person wanted it so, `onReopen` where the step can be reopened. Emits `showNode`,
 * `showLine` ({parameter, line}).
 */
export const ErrorView = defineComponent({
  name: "ErrorView",
  props: { error: { type: Object, default: null }, calm: { type: Boolean, default: false }, onReopen: { type: Function, default: null } },
  emits: ["showNode", "showLine"],
  setup(props, { emit }) {
    return () => {
      const error = /** @type {ErrorRecord | null} */ (props.error);
      if (!error) return null;
      const frames = /** @type {Frame[]} */ (error.frames ?? []);
      return h("div", { class: "ed-document ed-error-view" }, [
        h("div", { class: ["ed-error-head", { "ed-error-calm": props.calm }] }, [
          icon(props.calm ? "block" : "error"),
          h("div", [
            h("p", { class: "ed-error-message" }, error.message),
            error.details?.because ? h("p", { class: "ed-muted" }, `Because of ${error.details.because}`) : null,
            error.remedy ? h("p", error.remedy) : null,
          ]),
          props.calm ? null : h("span", { class: "ed-problem-code" }, error.code),
        ]),
        frames.length ? h("ol", { class: "ed-frames", "aria-label": "Where it failed, innermost last" }, frames.map((frame, index) => drawFrame(frame, index, emit))) : null,
        drawErrorLines(error.details?.standard_error),
        drawDetails(error.details ?? {}),
        h("div", { class: "ed-row" }, [
          button("Show the node", { icon: "center_focus_strong", onClick: () => emit("showNode") }),
          props.onReopen ? button("Reopen locally", { icon: "terminal", "data-tip": "A folder with its exact inputs, a script, a notebook and a debugger's way in", onClick: () => props.onReopen() }) : null,
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
 * The end of what a program wrote to its standard error.
 *
 * @param {string[] | undefined} lines
 */
function drawErrorLines(lines) {
  if (!lines?.length) return null;
  return h("ol", { class: "ed-frames", "aria-label": "The end of its standard error" }, [
    h("li", [h("div", { class: "ed-frame-place" }, [h("span", "The end of its standard error")]), h("pre", lines.join("\n"))]),
  ]);
}

/**
 * What the error is about.
 *
 * @param {Record<string, any>} details
 */
function drawDetails(details) {
  const facts = Object.entries(details).filter(([name]) => name !== "because" && name !== "standard_error");
  if (facts.length === 0) return null;
  return h("dl", { class: "ed-error-values ed-frame-values" }, facts.map(([name, value]) => h("div", { key: name }, [h("dt", name), h("dd", cellText(value))])));
}

/**
 * @param {Frame} frame
 * @param {number} index
 * @param {(event: "showLine", place: {parameter: string, line: number}) => void} emit
 */
function drawFrame(frame, index, emit) {
  const values = Object.entries(frame.values ?? {});
  return h("li", { key: index }, [
    h("div", { class: "ed-frame-place" }, [h("span", frame.function ?? ""), drawPlace(frame, emit)]),
    frame.text ? h("pre", markedText(frame.text, frame.mark)) : null,
    values.length
      ? h("dl", { class: "ed-frame-values", "aria-label": "Values at that line" }, values.map(([name, value]) => h("div", { key: name }, [h("dt", name), h("dd", cellText(value))])))
      : null,
  ]);
}

/**
 * The way to the line: into the node's own program, to the module's source in the library, or only its name.
 *
 * @param {Frame} frame
 * @param {(event: "showLine", place: {parameter: string, line: number}) => void} emit
 */
function drawPlace({ file = "", line = 0, parameter, module, version }, emit) {
  const name = `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
  if (parameter) {
    return h("button", { type: "button", class: "ed-link", "data-tip": "Show this line in the node's program", onClick: () => emit("showLine", { parameter, line }) }, [name, icon("edit_note")]);
  }
  if (module) {
    const query = version ? `?version=${encodeURIComponent(version)}` : "";
    return h("a", { class: "ed-link", href: `/library/${encodeURIComponent(module)}${query}#L-${line}`, target: "_blank", rel: "noopener", "data-tip": "Show this line in the module's source" }, [name, icon("open_in_new")]);
  }
  return h("span", { class: "ed-muted", "data-tip": file }, name);
}

/** @param {string} text @param {[number, number] | undefined} mark */
function markedText(text, mark) {
  if (!mark || (mark[0] === 0 && mark[1] >= text.length)) return text;
  return [text.slice(0, mark[0]), h("mark", text.slice(...mark)), text.slice(mark[1])];
}

/** @param {ErrorRecord} error */
export function errorText(error) {
  const frames = (error.frames ?? []).flatMap((/** @type {Frame} */ frame) => [
    `  ${frame.file}:${frame.line} in ${frame.function}`,
    `    ${frame.text ?? ""}`,
    ...Object.entries(frame.values ?? {}).map(([name, value]) => `      ${name} = ${value}`),
  ]);
  return [`${error.code} ${error.message}`, error.remedy ?? "", ...frames, ...(error.details?.standard_error ?? [])].filter(Boolean).join("\n");
}
