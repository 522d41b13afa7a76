// A file: uploaded into the workspace, or named by its path.

import { defineComponent, h, ref } from "vue";
import { button } from "../atoms.js";
import { useEditor } from "../editor_context.js";

/** Props: `field`, `id`, `disabled`. Emits `commit` with a path or null, `invalid` with a message or null. */
export const FileControl = defineComponent({
  name: "FileControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit", "invalid"],
  setup(props, { emit }) {
    const { api } = useEditor();
    const uploading = ref("");
    const over = ref(false);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const picker = ref(null);

    /** @param {File | undefined} file */
    async function upload(file) {
      if (!file || props.disabled) return;
      uploading.value = file.name;
      emit("invalid", null);
      try {
        const { path } = await api.upload(file);
        emit("commit", path);
      } catch (error) {
        const { message, remedy = "" } = /** @type {Error & {remedy?: string}} */ (error);
        emit("invalid", `${file.name} was not uploaded: ${message} ${remedy}`);
      } finally {
        uploading.value = "";
      }
    }

    /** @param {DragEvent} event */
    function onDrop(event) {
      event.preventDefault();
      over.value = false;
      void upload(event.dataTransfer?.files[0]);
    }

    return () =>
      h(
        "div",
        {
          class: ["ed-file", { "ed-file-over": over.value }],
          onDragover: (/** @type {DragEvent} */ event) => {
            event.preventDefault();
            over.value = true;
          },
          onDragleave: () => (over.value = false),
          onDrop,
        },
        [
          h("input", {
            id: props.id,
            class: "ed-input",
            value: props.field.value ?? "",
            disabled: props.disabled,
            placeholder: "path in the workspace",
            spellcheck: false,
            autocomplete: "off",
            onChange: (/** @type {Event} */ event) =>
              emit("commit", /** @type {HTMLInputElement} */ (event.target).value.trim() || null),
            onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
          }),
          h("input", {
            ref: picker,
            type: "file",
            class: "ed-hidden",
            tabindex: -1,
            "aria-hidden": "true",
            onChange: (/** @type {Event} */ event) => {
              const target = /** @type {HTMLInputElement} */ (event.target);
              void upload(target.files?.[0]);
              target.value = "";
            },
          }),
          uploading.value
            ? h("span", { class: "ed-hint", role: "status" }, [
                h("span", { class: "ed-spinner" }),
                `Uploading ${uploading.value}`,
              ])
            : props.disabled
              ? null
              : h("div", { class: "ed-file-row" }, [
                  button("Upload a file", { icon: "upload_file", onClick: () => picker.value?.click() }),
                  h("span", { class: "ed-hint" }, "or drop it here"),
                ]),
        ],
      );
  },
});
