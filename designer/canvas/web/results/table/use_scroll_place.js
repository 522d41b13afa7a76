// Where a list of any length is scrolled to: the exact place, and the browser's bar that stands for it.

import { nextTick } from "vue";
import { barFor, lastOffset, offsetAfter } from "./scroll_place.js";

/**
 * @typedef {{offset: number, bar: number}} Place `offset`: pixels from the first row; `bar`: what the browser's bar said last
 */

/**
 * @param {import("vue").Ref<HTMLElement | null>} scroller
 * @param {Place} view
 * @param {import("vue").ComputedRef<Parameters<typeof lastOffset>[0]>} size
 */
export function useScrollPlace(scroller, view, size) {
  /** @param {number} offset */
  function scrollTo(offset) {
    view.offset = Math.max(0, Math.min(offset, lastOffset(size.value)));
    void nextTick(setBar);
  }

  function setBar() {
    const element = scroller.value;
    if (!element) return;
    const bar = barFor(view.offset, size.value);
    if (Math.abs(element.scrollTop - bar) >= 1) element.scrollTop = bar;
    view.bar = element.scrollTop;
  }

  /** Goes where somebody has moved the bar; false when nobody has. */
  function followBar() {
    const element = scroller.value;
    if (!element || Math.abs(element.scrollTop - view.bar) < 1) return false;
    view.offset = offsetAfter(element.scrollTop, view.offset, size.value);
    setBar();
    return true;
  }

  return { scrollTo, setBar, followBar };
}
