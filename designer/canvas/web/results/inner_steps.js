// The steps inside a subgraph: what became of each, and the way to it.

import { h } from "vue";
import { statusMark } from "../panels/atoms.js";
import { formatSeconds } from "./format.js";

/**
 * @import {StepRun} from "../types.js"
 * @typedef {{step: StepRun, title: string, show: () => void}} InnerStep
 */

/** @param {readonly InnerStep[]} steps */
export function drawInnerSteps(steps) {
  return h("ul", { class: "ed-inner-steps" }, steps.map(({ step, title, show }) =>
    h("li", { key: step.step }, [
      h("button", { type: "button", onClick: show }, [
        statusMark(step.status, { reused: step.reused, label: false }),
        h("span", { class: "ed-inner-title" }, title),
        h("span", { class: "ed-muted" }, step.error?.message ?? step.progress_text ?? ""),
        h("span", { class: "ed-inner-seconds" }, step.reused ? "reused" : typeof step.seconds === "number" ? formatSeconds(step.seconds) : ""),
      ]),
    ])));
}
