// The filter of one column, as its type allows: a range, a value, a text, some values, missing or not.

import { computed, defineComponent, h, nextTick, onMounted, reactive, ref } from "vue";
import { button, iconButton } from "../../panels/atoms.js";
import { place } from "../../panels/pop_menu.js";
import { formatNumber, readNumber } from "../format.js";
import { cellText, isNumberType } from "./cells.js";
import { filterFrom, formOf, testsFor, TEST_WORDS } from "./filter_values.js";

/**
 * @import {ColumnProfile, TableColumn} from "../artifact_api.js"
 * @import {FilterTest, TableFilter} from "./table_query.js"
 */

/** Props: `column`, `filter` (the one in force or null), `facts` (the column's profile), `anchor`. Emits `apply`, `close`. */
export const FilterForm = defineComponent({
  name: "FilterForm",
  props: {
    column: { type: Object, required: true },
    filter: { type: Object, default: null },
    facts: { type: Object, default: null },
    anchor: { type: Object, required: true },
  },
  emits: ["apply", "close"],
  setup(props, { emit }) {
    const column = computed(() => /** @type {TableColumn} */ (/** @type {any} */ ({ ...props.column, distinct: props.facts?.distinct })));
    const form = reactive(formOf(column.value, /** @type {TableFilter | null} */ (props.filter)));
    const problem = ref("");
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const box = ref(null);

    onMounted(async () => {
      await nextTick();
      if (!box.value) return;
      box.value.showPopover();
      place(box.value, /** @type {HTMLElement} */ (props.anchor));
      /** @type {HTMLElement | null} */ (box.value.querySelector("input, select"))?.focus();
    });

    function apply() {
      const { filter, error } = filterFrom(column.value, form);
      problem.value = error;
      if (filter) emit("apply", filter);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
        event.preventDefault();
        apply();
      }
    }

    return () =>
      h(
        "form",
        {
          ref: box,
          class: "ed-menu ed-filter",
          popover: "auto",
          "aria-label": `Filter of ${column.value.name}`,
          onSubmit: (/** @type {Event} */ event) => event.preventDefault(),
          onKeydown,
          onToggle: (/** @type {Event & {newState?: string}} */ event) => {
            if (event.newState === "closed") emit("close");
          },
        },
        [
          h("div", { class: "ed-filter-head" }, [
            h("strong", column.value.name),
            iconButton("close", "Close", { onClick: () => box.value?.hidePopover(), class: "ed-small-button" }),
          ]),
          h(
            "select",
            {
              class: "ed-input ed-select",
              "aria-label": "Condition",
              value: `${form.negated ? "!" : ""}${form.test}`,
              onChange: (/** @type {Event} */ event) => {
                const { value } = /** @type {HTMLSelectElement} */ (event.target);
                form.negated = value.startsWith("!");
                form.test = /** @type {FilterTest} */ (value.replace("!", ""));
                problem.value = "";
              },
            },
            testsFor(column.value).flatMap((test) =>
              [false, true].map((negated) =>
                h("option", { value: `${negated ? "!" : ""}${test}` }, TEST_WORDS[test][negated ? 1 : 0]),
              ),
            ),
          ),
          drawValues(),
          problem.value ? h("p", { class: "ed-filter-problem", role: "alert" }, problem.value) : null,
          h("div", { class: "ed-row" }, [
            button("Apply", { kind: "primary", onClick: apply }),
            props.filter ? button("Remove", { kind: "quiet", onClick: () => emit("apply", null) }) : null,
          ]),
        ],
      );

    function drawValues() {
      switch (form.test) {
        case "missing":
          return null;
        case "range":
          return h("div", { class: "ed-filter-range" }, [field("low", "from"), h("span", "to"), field("high", "to")]);
        case "one_of":
          return drawList();
        default:
          return column.value.type === "boolean" ? drawTruth() : field("value", "value");
      }
    }

    /** @param {"low" | "high" | "value"} name @param {string} label */
    function field(name, label) {
      const facts = /** @type {ColumnProfile | null} */ (props.facts);
      const end = name === "low" ? facts?.min : name === "high" ? facts?.max : undefined;
      return h("input", {
        class: "ed-input",
        "aria-label": label,
        inputmode: isNumberType(column.value.type) ? "decimal" : undefined,
        placeholder: end === undefined || end === null ? label : show(end),
        value: form[name],
        onInput: (/** @type {Event} */ event) => {
          form[name] = /** @type {HTMLInputElement} */ (event.target).value;
          problem.value = "";
        },
      });
    }

    function drawTruth() {
      return h(
        "div",
        { class: "ed-segments", role: "radiogroup", "aria-label": "Value" },
        ["true", "false"].map((value) =>
          h(
            "button",
            { type: "button", role: "radio", "aria-checked": String(form.value === value), onClick: () => (form.value = value) },
            value,
          ),
        ),
      );
    }

    function drawList() {
      const facts = /** @type {ColumnProfile | null} */ (props.facts);
      const known = (facts?.top ?? []).map(([value]) => cellText(value));
      return [
        known.length
          ? h(
              "ul",
              { class: "ed-filter-list" },
              known.map((value) =>
                h("li", { key: value }, [
                  h("label", { class: "ed-check" }, [
                    h("input", { type: "checkbox", checked: form.values.includes(value), onChange: () => toggle(value) }),
                    h("span", value === "" ? "empty text" : value),
                  ]),
                ]),
              ),
            )
          : null,
        h("textarea", {
          class: "ed-input",
          rows: 3,
          "aria-label": "Values, one a line",
          placeholder: "Values, one a line",
          value: form.values.filter((value) => !known.includes(value)).join("\n"),
          onChange: (/** @type {Event} */ event) => {
            const lines = /** @type {HTMLTextAreaElement} */ (event.target).value.split("\n").filter(Boolean);
            form.values = [...form.values.filter((value) => known.includes(value)), ...lines];
          },
        }),
        h("label", { class: "ed-check" }, [
          h("input", {
            type: "checkbox",
            checked: form.withMissing,
            onChange: () => (form.withMissing = !form.withMissing),
          }),
          "missing ones too",
        ]),
      ];
    }

    /** @param {string} value */
    function toggle(value) {
      const isIn = form.values.includes(value);
      form.values = isIn ? form.values.filter((item) => item !== value) : [...form.values, value];
    }
  },
});

/** @param {unknown} value */
function show(value) {
  return readNumber(value) === null ? cellText(value) : formatNumber(value, 8);
}
