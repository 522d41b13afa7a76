// Above a log: how much there is, which attempt, which lines, finding, and what to do with it.

import { defineComponent, h, onBeforeUnmount, ref } from "vue";
import { icon, iconButton } from "../../panels/atoms.js";
import { formatBytes, formatCount } from "../format.js";

/**
 * @import {LogState} from "./log_source.js"
 * @import {LogQuery, LogSearch} from "./use_log_search.js"
 */

const SEARCH_MS = 250;
const LEVELS = [
  ["", "All lines"],
  ["warning", "Warnings and errors"],
  ["error", "Errors"],
];

/**
 * Props: `state` (of the lines), `view` ({follow, wraps, attempt, level}, changed here), `search`, `only` (what the lines
 * shown must have), `running`, `attempts`, `url` (of the file), `line` (gives the first line on screen). Emits `level`,
 * `only` (a query or null), `copy`, `follow`.
 */
export const LogBar = defineComponent({
  name: "LogBar",
  props: {
    state: { type: Object, required: true },
    view: { type: Object, required: true },
    search: { type: Object, required: true },
    only: { type: Object, default: null },
    running: Boolean,
    attempts: { type: Number, default: 0 },
    url: { type: String, required: true },
    line: { type: Function, required: true },
  },
  emits: ["level", "only", "copy", "follow"],
  setup(props, { emit, expose }) {
    const search = /** @type {LogSearch} */ (props.search);
    const view = /** @type {{follow: boolean, wraps: boolean, attempt: number, level: string}} */ (props.view);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const field = ref(null);
    let timer = 0;
    onBeforeUnmount(() => clearTimeout(timer));

    /** @param {Partial<LogQuery>} changes */
    function look(changes) {
      clearTimeout(timer);
      search.look(changes, props.line());
    }

    /** @param {Event} event */
    function onInput(event) {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      clearTimeout(timer);
      timer = window.setTimeout(() => look({ text: value }), SEARCH_MS);
    }

    /** @param {KeyboardEvent} event */
    function onSearchKey(event) {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      if (event.key === "Escape" && value) {
        /** @type {HTMLInputElement} */ (event.target).value = "";
        look({ text: "" });
      } else if (event.key !== "Enter") return;
      else if (value === search.text) search.next(event.shiftKey, props.line());
      else look({ text: value });
      event.preventDefault();
      event.stopPropagation();
    }

    expose({ focusSearch: () => field.value?.select() });

    return () =>
      h("div", { class: "ed-view-bar ed-log-bar" }, [
        props.attempts > 1 ? drawAttempts() : null,
        drawLevels(),
        drawFacts(),
        h("span", { class: "ed-spacer" }),
        drawSearch(),
        iconButton("wrap_text", view.wraps ? "Do not wrap long lines" : "Wrap long lines", {
          "aria-pressed": String(view.wraps),
          onClick: () => (view.wraps = !view.wraps),
        }),
        iconButton("vertical_align_bottom", view.follow ? "Following the end" : "Go to the end", {
          "aria-pressed": String(view.follow),
          onClick: () => emit("follow"),
        }),
        iconButton("content_copy", "Copy", { onClick: () => emit("copy") }),
        h(
          "a",
          { class: "ed-icon-button", href: props.url, download: "", "aria-label": "Download the whole log", "data-tip": "Download the whole log" },
          [icon("download")],
        ),
      ]);

    function drawFacts() {
      const text = factsText(/** @type {LogState} */ (props.state), props.only !== null);
      return h("span", { class: "ed-view-facts", "data-tip": text }, text);
    }

    function drawAttempts() {
      const all = Array.from({ length: props.attempts }, (_, at) => at + 1);
      return h(
        "select",
        {
          class: "ed-input ed-select ed-log-choice",
          "aria-label": "Attempt",
          value: String(view.attempt || props.attempts),
          onChange: (/** @type {Event} */ event) => {
            const chosen = Number(/** @type {HTMLSelectElement} */ (event.target).value);
            view.attempt = chosen === props.attempts ? 0 : chosen;
          },
        },
        all.map((attempt) => h("option", { value: String(attempt) }, `Attempt ${attempt}`)),
      );
    }

    function drawLevels() {
      return h(
        "select",
        {
          class: "ed-input ed-select ed-log-choice",
          "aria-label": "Which lines",
          value: view.level,
          onChange: (/** @type {Event} */ event) => emit("level", /** @type {HTMLSelectElement} */ (event.target).value),
        },
        LEVELS.map(([id, label]) => h("option", { value: id }, label)),
      );
    }

    function drawSearch() {
      const { found, progress, text, error } = search;
      const isAlone = props.only !== null && view.level === "";
      return h("div", { class: "ed-table-find" }, [
        h("label", { class: "ed-search ed-search-small" }, [
          icon("search"),
          h("input", {
            ref: field,
            type: "search",
            placeholder: "Find in the log",
            "aria-label": "Find in the log",
            value: text,
            onInput,
            onKeydown: onSearchKey,
          }),
        ]),
        toggle("Aa", "Tell upper and lower case apart", search.case, () => look({ case: !search.case })),
        toggle(".*", "Regular expression", search.regex, () => look({ regex: !search.regex })),
        h("span", { class: ["ed-table-find-count", { "ed-table-find-none": found?.hits === 0 || error }], role: "status" }, [
          error ? error.message : progress ? progressText(progress) : found ? foundText(found) : "",
        ]),
        progress && text
          ? iconButton("close", "Stop searching", { onClick: search.stop, class: "ed-small-button" })
          : null,
        found && !found.is_whole && !progress
          ? h("button", { type: "button", class: "ed-link", onClick: () => search.next(false, props.line()) }, "Search on")
          : null,
        found?.hits
          ? [
              iconButton("keyboard_arrow_up", "Previous line found (Shift+Enter)", {
                onClick: () => search.next(true, props.line()),
                class: "ed-small-button",
              }),
              iconButton("keyboard_arrow_down", "Next line found (Enter)", {
                onClick: () => search.next(false, props.line()),
                class: "ed-small-button",
              }),
              iconButton("filter_list", isAlone ? "Show all lines" : "Show only the lines found", {
                "aria-pressed": String(isAlone),
                onClick: () => emit("only", isAlone ? null : { text, regex: search.regex, case: search.case }),
                class: "ed-small-button",
              }),
            ]
          : null,
      ]);
    }

    /** @param {string} sign @param {string} label @param {boolean} isOn @param {() => void} onClick */
    function toggle(sign, label, isOn, onClick) {
      return h(
        "button",
        {
          type: "button",
          class: "ed-icon-button ed-small-button ed-log-toggle",
          "aria-label": label,
          "data-tip": label,
          "aria-pressed": String(isOn),
          onClick,
        },
        sign,
      );
    }
  },
});

/** @param {LogState} state @param {boolean} isFiltered */
function factsText({ total, bytes, isWhole }, isFiltered) {
  const count = formatCount(total, "line");
  if (isFiltered) return isWhole ? `${count} of ${formatBytes(bytes)}` : `${count} so far`;
  return isWhole ? `${count} · ${formatBytes(bytes)}` : `${count} counted of ${formatBytes(bytes)}`;
}

/** @param {import("../long_answer.js").Progress} progress */
function progressText({ share }) {
  return share ? `searching, ${Math.round(share * 100)} %` : "searching";
}

/** @param {import("./use_log_search.js").LogFound} found */
function foundText({ hits, hit = 0, line = 0, is_whole }) {
  const more = is_whole ? "" : "+";
  if (hits === 0) return is_whole ? "not found" : "not found so far";
  return `${(hit + 1).toLocaleString("en")} of ${hits.toLocaleString("en")}${more} · line ${(line + 1).toLocaleString("en")}`;
}
