// Run, Stop and Continue: one button for the common case, a menu for the others, and what a run would do.

import { computed, defineComponent, h, ref } from "vue";
import { canContinue } from "../document/run_options.js";
import { icon } from "./atoms.js";
import { hint, useEditor } from "./editor_context.js";
import { PopMenu } from "./pop_menu.js";

/**
 * @import {MenuItem} from "./pop_menu.js"
 * @import {EditorContext} from "./editor_context.js"
 */

const ENDED = new Set(["completed", "failed", "cancelled", "skipped"]);

/**
 * Whether a run is still going.
 *
 * @param {{status?: string} | null} run
 */
export function isGoing(run) {
  return run !== null && !ENDED.has(run.status ?? "queued");
}

export const RunControl = defineComponent({
  name: "RunControl",
  setup() {
    const editor = useEditor();
    const { session, state } = editor;
    const going = computed(() => {
      void state.statusTick;
      return isGoing(state.run);
    });
    const empty = computed(() => Object.keys(state.document.nodes ?? {}).length === 0);
    const summary = ref("");

    /** In time for the tooltip; the server answers before a person has read the button. */
    async function foretell() {
      summary.value = await session.running.summary();
    }

    return () =>
      going.value
        ? drawStop(editor, state.run?.detail === "cancelling")
        : h("div", { class: "ed-run-control" }, [
            canContinue(state.run) ? drawContinue(editor) : null,
            drawRun(editor, { isEmpty: empty.value, summary: summary.value, foretell }),
          ]);
  },
});

/**
 * @param {EditorContext} editor
 * @param {boolean} stopping
 */
function drawStop({ session, actions }, stopping) {
  return h(
    "button",
    {
      type: "button",
      class: "ed-button ed-button-stop",
      disabled: stopping,
      "data-tip": hint("Stop the run", "run.cancel", actions),
      onClick: () => session.running.cancel(),
    },
    [icon("stop"), h("span", stopping ? "Stopping" : "Stop")],
  );
}

/** @param {EditorContext} editor */
function drawContinue({ session, actions, state }) {
  const steps = state.run?.stopped_before ?? [];
  const where = steps.length === 1 ? `'${session.titleOf(session.nodeOfStep(steps[0]) ?? steps[0])}'` : `${steps.length} nodes`;
  return h(
    "button",
    {
      type: "button",
      class: "ed-button ed-button-plain",
      "data-tip": hint(`The run stopped before ${where}: run on from there`, "run.continue", actions),
      onClick: () => session.running.goOn(),
    },
    [icon("skip_next"), h("span", "Continue")],
  );
}

/**
 * @param {EditorContext} editor
 * @param {{isEmpty: boolean, summary: string, foretell: () => void}} what
 */
function drawRun(editor, { isEmpty, summary, foretell }) {
  const { session, actions } = editor;
  return h("div", { class: "ed-split", onPointerenter: foretell, onFocusin: foretell }, [
    h(
      "button",
      {
        type: "button",
        class: "ed-button ed-button-primary",
        disabled: isEmpty,
        "data-tip": isEmpty ? "Add a module first" : hint("Run the pipeline", "run.all", actions),
        onClick: () => session.running.start({}),
      },
      [icon("play_arrow"), h("span", "Run")],
    ),
    h(
      PopMenu,
      {
        label: "More ways to run",
        tip: summary ? `${summary}\nMore ways to run` : "",
        buttonClass: "ed-button ed-button-primary ed-split-more",
        align: "end",
        disabled: isEmpty,
        items: runItems(editor),
      },
      { default: () => [icon("arrow_drop_down")] },
    ),
  ]);
}

/**
 * @param {EditorContext} editor
 * @returns {MenuItem[]}
 */
function runItems({ session, state, actions, act }) {
  const selected = [...state.selection.nodes];
  const none = selected.length === 0;
  const what = selected.length > 1 ? `${selected.length} selected nodes` : "the selected node";
  const without = none ? "Select a node first" : "";
  void state.statusTick;
  const isDone = ![...session.statuses.values()].some(({ status }) => ["failed", "cancelled", "skipped"].includes(status));
  return [
    { label: "Run all", icon: "play_arrow", keys: actions.firstKeys("run.all"), run: () => session.running.start({}) },
    {
      label: `Run to ${what}`,
      icon: "vertical_align_bottom",
      hint: without,
      keys: actions.firstKeys("run.to"),
      disabled: none,
      run: () => session.running.start({ to: selected }),
    },
    {
      label: `Run from ${what}`,
      icon: "vertical_align_top",
      hint: without,
      keys: actions.firstKeys("run.from"),
      disabled: none,
      run: () => session.running.start({ from: selected }),
    },
    {
      label: `Run only ${what}`,
      icon: "filter_center_focus",
      hint: without,
      disabled: none,
      run: () => session.running.start({ only: selected }),
    },
    {
      label: "Run what failed and what follows",
      icon: "replay",
      hint: isDone ? "Nothing failed or was skipped" : "What is done keeps its results",
      keys: actions.firstKeys("run.failed"),
      disabled: isDone,
      run: () => act("run.failed"),
    },
    { separator: true },
    {
      label: "Preview",
      icon: "preview",
      hint: "What would run, what is reused, how long it takes",
      keys: actions.firstKeys("run.preview"),
      run: () => act("run.preview"),
    },
    { separator: true },
    {
      label: "Run all again",
      icon: "restart_alt",
      hint: "Reuses nothing from earlier runs",
      run: () => session.running.start({ regenerate: true }),
    },
  ];
}
