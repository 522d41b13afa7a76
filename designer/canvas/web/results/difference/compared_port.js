// What an output was in another run: chosen here, compared with what it is now.

import { computed, defineComponent, h } from "vue";
import { button, emptyState, icon } from "../../panels/atoms.js";
import { failedView, useLoaded, waitingView } from "../loading.js";
import { RunChooser } from "../run_chooser.js";
import { ComparedDocuments } from "./compared_documents.js";
import { ComparedTables } from "./compared_tables.js";
import { pairOf } from "./difference_words.js";
import { useLongWork } from "./long_work.js";

/**
 * @import {ArtifactApi, StepOfRun} from "../artifact_api.js"
 * @import {ArtifactRef} from "../../types.js"
 */

/**
 * Props: `api`, `pipelineId`, `stepId`, `runId`, `port`, `artifact` (of that port in that run), `against` (a run's id;
 * by default the newest run before in which the port held something else), `keys` (the columns that match rows of a table;
 * none for their place, `null` for what is found). Emits `against` with a run's id, `keys` with other ones.
 */
export const ComparedPort = defineComponent({
  name: "ComparedPort",
  props: {
    api: { type: Object, required: true },
    pipelineId: { type: String, required: true },
    stepId: { type: String, required: true },
    runId: { type: String, required: true },
    port: { type: String, required: true },
    artifact: { type: Object, required: true },
    against: { type: String, default: "" },
    keys: { type: Array, default: null },
  },
  emits: ["against", "keys"],
  setup(props, { emit }) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const { loaded: history, reload: reloadHistory } = useLoaded(
      () => [props.pipelineId, props.stepId, props.runId].join("\n"),
      () => api.stepRuns(props.pipelineId, props.stepId),
    );
    const pair = computed(() => pairOf(history.value.value?.runs ?? [], props));
    const digests = computed(() => {
      const { before, after } = pair.value ?? {};
      return { before: digestOf(before, props.port), after: digestOf(after, props.port) };
    });
    const isSame = computed(() => digests.value.before === digests.value.after);
    const keys = computed(() => /** @type {string[] | null} */ (props.keys));
    const compared = computed(() => JSON.stringify([digests.value, keys.value]));
    const { loaded, reload, doing } = useLongWork(
      () => compared.value,
      (patience) =>
        pair.value && !isSame.value
          ? api.difference(digests.value.before, digests.value.after, keys.value, patience)
          : null,
    );

    return () => {
      if (history.value.error) return failedView(history.value.error, reloadHistory);
      if (history.value.waiting) return waitingView("Looking for runs");
      if (!pair.value)
        return emptyState(
          "history",
          "No other run has this result",
          "Change something and run again; then both results can be compared here.",
        );
      return h("div", { class: "ed-difference" }, [drawBar(pair.value), drawBody(pair.value)]);
    };

    /** @param {{other: StepOfRun, before: StepOfRun, after: StepOfRun}} compared */
    function drawBar({ other, before, after }) {
      const chooser = h(RunChooser, {
        api,
        pipelineId: props.pipelineId,
        stepId: props.stepId,
        chosen: other.run.id,
        without: props.runId,
        text: `Run ${other.run.number}`,
        label: "Compare with",
        onChoose: (/** @type {StepOfRun} */ { run }) => emit("against", run.id),
      });
      const here = h("span", { class: "ed-difference-here" }, `Run ${(other === before ? after : before).run.number}`);
      return h("div", { class: "ed-view-bar ed-difference-bar" }, [
        other === before ? chooser : here,
        icon("arrow_forward"),
        other === before ? here : chooser,
      ]);
    }

    /** @param {{before: StepOfRun, after: StepOfRun}} compared */
    function drawBody({ before, after }) {
      const names = { before: `Run ${before.run.number}`, after: `Run ${after.run.number}` };
      if (isSame.value)
        return emptyState(
          "done_all",
          "Nothing differs",
          `${names.before} and ${names.after} made exactly the same result.`,
        );
      const { value, error } = loaded.value;
      if (error) return keys.value ? drawWrongKeys(error) : failedView(error, reload);
      if (!value) return waitingView(doing.value || "Comparing");
      if (value.kind === "documents") return h(ComparedDocuments, { difference: value, names });
      return h(ComparedTables, {
        key: compared.value,
        api,
        ...digests.value,
        keys: /** @type {any} */ (keys.value),
        difference: value,
        names,
        onKeys: (/** @type {string[] | null} */ chosen) => emit("keys", chosen),
      });
    }

    /** The tables cannot be matched by what a person, or a link, asked for. @param {Error & {code?: string, remedy?: string}} error */
    function drawWrongKeys({ code = "", message, remedy = "" }) {
      return emptyState("key_off", `${code} ${message}`.trim(), remedy, [
        button("Find a key", { onClick: () => emit("keys", null) }),
        button("Try again", { icon: "refresh", onClick: reload }),
      ]);
    }
  },
});

/** @param {StepOfRun | undefined} item @param {string} port */
function digestOf(item, port) {
  const artifact = /** @type {ArtifactRef | undefined} */ (item?.step.outputs?.[port]);
  return artifact?.digest ?? "";
}
