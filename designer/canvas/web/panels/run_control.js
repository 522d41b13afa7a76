// Run and Stop: one button for the common case, a menu for the others.

import { computed, defineComponent, h } from "vue";
import { icon } from "./atoms.js";
import { hint, useEditor } from "./editor_context.js";
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
    const { session, state, actions } = useEditor();
    const going = computed(() => {
      void state.statusTick;
      return isGoing(state.run);
    });
    const empty = computed(() => Object.keys(state.document.nodes ?? {}).length === 0);
    const selected = computed(() => [...state.selection.nodes]);

    return () =>
      going.value
        ? drawStop(session, actions, state.run?.detail === "cancelling")
        : drawRun(session, actions, empty.value, selected.value);
  },
});

/**
 * @param {import("../session.js").EditorSession} session
 * @param {import("../actions/registry.js").ActionRegistry} actions
 * @param {boolean} stopping
 */
function drawStop(session, actions, stopping) {
  return h(
    "button",
    {
      type: "button",
      class: "ed-button ed-button-stop",
      disabled: stopping,
      "data-tip": hint("Stop the run", "run.cancel", actions),
      onClick: () => session.cancelRun(),
    },
    [icon("stop"), h("span", stopping ? "Stopping" : "Stop")],
  );
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {import("../actions/registry.js").ActionRegistry} actions
 * @param {boolean} empty
 * @param {string[]} selected
 */
function drawRun(session, actions, empty, selected) {
  return h("div", { class: "ed-split" }, [
    h(
      "button",
      {
        type: "button",
        class: "ed-button ed-button-primary",
        disabled: empty,
        "data-tip": empty ? "Add a module first" : hint("Run the pipeline", "run.all", actions),
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
        items: runItems(session, actions, selected),
      },
      { default: () => [icon("arrow_drop_down")] },
    ),
  ]);
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {import("../actions/registry.js").ActionRegistry} actions
 * @param {string[]} selected
 * @returns {MenuItem[]}
 */
function runItems(session, actions, selected) {
  const none = selected.length === 0;
  const what = selected.length > 1 ? `${selected.length} selected nodes` : "the selected node";
  const hint = none ? "Select a node first" : "";
  return [
    { label: "Run all", icon: "play_arrow", keys: actions.firstKeys("run.all"), run: () => session.startRun({}) },
    {
      label: `Run to ${what}`,
      icon: "vertical_align_bottom",
      hint,
      keys: actions.firstKeys("run.to"),
      disabled: none,
      run: () => session.startRun({ to: selected }),
    },
    {
      label: `Run from ${what}`,
      icon: "vertical_align_top",
      hint,
      keys: actions.firstKeys("run.from"),
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
