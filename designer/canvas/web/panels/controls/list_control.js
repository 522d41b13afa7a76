// A list of values, one line each; Enter makes the next line, Backspace in an empty one takes it away.

import { computed, defineComponent, h, nextTick, ref, watch } from "vue";
import { iconButton } from "../atoms.js";
import { sameValue } from "../../document/parameter_values.js";

/**
 * @import {Field} from "../form_model.js"
 */

/** Props: `field`, `id`, `disabled`. Emits `commit` with a list, `invalid`. */
export const ListControl = defineComponent({
  name: "ListControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit", "invalid"],
  setup(props, { emit }) {
    const field = computed(() => /** @type {Field} */ (props.field));
    const lines = ref(toLines(field.value.value));
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    watch(
      () => field.value.value,
      (value) => (lines.value = toLines(value)),
    );
    const isNumber = computed(() => ["int", "float"].includes(field.value.spec.item_kind ?? ""));

    function commit() {
      const texts = lines.value.map((line) => line.trim()).filter(Boolean);
      const wrong = isNumber.value ? texts.find((text) => !Number.isFinite(Number(text))) : undefined;
      emit("invalid", wrong === undefined ? null : `“${wrong}” is not a number.`);
      if (wrong !== undefined) return;
      const value = isNumber.value ? texts.map(Number) : texts;
      if (!sameValue(value, field.value.value ?? [])) emit("commit", value);
    }

    /** @param {number} at */
    const focus = (at) =>
      nextTick(() =>
        /** @type {NodeListOf<HTMLElement> | undefined} */ (root.value?.querySelectorAll("input"))?.[at]?.focus(),
      );

    /** @param {number} at */
    function insert(at) {
      lines.value.splice(at, 0, "");
      void focus(at);
    }

    /** @param {number} at */
    function remove(at) {
      lines.value.splice(at, 1);
      commit();
      void focus(Math.max(0, at - 1));
    }

    /** @param {KeyboardEvent} event @param {number} at */
    function onKeydown(event, at) {
      event.stopPropagation();
      if (event.key === "Enter") {
        event.preventDefault();
        commit();
        insert(at + 1);
      } else if (event.key === "Backspace" && lines.value[at] === "") {
        event.preventDefault();
        remove(at);
      }
    }

    /** @param {ClipboardEvent} event @param {number} at */
    function onPaste(event, at) {
      const pasted = (event.clipboardData?.getData("text") ?? "").split(/[\n;\t]+|,\s*/).filter((part) => part.trim());
      if (pasted.length < 2) return;
      event.preventDefault();
      lines.value.splice(at, 1, ...pasted.map((part) => part.trim()));
      commit();
    }

    return () =>
      h("div", { ref: root, class: "ed-list", id: props.id }, [
        ...lines.value.map((line, at) =>
          h("div", { key: at, class: "ed-list-line" }, [
            h("input", {
              class: "ed-input",
              value: line,
              disabled: props.disabled,
              "aria-label": `${field.value.title}, item ${at + 1}`,
              onInput: (/** @type {Event} */ event) =>
                (lines.value[at] = /** @type {HTMLInputElement} */ (event.target).value),
              onChange: commit,
              onKeydown: (/** @type {KeyboardEvent} */ event) => onKeydown(event, at),
              onPaste: (/** @type {ClipboardEvent} */ event) => onPaste(event, at),
            }),
            props.disabled ? null : iconButton("close", "Remove this item", { onClick: () => remove(at) }),
          ]),
        ),
        props.disabled
          ? null
          : h(
              "button",
              { type: "button", class: "ed-link ed-add", onClick: () => insert(lines.value.length) },
              "Add an item",
            ),
      ]);
  },
});

/** @param {unknown} value */
function toLines(value) {
  return Array.isArray(value) ? value.map(String) : [];
}
