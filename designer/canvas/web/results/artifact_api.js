// What the result views ask the server: pages, profiles, documents, logs; answers of immutable things are kept.

import { longAnswer, plainAnswer, reach } from "./long_answer.js";
import { isPlain } from "./table/table_query.js";

/**
 * @import {ChangedRows, ColumnShift, DocumentDifference, RowKind, TableDifference, WholeRows} from "./difference/difference_words.js"
 * @import {LogLines} from "./log/log_source.js"
 * @import {LogFound, LogQuery} from "./log/use_log_search.js"
 * @import {Patience} from "./long_answer.js"
 * @import {StepInput} from "./step_tabs.js"
 * @import {TableQuery} from "./table/table_query.js"
 * @import {Run, StepRun} from "../types.js"
 * @typedef {{run: Run, step: StepRun}} StepOfRun
 * @typedef {{name: string, type: string, dtype?: string, role?: string, categorical?: boolean | null}} TableColumn
 * @typedef {{columns: TableColumn[], rows: unknown[][], numbers: number[], total: number, offset: number}} TablePage
 * @typedef {{rows: number, columns: TableColumn[]}} TableFacts
 * @typedef {{offset: number, limit: number, firstColumn?: number, columnLimit?: number, query: TableQuery, view?: string}} PageQuery
 * @typedef {{hits: number, hit?: number, row?: number, number?: number, columns?: string[]}} Found
 * @typedef {{edges: unknown[], counts: number[]}} Histogram
 * @typedef {TableColumn & {nulls: number, distinct?: number | null, sample?: number, min?: unknown, max?: unknown, mean?: number | null, std?: number | null, not_finite?: number, empty?: number, shortest?: number, longest?: number, quantiles?: Record<string, unknown>, top?: [unknown, number][], histogram?: Histogram | null}} ColumnProfile
 * @typedef {{rows: number, columns: ColumnProfile[]}} TableProfile
 * @typedef {{run: string, step: string, attempt: number}} LogPlace `attempt`: 0 for the last
 * @typedef {{id: string, name: string, description: string, learned: string, node_count: number, thumbnail: import("../panels/sample_picture.js").Looks}} SampleCard
 * @typedef {{folder: string, command: string}} ReopenedFolder
 * @typedef {ReturnType<typeof createArtifactApi>} ArtifactApi
 */

const KEPT = 60;
/** Characters of a value that a page brings; the whole is asked for when a person opens it. */
const CELL_CHARACTERS = 256;

/**
 * @param {string} [base]
 */
export function createArtifactApi(base = "/api/v1") {
  /** @type {Map<string, Promise<any>>} */
  const kept = new Map();

  /**
   * An answer that never changes, asked for once.
   *
   * @param {string} path
   * @param {(url: string) => Promise<any>} [ask]
   */
  function once(path, ask = request) {
    const found = kept.get(path);
    if (found) return found;
    const answer = ask(base + path);
    kept.set(path, answer);
    answer.catch(() => kept.delete(path));
    if (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
    return answer;
  }

  return {
    /** @param {string} digest @param {PageQuery} query @param {Patience} [patience] @returns {Promise<TablePage>} */
    page: (digest, query, patience) =>
      longAnswer(`${base}${artifact(digest)}/page?${pageParameters(query)}`, patience),
    /** @param {string} digest @param {{text: string, start: number, backwards: boolean, query: TableQuery, view?: string}} asked @param {Patience} [patience] @returns {Promise<Found>} */
    find: (digest, { query, ...asked }, patience) =>
      longAnswer(`${base}${artifact(digest)}/find?${parameters({ ...asked, ...queryParameter(query) })}`, patience),
    /** @param {string} digest @param {{row: number, column: string, query: TableQuery}} asked @returns {Promise<{value: unknown, number: number}>} */
    cell: (digest, { query, ...asked }) =>
      request(`${base}${artifact(digest)}/cell?${parameters({ ...asked, ...queryParameter(query) })}`),
    /** @param {string} digest @returns {Promise<TableFacts>} */
    tableFacts: (digest) => once(`${artifact(digest)}/columns`),
    /** @param {string} digest @returns {Promise<TableColumn[]>} */
    columns: async (digest) => (await once(`${artifact(digest)}/columns`)).columns,
    /** @param {string} digest @param {Patience} [patience] @returns {Promise<TableProfile>} */
    profile: (digest, patience) => once(`${artifact(digest)}/profile`, (url) => longAnswer(url, patience)),
    /** @param {string} digest @param {{chart: object, query: TableQuery, view?: string}} asked @param {Patience} [patience] @returns {Promise<any>} */
    chart: (digest, { chart, query, view = "" }, patience) =>
      longAnswer(
        `${base}${artifact(digest)}/chart?${parameters({ chart: JSON.stringify(chart), ...queryParameter(query), ...(view ? { view } : {}) })}`,
        patience,
      ),
    /** @param {string} digest @returns {Promise<any>} */
    document: (digest) => once(`${artifact(digest)}/document`),
    /** @param {string} before @param {string} after digests @param {string[] | null} keys @param {Patience} [patience] @returns {Promise<TableDifference | DocumentDifference>} */
    difference: (before, after, keys, patience) =>
      once(`${artifact(before)}/difference?${parameters({ after })}${keyParameters(keys)}`, (url) => longAnswer(url, patience)),
    /** @param {string} before @param {string} after digests @param {{keys: string[] | null, which: RowKind, offset: number, limit: number}} part @param {Patience} [patience] @returns {Promise<ChangedRows | WholeRows>} */
    differenceRows: (before, after, { keys, ...part }, patience) =>
      longAnswer(
        `${base}${artifact(before)}/difference/rows?${parameters({ after, ...part })}${keyParameters(keys)}`,
        patience,
      ),
    /** @param {string} before @param {string} after digests @param {Patience} [patience] @returns {Promise<{columns: ColumnShift[]}>} */
    distributions: (before, after, patience) =>
      once(`${artifact(before)}/difference/distributions?${parameters({ after })}`, (url) => longAnswer(url, patience)),
    /** @param {string} digest @param {string} [format] @param {TableQuery} [query] */
    downloadUrl: (digest, format, query) => {
      const asked = parameters({ ...(format ? { format } : {}), ...(query ? queryParameter(query) : {}) });
      return `${base}${artifact(digest)}/download${asked ? `?${asked}` : ""}`;
    },
    /** @param {string} pipeline @param {string} step @returns {Promise<{runs: StepOfRun[]}>} newest first */
    stepRuns: (pipeline, step) => request(`${base}/step_runs?${parameters({ pipeline_id: pipeline, step })}`),
    /** @param {string} run @param {string} step @returns {Promise<{inputs: StepInput[]}>} */
    stepInputs: (run, step) => request(`${base}/runs/${encodeURIComponent(run)}/inputs?${parameters({ step })}`),
    /** @param {string} run @returns {Promise<Run>} */
    run: (run) => request(`${base}/runs/${encodeURIComponent(run)}`),
    /** @param {LogPlace} place @param {{first: number, count: number, longest?: number} & Partial<LogQuery>} asked @returns {Promise<LogLines>} */
    logLines: (place, { text = "", ...asked }) =>
      request(`${base}${logPath(place)}/lines?${logParameters(place, text ? { text, ...asked } : asked)}`),
    /** @param {LogPlace} place @param {LogQuery & {start: number, backwards: boolean, view: string}} asked @param {Patience} [patience] @returns {Promise<LogFound>} */
    searchLog: (place, asked, patience) => longAnswer(`${base}${logPath(place)}/search?${logParameters(place, asked)}`, patience),
    /** @param {LogPlace} place */
    logUrl: (place) => `${base}${logPath(place)}/file?${logParameters(place, {})}`,
    /** @param {string} run @param {string} step @returns {Promise<ReopenedFolder>} */
    reopen: (run, step) =>
      request(`${base}/runs/${encodeURIComponent(run)}/reopened`, {
        method: "POST",
        body: JSON.stringify({ step }),
        headers: { "Content-Type": "application/json" },
      }),
    /** @param {string} run @param {string} step */
    reopenedUrl: (run, step) => `${base}/runs/${encodeURIComponent(run)}/reopened?${parameters({ step })}`,
    /** @returns {Promise<{samples: SampleCard[]}>} */
    samples: () => request(`${base}/samples`),
    /** @param {string} sample @returns {Promise<{document: import("../types.js").GraphDocument}>} */
    copySample: (sample) => request(`${base}/samples/${encodeURIComponent(sample)}/copies`, { method: "POST" }),
    /** @param {object} body @returns {Promise<{id: string}>} */
    createPipeline: (body) =>
      request(`${base}/pipelines`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      }),
    /** @param {File} file @returns {Promise<{path: string}>} */
    upload(file) {
      const body = new FormData();
      body.append("file", file, file.name);
      return request(`${base}/files`, { method: "POST", body });
    },
  };
}

/** @param {string} digest */
function artifact(digest) {
  return `/artifacts/${encodeURIComponent(digest)}`;
}

/** @param {LogPlace} place */
function logPath({ run, step }) {
  return `/runs/${encodeURIComponent(run)}/steps/${encodeURIComponent(step)}/log`;
}

/** @param {LogPlace} place @param {Record<string, string | number | boolean>} values */
function logParameters({ attempt }, values) {
  return parameters({ ...values, ...(attempt ? { attempt } : {}) });
}

/** @param {PageQuery} query */
function pageParameters({ offset, limit, firstColumn = 0, columnLimit = 0, query, view = "" }) {
  return parameters({
    offset,
    limit,
    ...(columnLimit ? { first_column: firstColumn, column_limit: columnLimit } : {}),
    longest: CELL_CHARACTERS,
    ...queryParameter(query),
    ...(view ? { view } : {}),
  });
}

/** @param {TableQuery} query @returns {Record<string, string>} */
function queryParameter(query) {
  return isPlain(query) ? {} : { query: JSON.stringify(query) };
}

/** Columns to match rows by; an empty name stands for none: rows are matched by their place. @param {string[] | null} keys */
function keyParameters(keys) {
  const names = keys?.length === 0 ? [""] : (keys ?? []);
  return names.map((name) => `&key=${encodeURIComponent(name)}`).join("");
}

/** @param {Record<string, string | number | boolean>} values */
function parameters(values) {
  return new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();
}

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function request(url, init = {}) {
  return plainAnswer(await reach(url, init));
}
