// One table on the screen: its rows, its columns as a person laid them out, its profile, the cells selected.

import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch } from "vue";
import { newId } from "../../document/identity.js";
import { decimalsOf } from "../format.js";
import { inOrder, keepChoices, layOut, noChoices, recallChoices } from "./column_layout.js";
import { columnWidths } from "./row_window.js";
import { filteredBy, sortedBy } from "./table_query.js";
import { TableSource } from "./table_source.js";

/**
 * @import {ArtifactApi, ColumnProfile, TableProfile} from "../artifact_api.js"
 * @import {Progress} from "../long_answer.js"
 * @import {ColumnChoices} from "./column_layout.js"
 * @import {CellSelection} from "./selection.js"
 * @import {TableFilter, TableQuery} from "./table_query.js"
 * @typedef {ReturnType<typeof useTable>} Table
 */

/**
 * @param {ArtifactApi} api
 * @param {() => string} digest
 * @param {() => string} port under which the layout is remembered; empty where it is not
 */
export function useTable(api, digest, port) {
  const tick = ref(0);
  /** @type {import("vue").ShallowRef<TableSource>} */
  const source = shallowRef(open(digest()));
  /** @type {import("vue").ShallowRef<ColumnChoices>} */
  const choices = shallowRef(recall(port()));
  /** @type {import("vue").ShallowRef<CellSelection | null>} */
  const selection = shallowRef(null);
  const profile = useProfile(api, digest);

  /** @param {string} id */
  function open(id) {
    const opened = new TableSource({ api, digest: id, view: newId(), changed: () => (tick.value += 1) });
    void opened.open();
    return opened;
  }

  watch(digest, (id) => {
    source.value.close();
    source.value = open(id);
    selection.value = null;
  });
  watch(port, (name) => (choices.value = recall(name)));
  onBeforeUnmount(() => source.value.close());

  const state = computed(() => {
    void tick.value;
    const { columns, rows, total, query, wanted, isReady, progress, error, isArranging } = source.value;
    return { columns, rows, total, query, wanted, isReady, progress, error, isArranging };
  });
  const sample = computed(() => (state.value.isReady ? source.value.sample : []));
  const columns = computed(() => state.value.columns);
  const widths = computed(() => columnWidths(columns.value, sample.value));
  const layout = computed(() => layOut(columns.value, widths.value, choices.value));
  const decimals = computed(() =>
    columns.value.map((_, index) => decimalsOf(sample.value.map((row) => row[index]))),
  );
  const order = computed(() => inOrder(layout.value));

  /** @param {TableQuery} query */
  function ask(query) {
    void source.value.ask(query);
  }

  return {
    api,
    digest,
    tick,
    source,
    state,
    layout,
    order,
    decimals,
    choices,
    selection,
    profile,
    ask,
    /** @param {string} name @param {boolean} added */
    sortBy: (name, added) => ask(sortedBy(source.value.wanted, name, added)),
    /** @param {string} name @param {TableFilter | null} filter */
    filterBy: (name, filter) => ask(filteredBy(source.value.wanted, name, filter)),
    /** @param {ColumnChoices} changed */
    arrange(changed) {
      choices.value = changed;
      if (port()) keepChoices(globalThis.localStorage, port(), changed);
    },
    reload: () => {
      source.value.close();
      source.value = open(digest());
    },
  };
}

/** @param {string} port */
function recall(port) {
  return port ? recallChoices(globalThis.localStorage, port) : noChoices();
}

/**
 * The profile of a table, column by column as they become known.
 *
 * @param {ArtifactApi} api
 * @param {() => string} digest
 */
export function useProfile(api, digest) {
  /** @type {{rows: number, columns: Map<string, ColumnProfile>, progress: Progress | null, error: Error | null, isWhole: boolean}} */
  const profile = reactive({ rows: 0, columns: new Map(), progress: null, error: null, isWhole: false });
  let leave = new AbortController();

  async function load() {
    leave.abort();
    leave = new AbortController();
    const { signal } = leave;
    Object.assign(profile, { rows: 0, columns: new Map(), progress: {}, error: null, isWhole: false });
    try {
      const answer = await api.profile(digest(), { signal, tell: (progress) => !signal.aborted && take(progress) });
      if (!signal.aborted) fill(answer);
    } catch (error) {
      if (!signal.aborted) Object.assign(profile, { error, progress: null });
    }
  }

  /** @param {Progress} progress */
  function take(progress) {
    profile.progress = { share: progress.share, text: progress.text };
    if (!progress.part) return;
    profile.rows = progress.part.rows;
    profile.columns.set(progress.part.column.name, Object.freeze(progress.part.column));
  }

  /** @param {TableProfile} answer */
  function fill({ rows, columns }) {
    const known = new Map(columns.map((column) => [column.name, Object.freeze(column)]));
    Object.assign(profile, { rows, columns: known, progress: null, isWhole: true });
  }

  watch(digest, load, { immediate: true });
  onBeforeUnmount(() => leave.abort());
  return Object.assign(profile, { reload: load });
}
