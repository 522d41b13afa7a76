// One artifact, drawn by its type.

import { computed, defineComponent, h } from "vue";
import { FileView } from "./file_view.js";
import { failedView, useLoaded, waitingView } from "./loading.js";
import { ModelView } from "./model_view.js";
import { ReportView } from "./report_view.js";
import { TableView } from "./table/table_view.js";
import { TransformView, UntrainedModelView, ValueView } from "./value_view.js";

/**
 * @import {ArtifactRef} from "../types.js"
 * @import {ArtifactApi} from "./artifact_api.js"
 */

/** @type {Record<string, any>} */
const DOCUMENT_VIEWS = {
  Report: ReportView,
  Model: ModelView,
  UntrainedModel: UntrainedModelView,
  Transform: TransformView,
  Value: ValueView,
};

/**
 * Props: `api`, `artifact` (an ArtifactRef), `name` of the port, `port` (what its layout is remembered under), `view`
 * (what of a table is looked at), `titles` of a report's models by input port. Emits `view`.
 */
export const ArtifactView = defineComponent({
  name: "ArtifactView",
  props: {
    api: { type: Object, required: true },
    artifact: { type: Object, required: true },
    name: { type: String, default: "" },
    port: { type: String, default: "" },
    view: { type: String, default: "table" },
    titles: { type: Object, default: () => ({}) },
  },
  emits: ["view"],
  setup(props, { emit }) {
    const artifact = computed(() => /** @type {ArtifactRef} */ (props.artifact));
    return () => {
      const { type, digest, format } = artifact.value;
      if (type === "Table" && format === "arrow")
        return h(TableView, {
          api: props.api,
          digest,
          port: props.port,
          view: props.view,
          onView: (/** @type {string} */ view) => emit("view", view),
        });
      if (DOCUMENT_VIEWS[type])
        return h(DocumentView, { key: digest, api: props.api, artifact: artifact.value, titles: props.titles });
      return h(FileView, { api: props.api, artifact: artifact.value, name: props.name });
    };
  },
});

/** An artifact that is one JSON document: fetched, then drawn. */
const DocumentView = defineComponent({
  name: "DocumentView",
  props: {
    api: { type: Object, required: true },
    artifact: { type: Object, required: true },
    titles: { type: Object, required: true },
  },
  setup(props) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const { loaded, reload } = useLoaded(
      () => props.artifact.digest,
      () => api.document(props.artifact.digest),
    );
    return () => {
      const { value, error } = loaded.value;
      if (error) return failedView(error, reload);
      if (value === null && loaded.value.waiting) return waitingView();
      return h("div", { class: "ed-document" }, [
        h(DOCUMENT_VIEWS[props.artifact.type], {
          document: value,
          ...(props.artifact.type === "Report" ? { titles: props.titles } : {}),
          ...(props.artifact.type === "Model" ? { artifact: props.artifact, api } : {}),
        }),
      ]);
    };
  },
});
