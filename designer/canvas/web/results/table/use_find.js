// Looking for a text in a table: the hit shown, how many there are, and the way to the next one.

import { onBeforeUnmount, reactive, watch } from "vue";
import { newId } from "../../document/identity.js";
import { isAborted } from "../long_answer.js";

/**
 * @import {Found} from "../artifact_api.js"
 * @import {Progress} from "../long_answer.js"
 * @import {Table} from "./use_table.js"
 * @typedef {ReturnType<typeof useFind>} Find
 */

/**
 * @param {Table} table
 * @param {(row: number, column: string | undefined) => void} show called with where the hit is
 */
export function useFind(table, show) {
  /** @type {{text: string, found: Found | null, progress: Progress | null, error: Error | null}} */
  const find = reactive({ text: "", found: null, progress: null, error: null });
  const view = newId();
  let leave = new AbortController();

  /** @param {string} text */
  function look(text) {
    if (text === find.text) return;
    Object.assign(find, { text, found: null });
    stop();
    if (text) void go(table.selection.value?.cursor.row ?? 0, false);
  }

  /** @param {boolean} backwards */
  function next(backwards) {
    const row = find.found?.row ?? table.selection.value?.cursor.row ?? 0;
    if (find.text) void go(backwards ? row : row + 1, backwards);
  }

  function stop() {
    leave.abort();
    Object.assign(find, { progress: null, error: null });
  }

  /** @param {number} start @param {boolean} backwards */
  async function go(start, backwards) {
    stop();
    leave = new AbortController();
    const { signal } = leave;
    const { query } = table.state.value;
    find.progress = {};
    try {
      const asked = { text: find.text, start: Math.max(0, start), backwards, query, view };
      const found = await table.api.find(table.digest(), asked, {
        signal,
        tell: (progress) => {
          if (signal.aborted) return;
          find.progress = { share: progress.share, text: progress.text };
          if (progress.part && !backwards) show(progress.part.first, undefined);
        },
      });
      if (signal.aborted) return;
      find.found = found;
      if (found.row !== undefined) show(found.row, found.columns?.[0]);
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) find.error = /** @type {Error} */ (error);
    }
    if (!signal.aborted) find.progress = null;
  }

  watch(
    () => [table.state.value.query, table.digest()],
    () => {
      stop();
      find.found = null;
    },
  );
  onBeforeUnmount(stop);
  return Object.assign(find, { look, next, stop });
}
