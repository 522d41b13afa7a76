// Publishes a subgraph as a module version: its id, its number, what changed, and whether this pipeline uses it.

import { computed, defineComponent, h, nextTick, onMounted, reactive, ref } from "vue";
import { button, icon, iconButton, severityMark } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/**
 * @import {Diagnostic} from "../types.js"
 */

const ID = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** Props: `name` of the definition. Emits `close`. */
export const PublishSheet = defineComponent({
  name: "PublishSheet",
  props: { name: { type: String, required: true } },
  emits: ["close"],
  setup(props, { emit }) {
    const { session, state, toasts } = useEditor();
    /** @type {import("vue").Ref<HTMLDialogElement | null>} */
    const dialog = ref(null);
    const form = reactive({ module: session.subgraphs.moduleIdOf(props.name), version: "", changelog: "", makeDefault: true, useHere: true });
    const isBusy = ref(false);
    const failure = ref(/** @type {{message: string, remedy: string, diagnostics: Diagnostic[]} | null} */ (null));
    const title = session.subgraphs.titleOf(props.name);
    const card = computed(() => {
      void state.modulesTick;
      return session.modules.card(form.module);
    });
    onMounted(() => void nextTick(() => dialog.value?.showModal()));

    async function publish() {
      isBusy.value = true;
      failure.value = null;
      try {
        const spec = await session.subgraphs.publish(props.name, {
          module: form.module, version: form.version.trim(), changelog: form.changelog.trim(), makeDefault: form.makeDefault, useHere: form.useHere,
        });
        toasts.add({ kind: "success", text: `'${title}' is published as ${spec.id} ${spec.version}.`, action: { label: "Open in the library", run: () => window.open(`/library/${encodeURIComponent(spec.id)}`, "_blank", "noopener") } });
        dialog.value?.close();
      } catch (/** @type {any} */ error) {
        failure.value = { message: error?.message ?? "It could not be published.", remedy: error?.remedy ?? "", diagnostics: error?.diagnostics ?? [] };
      }
      isBusy.value = false;
    }

    /** @param {SubmitEvent} event */
    function onSubmit(event) {
      event.preventDefault();
      if (ID.test(form.module) && !isBusy.value) void publish();
    }

    return () =>
      h(
        "dialog",
        {
          ref: dialog, class: "ed-sheet ed-publish", "aria-label": `Publish ${title}`,
          onClose: () => emit("close"),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        },
        [
          h("div", { class: "ed-sheet-head" }, [h("h2", `Publish ${title}`), h("span", { class: "ed-spacer" }), iconButton("close", "Close (Esc)", { onClick: () => dialog.value?.close() })]),
          h("form", { class: "ed-publish-form", onSubmit }, [
            h("p", { class: "ed-muted" }, "Its nodes are frozen with the module versions that they have now. Every pipeline can use it, and sees its results inside."),
            drawText("module", "Module", { help: moduleHelp(), autofocus: true, pattern: ID.source, required: true, spellcheck: false }),
            drawText("version", "Version", { placeholder: "Next one", help: "Like 1.2.0; empty for the next number.", pattern: "\\d+(\\.\\d+){0,2}" }),
            drawText("changelog", "What is new", { placeholder: "For people who use an earlier version" }),
            drawCheck("makeDefault", "New nodes get this version"),
            drawCheck("useHere", useWords()),
            failure.value ? drawFailure(failure.value) : null,
            h("div", { class: "ed-publish-foot" }, [
              button("Cancel", { kind: "quiet", onClick: () => dialog.value?.close() }),
              h("button", { type: "submit", class: "ed-button ed-button-primary", disabled: isBusy.value || !ID.test(form.module) }, [isBusy.value ? h("span", { class: "ed-spinner" }) : icon("publish"), h("span", "Publish")]),
            ]),
          ]),
        ],
      );

    function moduleHelp() {
      if (!ID.test(form.module)) return "category.name, in small letters, digits and underscores.";
      return card.value ? `A new version of '${card.value.title}', ${card.value.versions.at(-1)?.version ?? "without a version"} so far.` : "A new module.";
    }

    function useWords() {
      const uses = session.subgraphs.countUses(props.name);
      return uses === 1 ? "The node here uses the published version" : `The ${uses} nodes here use the published version`;
    }

    /** @param {"module" | "version" | "changelog"} key @param {string} label @param {{help?: string, [attribute: string]: unknown}} about */
    function drawText(key, label, { help, ...attributes }) {
      return h("label", { class: "ed-field" }, [
        h("span", { class: "ed-field-head" }, label),
        h("input", { class: "ed-input", name: key, value: form[key], onInput: (/** @type {Event} */ event) => (form[key] = /** @type {HTMLInputElement} */ (event.target).value), ...attributes }),
        help ? h("span", { class: "ed-hint" }, help) : null,
      ]);
    }

    /** @param {"makeDefault" | "useHere"} key @param {string} label */
    function drawCheck(key, label) {
      return h("label", { class: "ed-check" }, [
        h("input", { type: "checkbox", name: key, checked: form[key], onChange: (/** @type {Event} */ event) => (form[key] = /** @type {HTMLInputElement} */ (event.target).checked) }),
        h("span", label),
      ]);
    }
  },
});

/** @param {{message: string, remedy: string, diagnostics: Diagnostic[]}} failure */
function drawFailure({ message, remedy, diagnostics }) {
  const lines = diagnostics.length ? diagnostics : [{ code: "", message, remedy }];
  return h("ul", { class: "ed-node-problems", role: "alert" }, lines.map((item) =>
    h("li", { key: item.code + (item.where ?? "") + item.message }, [severityMark("error"), h("div", [h("p", item.message), item.remedy ? h("p", { class: "ed-muted" }, item.remedy) : null])])));
}
