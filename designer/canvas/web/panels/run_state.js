// What the run does now: its state, how far it is, how long it has taken.

import { computed, defineComponent, h, onScopeDispose, ref, watch } from "vue";
import { formatClock, formatSeconds } from "../results/format.js";
import { canContinue } from "../document/run_options.js";
import { statusMark } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { isGoing } from "./run_control.js";

/**
 * @import {Run, StepRun} from "../types.js"
 */

export const RunState = defineComponent({
  name: "RunState",
  setup() {
    const { session, state } = useEditor();
    const now = ref(Date.now() / 1000);
    let timer = 0;
    const going = computed(() => {
      void state.statusTick;
      return isGoing(state.run);
    });
    watch(
      going,
      (value) => {
        clearInterval(timer);
        now.value = Date.now() / 1000;
        if (value) timer = window.setInterval(() => (now.value = Date.now() / 1000), 1000);
      },
      { immediate: true },
    );
    onScopeDispose(() => clearInterval(timer));

    return () => {
      void state.statusTick;
      const run = state.run;
      if (!run) return null;
      const progress = runProgress(Object.values(session.run?.steps ?? {}));
      const text = going.value
        ? `${progress.done} of ${progress.total} · ${formatClock(now.value - (run.started_at ?? run.created_at ?? now.value))}`
        : endText(run, progress);
      return h(
        "a",
        {
          class: ["ed-run-state", { "ed-run-going": going.value }],
          href: `/runs/${run.id}`,
          "data-tip": `Run ${run.number ?? ""}: details`,
          "aria-live": "polite",
        },
        [
          statusMark(canContinue(run) ? "stopped" : (run.status ?? "queued"), canContinue(run) ? { label: false } : {}),
          h("span", { class: "ed-run-text" }, text),
          going.value
            ? h("span", { class: "ed-run-bar" }, [h("span", { style: { transform: `scaleX(${progress.share})` } })])
            : null,
        ],
      );
    };
  },
});

/**
 * How far the steps are: finished ones, and running ones by their own share.
 *
 * @param {StepRun[]} steps
 */
export function runProgress(steps) {
  const done = steps.filter((step) => ["completed", "failed", "skipped", "cancelled"].includes(step.status)).length;
  const partial = steps
    .filter((step) => step.status === "running")
    .reduce((sum, step) => sum + (step.progress ?? 0), 0);
  const reused = steps.filter((step) => step.reused).length;
  return { done, total: steps.length, reused, share: steps.length ? Math.min(1, (done + partial) / steps.length) : 0 };
}

/**
 * @param {Run} run
 * @param {{total: number, reused: number}} progress
 */
function endText(run, progress) {
  if (canContinue(run)) return "Stopped at a breakpoint";
  if (progress.total > 0 && progress.reused === progress.total) return "everything reused";
  const seconds = run.seconds ?? (run.finished_at && run.started_at ? run.finished_at - run.started_at : null);
  const parts = seconds === null ? [] : [`in ${formatSeconds(seconds)}`];
  if (progress.reused) parts.push(`${progress.reused} of ${progress.total} reused`);
  return parts.join(" · ");
}
