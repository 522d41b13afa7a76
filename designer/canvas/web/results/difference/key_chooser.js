// By which columns rows of two tables are matched: some that a person ticks, their place, or what is found.

import { computed, defineComponent, h, nextTick, ref } from "vue";
import { button, iconButton } from "../../panels/atoms.js";
import { place } from "../../panels/pop_menu.js";

/** As many as one comparison takes. */
const MOST_KEYS = 16;
const MOST_LISTED = 200;
const FEW_COLUMNS = 10;

/**
 * Props: `columns` (names to choose from), `keys` (the ones in use), `chosen` (what a person chose: names, none for
 * the place, `null` for what is found). Emits `choose` with the same.
 */
export const KeyChooser = defineComponent({
  name: "KeyChooser",
  props: {
    columns: { type: Array, required: true },
    keys: { type: Array, required: true },
    chosen: { type: Array, default: null },
  },
  emits: ["choose"],
  setup(props, { emit }) {
    const isOpen = ref(false);
    const search = ref("");
    /** @type {import("vue").Ref<string[]>} */
    const ticked = ref([]);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const anchor = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const box = ref(null);
    const found = computed(() => {
      const names = /** @type {string[]} */ (props.columns);
      const wanted = search.value.trim().toLowerCase();
      return wanted ? names.filter((name) => name.toLowerCase().includes(wanted)) : names;
    });

    async function show() {
      search.value = "";
      ticked.value = /** @type {string[]} */ ([...props.keys]);
      isOpen.value = true;
      await nextTick();
      if (!box.value || !anchor.value) return;
      box.value.showPopover();
      place(box.value, anchor.value);
      /** @type {HTMLElement | null} */ (box.value.querySelector("input"))?.focus();
    }

    function hide() {
      box.value?.hidePopover();
      anchor.value?.focus();
    }

    /** @param {string[] | null} keys */
    function choose(keys) {
      hide();
      emit("choose", keys);
    }

    /** @param {string} name */
    function tick(name) {
      const isIn = ticked.value.includes(name);
      ticked.value = isIn ? ticked.value.filter((other) => other !== name) : [...ticked.value, name];
    }

    return () => [
      h(
        "button",
        {
          ref: anchor,
          type: "button",
          class: "ed-link",
          "aria-haspopup": "dialog",
          "aria-expanded": String(isOpen.value),
          onClick: () => (isOpen.value ? hide() : show()),
        },
        "Match rows by…",
      ),
      isOpen.value ? drawBox() : null,
    ];

    function drawBox() {
      return h(
        "form",
        {
          ref: box,
          class: "ed-menu ed-filter ed-key-chooser",
          popover: "auto",
          role: "dialog",
          "aria-label": "Match rows by",
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
          onSubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            if (ticked.value.length) choose(ticked.value);
          },
          onToggle: (/** @type {Event & {newState?: string}} */ event) => {
            if (event.newState === "closed") isOpen.value = false;
          },
        },
        [
          h("div", { class: "ed-filter-head" }, [
            h("strong", "Match rows by"),
            iconButton("close", "Close", { onClick: hide, class: "ed-small-button" }),
          ]),
          props.columns.length > FEW_COLUMNS ? drawSearch() : null,
          h("ul", { class: "ed-filter-list" }, found.value.slice(0, MOST_LISTED).map(drawColumn)),
          found.value.length === 0 ? h("p", { class: "ed-hint" }, "No column has this in its name.") : null,
          h("div", { class: "ed-row" }, [
            button("Match", { kind: "primary", type: "submit", disabled: ticked.value.length === 0 }),
            button("By place", { onClick: () => choose([]), "data-tip": "The first row with the first, and so on" }),
            props.chosen
              ? button("Find a key", { kind: "quiet", onClick: () => choose(null), "data-tip": "A column that tells all rows apart" })
              : null,
          ]),
        ],
      );
    }

    function drawSearch() {
      return h("input", {
        class: "ed-input",
        type: "search",
        placeholder: "Find a column",
        "aria-label": "Find a column",
        value: search.value,
        onInput: (/** @type {Event} */ event) => (search.value = /** @type {HTMLInputElement} */ (event.target).value),
      });
    }

    /** @param {string} name */
    function drawColumn(name) {
      const isTicked = ticked.value.includes(name);
      return h("li", { key: name }, [
        h("label", { class: "ed-check" }, [
          h("input", {
            type: "checkbox",
            checked: isTicked,
            disabled: !isTicked && ticked.value.length >= MOST_KEYS,
            onChange: () => tick(name),
          }),
          h("span", { title: name }, name),
        ]),
      ]);
    }
  },
});
