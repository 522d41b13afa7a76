// One step of one run: a tab for each output, its metrics, log and error, and for what came into it.

import { computed, defineComponent, h, ref, shallowRef, watch } from "vue";
import { STOPPED } from "../document/run_options.js";
import { emptyState, icon, iconButton, statusMark, typeMark } from "../panels/atoms.js";
import { ArtifactView } from "./artifact_view.js";
import { ComparedPort } from "./difference/compared_port.js";
import { ErrorView } from "./error_view.js";
import { formatBytes, formatSeconds } from "./format.js";
import { drawInnerSteps } from "./inner_steps.js";
import { useLoaded } from "./loading.js";
import { LogView } from "./log/log_view.js";
import { MetricsView } from "./metrics_view.js";
import { canBeReopened, drawReopening, useReopening } from "./reopened.js";
import { hasBeenCancelled, stepTabs, wishedTab } from "./step_tabs.js";

/**
 * @import {Port, StepRun} from "../types.js"
 * @import {ArtifactApi} from "./artifact_api.js"
 * @import {StepTab} from "./step_tabs.js"
 */

/**
 * Props: `api`, `runId`, `stepId`, `step` (a StepRun or null), `outputs` and `inputs` (the module's ports), `wish`
 * (`{port, tab, view, against, keys}` to open first), `pipelineId` (of whose runs the step can be compared), `titles`
 * (what feeds each input port, for reports), `inside` (the steps of a subgraph, an empty list for a port of one, `null`
 * for a step, which has a log of its own). Emits `showNode`, `showLine` ({parameter, line}: of a parameter that holds a
 * program), `look` ({port, view, against, keys}) when a person looks at something else.
 */
export const StepView = defineComponent({
  name: "StepView",
  props: {
    api: { type: Object, required: true },
    runId: { type: String, required: true },
    stepId: { type: String, required: true },
    step: { type: Object, default: null },
    outputs: { type: Array, default: () => [] },
    inputs: { type: Array, default: () => [] },
    titles: { type: Object, default: () => ({}) },
    wish: { type: Object, default: null },
    pipelineId: { type: String, default: "" },
    inside: { type: Array, default: null },
  },
  emits: ["showNode", "showLine", "look"],
  setup(props, { emit }) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const chosen = ref("");
    const view = ref("table");
    const against = ref("");
    /** @type {import("vue").ShallowRef<string[] | null>} */
    const keys = shallowRef(null);
    const step = computed(() => /** @type {StepRun | null} */ (props.step));
    const { reopening, reopen, forget } = useReopening(api, () => ({ runId: props.runId, stepId: props.stepId }));
    const inside = computed(() => /** @type {import("./inner_steps.js").InnerStep[] | null} */ (props.inside));
    const { loaded: brought } = useLoaded(
      () => [props.runId, props.stepId, step.value?.status].join("\n"),
      () => (props.runId && step.value ? api.stepInputs(props.runId, props.stepId) : null),
    );
    const tabs = computed(() =>
      stepTabs(step.value, {
        outputs: /** @type {Port[]} */ (props.outputs),
        inputs: /** @type {Port[]} */ (props.inputs),
        brought: brought.value.value?.inputs ?? [],
        inside: inside.value,
      }),
    );
    watch(
      () => props.wish,
      (wish) => {
        chosen.value = wishedTab(wish);
        if (wish?.view) view.value = wish.view;
        else if (view.value === "compare") view.value = "table";
        against.value = wish?.against ?? "";
        keys.value = wish?.keys ?? null;
      },
      { immediate: true },
    );
    const shown = computed(
      () =>
        tabs.value.find((tab) => tab.id === chosen.value) ??
        tabs.value.find((tab) => tab.id === "error") ??
        tabs.value[0],
    );
    const artifact = computed(() => shown.value?.input?.artifact ?? step.value?.outputs?.[shown.value?.name ?? ""]);

    /** @param {string} tab @param {string} what */
    function look(tab, what) {
      chosen.value = tab;
      view.value = what;
      const port = tab.startsWith("port:") ? tab.slice(5) : tab.startsWith("in:") ? tab : "";
      const compared = what === "compare" ? { against: against.value, keys: keys.value } : { against: "", keys: null };
      emit("look", { port, view: what === "table" ? "" : what, ...compared });
    }

    /** @param {StepTab} tab @param {string} run @param {string[] | null} columns */
    function compare(tab, run, columns) {
      against.value = run;
      keys.value = columns;
      look(tab.id, "compare");
    }

    return () => {
      const current = step.value;
      if (!current)
        return emptyState(
          "play_circle_outline",
          "This node has not run yet",
          "Run the pipeline, or only this node, to see its result.",
        );
      return h("div", { class: "ed-step" }, [
        h("div", { class: "ed-step-bar" }, [
          h("div", { class: "ed-step-tabs", role: "tablist" }, tabs.value.map(drawTab)),
          h("span", { class: "ed-spacer" }),
          artifact.value && props.pipelineId && !shown.value?.input ? drawCompare() : null,
          inside.value === null && canBeReopened(current) ? drawReopen() : null,
          drawFacts(current),
        ]),
        drawReopening(reopening.value, { archiveUrl: api.reopenedUrl(props.runId, props.stepId), onClose: forget }),
        h("div", { class: "ed-step-body", role: "tabpanel" }, [drawBody(current)]),
      ]);
    };

    /** @param {StepTab} tab @param {number} at */
    function drawTab(tab, at) {
      const isFirstInput = tab.input && !tabs.value[at - 1]?.input;
      return [
        isFirstInput ? h("span", { key: "inputs", class: "ed-step-inputs" }, "Came in") : null,
        h(
          "button",
          {
            key: tab.id,
            type: "button",
            role: "tab",
            class: "ed-step-tab",
            "aria-selected": String(tab.id === shown.value?.id),
            "data-tip": tab.hint,
            onClick: () => look(tab.id, view.value === "compare" ? "table" : view.value),
          },
          [tab.type ? typeMark(tab.type) : icon(tab.icon ?? ""), h("span", tab.title)],
        ),
      ];
    }

    function drawCompare() {
      const isOn = view.value === "compare";
      return iconButton("compare_arrows", isOn ? "Back to the result" : "Compare with another run", {
        "aria-pressed": String(isOn),
        class: "ed-small-button",
        onClick: () => look(shown.value?.id ?? "", isOn ? "table" : "compare"),
      });
    }

    function drawReopen() {
      return iconButton("terminal", "Reopen locally, with its exact inputs", { class: "ed-small-button", onClick: reopen });
    }

    /** @param {StepRun} current */
    function drawBody(current) {
      const tab = shown.value;
      if (!tab) return null;
      if (tab.id === "log")
        return h(LogView, {
          key: `${props.runId} ${props.stepId}`,
          api,
          runId: props.runId,
          stepId: props.stepId,
          running: isRunning(current),
          attempts: current.attempts ?? 0,
        });
      if (tab.id === "inside") return drawInnerSteps(inside.value ?? []);
      if (tab.id === "error")
        return h(ErrorView, {
          error: /** @type {any} */ (current.error),
          calm: hasBeenCancelled(current),
          onReopen: inside.value === null ? reopen : undefined,
          onShowNode: () => emit("showNode"),
          onShowLine: (/** @type {object} */ place) => emit("showLine", place),
        });
      if (tab.id === "metrics") return h(MetricsView, { metrics: current.metrics ?? {} });
      if (!artifact.value) return tab.input ? drawNothingBrought(tab.input.label) : drawNoOutput(current);
      if (view.value === "compare" && !tab.input) return drawDifference(tab);
      return h(ArtifactView, {
        key: artifact.value.digest,
        api,
        artifact: artifact.value,
        name: tab.name,
        port: tab.input ? `${tab.input.step}.${tab.input.output}` : `${props.stepId}.${tab.name}`,
        view: view.value === "compare" ? "table" : view.value,
        titles: props.titles,
        onView: (/** @type {string} */ name) => look(tab.id, name),
      });
    }

    /** @param {StepTab} tab */
    function drawDifference(tab) {
      return h(ComparedPort, {
        key: `${tab.id} ${props.runId}`,
        api,
        pipelineId: props.pipelineId,
        stepId: props.stepId,
        runId: props.runId,
        port: tab.name,
        artifact: /** @type {any} */ (artifact.value),
        against: against.value,
        keys: /** @type {any} */ (keys.value),
        onAgainst: (/** @type {string} */ run) => compare(tab, run, keys.value),
        onKeys: (/** @type {string[] | null} */ columns) => compare(tab, against.value, columns),
      });
    }
  },
});

/** @param {StepRun} step */
function isRunning(step) {
  return ["queued", "preparing", "running"].includes(step.status);
}

/** @param {StepRun} step */
function drawFacts(step) {
  return h("div", { class: "ed-step-facts", "data-tip": step.reason || undefined }, [
    statusMark(step.detail === STOPPED ? "stopped" : step.status, { reused: step.reused }),
    !step.reused && step.seconds !== null && step.seconds !== undefined ? h("span", formatSeconds(step.seconds)) : null,
    step.peak_memory_bytes ? h("span", { "data-tip": "Most memory that its processes held" }, formatBytes(step.peak_memory_bytes)) : null,
    step.environment && step.environment !== "designer" ? h("span", { "data-tip": "The environment that it ran in" }, `in ${step.environment}`) : null,
    step.cpu_seconds ? h("span", { "data-tip": "Processor time" }, `${formatSeconds(step.cpu_seconds)} CPU`) : null,
  ]);
}

/** @param {string} source */
function drawNothingBrought(source) {
  return emptyState("input", "Nothing came in here", `“${source}” made no result for this port in this run.`);
}

/** @param {StepRun} step */
function drawNoOutput(step) {
  if (isRunning(step))
    return emptyState(
      "hourglass_top",
      step.status === "running" ? "Running" : "Waiting for its turn",
      step.detail || step.progress_text || "The result appears here as soon as it is ready.",
    );
  if (hasBeenCancelled(step))
    return emptyState("block", "Cancelled before it made this output", "Run it again to have the result.");
  if (step.status === "failed")
    return emptyState(
      "error",
      "The step failed before it made this output",
      "The Error tab says what happened and what to do.",
    );
  if (step.status === "skipped")
    return step.detail === STOPPED
      ? emptyState("pause", "The run stopped before this step", "Continue, and it goes on from here; what is done stays.")
      : emptyState("remove_circle_outline", "This step was skipped", step.reason || step.detail || "");
  return emptyState("block", "No result", step.detail || step.reason || "");
}
