// A button that opens a small menu; closes by Esc, by a click elsewhere, by choosing.

import { defineComponent, h, nextTick, ref } from "vue";
import { icon, keys } from "./atoms.js";

/**
 * @typedef {object} MenuItem
 * @property {string} [label]
 * @property {string} [icon]
 * @property {string} [hint] second line or key
 * @property {string} [keys]
 * @property {boolean} [disabled]
 * @property {boolean} [checked]
 * @property {boolean} [separator]
 * @property {string} [heading]
 * @property {() => void} [run]
 */

/** Props: `items`, `label`, `tip` where the tooltip says more than the label. The default slot is the content of the button. */
export const PopMenu = defineComponent({
  name: "PopMenu",
  props: {
    items: { type: Array, required: true },
    label: { type: String, required: true },
    tip: { type: String, default: "" },
    buttonClass: { type: String, default: "ed-icon-button" },
    align: { type: String, default: "start" },
    disabled: { type: Boolean, default: false },
  },
  setup(props, { slots }) {
    const open = ref(false);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const anchor = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const menu = ref(null);

    async function show() {
      open.value = true;
      await nextTick();
      if (!menu.value || !anchor.value) return;
      menu.value.showPopover();
      place(menu.value, anchor.value, props.align);
      focusable(menu.value)[0]?.focus();
    }

    function hide() {
      if (menu.value?.matches(":popover-open")) menu.value.hidePopover();
    }

    /** @param {Event & {newState?: string}} event */
    function onToggle(event) {
      if (event.newState === "closed") open.value = false;
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        hide();
        anchor.value?.focus();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        moveFocus(menu.value, event.key === "ArrowDown" ? 1 : -1);
      }
    }

    return () => [
      h(
        "button",
        {
          ref: anchor,
          type: "button",
          class: props.buttonClass,
          disabled: props.disabled,
          "aria-haspopup": "menu",
          "aria-expanded": String(open.value),
          "aria-label": props.label,
          "data-tip": props.tip || props.label,
          onClick: () => (open.value ? hide() : show()),
        },
        slots.default?.() ?? [icon("more_vert")],
      ),
      open.value
        ? h(
            "div",
            { ref: menu, class: "ed-menu", role: "menu", popover: "auto", onToggle, onKeydown },
            /** @type {MenuItem[]} */ (props.items).map((item, index) => drawItem(item, index, hide)),
          )
        : null,
    ];
  },
});

/**
 * @param {MenuItem} item
 * @param {number} index
 * @param {() => void} hide
 */
function drawItem(item, index, hide) {
  if (item.separator) return h("hr", { key: index });
  if (item.heading) return h("div", { key: index, class: "ed-menu-heading" }, item.heading);
  return h(
    "button",
    {
      key: index,
      type: "button",
      role: item.checked === undefined ? "menuitem" : "menuitemradio",
      "aria-checked": item.checked === undefined ? undefined : String(item.checked),
      class: "ed-menu-item",
      disabled: item.disabled,
      onClick: () => {
        hide();
        item.run?.();
      },
    },
    [
      icon(item.checked ? "check" : (item.icon ?? ""), "ed-menu-icon"),
      h("span", { class: "ed-menu-label" }, [
        item.label,
        item.hint ? h("span", { class: "ed-menu-hint" }, item.hint) : null,
      ]),
      item.keys ? keys(item.keys) : null,
    ],
  );
}

/**
 * Puts a popover under its anchor, or above it where there is no room below.
 *
 * @param {HTMLElement} popover
 * @param {HTMLElement} anchor
 * @param {string} [align]
 */
export function place(popover, anchor, align = "start") {
  const box = anchor.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const left = align === "end" ? box.right - size.width : box.left;
  const below = box.bottom + 4;
  const top =
    below + size.height > innerHeight - 8 && box.top - size.height - 4 > 8 ? box.top - size.height - 4 : below;
  popover.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
  popover.style.top = `${Math.max(8, top)}px`;
}

/** @param {HTMLElement} root @returns {HTMLElement[]} */
function focusable(root) {
  return [...root.querySelectorAll("button:not(:disabled)")].filter((item) => item instanceof HTMLElement);
}

/**
 * @param {HTMLElement | null} root
 * @param {number} step
 */
function moveFocus(root, step) {
  if (!root) return;
  const items = focusable(root);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  items[(at + step + items.length) % items.length]?.focus();
}
