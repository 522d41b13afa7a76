// A number with its unit and range; what does not fit is said while typing and never committed.

import { computed, defineComponent, h, ref, watch } from "vue";
import { describeRange, hasSlider, parseNumber } from "../form_model.js";

/**
 * @import {Field} from "../form_model.js"
 */

/** Props: `field`, `id`, `disabled`. Emits `commit` with a number or null, `invalid` with a message or null. */
export const NumberControl = defineComponent({
  name: "NumberControl",
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
    function check(typed) {
      text.value = typed;
      emit("invalid", parseNumber(field.value.spec, typed).message);
    }

    function commit() {
      const { value, message } = parseNumber(field.value.spec, text.value);
      if (message !== null || value === undefined) return;
      text.value = write(value);
      if (value !== field.value.value) emit("commit", value);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (event.key === "Enter") commit();
      else if (event.key === "Escape") {
        text.value = write(field.value.value);
        emit("invalid", null);
        /** @type {HTMLElement} */ (event.target).blur();
      } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        check(write(stepFrom(text.value, field.value.spec, event.key === "ArrowUp" ? 1 : -1, event.shiftKey)));
      }
    }

    return () => {
      const { spec } = field.value;
      const isSeed = spec.kind === "seed";
      const range = describeRange(spec);
      return h("div", { class: "ed-number" }, [
        h("input", {
          id: props.id,
          class: "ed-input",
          inputmode: spec.kind === "float" ? "decimal" : "numeric",
          autocomplete: "off",
          value: text.value,
          disabled: props.disabled,
          placeholder: isSeed ? "drawn each run" : (field.value.placeholder ?? (spec.nullable ? "not set" : "")),
          "aria-describedby": `${props.id}-hint`,
          onInput: (/** @type {Event} */ event) => check(/** @type {HTMLInputElement} */ (event.target).value),
          onChange: commit,
          onKeydown,
        }),
        spec.unit ? h("span", { class: "ed-unit" }, spec.unit) : null,
        hasSlider(spec) ? slider(field.value, text.value, props.disabled, check, commit) : null,
        range && !hasSlider(spec) ? h("span", { class: "ed-range", id: `${props.id}-hint` }, range) : null,
      ]);
    };
  },
});

/**
 * @param {Field} field
 * @param {string} text
 * @param {boolean} disabled
 * @param {(text: string) => void} check
 * @param {() => void} commit
 */
function slider(field, text, disabled, check, commit) {
  const { minimum, maximum } = field.spec;
  const low = Number(minimum);
  const high = Number(maximum);
  const value = Math.min(high, Math.max(low, Number(text) || 0));
  return h("input", {
    type: "range",
    class: "ed-slider",
    min: low,
    max: high,
    step: (high - low) / 100,
    value,
    disabled,
    style: { "--share": `${((value - low) / (high - low)) * 100}%` },
    "aria-label": field.title,
    onInput: (/** @type {Event} */ event) =>
      check(String(Number(/** @type {HTMLInputElement} */ (event.target).value))),
    onChange: commit,
    onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
  });
}

/**
 * @param {string} text
 * @param {import("../../types.js").ParameterSpec} spec
 * @param {number} direction
 * @param {boolean} large
 */
function stepFrom(text, spec, direction, large) {
  const value = Number(text) || 0;
  const step = spec.kind === "float" ? floatStep(value, spec) : 1;
  return Number((value + direction * step * (large ? 10 : 1)).toPrecision(12));
}

/**
 * @param {number} value
 * @param {import("../../types.js").ParameterSpec} spec
 */
function floatStep(value, spec) {
  if (hasSlider(spec)) return (Number(spec.maximum) - Number(spec.minimum)) / 100;
  return value === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
}

/** @param {unknown} value */
function write(value) {
  return value === null || value === undefined ? "" : String(value);
}
