// Short notices in the corner: said once, with an undo where something was taken away.

import { defineComponent, h, reactive, TransitionGroup } from "vue";
import { icon, iconButton } from "./atoms.js";

const SHOWN_MS = 5000;
const SHOWN_WITH_ACTION_MS = 9000;
const AT_MOST = 4;

/**
 * @typedef {{id: number, kind: "info" | "success" | "warning" | "error", text: string, remedy?: string, action?: {label: string, run: () => void}, key?: string, progress?: number}} Toast
 *   `key`: a later toast with the same one takes its place, an empty text ends it; `progress` between 0 and 1 keeps it
 * @typedef {{items: Toast[], add: (toast: Omit<Toast, "id">) => void, remove: (id: number) => void}} ToastStore
 */

/** @returns {ToastStore} */
export function createToasts() {
  let next = 1;
  /** @type {Toast[]} */
  const items = reactive([]);
  /** @param {number} id */
  function remove(id) {
    const at = items.findIndex((item) => item.id === id);
    if (at >= 0) items.splice(at, 1);
  }
  return {
    items,
    remove,
    add(toast) {
      const held = toast.key ? items.find((item) => item.key === toast.key) : undefined;
      if (held && toast.progress !== undefined) return void Object.assign(held, toast);
      if (held) remove(held.id);
      if (!toast.text || items.some((item) => item.text === toast.text)) return;
      const id = next++;
      items.push({ ...toast, id });
      if (items.length > AT_MOST) items.shift();
      if (toast.progress !== undefined) return;
      if (toast.kind !== "error") setTimeout(() => remove(id), toast.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
    },
  };
}

export const ToastList = defineComponent({
  name: "ToastList",
  props: { store: { type: Object, required: true } },
  setup(props) {
    const store = /** @type {ToastStore} */ (props.store);
    return () =>
      h("div", { class: "ed-toasts", role: "status", "aria-live": "polite" }, [
        h(TransitionGroup, { name: "ed-toast" }, () => store.items.map((toast) => drawToast(toast, store))),
      ]);
  },
});

/** @type {Record<Toast["kind"], string>} */
const ICONS = { info: "info", success: "check_circle", warning: "warning", error: "error" };

/**
 * @param {Toast} toast
 * @param {ToastStore} store
 */
function drawToast(toast, store) {
  const { action } = toast;
  return h("div", { key: toast.id, class: `ed-toast ed-toast-${toast.kind}` }, [
    icon(ICONS[toast.kind]),
    h("div", { class: "ed-toast-text" }, [
      h("p", toast.text),
      toast.remedy ? h("p", { class: "ed-muted" }, toast.remedy) : null,
      toast.progress === undefined ? null : h("progress", { class: "ed-toast-progress", value: toast.progress, max: 1, "aria-label": toast.text }),
    ]),
    action
      ? h(
          "button",
          {
            type: "button",
            class: "ed-link",
            onClick: () => {
              action.run();
              store.remove(toast.id);
            },
          },
          action.label,
        )
      : null,
    iconButton("close", "Dismiss", { onClick: () => store.remove(toast.id) }),
  ]);
}
