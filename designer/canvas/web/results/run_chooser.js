// Which run is looked at: the newest, or any earlier one that had the node; with its state and age.

import { defineComponent, h, nextTick, ref, shallowRef } from "vue";
import { icon, statusMark } from "../panels/atoms.js";
import { place } from "../panels/pop_menu.js";
import { formatAge, formatSeconds } from "./format.js";

/**
 * @import {ArtifactApi, StepOfRun} from "./artifact_api.js"
 */

/**
 * Props: `api`, `pipelineId`, `stepId`, `chosen` (a run's id), `label`, `prefix` before the run's name. Emits `choose`
 * with a StepOfRun.
 */
export const RunChooser = defineComponent({
  name: "RunChooser",
  props: {
    api: { type: Object, required: true },
    pipelineId: { type: String, required: true },
    stepId: { type: String, required: true },
    chosen: { type: String, default: "" },
    text: { type: String, required: true },
    label: { type: String, required: true },
    without: { type: String, default: "" },
  },
  emits: ["choose"],
  setup(props, { emit }) {
    const open = ref(false);
    /** @type {import("vue").ShallowRef<{runs: StepOfRun[] | null, error: Error | null}>} */
    const found = shallowRef({ runs: null, error: null });
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const anchor = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const list = ref(null);

    async function show() {
      open.value = true;
      found.value = { runs: null, error: null };
      await nextTick();
      list.value?.showPopover();
      settle();
      const api = /** @type {ArtifactApi} */ (props.api);
      try {
        found.value = { runs: (await api.stepRuns(props.pipelineId, props.stepId)).runs, error: null };
      } catch (error) {
        found.value = { runs: null, error: /** @type {Error} */ (error) };
      }
      await nextTick();
      settle();
      /** @type {HTMLElement | null} */ (list.value?.querySelector("[aria-checked=true], button") ?? null)?.focus();
    }

    function settle() {
      if (list.value && anchor.value) place(list.value, anchor.value);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step === 0) return;
      event.preventDefault();
      const items = /** @type {HTMLElement[]} */ ([...(list.value?.querySelectorAll("button") ?? [])]);
      const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      items[(at + step + items.length) % items.length]?.focus();
    }

    return () => [
      h(
        "button",
        {
          ref: anchor,
          type: "button",
          class: "ed-run-chooser",
          "aria-haspopup": "menu",
          "aria-expanded": String(open.value),
          "aria-label": `${props.label}: ${props.text}`,
          "data-tip": props.label,
          onClick: () => (open.value ? list.value?.hidePopover() : show()),
        },
        [icon("history"), h("span", props.text), icon("expand_more")],
      ),
      open.value
        ? h(
            "div",
            {
              ref: list,
              class: "ed-menu ed-run-list",
              role: "menu",
              popover: "auto",
              onKeydown,
              onToggle: (/** @type {Event & {newState?: string}} */ event) => {
                if (event.newState === "closed") open.value = false;
              },
            },
            drawList(),
          )
        : null,
    ];

    function drawList() {
      const { runs, error } = found.value;
      if (error) return [h("p", { class: "ed-menu-heading" }, error.message)];
      if (!runs) return [h("p", { class: "ed-menu-heading" }, "Looking for runs")];
      const shown = runs.filter(({ run }) => run.id !== props.without);
      if (shown.length === 0) return [h("p", { class: "ed-menu-heading" }, "No other run had this node")];
      return shown.map((item) => drawRun(item));
    }

    /** @param {StepOfRun} item */
    function drawRun(item) {
      const { run, step } = item;
      return h(
        "button",
        {
          key: run.id,
          type: "button",
          role: "menuitemradio",
          "aria-checked": String(run.id === props.chosen),
          class: "ed-menu-item ed-run-item",
          onClick: () => {
            list.value?.hidePopover();
            emit("choose", item);
          },
        },
        [
          icon(run.id === props.chosen ? "check" : "", "ed-menu-icon"),
          h("span", { class: "ed-run-number" }, `Run ${run.number}`),
          statusMark(step.status, { reused: step.reused }),
          h("span", { class: "ed-muted" }, [
            formatAge(run.finished_at ?? run.started_at ?? run.created_at, Date.now() / 1000),
            step.seconds && !step.reused ? ` · ${formatSeconds(step.seconds)}` : "",
          ]),
        ],
      );
    }
  },
});
