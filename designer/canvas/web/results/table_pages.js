// The pages of one table under one sorting and search, fetched as they come into view.

import { onBeforeUnmount, ref, shallowReactive, shallowRef, watch } from "vue";
import { BLOCK_ROWS, blocksFor } from "./table_window.js";

/**
 * @import {ArtifactApi, TableColumn} from "./artifact_api.js"
 * @typedef {ReturnType<typeof usePages>} TablePages
 */

/**
 * The pages of one table under one sorting and search.
 *
 * @param {ArtifactApi} api
 * @param {() => string} digest
 */
export function usePages(api, digest) {
  const query = shallowReactive({ sort: "", descending: false, search: "" });
  /** @type {import("vue").ShallowRef<TableColumn[]>} */
  const columns = shallowRef([]);
  /** @type {import("vue").ShallowRef<unknown[][]>} */
  const sample = shallowRef([]);
  /** @type {Map<number, unknown[][]>} */
  const blocks = shallowReactive(new Map());
  const total = ref(0);
  const ready = ref(false);
  /** @type {import("vue").ShallowRef<Error | null>} */
  const error = shallowRef(null);
  let abort = new AbortController();
  /** @type {Set<number>} */
  const asked = new Set();

  /** @param {number} offset */
  async function fetchBlock(offset) {
    if (asked.has(offset)) return;
    asked.add(offset);
    const { signal } = abort;
    try {
      const page = await api.page(digest(), { offset, limit: BLOCK_ROWS, ...query }, signal);
      if (signal.aborted) return;
      if (!ready.value) sample.value = page.rows;
      columns.value = page.columns;
      total.value = page.total;
      blocks.set(offset, page.rows);
      ready.value = true;
    } catch (failure) {
      asked.delete(offset);
      if (!signal.aborted) error.value = /** @type {Error} */ (failure);
    }
  }

  /** @param {boolean} all forget the columns too */
  function restart(all) {
    abort.abort();
    abort = new AbortController();
    asked.clear();
    blocks.clear();
    error.value = null;
    if (all) ready.value = false;
    void fetchBlock(0);
  }

  watch(
    digest,
    () => {
      Object.assign(query, { sort: "", descending: false, search: "" });
      restart(true);
    },
    { immediate: true },
  );
  watch(
    () => [query.sort, query.descending, query.search],
    () => restart(false),
  );
  onBeforeUnmount(() => abort.abort());

  return {
    query,
    columns,
    sample,
    total,
    ready,
    error,
    reload: () => restart(true),
    /** @param {number} first @param {number} last */
    need: (first, last) => {
      if (ready.value) blocksFor(first, last).forEach(fetchBlock);
    },
    /** @param {number} index */
    row: (index) => blocks.get(Math.floor(index / BLOCK_ROWS) * BLOCK_ROWS)?.[index % BLOCK_ROWS] ?? null,
  };
}
