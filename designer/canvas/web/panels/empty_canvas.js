// What an empty canvas says: the three gestures, and samples to start from. Gone at the first node.

import { defineComponent, h, ref } from "vue";
import { formatName } from "../results/format.js";
import { icon, keys } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { useLoaded } from "../results/loading.js";

const SHOWN_SAMPLES = 4;

export const EmptyCanvas = defineComponent({
  name: "EmptyCanvas",
  setup() {
    const { session, api, toasts } = useEditor();
    const opening = ref("");
    const { loaded } = useLoaded(
      () => 0,
      () => api.samples(),
    );

    /** @param {string} sample */
    async function open(sample) {
      opening.value = sample;
      try {
        const { id } = await api.createPipeline({ sample });
        location.assign(`/pipelines/${encodeURIComponent(id)}`);
      } catch (error) {
        opening.value = "";
        const { message, remedy } = /** @type {Error & {remedy?: string}} */ (error);
        toasts.add({ kind: "error", text: message, remedy });
      }
    }

    return () =>
      h("div", { class: "ed-empty-canvas" }, [
        h("h2", session.readOnly ? "This pipeline has no nodes" : "Start with a module"),
        session.readOnly
          ? null
          : h("ul", { class: "ed-gestures" }, [
              h("li", [icon("drag_indicator"), h("span", "Drag a module from the left onto the canvas")]),
              h("li", [icon("search"), h("span", ["Press ", keys("/"), " to search, ", keys("Enter"), " to add"])]),
              h("li", [icon("timeline"), h("span", "Drag from an output port to an input port to connect")]),
            ]),
        session.readOnly || !loaded.value.value?.samples?.length
          ? null
          : h("div", { class: "ed-samples" }, [
              h("h3", "Or open a sample"),
              h(
                "ul",
                loaded.value.value.samples
                  .slice(0, SHOWN_SAMPLES)
                  .map((sample) =>
                    h("li", { key: sample.id }, [
                      h(
                        "button",
                        { type: "button", disabled: Boolean(opening.value), onClick: () => open(sample.id) },
                        [
                          h("strong", sample.title ?? sample.name ?? formatName(sample.id)),
                          sample.description ? h("span", sample.description) : null,
                          opening.value === sample.id ? h("span", { class: "ed-spinner" }) : icon("arrow_forward"),
                        ],
                      ),
                    ]),
                  ),
              ),
            ]),
      ]);
  },
});
