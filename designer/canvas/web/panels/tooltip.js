// One tooltip for the whole editor: any element with `data-tip` shows it after a pause, or at once on keyboard focus.

import { defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref } from "vue";

const DELAY_MS = 450;

export const TooltipLayer = defineComponent({
  name: "TooltipLayer",
  props: { root: { type: Object, required: true } },
  setup(props) {
    const text = ref("");
    const at = ref({ left: 0, top: 0 });
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const bubble = ref(null);
    /** @type {Element | null} */
    let owner = null;
    let timer = 0;

    /** @param {Element} element */
    async function show(element) {
      text.value = element.getAttribute("data-tip") ?? "";
      if (!text.value || !element.isConnected) return;
      await nextTick();
      if (bubble.value) at.value = placeBubble(element.getBoundingClientRect(), bubble.value.getBoundingClientRect());
    }

    function hide() {
      clearTimeout(timer);
      owner = null;
      text.value = "";
    }

    /** @param {Event} event */
    function onEnter(event) {
      const element = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
      if (element === owner) return;
      hide();
      if (!element) return;
      owner = element;
      timer = window.setTimeout(() => owner === element && show(element), event.type === "focusin" ? 0 : DELAY_MS);
    }

    /** @param {FocusEvent} event */
    const onFocus = (event) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) onEnter(event);
    };

    const root = /** @type {HTMLElement} */ (props.root);
    onMounted(() => {
      root.addEventListener("pointerover", onEnter);
      root.addEventListener("pointerdown", hide);
      root.addEventListener("focusin", onFocus);
      root.addEventListener("focusout", hide);
      root.addEventListener("pointerleave", hide);
    });
    onBeforeUnmount(() => {
      hide();
      root.removeEventListener("pointerover", onEnter);
      root.removeEventListener("pointerdown", hide);
      root.removeEventListener("focusin", onFocus);
      root.removeEventListener("focusout", hide);
      root.removeEventListener("pointerleave", hide);
    });

    return () =>
      text.value
        ? h(
            "div",
            {
              ref: bubble,
              class: "ed-tip",
              "aria-hidden": "true",
              style: { left: `${at.value.left}px`, top: `${at.value.top}px` },
            },
            text.value,
          )
        : null;
  },
});

/**
 * @param {DOMRect} anchor
 * @param {DOMRect} bubble
 */
function placeBubble(anchor, bubble) {
  const below = anchor.bottom + 6;
  const top = below + bubble.height > innerHeight - 4 ? anchor.top - bubble.height - 6 : below;
  const left = anchor.left + anchor.width / 2 - bubble.width / 2;
  return { top, left: Math.max(6, Math.min(left, innerWidth - bubble.width - 6)) };
}
