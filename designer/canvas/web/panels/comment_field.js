// Where a comment is written: Ctrl+Enter sends it, Esc leaves it, and what was not sent is kept.

import { defineComponent, h, nextTick, onMounted, ref, watch } from "vue";
import { button, icon, keys } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { OwnName } from "./own_name.js";

const LONGEST = 10_000;

/**
 * Props: `draft` (its name among the drafts), `label`, `placeholder`, `action` (what the button says), `send` (text to
 * Promise), `start` (the text to begin with), `focus` (a number that grows when it should have the keyboard). Emits
 * `sent` with the answer, `leave` for Esc, `cancel` where `canCancel`.
 */
export const CommentField = defineComponent({
  name: "CommentField",
  props: {
    draft: { type: String, required: true },
    label: { type: String, required: true },
    placeholder: { type: String, default: "" },
    action: { type: String, required: true },
    send: { type: Function, required: true },
    start: { type: String, default: "" },
    canCancel: Boolean,
    focus: { type: Number, default: 0 },
  },
  emits: ["sent", "leave", "cancel"],
  setup(props, { emit }) {
    const { session } = useEditor();
    const { drafts } = session.comments;
    const text = ref(drafts.get(props.draft) || props.start);
    const isBusy = ref(false);
    const failure = ref("");
    /** @type {import("vue").Ref<HTMLTextAreaElement | null>} */
    const field = ref(null);

    function takeFocus() {
      if (props.focus > 0) void nextTick(() => field.value?.focus());
    }
    onMounted(takeFocus);
    watch(() => props.focus, takeFocus);
    watch(
      () => props.draft,
      (name) => {
        text.value = drafts.get(name) || props.start;
        failure.value = "";
      },
    );

    /** @param {string} value */
    function write(value) {
      text.value = value;
      failure.value = "";
      drafts.set(props.draft, value);
    }

    async function submit() {
      if (isBusy.value || !text.value.trim()) return;
      const { draft } = props;
      isBusy.value = true;
      failure.value = "";
      try {
        const answer = await props.send(text.value);
        drafts.set(draft, "");
        if (props.draft === draft) text.value = "";
        emit("sent", answer);
      } catch (/** @type {any} */ error) {
        failure.value = [error?.message || "The comment could not be sent.", error?.remedy || "The text stays here: send it again."].join(" ");
      }
      isBusy.value = false;
    }

    function cancel() {
      write("");
      emit("cancel");
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      const { key, ctrlKey, metaKey } = event;
      if (key === "Enter" && (ctrlKey || metaKey)) void submit();
      else if (key === "Escape") emit("leave");
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    return () =>
      h("form", { class: "ed-comment-form", onSubmit: (/** @type {Event} */ event) => (event.preventDefault(), submit()) }, [
        h("textarea", {
          ref: field, class: "ed-input ed-comment-text", rows: 2, maxlength: LONGEST, value: text.value, "aria-label": props.label, placeholder: props.placeholder,
          "data-own-keys": "Ctrl+Enter", readonly: isBusy.value, "aria-invalid": failure.value ? "true" : undefined,
          onInput: (/** @type {Event} */ event) => write(/** @type {HTMLTextAreaElement} */ (event.target).value), onKeydown,
        }),
        failure.value ? h("p", { class: "ed-comment-failure", role: "alert" }, [icon("error_outline"), h("span", failure.value)]) : null,
        h("div", { class: "ed-comment-foot" }, [
          button(isBusy.value ? "Sending" : props.action, { kind: "primary", type: "submit", disabled: isBusy.value || !text.value.trim() }),
          props.canCancel ? button("Cancel", { kind: "quiet", onClick: cancel }) : null,
          h("span", { class: "ed-comment-keys" }, [keys("Ctrl+Enter")]),
          h("span", { class: "ed-spacer" }),
          h(OwnName),
        ]),
      ]);
  },
});
