// Text: one line, or several. Committed when the field is left or Enter is pressed.

import { computed, defineComponent, h, ref, watch } from "vue";
import { checkValue } from "../form_model.js";

/**
 * @import {Field} from "../form_model.js"
 */

/** Props: `field`, `id`, `disabled`. Emits `commit` with text or null, `invalid`. */
export const TextControl = defineComponent({
  name: "TextControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit", "invalid"],
  setup(props, { emit }) {
    const field = computed(() => /** @type {Field} */ (props.field));
    const text = ref(write(field.value.value));
    watch(
      () => field.value.value,
      (value) => {
        text.value = write(value);
        emit("invalid", null);
      },
    );

    /** @param {string} typed */
    function read(typed) {
      return typed === "" && field.value.spec.nullable ? null : typed;
    }

    /** @param {Event} event */
    function onInput(event) {
      text.value = /** @type {HTMLInputElement} */ (event.target).value;
      emit("invalid", checkValue(field.value.spec, read(text.value)));
    }

    function commit() {
      const value = read(text.value);
      if (value === field.value.value || (text.value === "" && field.value.value === undefined)) return;
      if (value === "" || value === null || checkValue(field.value.spec, value) === null) emit("commit", value);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (event.key === "Enter" && (field.value.control !== "text" || event.ctrlKey)) commit();
      if (event.key === "Escape") {
        text.value = write(field.value.value);
        emit("invalid", null);
        /** @type {HTMLElement} */ (event.target).blur();
      }
    }

    return () =>
      h(field.value.control === "text" ? "textarea" : "input", {
        id: props.id,
        class: "ed-input",
        rows: field.value.control === "text" ? Math.min(10, Math.max(3, text.value.split("\n").length)) : undefined,
        value: text.value,
        disabled: props.disabled,
        spellcheck: false,
        autocomplete: "off",
        placeholder: field.value.spec.nullable ? "not set" : "",
        onInput,
        onChange: commit,
        onKeydown,
      });
  },
});

/** Name of a secret of the workspace; the secret itself is never in the file. */
export const SecretControl = defineComponent({
  name: "SecretControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    return () =>
      h("div", { class: "ed-secret" }, [
        h("input", {
          id: props.id,
          class: "ed-input",
          value: secretName(props.field.value),
          disabled: props.disabled,
          placeholder: "name of a secret",
          autocomplete: "off",
          spellcheck: false,
          onChange: (/** @type {Event} */ event) => {
            const name = /** @type {HTMLInputElement} */ (event.target).value.trim();
            emit("commit", name ? { $secret: name } : null);
          },
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        }),
        h("p", { class: "ed-hint" }, "Only the name is kept in the pipeline, never the secret."),
      ]);
  },
});

/** @param {unknown} value */
function secretName(value) {
  return value && typeof value === "object" && "$secret" in value ? String(value.$secret) : "";
}

/** @param {unknown} value */
function write(value) {
  return value === null || value === undefined ? "" : String(value);
}
