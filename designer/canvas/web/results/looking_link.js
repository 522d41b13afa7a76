// What a person looks at, in the address of the page: `port`, `at_run` and `view` beside what others keep there. Pure
// but for `keepLooking`.

/**
 * @typedef {{port: string, atRun: string, view: string}} Looking a port (`in:` before an input), a run's id or empty
 *   for the newest, what of it is shown
 */

export const VIEWS = ["table", "profile", "chart", "compare"];
const NAMES = /** @type {const} */ ([
  ["port", "port"],
  ["atRun", "at_run"],
  ["view", "view"],
]);

/**
 * @param {string} search the query of an address
 * @returns {Looking}
 */
export function readLooking(search) {
  const parameters = new URLSearchParams(search);
  const view = parameters.get("view") ?? "";
  return {
    port: parameters.get("port") ?? "",
    atRun: parameters.get("at_run") ?? "",
    view: VIEWS.includes(view) ? view : "",
  };
}

/**
 * The query of an address with these in it, everything else as it was; empty ones are left out.
 *
 * @param {string} search
 * @param {Partial<Looking>} looking
 */
export function withLooking(search, looking) {
  const parameters = new URLSearchParams(search);
  for (const [key, name] of NAMES) {
    if (looking[key] === undefined) continue;
    if (looking[key]) parameters.set(name, looking[key]);
    else parameters.delete(name);
  }
  const text = parameters.toString();
  return text ? `?${text}` : "";
}

/** Whether an address asks for anything to be looked at. @param {Looking} looking */
export function isAsking({ port, atRun, view }) {
  return Boolean(port || atRun || view);
}

/** @param {Partial<Looking>} looking */
export function keepLooking(looking) {
  const search = withLooking(location.search, looking);
  if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
}
