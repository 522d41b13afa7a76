// What an empty canvas says: three gestures with their keys, and samples to start from. Gone at the first node.

import { defineComponent, h, nextTick, onBeforeUnmount, ref } from "vue";
import { useLoaded } from "../results/loading.js";
import { button, icon, keys } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { addPicture, runPicture, wirePicture } from "./gesture_pictures.js";
import { openSample } from "./opening_sample.js";
import { drawPicture } from "./sample_picture.js";
import { wasTourOffered } from "./tour_memory.js";

/**
 * @import {SampleCard} from "../results/artifact_api.js"
 */

const SHOWN_SAMPLES = 3;

/** @type {[string, string, () => any][]} words, the action that does the same, its drawing */
const GESTURES = [
  ["Double-click to add a module", "draw.add", addPicture],
  ["Drag from a port to connect", "draw.link", wirePicture],
  ["Run everything", "run.all", runPicture],
];

export const EmptyCanvas = defineComponent({
  name: "EmptyCanvas",
  emits: ["filled"],
  setup(_props, { emit }) {
    const { session, state, api, toasts, actions, act } = useEditor();
    const opening = ref("");
    const keysTick = ref(0);
    const { loaded } = useLoaded(
      () => 0,
      () => (session.readOnly ? null : api.samples()),
    );
    const changed = () => (keysTick.value += 1);
    actions.addEventListener("keys", changed);
    onBeforeUnmount(() => actions.removeEventListener("keys", changed));

    /** Fills this pipeline in one step, which Undo takes back. @param {SampleCard} sample */
    async function open(sample) {
      opening.value = sample.id;
      try {
        const isOpen = await openSample(session, api, sample.id);
        await nextTick();
        if (isOpen) emit("filled");
      } catch (error) {
        const { message, remedy } = /** @type {Error & {remedy?: string}} */ (error);
        toasts.add({ kind: "error", text: message, remedy });
      } finally {
        opening.value = "";
      }
    }

    return () => {
      void keysTick.value;
      if (session.readOnly) return h("div", { class: "ed-empty-canvas" }, [h("h2", "This pipeline has no nodes")]);
      const isInside = state.scope.length > 0;
      return h("div", { class: "ed-empty-canvas" }, [
        h("ul", { class: "ed-gestures", "aria-label": "Three gestures" }, GESTURES.map(drawGesture)),
        h("p", { class: "ed-drop-note" }, [icon("upload_file"), "Or drop a CSV file here: it becomes a source whose columns are known."]),
        isInside ? null : drawSamples(loaded.value.value?.samples ?? []),
        isInside || wasTourOffered() ? null : h("p", { class: "ed-tour-offer" }, ["New here? ", button("Take the tour", { kind: "quiet", icon: "explore", onClick: () => act("help.tour") })]),
      ]);
    };

    /** @param {[string, string, () => any]} gesture */
    function drawGesture([words, id, picture]) {
      const chord = actions.firstKeys(id);
      return h("li", { key: id }, [picture(), h("span", words), chord ? h("span", { class: "ed-chords" }, chord.split(" ").map(keys)) : null]);
    }

    /** @param {readonly SampleCard[]} samples */
    function drawSamples(samples) {
      if (samples.length === 0) return null;
      return h("section", { class: "ed-samples", "aria-label": "Samples" }, [
        h("h2", "Start from a sample"),
        h("ul", samples.slice(0, SHOWN_SAMPLES).map((sample) =>
          h("li", { key: sample.id }, [
            h("button", { type: "button", disabled: Boolean(opening.value), "data-sample": sample.id, onClick: () => open(sample) }, [
              drawPicture(sample.thumbnail),
              h("strong", sample.name),
              h("span", { class: "ed-muted" }, sample.learned),
              opening.value === sample.id ? h("span", { class: "ed-spinner" }) : null,
            ]),
          ]))),
      ]);
    }
  },
});
