// A file or folder: what it is, how large, and the way to take it along.

import { defineComponent, h } from "vue";
import { icon } from "../panels/atoms.js";
import { formatBytes } from "./format.js";

/** Props: `api`, `artifact`, `name`. */
export const FileView = defineComponent({
  name: "FileView",
  props: {
    api: { type: Object, required: true },
    artifact: { type: Object, required: true },
    name: { type: String, default: "" },
  },
  setup(props) {
    return () => {
      const { digest, bytes, type, summary = {} } = props.artifact;
      const isFolder = type.endsWith("Folder");
      return h("div", { class: "ed-empty" }, [
        icon(isFolder ? "folder" : "description"),
        h("p", { class: "ed-empty-title" }, String(summary.name ?? props.name ?? type)),
        h("p", { class: "ed-empty-text" }, [formatBytes(bytes), summary.files ? ` · ${summary.files} files` : ""]),
        h("p", { class: "ed-digest" }, digest),
        isFolder
          ? null
          : h("div", { class: "ed-empty-actions" }, [
              h(
                "a",
                {
                  class: "ed-button ed-button-plain",
                  href: props.api.downloadUrl(digest),
                  download: summary.name ?? "",
                },
                [icon("download"), h("span", "Download")],
              ),
            ]),
      ]);
    };
  },
});
