// Something that takes time to find out: asked again when what is asked for changes, given up when nobody looks.

import { onBeforeUnmount, ref } from "vue";
import { useLoaded } from "../loading.js";

/**
 * @import {Patience} from "../long_answer.js"
 */

/**
 * @template T
 * @param {() => unknown} key
 * @param {(patience: Patience) => Promise<T> | null} ask
 */
export function useLongWork(key, ask) {
  const doing = ref("");
  /** @type {AbortController | null} */
  let controller = null;
  const { loaded, reload } = useLoaded(key, () => {
    controller?.abort();
    controller = new AbortController();
    doing.value = "";
    return ask({ signal: controller.signal, tell: ({ text }) => (doing.value = text ?? "") });
  });
  onBeforeUnmount(() => controller?.abort());
  return { loaded, reload, doing };
}
