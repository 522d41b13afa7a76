// A text field that offers what it knows: arrows choose, Enter takes, anything else may be typed.

import { computed, defineComponent, h, nextTick, ref } from "vue";
import { icon } from "../atoms.js";
import { place } from "../pop_menu.js";

/**
 * @typedef {{value: string, icon?: string, note?: string}} Choice
 */

const SHOWN_AT_MOST = 200;

/** Props: `choices`, `value`, `placeholder`, `clearOnTake`. Emits `take` with a text. */
export const Combobox = defineComponent({
  name: "ComboBox",
  props: {
    choices: { type: Array, required: true },
    value: { type: String, default: "" },
    id: { type: String, default: undefined },
    label: { type: String, required: true },
    placeholder: { type: String, default: "" },
    disabled: Boolean,
    clearOnTake: Boolean,
    mono: Boolean,
  },
  emits: ["take"],
  setup(props, { emit }) {
    const text = ref(/** @type {string | null} */ (null));
    const active = ref(0);
    const open = ref(false);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const list = ref(null);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const input = ref(null);

    const offered = computed(() => {
      const typed = (text.value ?? "").toLowerCase();
      const choices = /** @type {Choice[]} */ (props.choices);
      return (typed ? choices.filter((choice) => choice.value.toLowerCase().includes(typed)) : choices).slice(
        0,
        SHOWN_AT_MOST,
      );
    });

    async function show() {
      if (props.disabled || props.choices.length === 0) return;
      open.value = true;
      active.value = Math.max(
        0,
        offered.value.findIndex((choice) => choice.value === props.value),
      );
      await nextTick();
      if (!list.value || !input.value) return;
      list.value.style.minWidth = `${input.value.offsetWidth}px`;
      list.value.showPopover();
      place(list.value, input.value);
      scrollToActive();
    }

    function hide() {
      if (list.value?.matches(":popover-open")) list.value.hidePopover();
      open.value = false;
    }

    function scrollToActive() {
      void nextTick(() => list.value?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
    }

    /** @param {string} value */
    function take(value) {
      hide();
      text.value = null;
      const clean = value.trim();
      if (input.value) input.value.value = props.clearOnTake ? "" : clean;
      if (clean !== props.value || props.clearOnTake) emit("take", clean);
    }

    function leave() {
      const typed = text.value;
      hide();
      text.value = null;
      if (typed === null) return;
      if (typed.trim() || !props.clearOnTake) take(typed);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open.value) return void show();
        const count = Math.max(1, offered.value.length);
        active.value = (active.value + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
        scrollToActive();
      } else if (event.key === "Enter") {
        const choice = open.value ? offered.value[active.value] : undefined;
        if (choice || text.value !== null) take(choice?.value ?? text.value ?? "");
      } else if (event.key === "Escape") {
        text.value = null;
        if (input.value) input.value.value = props.value;
        if (open.value) hide();
        else input.value?.blur();
      }
    }

    return () => [
      h("input", {
        ref: input,
        id: props.id,
        class: ["ed-input", { "ed-mono": props.mono }],
        role: "combobox",
        "aria-expanded": String(open.value),
        "aria-label": props.label,
        value: text.value ?? props.value,
        placeholder: props.placeholder,
        disabled: props.disabled,
        autocomplete: "off",
        spellcheck: false,
        onFocus: (/** @type {Event} */ event) => {
          /** @type {HTMLInputElement} */ (event.target).select();
          void show();
        },
        onClick: () => open.value || show(),
        onInput: (/** @type {Event} */ event) => {
          text.value = /** @type {HTMLInputElement} */ (event.target).value;
          active.value = 0;
          if (!open.value) void show();
        },
        onBlur: leave,
        onKeydown,
      }),
      open.value
        ? h(
            "ul",
            { ref: list, class: "ed-menu ed-choices", role: "listbox", popover: "manual" },
            offered.value.length
              ? offered.value.map((choice, index) =>
                  h(
                    "li",
                    {
                      key: choice.value,
                      role: "option",
                      class: "ed-menu-item",
                      "aria-selected": String(index === active.value),
                      onPointerdown: (/** @type {PointerEvent} */ event) => {
                        event.preventDefault();
                        take(choice.value);
                      },
                    },
                    [
                      choice.icon ? icon(choice.icon, "ed-menu-icon") : null,
                      h("span", { class: "ed-menu-label" }, choice.value),
                      choice.note ? h("span", { class: "ed-menu-hint" }, choice.note) : null,
                    ],
                  ),
                )
              : [h("li", { class: "ed-menu-heading" }, "Nothing of that name; Enter keeps what you typed")],
          )
        : null,
    ];
  },
});
