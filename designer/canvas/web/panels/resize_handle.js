// The edge between a panel and the canvas: drag it, or focus it and use the arrow keys.

import { defineComponent, h } from "vue";

const STEP_PX = 16;

/**
 * Props: `label`, `size`, `direction` 1 when moving right or down makes the panel larger, `vertical` for a
 * handle between upper and lower. Emits `resize` with the wished size.
 */
export const ResizeHandle = defineComponent({
  name: "ResizeHandle",
  props: {
    label: { type: String, required: true },
    size: { type: Number, required: true },
    direction: { type: Number, required: true },
    vertical: { type: Boolean, default: false },
  },
  emits: ["resize", "reset"],
  setup(props, { emit }) {
    /** @param {PointerEvent} event */
    function start(event) {
      if (event.button !== 0) return;
      event.preventDefault();
      const element = /** @type {HTMLElement} */ (event.currentTarget);
      element.setPointerCapture(event.pointerId);
      const from = props.vertical ? event.clientY : event.clientX;
      const size = props.size;
      /** @param {PointerEvent} move */
      const drag = (move) =>
        emit("resize", size + ((props.vertical ? move.clientY : move.clientX) - from) * props.direction);
      element.addEventListener("pointermove", drag);
      element.addEventListener("lostpointercapture", () => element.removeEventListener("pointermove", drag), {
        once: true,
      });
    }

    /** @param {KeyboardEvent} event */
    function nudge(event) {
      const [less, more] = props.vertical ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
      const step = event.key === less ? -1 : event.key === more ? 1 : 0;
      if (step === 0) return;
      event.preventDefault();
      event.stopPropagation();
      emit("resize", props.size + step * STEP_PX * props.direction);
    }

    return () =>
      h("div", {
        class: ["ed-handle", props.vertical ? "ed-handle-vertical" : "ed-handle-horizontal"],
        role: "separator",
        tabindex: 0,
        "aria-label": props.label,
        "aria-orientation": props.vertical ? "horizontal" : "vertical",
        "aria-valuenow": props.size,
        onPointerdown: start,
        onKeydown: nudge,
        onDblclick: () => emit("reset"),
      });
  },
});
