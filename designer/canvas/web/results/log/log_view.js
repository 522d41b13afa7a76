// The log of a step, of any length: only the lines on screen are fetched; followed while the step runs.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, reactive, ref, shallowRef, watch } from "vue";
import { emptyState } from "../../panels/atoms.js";
import { failedView, waitingView } from "../loading.js";
import { LogLinesView } from "./log_lines.js";
import { LogBar } from "./log_bar.js";
import { LogSource } from "./log_source.js";
import { plainText } from "./log_text.js";
import { LEVELS, useLogSearch } from "./use_log_search.js";

/**
 * @import {ArtifactApi, LogPlace} from "../artifact_api.js"
 * @import {LogFound, LogQuery} from "./use_log_search.js"
 */

const POLL_MS = 700;
const COUNTING_MS = 30;
const MOST_COPIED = 5000;
const WRAPS = "designer.log.wraps";
/** Bytes of a line that are shown once a person asks for more of it. */
const LONG_LINE = 200_000;

/** Props: `api`, `runId`, `stepId`, `running`, `attempts` (how many there were). */
export const LogView = defineComponent({
  name: "LogView",
  props: {
    api: { type: Object, required: true },
    runId: { type: String, required: true },
    stepId: { type: String, required: true },
    running: Boolean,
    attempts: { type: Number, default: 0 },
  },
  setup(props) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const view = reactive({ follow: props.running, wraps: localStorage.getItem(WRAPS) === "true", attempt: 0, level: "" });
    /** @type {import("vue").ShallowRef<LogQuery | null>} lines that are shown alone */
    const only = shallowRef(null);
    const tick = ref(0);
    /** @type {Map<number, string>} lines that were opened, by their place */
    const opened = new Map();
    /** @type {import("vue").Ref<any>} */
    const lines = ref(null);
    /** @type {import("vue").Ref<any>} */
    const bar = ref(null);
    const note = ref("");
    let source = open();
    let timer = 0;

    /** @returns {LogPlace} */
    function place() {
      return { run: props.runId, step: props.stepId, attempt: view.attempt };
    }

    function open() {
      opened.clear();
      return new LogSource(
        (first, count) => api.logLines(place(), { first, count, ...(only.value ?? {}) }),
        () => {
          tick.value += 1;
          if (view.follow) void nextTick(() => lines.value?.toEnd());
        },
      );
    }

    function reopen() {
      source.close();
      source = open();
      search.look({ text: search.text }, 0);
      void poll();
    }

    async function poll() {
      clearTimeout(timer);
      const mine = source;
      await mine.refresh();
      if (mine !== source || mine.isClosed) return;
      if (mine.state.isReady && !mine.state.isWhole) timer = window.setTimeout(poll, COUNTING_MS);
      else if (props.running) timer = window.setTimeout(poll, POLL_MS);
    }

    const search = useLogSearch(
      (query, asked, patience) => api.searchLog(place(), { ...query, ...asked }, patience),
      (found) => void show(found),
    );

    /** @param {LogFound} found */
    async function show({ line, hit }) {
      if (line === undefined) return;
      view.follow = false;
      if (only.value && only.value.text !== search.text) choose("", null);
      await nextTick();
      lines.value?.reveal(only.value ? (hit ?? 0) : line);
    }

    /** @param {string} level @param {LogQuery | null} query */
    function choose(level, query) {
      view.level = level;
      only.value = query;
      view.follow = props.running && !query;
      source.close();
      source = open();
      tick.value += 1;
      void poll();
    }

    async function copy() {
      const chosen = String(getSelection() ?? "");
      const isWithin = lines.value?.$el?.contains(getSelection()?.anchorNode ?? null);
      const { total } = source.state;
      let text = chosen;
      if (!chosen || !isWithin) {
        const answer = await api.logLines(place(), { first: -MOST_COPIED, count: MOST_COPIED, ...(only.value ?? {}) });
        text = answer.lines.map(plainText).join("\n");
      }
      await navigator.clipboard?.writeText(text);
      tell(!chosen && total > MOST_COPIED ? `The last ${MOST_COPIED.toLocaleString("en")} lines were copied` : "Copied");
    }

    /** @param {number} at @param {number} number */
    async function openLine(at, number) {
      const answer = await api.logLines(place(), { first: number, count: 1, longest: LONG_LINE });
      opened.set(at, answer.lines[0] ?? "");
      tick.value += 1;
    }

    let noted = 0;
    /** @param {string} text */
    function tell(text) {
      note.value = text;
      clearTimeout(noted);
      noted = window.setTimeout(() => (note.value = ""), 2500);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "f") return;
      bar.value?.focusSearch();
      event.preventDefault();
      event.stopPropagation();
    }

    watch(() => view.attempt, reopen);
    watch(
      () => props.running,
      (running) => {
        if (running) view.follow = true;
        void poll();
      },
    );
    watch(
      () => view.wraps,
      (wraps) => localStorage.setItem(WRAPS, String(wraps)),
    );
    onMounted(poll);
    onBeforeUnmount(() => {
      source.close();
      clearTimeout(timer);
      clearTimeout(noted);
    });

    const state = computed(() => (void tick.value, source.state));

    return () => {
      const { isReady, error, total } = state.value;
      if (error && !isReady) return failedView(error, poll);
      if (!isReady) return waitingView("Reading the log");
      const isEmpty = total === 0 && !only.value;
      return h("div", { class: "ed-log", onKeydown }, [
        isEmpty && props.attempts < 2
          ? null
          : h(LogBar, {
              ref: bar,
              state: state.value,
              view,
              search,
              only: /** @type {any} */ (only.value),
              running: props.running,
              attempts: props.attempts,
              url: api.logUrl(place()),
              line: () => lines.value?.firstLine() ?? 0,
              onLevel: (/** @type {string} */ level) => choose(level, LEVELS[level] ?? null),
              onOnly: (/** @type {LogQuery | null} */ query) => choose("", query),
              onCopy: copy,
              onFollow: () => {
                view.follow = !view.follow;
                if (view.follow) lines.value?.toEnd();
              },
            }),
        isEmpty ? drawNothing() : drawLines(),
        note.value ? h("p", { class: "ed-table-note", role: "status" }, note.value) : null,
      ]);
    };

    function drawNothing() {
      return emptyState(
        "article",
        props.running ? "Nothing written yet" : "The step wrote nothing",
        "What a module prints and logs appears here.",
      );
    }

    function drawLines() {
      if (source.state.total === 0 && source.state.isWhole)
        return emptyState("filter_list_off", "No line fits", "Show all lines to see the whole log.");
      const isFiltered = only.value !== null;
      return h(LogLinesView, {
        ref: lines,
        source,
        tick: tick.value,
        opened,
        wraps: view.wraps,
        follow: view.follow,
        hit: search.found?.line ?? -1,
        marked: search.text && !search.regex ? search.text : "",
        hasCase: search.case,
        onFollow: (/** @type {boolean} */ isAtEnd) => (view.follow = isAtEnd && !isFiltered),
        onOpen: openLine,
      });
    }
  },
});

