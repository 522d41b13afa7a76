// Run and Stop: one button for the common case, a menu for the others.

import { computed, defineComponent, h } from "vue";
import { icon } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { PopMenu } from "./pop_menu.js";

/**
 * @import {MenuItem} from "./pop_menu.js"
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
    const { session, state } = useEditor();
    const going = computed(() => {
      void state.statusTick;
      return isGoing(state.run);
    });
    const empty = computed(() => Object.keys(state.document.nodes ?? {}).length === 0);
    const selected = computed(() => [...state.selection.nodes]);

    return () =>
      going.value
        ? drawStop(session, state.run?.detail === "cancelling")
        : drawRun(session, empty.value, selected.value);
  },
});

/**
 * @param {import("../session.js").EditorSession} session
 * @param {boolean} stopping
 */
function drawStop(session, stopping) {
  return h(
    "button",
    {
      type: "button",
      class: "ed-button ed-button-stop",
      disabled: stopping,
      "data-tip": "Stop the run (Ctrl+.)",
      onClick: () => session.cancelRun(),
    },
    [icon("stop"), h("span", stopping ? "Stopping" : "Stop")],
  );
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {boolean} empty
 * @param {string[]} selected
 */
function drawRun(session, empty, selected) {
  return h("div", { class: "ed-split" }, [
    h(
      "button",
      {
        type: "button",
        class: "ed-button ed-button-primary",
        disabled: empty,
        "data-tip": empty ? "Add a module first" : "Run the pipeline (Ctrl+Enter)",
        onClick: () => session.startRun({}),
      },
      [icon("play_arrow"), h("span", "Run")],
    ),
    h(
      PopMenu,
      {
        label: "More ways to run",
        buttonClass: "ed-button ed-button-primary ed-split-more",
        align: "end",
        disabled: empty,
        items: runItems(session, selected),
      },
      { default: () => [icon("arrow_drop_down")] },
    ),
  ]);
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {string[]} selected
 * @returns {MenuItem[]}
 */
function runItems(session, selected) {
  const none = selected.length === 0;
  const what = selected.length > 1 ? `${selected.length} selected nodes` : "the selected node";
  const hint = none ? "Select a node first" : "";
  return [
    { label: "Run all", icon: "play_arrow", keys: "Ctrl+Enter", run: () => session.startRun({}) },
    {
      label: `Run to ${what}`,
      icon: "vertical_align_bottom",
      hint,
      keys: "Shift+Enter",
      disabled: none,
      run: () => session.startRun({ to: selected }),
    },
    {
      label: `Run from ${what}`,
      icon: "vertical_align_top",
      hint,
      keys: "Alt+Enter",
      disabled: none,
      run: () => session.startRun({ from: selected }),
    },
    {
      label: `Run only ${what}`,
      icon: "filter_center_focus",
      hint,
      disabled: none,
      run: () => session.startRun({ only: selected }),
    },
    { separator: true },
    {
      label: "Run all again",
      icon: "restart_alt",
      hint: "Reuses nothing from earlier runs",
      run: () => session.startRun({ regenerate: true }),
    },
  ];
}
