// The result of one step: a tab per output port, its metrics, its log, its error.

import { computed, defineComponent, h, ref, watch } from "vue";
import { emptyState, icon, statusMark, typeMark } from "../panels/atoms.js";
import { ArtifactView } from "./artifact_view.js";
import { ErrorView } from "./error_view.js";
import { formatBytes, formatSeconds } from "./format.js";
import { LogView } from "./log_view.js";
import { MetricsView } from "./metrics_view.js";

/**
 * @import {Port, StepRun} from "../types.js"
 * @typedef {{id: string, title: string, icon?: string, type?: string, digest?: string}} StepTab
 */

/**
 * Props: `api`, `runId`, `stepId`, `step` (a StepRun or null), `outputs` (the module's output ports), `wish`
 * (`{port, tab}` to open first), `titles` (what feeds each input port, for reports). Emits `showNode`.
 */
export const StepView = defineComponent({
  name: "StepView",
  props: {
    api: { type: Object, required: true },
    runId: { type: String, required: true },
    stepId: { type: String, required: true },
    step: { type: Object, default: null },
    outputs: { type: Array, default: () => [] },
    titles: { type: Object, default: () => ({}) },
    wish: { type: Object, default: null },
  },
  emits: ["showNode"],
  setup(props, { emit }) {
    const chosen = ref("");
    const view = ref("table");
    const step = computed(() => /** @type {StepRun | null} */ (props.step));
    const tabs = computed(() => stepTabs(step.value, /** @type {Port[]} */ (props.outputs)));
    watch(
      () => props.wish,
      (wish) => (chosen.value = wishedTab(wish)),
      { immediate: true },
    );
    const shown = computed(
      () =>
        tabs.value.find((tab) => tab.id === chosen.value) ??
        tabs.value.find((tab) => tab.id === "error") ??
        tabs.value[0],
    );

    return () => {
      const current = step.value;
      if (!current)
        return emptyState(
          "play_circle_outline",
          "This node has not run yet",
          "Run the pipeline, or only this node, to see its result.",
        );
      return h("div", { class: "ed-step" }, [
        h("div", { class: "ed-step-bar", role: "tablist" }, [
          ...tabs.value.map((tab) =>
            h(
              "button",
              {
                key: tab.id,
                type: "button",
                role: "tab",
                class: "ed-step-tab",
                "aria-selected": String(tab.id === shown.value?.id),
                onClick: () => (chosen.value = tab.id),
              },
              [tab.type ? typeMark(tab.type) : icon(tab.icon ?? ""), h("span", tab.title)],
            ),
          ),
          h("span", { class: "ed-spacer" }),
          drawFacts(current),
        ]),
        h("div", { class: "ed-step-body", role: "tabpanel" }, [drawTab()]),
      ]);

      function drawTab() {
        const tab = shown.value;
        if (!tab || !current) return null;
        if (tab.id === "log")
          return h(LogView, { api: props.api, runId: props.runId, stepId: props.stepId, running: isRunning(current) });
        if (tab.id === "error")
          return h(ErrorView, { error: /** @type {any} */ (current.error), onShowNode: () => emit("showNode") });
        if (tab.id === "metrics") return h(MetricsView, { metrics: current.metrics ?? {} });
        const artifact = current.outputs?.[tab.title];
        return artifact
          ? h(ArtifactView, {
              key: artifact.digest,
              api: props.api,
              artifact,
              name: tab.title,
              port: `${props.stepId}.${tab.title}`,
              view: view.value,
              titles: props.titles,
              onView: (/** @type {string} */ name) => (view.value = name),
            })
          : drawNoOutput(current);
      }
    };
  },
});

/**
 * The tabs a step has: its outputs by the module's order, then what else there is to see.
 *
 * @param {StepRun | null} step
 * @param {readonly Port[]} ports
 * @returns {StepTab[]}
 */
export function stepTabs(step, ports) {
  const made = step?.outputs ?? {};
  const names = [...new Set([...ports.map((port) => port.name), ...Object.keys(made)])];
  /** @type {StepTab[]} */
  const tabs = names.map((name) => ({
    id: `port:${name}`,
    title: name,
    type: made[name]?.type ?? ports.find((port) => port.name === name)?.type ?? "Any",
  }));
  if (step?.error) tabs.push({ id: "error", title: "Error", icon: "error" });
  if (Object.keys(step?.metrics ?? {}).length) tabs.push({ id: "metrics", title: "Metrics", icon: "speed" });
  tabs.push({ id: "log", title: "Log", icon: "article" });
  return tabs;
}

/** @param {any} wish */
function wishedTab(wish) {
  if (wish?.port) return `port:${wish.port}`;
  return ["log", "error", "metrics"].includes(wish?.tab) ? wish.tab : "";
}

/** @param {StepRun} step */
function isRunning(step) {
  return ["queued", "preparing", "running"].includes(step.status);
}

/** @param {StepRun} step */
function drawFacts(step) {
  return h("div", { class: "ed-step-facts", "data-tip": step.reason || undefined }, [
    statusMark(step.status, { reused: step.reused }),
    !step.reused && step.seconds !== null && step.seconds !== undefined ? h("span", formatSeconds(step.seconds)) : null,
    step.peak_memory_bytes ? h("span", { "data-tip": "Most memory used" }, formatBytes(step.peak_memory_bytes)) : null,
  ]);
}

/** @param {StepRun} step */
function drawNoOutput(step) {
  if (isRunning(step))
    return emptyState(
      "hourglass_top",
      step.status === "running" ? "Running" : "Waiting for its turn",
      step.progress_text || "The result appears here as soon as it is ready.",
    );
  if (step.status === "failed")
    return emptyState(
      "error",
      "The step failed before it made this output",
      "The Error tab says what happened and what to do.",
    );
  if (step.status === "skipped")
    return emptyState("remove_circle_outline", "This step was skipped", step.reason || step.detail || "");
  return emptyState("block", `No result: ${step.status}`, step.detail || step.reason || "");
}
