// What a person looks at, in the address of the page: `port`, `at_run`, `view`, `against` and `key` beside what others
// keep there. Pure but for `keepLooking`.

/**
 * @typedef {object} Looking
 * @property {string} port `in:` before an input
 * @property {string} atRun a run's id, or empty for the newest
 * @property {string} view what of it is shown
 * @property {string} against the run that it is compared with; empty for the one before
 * @property {string[] | null} keys the columns that match rows; none for their place, `null` for what is found
 */

export const VIEWS = ["table", "profile", "chart", "compare"];
const NAMES = /** @type {const} */ ([
  ["port", "port"],
  ["atRun", "at_run"],
  ["view", "view"],
  ["against", "against"],
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
    against: parameters.get("against") ?? "",
    keys: parameters.has("key") ? parameters.getAll("key").filter(Boolean) : null,
  };
}

/** Nothing in particular is looked at. @returns {Looking} */
export function lookingAtNothing() {
  return readLooking("");
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
  const { keys } = looking;
  if (keys !== undefined) parameters.delete("key");
  for (const name of keys?.length === 0 ? [""] : (keys ?? [])) parameters.append("key", name);
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
