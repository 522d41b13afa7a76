// Gives the present state a name, so that people find it again among all the edits.

import { defineComponent, h, nextTick, onMounted, ref } from "vue";
import { button, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/** Emits `close`. */
export const NameVersionSheet = defineComponent({
  name: "NameVersionSheet",
  emits: ["close"],
  setup(_, { emit }) {
    const { session, toasts } = useEditor();
    /** @type {import("vue").Ref<HTMLDialogElement | null>} */
    const dialog = ref(null);
    const name = ref(nameByDate(new Date()));
    const description = ref("");
    const isBusy = ref(false);
    const failure = ref("");
    onMounted(() => void nextTick(() => {
      dialog.value?.showModal();
      dialog.value?.querySelector("input")?.select();
    }));

    /** @param {SubmitEvent} event */
    async function onSubmit(event) {
      event.preventDefault();
      if (isBusy.value || !name.value.trim()) return;
      isBusy.value = true;
      failure.value = "";
      try {
        await session.together.nameVersion(name.value, description.value);
        toasts.add({ kind: "success", text: `This state is kept as '${name.value.trim()}'. The history lists it.` });
        dialog.value?.close();
      } catch (/** @type {any} */ error) {
        failure.value = [error?.message ?? "It could not be named.", error?.remedy].filter(Boolean).join(" ");
      }
      isBusy.value = false;
    }

    return () =>
      h(
        "dialog",
        {
          ref: dialog, class: "ed-sheet ed-publish", "aria-label": "Name this version",
          onClose: () => emit("close"),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        },
        [
          h("div", { class: "ed-sheet-head" }, [h("h2", "Name this version"), h("span", { class: "ed-spacer" }), iconButton("close", "Close (Esc)", { onClick: () => dialog.value?.close() })]),
          h("form", { class: "ed-publish-form", onSubmit }, [
            h("p", { class: "ed-muted" }, "Every edit is saved already. A name makes this state easy to find, to compare with and to go back to."),
            drawText("Name", name, { required: true, maxlength: 100, autofocus: true }),
            drawText("What is special about it", description, { placeholder: "Optional" }),
            failure.value ? h("p", { class: "ed-version-failure", role: "alert" }, failure.value) : null,
            h("div", { class: "ed-publish-foot" }, [
              button("Cancel", { kind: "quiet", onClick: () => dialog.value?.close() }),
              button("Name it", { kind: "primary", icon: "bookmark_add", type: "submit", disabled: isBusy.value || !name.value.trim() }),
            ]),
          ]),
        ],
      );
  },
});

/** @param {string} label @param {import("vue").Ref<string>} text @param {Record<string, unknown>} attributes */
function drawText(label, text, attributes) {
  return h("label", { class: "ed-field" }, [
    h("span", { class: "ed-field-head" }, label),
    h("input", { class: "ed-input", value: text.value, onInput: (/** @type {Event} */ event) => (text.value = /** @type {HTMLInputElement} */ (event.target).value), ...attributes }),
  ]);
}

/** @param {Date} now */
function nameByDate(now) {
  return `Version of ${now.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" })}`;
}
