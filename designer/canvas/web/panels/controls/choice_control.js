// Choices: a switch for yes and no, segments for few short options, a list for the others.

import { defineComponent, h } from "vue";
import { sameValue } from "../../document/parameter_values.js";

const NONE = "\u0000none";

/** Props: `field`, `id`, `disabled`. Emits `commit` with true or false. */
export const SwitchControl = defineComponent({
  name: "SwitchControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    return () =>
      h(
        "button",
        {
          id: props.id,
          type: "button",
          class: "ed-switch",
          role: "switch",
          "aria-checked": String(Boolean(props.field.value)),
          disabled: props.disabled,
          onClick: () => emit("commit", !props.field.value),
        },
        [h("span")],
      );
  },
});

/** Props: `field`, `id`, `disabled`. Emits `commit` with an option. */
export const SegmentedControl = defineComponent({
  name: "SegmentedControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    return () =>
      h(
        "div",
        { id: props.id, class: "ed-segments", role: "radiogroup", "aria-label": props.field.title },
        /** @type {unknown[]} */ (props.field.spec.options).map((option) => {
          const chosen = sameValue(option, props.field.value);
          return h(
            "button",
            {
              type: "button",
              role: "radio",
              "aria-checked": String(chosen),
              disabled: props.disabled,
              onClick: () => chosen || emit("commit", option),
            },
            String(option),
          );
        }),
      );
  },
});

/** Props: `field`, `id`, `disabled`. Emits `commit` with an option, or null where nothing may be chosen. */
export const SelectControl = defineComponent({
  name: "SelectControl",
  props: { field: { type: Object, required: true }, id: { type: String, required: true }, disabled: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    return () => {
      const { spec, value } = props.field;
      const options = /** @type {unknown[]} */ (spec.options ?? []);
      const known = options.some((option) => sameValue(option, value));
      const empty = value === null || value === undefined;
      return h(
        "select",
        {
          id: props.id,
          class: "ed-input ed-select",
          disabled: props.disabled,
          value: empty ? NONE : String(value),
          onChange: (/** @type {Event} */ event) => {
            const text = /** @type {HTMLSelectElement} */ (event.target).value;
            emit("commit", text === NONE ? null : options.find((option) => String(option) === text));
          },
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        },
        [
          spec.nullable || empty
            ? h("option", { value: NONE, selected: empty }, spec.nullable ? "not set" : "choose")
            : null,
          !known && !empty
            ? h("option", { value: String(value), selected: true, disabled: true }, `${value} (not an option)`)
            : null,
          ...options.map((option) =>
            h("option", { value: String(option), selected: sameValue(option, value) }, String(option)),
          ),
        ],
      );
    };
  },
});
