// What nodes run in: the declared environments, asked for when the panel opens and whenever the choice is.

import { defineComponent, h, onMounted, shallowRef } from "vue";
import { useEditor } from "../editor_context.js";

/**
 * @typedef {{environment: {name: string, python: string, requirements: string[]}, built: object | null}} Listed
 */

const DEFAULT = "";
const DESIGNER = "designer";

/** What is declared, as far as this page knows. @type {import("vue").ShallowRef<Listed[]>} */
const known = shallowRef([]);

/** Props: `id`, `label`, `value` ("" is the default), `isForAll` (it is the pipeline's own), `disabled`. Emits `commit` with a name, or "" for the default. */
export const EnvironmentControl = defineComponent({
  name: "EnvironmentControl",
  props: { id: { type: String, required: true }, label: { type: String, required: true }, value: { type: String, required: true }, isForAll: Boolean, disabled: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    const { session, toasts } = useEditor();

    async function load() {
      try {
        const { environments } = await session.transport.get("/environments");
        known.value = environments.filter((/** @type {Listed} */ { environment }) => environment.name);
      } catch (error) {
        toasts.add({ kind: "error", text: `The environments could not be read: ${error instanceof Error ? error.message : error}` });
      }
    }
    onMounted(load);

    return () => {
      const names = [DEFAULT, DESIGNER, ...known.value.map(({ environment }) => environment.name)];
      const option = (/** @type {string} */ value, /** @type {string} */ text) =>
        h("option", { key: value, value, selected: value === props.value }, text);
      return h(
        "select",
        {
          id: props.id, class: "ed-input ed-select", "aria-label": props.label, disabled: props.disabled, value: props.value,
          onFocus: load,
          onChange: (/** @type {Event} */ event) => emit("commit", /** @type {HTMLSelectElement} */ (event.target).value),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        },
        [
          option(DEFAULT, follows(props.isForAll ? undefined : session.root.run?.environment)),
          names.includes(props.value) ? null : option(props.value, `${props.value} (not declared)`),
          option(DESIGNER, `${DESIGNER} · its own`),
          ...known.value.map((one) => option(one.environment.name, words(one))),
        ],
      );
    };
  },
});

/** What holds where nothing is chosen. @param {string} [environment] of the pipeline */
function follows(environment) {
  return environment ? `${environment} for modules of your own, as the pipeline` : "as the module asks";
}

/** @param {Listed} one */
function words({ environment, built }) {
  return [environment.name, `Python ${environment.python}`, built ? "" : "built when first needed"].filter(Boolean).join(" · ");
}
