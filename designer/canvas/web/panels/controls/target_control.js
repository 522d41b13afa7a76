// Where nodes run: the declared compute targets, asked for when the panel opens and whenever the choice is.

import { defineComponent, h, onMounted } from "vue";
import { useEditor } from "../editor_context.js";
import { knownTargets, loadTargets } from "./known_targets.js";

/** @import {Target} from "./known_targets.js" */

const DEFAULT = "";
const SEVERAL = "\u0000several";

/** Props: `id`, `label`, `values` (those of all nodes it is for; "" is the default), `isForAll` (it is the pipeline's own), `disabled`. Emits `commit` with a name, or "" for the default. */
export const TargetControl = defineComponent({
  name: "TargetControl",
  props: { id: { type: String, required: true }, label: { type: String, required: true }, values: { type: Array, required: true }, isForAll: Boolean, disabled: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    const { session, toasts } = useEditor();

    async function load() {
      try {
        await loadTargets(session.transport);
      } catch (error) {
        toasts.add({ kind: "error", text: `The compute targets could not be read: ${error instanceof Error ? error.message : error}` });
      }
    }
    onMounted(load);

    return () => {
      const [only, ...more] = /** @type {string[]} */ (props.values);
      const value = more.length ? SEVERAL : (only ?? DEFAULT);
      const isUnknown = !more.length && value !== DEFAULT && !knownTargets.value.some(({ name }) => name === value);
      return h(
        "select",
        {
          id: props.id, class: "ed-input ed-select", "aria-label": props.label, disabled: props.disabled, value,
          onFocus: load,
          onChange: (/** @type {Event} */ event) => emit("commit", /** @type {HTMLSelectElement} */ (event.target).value),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        },
        [
          more.length ? option(SEVERAL, "several", value, true) : null,
          option(DEFAULT, follows(props.isForAll ? undefined : session.root.run?.target), value),
          isUnknown ? option(value, `${value} (not declared)`, value) : null,
          ...knownTargets.value.map((target) => option(target.name, words(target), value)),
        ],
      );
    };
  },
});

/** What holds where nothing is chosen. @param {string} [target] of the pipeline */
function follows(target) {
  return target ? `${target}, as the pipeline` : "this machine";
}

/** @param {string} value @param {string} text @param {string} chosen @param {boolean} [isOff] */
function option(value, text, chosen, isOff = false) {
  return h("option", { key: value, value, selected: value === chosen, disabled: isOff }, text);
}

/** @param {Target} target */
function words({ name, settings = {}, resources = {} }) {
  const { cpus = 1, gpus = 0 } = resources;
  const parts = settings.host ? [settings.host, `${cpus} CPU${cpus === 1 ? "" : "s"}`, gpus ? `${gpus} GPU${gpus === 1 ? "" : "s"}` : ""] : ["this machine"];
  return [name, ...parts.filter(Boolean)].join(" · ");
}
