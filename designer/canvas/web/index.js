// What the page loads: the editor as one Vue component, and the result views for other pages.

import { defineComponent, h, onBeforeUnmount, onMounted, shallowRef } from "vue";
import { Editor } from "./editor.js";
import { button, icon } from "./panels/atoms.js";
import { newClient, ownName } from "./document/identity.js";
import { EditorSession } from "./session.js";
import { Transport } from "./transport.js";

export { createArtifactApi } from "./results/artifact_api.js";
export { ArtifactView } from "./results/artifact_view.js";
export { StepView } from "./results/step_view.js";

/** Props: `pipelineId` or `runId`, `readOnly`. */
export default defineComponent({
  name: "PipelineEditor",
  props: { pipelineId: { type: String, default: "" }, runId: { type: String, default: "" }, readOnly: Boolean },
  setup(props) {
    /** @type {import("vue").ShallowRef<EditorSession | null>} */
    const session = shallowRef(null);
    /** @type {import("vue").ShallowRef<any>} */
    const failure = shallowRef(null);
    const client = newClient();

    async function open() {
      failure.value = null;
      const transport = new Transport({ pipelineId: props.pipelineId, runId: props.runId, client, author: ownName() });
      const opened = new EditorSession({
        transport,
        pipelineId: props.pipelineId,
        runId: props.runId,
        readOnly: props.readOnly,
        client,
      });
      try {
        await Promise.all([opened.load(), styleReady()]);
        session.value = opened;
      } catch (error) {
        opened.destroy();
        failure.value = error;
      }
    }

    onMounted(open);
    onBeforeUnmount(() => session.value?.destroy());

    return () => {
      if (session.value) return h(Editor, { session: session.value });
      return h(
        "div",
        { class: "ed-opening", role: "status" },
        failure.value ? drawFailure(failure.value, open) : [h("span", { class: "ed-spinner" }), "Opening the pipeline"],
      );
    };
  },
});

/** The style sheet is linked beside this code; the canvas must not measure itself before it is there. */
async function styleReady() {
  while (!getComputedStyle(document.documentElement).getPropertyValue("--editor-style"))
    await new Promise(requestAnimationFrame);
}

/**
 * @param {Error & {remedy?: string}} error
 * @param {() => void} retry
 */
function drawFailure(error, retry) {
  return h("div", { class: "ed-empty" }, [
    icon("cloud_off"),
    h("p", { class: "ed-empty-title" }, error.message),
    h("p", { class: "ed-empty-text" }, error.remedy || "Check that the designer is running."),
    h("div", { class: "ed-empty-actions" }, [
      button("Try again", { kind: "primary", icon: "refresh", onClick: retry }),
      h("a", { class: "ed-button ed-button-plain", href: "/pipelines" }, [
        icon("account_tree"),
        h("span", "All pipelines"),
      ]),
    ]),
  ]);
}
