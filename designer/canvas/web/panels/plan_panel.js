// What a run would do, step by step, with what it would take; from here it is started.

import { computed, defineComponent, h } from "vue";
import { estimateWords, OUTCOME_STATES, OUTCOME_WORDS, slotsWords } from "../document/plan_preview.js";
import { formatMemory } from "../document/meters.js";
import { rangeWords } from "../document/run_options.js";
import { formatAge } from "../results/format.js";
import { GLYPHS } from "../scene/status_glyphs.js";
import { button, emptyState, icon, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/**
 * @import {EditorContext} from "./editor_context.js"
 * @import {PreviewStep, RunPreview} from "../document/plan_preview.js"
 * @import {ShownPreview} from "../document/run_previews.js"
 * @import {RunOptions} from "../document/run_options.js"
 */

/** What a person reads first. @type {string[]} */
const ORDER = ["invalid", "runs", "probably_reused", "waits", "reused", "keeps", "frozen", "skipped"];

export const PlanPanel = defineComponent({
  name: "PlanPanel",
  setup() {
    const editor = useEditor();
    const { state } = editor;
    const steps = computed(() => sorted(state.plan?.preview?.steps ?? []));

    return () => {
      const plan = state.plan;
      if (!plan) return emptyState("preview", "No preview", "Preview a run to see what it would do.");
      return h("div", { class: "ed-plan" }, [
        drawHead(editor, plan),
        plan.problem ? h("p", { class: "ed-plan-problem" }, [icon("error"), plan.problem]) : null,
        plan.preview ? drawForecast(editor, plan.preview) : h("div", { class: "ed-waiting" }, [h("span", { class: "ed-spinner" }), "Looking ahead"]),
        plan.preview ? drawSteps(editor, steps.value) : null,
      ]);
    };
  },
});

/** @param {readonly PreviewStep[]} steps */
function sorted(steps) {
  return [...steps].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
}

/** @param {EditorContext} editor @param {ShownPreview} plan */
function drawHead({ session, state }, { options, preview }) {
  const selected = [...state.selection.nodes];
  const ids = selected.map((id) => session.stepId(id));
  /** @type {{label: string, tip: string, options: RunOptions, isOff?: boolean}[]} */
  const ranges = [
    { label: "All", tip: "The whole pipeline", options: {} },
    { label: "To here", tip: "The selected nodes and what they need", options: { to: ids }, isOff: ids.length === 0 },
    { label: "From here", tip: "The selected nodes and what follows", options: { from: ids }, isOff: ids.length === 0 },
    { label: "Only this", tip: "Just the selected nodes", options: { only: ids }, isOff: ids.length === 0 },
    { label: "Failed", tip: "What failed, was cancelled or skipped, and what follows", options: { failed: true } },
    { label: "All again", tip: "Everything, with nothing reused", options: { regenerate: true } },
  ];
  const chosen = rangeWords(options, (step) => titleOfStep(session, step));
  return h("header", { class: "ed-plan-head" }, [
    h("div", { class: "ed-plan-ranges", role: "group", "aria-label": "Which part" },
      ranges.map((range) =>
        h("button", {
          key: range.label, type: "button", class: "ed-plan-range", disabled: range.isOff, "data-tip": range.isOff ? "Select a node first" : range.tip,
          "aria-pressed": String(kindOf(range.options) === kindOf(options)), onClick: () => session.previews.show(range.options),
        }, range.label))),
    h("strong", { class: "ed-plan-summary", role: "status" }, preview ? preview.summary : chosen),
    h("span", { class: "ed-spacer" }),
    button("Run this", { kind: "primary", icon: "play_arrow", disabled: !preview?.can_run, onClick: () => session.running.startPreviewed() }),
    iconButton("close", "Close the preview (Esc)", { onClick: () => session.previews.close() }),
  ]);
}

/** @param {RunOptions} options */
function kindOf(options) {
  return (/** @type {const} */ (["failed", "only", "from", "to", "regenerate"])).find((key) => options[key]) ?? "all";
}

/** @param {EditorContext} editor @param {RunPreview} preview */
function drawForecast({ session }, { forecast, stopped_before = [] }) {
  const parts = [];
  const toRun = forecast.critical_path ?? [];
  if (forecast.long_pole) parts.push(`The long pole is '${titleOfStep(session, forecast.long_pole)}'`);
  if (toRun.length > 1) parts.push(`${toRun.length} steps in a row decide how long it takes`);
  if (forecast.memory_bytes) parts.push(`up to ${formatMemory(forecast.memory_bytes)} at once`);
  if (forecast.unknown) parts.push(`${forecast.unknown} without a past run`);
  if (stopped_before.length) parts.push(`stops before ${stopped_before.map((step) => `'${titleOfStep(session, step)}'`).join(" and ")}`);
  if (parts.length === 0) return null;
  const cpus = forecast.cpus === 1 ? "on 1 processor" : `on ${forecast.cpus} processors`;
  return h("p", { class: "ed-plan-forecast" }, [...parts, cpus].join(" · "));
}

/** @param {EditorContext} editor @param {readonly PreviewStep[]} steps */
function drawSteps(editor, steps) {
  return h("div", { class: "ed-plan-scroll" }, [
    h("table", { class: "ed-plan-steps" }, [
      h("thead", [h("tr", [h("th", { scope: "col" }, "Node"), h("th", { scope: "col" }, "What happens"), h("th", { scope: "col" }, "Why"), h("th", { scope: "col", class: "ed-plan-number" }, "Time"), h("th", { scope: "col", class: "ed-plan-number" }, "Memory"), h("th", { scope: "col" }, "Asks for")])]),
      h("tbody", steps.map((step) => drawStep(editor, step))),
    ]),
  ]);
}

/** @param {EditorContext} editor @param {PreviewStep} step */
function drawStep({ session }, step) {
  const node = session.nodeOfStep(step.step);
  const isRunning = step.outcome === "runs" || step.outcome === "probably_reused";
  return h("tr", { key: step.step, class: `ed-plan-step ed-plan-${step.outcome}` }, [
    h("td", [h("button", { type: "button", class: "ed-plan-node", disabled: node === null, onClick: () => node && session.focusNode(node) }, titleOfStep(session, step.step))]),
    h("td", [h("span", { class: `ed-plan-outcome dc-status-${OUTCOME_STATES[step.outcome]}` }, [outcomeMark(step), OUTCOME_WORDS[step.outcome]])]),
    h("td", { class: "ed-plan-why" }, whyText(step)),
    h("td", { class: "ed-plan-number" }, isRunning ? (step.estimate ? estimateWords(step.estimate) : "no past run") : ""),
    h("td", { class: "ed-plan-number" }, isRunning ? memoryWords(step) : ""),
    h("td", { class: "ed-plan-asks" }, isRunning ? asksWords(step) : ""),
  ]);
}

/** What it held in the past, on its GPUs too where that was measured. @param {PreviewStep} step */
function memoryWords({ estimate }) {
  const memory = estimate?.memory_bytes ? formatMemory(estimate.memory_bytes) : "";
  return estimate?.gpu_memory_bytes ? `${memory}, GPU ${formatMemory(estimate.gpu_memory_bytes)}` : memory;
}

/** @param {PreviewStep} step */
function asksWords({ asks, target }) {
  const isElsewhere = Boolean(target && target !== "local");
  const words = slotsWords(asks, { isPlainToo: isElsewhere });
  return isElsewhere ? `${words} on ${target}` : words;
}

/** @param {PreviewStep} step */
function outcomeMark({ outcome }) {
  return h("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, [h("path", { d: GLYPHS[OUTCOME_STATES[outcome]], "fill-rule": "evenodd" })]);
}

/** Of what is there already: where it comes from. @param {PreviewStep} step */
function whyText({ outcome, reason, from_run, made_at, target }) {
  if (!from_run) return reason;
  const made = made_at ? `, ${formatAge(made_at, Date.now() / 1000)}` : "";
  return `made in run ${from_run}${made}${outcome === "reused" && target ? ` on ${target}` : ""}`;
}

/** @param {import("../session.js").EditorSession} session @param {string} step */
function titleOfStep(session, step) {
  const node = session.nodeOfStep(step);
  return node === null ? step.replaceAll("__", " / ") : session.titleOf(node) + (session.stepId(node) === step ? "" : ` / ${step.slice(session.stepId(node).length + 2)}`);
}
