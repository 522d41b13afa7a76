// The name under which this person writes and edits, and the way to change it.

import { defineComponent, h, nextTick, ref } from "vue";
import { listener, useEditor } from "./editor_context.js";

export const OwnName = defineComponent({
  name: "OwnName",
  setup() {
    const { session } = useEditor();
    const { together } = session;
    const name = ref(together.name);
    const isEditing = ref(false);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    listener(session)("name", () => (name.value = together.name));

    async function edit() {
      isEditing.value = true;
      await nextTick();
      root.value?.querySelector("input")?.select();
    }

    /** @param {string | null} text `null` leaves it as it is */
    async function end(text) {
      if (!isEditing.value) return;
      isEditing.value = false;
      if (text !== null && text.trim() !== together.name) together.rename(text);
      await nextTick();
      root.value?.querySelector("button")?.focus();
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      void end(event.key === "Enter" ? /** @type {HTMLInputElement} */ (event.target).value : null);
    }

    return () =>
      h("span", { ref: root, class: "ed-own-name" }, isEditing.value
        ? [h("input", {
            class: "ed-input", value: name.value, maxlength: 60, "aria-label": "Your name", onKeydown,
            onBlur: (/** @type {Event} */ event) => end(/** @type {HTMLInputElement} */ (event.target).value),
          })]
        : ["as ", h("button", { type: "button", class: "ed-link", "aria-label": `Your name: ${name.value}. Change it`, "data-tip": "Change the name that others see", onClick: edit }, name.value || "yourself")]);
  },
});
