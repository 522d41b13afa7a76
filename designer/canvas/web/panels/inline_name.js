// A name that is edited where it stands: Enter keeps it, Esc takes the old one back.

import { defineComponent, h, nextTick, ref } from "vue";

/** Emits `commit` with the new text when it differs from the old one. */
export const InlineName = defineComponent({
  name: "InlineName",
  props: {
    value: { type: String, required: true },
    placeholder: { type: String, default: "" },
    label: { type: String, required: true },
    readOnly: { type: Boolean, default: false },
    emptyAllowed: { type: Boolean, default: false },
  },
  emits: ["commit"],
  setup(props, { emit, expose }) {
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const input = ref(null);
    expose({ edit: () => nextTick(() => input.value?.select()) });

    function commit() {
      if (!input.value) return;
      const text = input.value.value.trim().replace(/\s+/g, " ");
      if (text !== props.value && (text || props.emptyAllowed)) emit("commit", text);
      else input.value.value = props.value;
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (!input.value || (event.key !== "Enter" && event.key !== "Escape")) return;
      if (event.key === "Escape") input.value.value = props.value;
      input.value.blur();
    }

    return () =>
      h("span", { class: "ed-inline-name", "data-text": props.value || props.placeholder }, [
        h("input", {
          ref: input,
          size: 1,
          value: props.value,
          placeholder: props.placeholder,
          "aria-label": props.label,
          readonly: props.readOnly,
          spellcheck: false,
          maxlength: 200,
          onBlur: commit,
          onKeydown,
        }),
      ]);
  },
});
