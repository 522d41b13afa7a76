// Finding in a log: what is looked for, how many lines fit, the way to the next one, showing only those.

import { onBeforeUnmount, reactive } from "vue";
import { newId } from "../../document/identity.js";
import { isAborted } from "../long_answer.js";

/**
 * @import {Progress} from "../long_answer.js"
 * @typedef {{text: string, regex: boolean, case: boolean}} LogQuery
 * @typedef {{hits: number, lines: number, is_whole: boolean, hit?: number, line?: number}} LogFound
 * @typedef {ReturnType<typeof useLogSearch>} LogSearch
 */

/** Where a word begins, also right behind a terminal colour. */
const START = "(?:\\b|\\x1b\\[[\\d;]*m)";
const TROUBLE = "\\w(Error|Exception)\\b|^Traceback";

/** Lines that tell of trouble, by the words that logs use for it. @type {Record<string, LogQuery>} */
export const LEVELS = {
  error: { text: `${START}(ERROR|CRITICAL|FATAL)\\b|${TROUBLE}`, regex: true, case: true },
  warning: { text: `${START}(WARN|WARNING|ERROR|CRITICAL|FATAL)\\b|\\wWarning\\b|${TROUBLE}`, regex: true, case: true },
};

/**
 * @param {(query: LogQuery, asked: {start: number, backwards: boolean, view: string}, patience: import("../long_answer.js").Patience) => Promise<LogFound>} ask
 * @param {(found: LogFound) => void} show called with where the hit is
 */
export function useLogSearch(ask, show) {
  const search = reactive({
    text: "",
    regex: false,
    case: false,
    /** @type {LogFound | null} */ found: null,
    /** @type {Progress | null} */ progress: null,
    /** @type {Error | null} */ error: null,
  });
  const view = newId();
  let leave = new AbortController();

  /** @param {Partial<LogQuery>} changes @param {number} line on screen */
  function look(changes, line) {
    stop();
    Object.assign(search, changes, { found: null });
    if (search.text) void go(line, false);
  }

  /** @param {boolean} backwards @param {number} line on screen */
  function next(backwards, line) {
    const from = search.found?.line ?? line;
    if (search.text) void go(backwards ? from : from + 1, backwards);
  }

  function stop() {
    leave.abort();
    Object.assign(search, { progress: null, error: null });
  }

  /** @param {number} start @param {boolean} backwards */
  async function go(start, backwards) {
    stop();
    leave = new AbortController();
    const { signal } = leave;
    search.progress = {};
    try {
      const { text, regex } = search;
      const found = await ask(
        { text, regex, case: search.case },
        { start, backwards, view },
        { signal, tell: (progress) => !signal.aborted && (search.progress = progress) },
      );
      if (signal.aborted) return;
      search.found = found;
      show(found);
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) search.error = /** @type {Error} */ (error);
    }
    if (!signal.aborted) search.progress = null;
  }

  onBeforeUnmount(stop);
  return Object.assign(search, { look, next, stop });
}
