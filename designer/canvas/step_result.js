// The result of one step outside the editor: the same view, its data as JSON text so that nothing in it is code.

import { computed, defineComponent, h, ref } from "vue";
import { StepView, createArtifactApi } from "pipeline-editor";
import { TooltipLayer } from "pipeline-editor/panels/tooltip.js";

const href = import.meta.resolve("pipeline-editor/style.css");
document.querySelector(`link[href="${href}"]`) ?? document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

const api = createArtifactApi();

export default defineComponent({
  name: "StepResult",
  props: { runId: { type: String, default: "" }, stepId: { type: String, default: "" }, step: { type: String, default: "null" }, outputs: { type: String, default: "[]" }, titles: { type: String, default: "{}" } },
  emits: ["show_node"],
  setup(props, { emit }) {
    const root = ref(null);
    const step = computed(() => JSON.parse(props.step));
    const titles = computed(() => JSON.parse(props.titles));
    const outputs = computed(() => JSON.parse(props.outputs));
    return () =>
      h("div", { ref: root, class: "ed step-result" }, [
        props.stepId ? h(StepView, { key: props.stepId, api, runId: props.runId, stepId: props.stepId, step: step.value, outputs: outputs.value, titles: titles.value, onShowNode: () => emit("show_node") }) : null,
        root.value ? h(TooltipLayer, { root: root.value }) : null,
      ]);
  },
});
