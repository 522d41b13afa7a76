// Something asked for and not yet here: its value, its error, or still waiting.

import { h, shallowRef, watch } from "vue";
import { button, icon } from "../panels/atoms.js";

/**
 * @template T
 * @typedef {{value: T | null, error: (Error & {remedy?: string, code?: string}) | null, waiting: boolean}} Loaded
 */

/**
 * Asks again whenever `key` changes; an answer that comes too late is dropped.
 *
 * @template T
 * @param {() => unknown} key
 * @param {() => Promise<T> | null} ask
 */
export function useLoaded(key, ask) {
  /** @type {import("vue").ShallowRef<Loaded<T>>} */
  const loaded = shallowRef({ value: null, error: null, waiting: true });
  let turn = 0;
  async function load() {
    const mine = ++turn;
    const promise = ask();
    if (!promise) {
      loaded.value = { value: null, error: null, waiting: false };
      return;
    }
    loaded.value = { value: null, error: null, waiting: true };
    try {
      const value = await promise;
      if (mine === turn) loaded.value = { value, error: null, waiting: false };
    } catch (error) {
      if (mine === turn) loaded.value = { value: null, error: /** @type {Error} */ (error), waiting: false };
    }
  }
  watch(key, load, { immediate: true });
  return { loaded, reload: load };
}

/** A quiet placeholder, visible only when the wait is long enough to notice. */
export function waitingView(text = "Loading") {
  return h("div", { class: "ed-waiting", role: "status" }, [h("span", { class: "ed-spinner" }), text]);
}

/**
 * @param {Error & {remedy?: string, code?: string}} error
 * @param {() => void} retry
 */
export function failedView(error, retry) {
  return h("div", { class: "ed-empty" }, [
    icon("cloud_off"),
    h("p", { class: "ed-empty-title" }, error.code ? `${error.code} ${error.message}` : error.message),
    error.remedy ? h("p", { class: "ed-empty-text" }, error.remedy) : null,
    h("div", { class: "ed-empty-actions" }, [button("Try again", { icon: "refresh", onClick: retry })]),
  ]);
}
