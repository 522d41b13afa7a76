// What the result views ask the server: pages, profiles, documents, logs; answers of immutable things are kept.

import { TransportError } from "../transport.js";

/**
 * @typedef {{name: string, type: string, role?: string, categorical?: boolean | null}} TableColumn
 * @typedef {{columns: TableColumn[], rows: unknown[][], total: number, offset: number}} TablePage
 * @typedef {{offset: number, limit: number, sort?: string, descending?: boolean, search?: string}} PageQuery
 * @typedef {{name: string, type: string, role?: string, nulls: number, distinct?: number | null, min?: unknown, max?: unknown, mean?: number | null, std?: number | null, quantiles?: Record<string, unknown>, top?: [unknown, number][], histogram?: {edges: number[], counts: number[]} | null}} ColumnProfile
 * @typedef {{rows: number, columns: ColumnProfile[]}} TableProfile
 * @typedef {{text: string, offset: number, next: number, end: boolean, truncated?: boolean}} LogChunk
 * @typedef {ReturnType<typeof createArtifactApi>} ArtifactApi
 */

const KEPT = 60;

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
   */
  function once(path) {
    const found = kept.get(path);
    if (found) return found;
    const answer = request(base + path);
    kept.set(path, answer);
    answer.catch(() => kept.delete(path));
    if (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
    return answer;
  }

  return {
    /** @param {string} digest @param {PageQuery} query @param {AbortSignal} [signal] @returns {Promise<TablePage>} */
    page: (digest, query, signal) => request(`${base}${artifact(digest)}/page?${pageParameters(query)}`, { signal }),
    /** @param {string} digest @returns {Promise<TableColumn[]>} */
    columns: async (digest) => (await once(`${artifact(digest)}/page?offset=0&limit=1`)).columns,
    /** @param {string} digest @returns {Promise<TableProfile>} */
    profile: (digest) => once(`${artifact(digest)}/profile`),
    /** @param {string} digest @returns {Promise<any>} */
    document: (digest) => once(`${artifact(digest)}/document`),
    /** @param {string} digest @param {string} [format] */
    downloadUrl: (digest, format) => `${base}${artifact(digest)}/download${format ? `?format=${format}` : ""}`,
    /** @param {string} run @param {string} step @param {number} offset @returns {Promise<LogChunk>} */
    log: (run, step, offset) =>
      request(
        `${base}/runs/${encodeURIComponent(run)}/steps/${encodeURIComponent(step)}/log?offset=${offset}&limit=262144`,
      ),
    /** @returns {Promise<{samples: {id: string, title?: string, name?: string, description?: string}[]}>} */
    samples: () => request(`${base}/samples`),
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

/** @param {PageQuery} query */
function pageParameters({ offset, limit, sort = "", descending = false, search = "" }) {
  const parameters = new URLSearchParams({ offset: String(offset), limit: String(limit) });
  if (sort) parameters.set("sort", sort);
  if (sort && descending) parameters.set("descending", "true");
  if (search) parameters.set("search", search);
  return parameters;
}

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function request(url, init = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...init }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new TransportError("The server cannot be reached.", {
      status: 0,
      remedy: "Check that the designer is running, then try again.",
    });
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const { code = "", message = `The server answered ${response.status}.`, remedy = "" } = answer?.error ?? {};
  throw new TransportError(message, { status: response.status, code, remedy, diagnostics: answer?.diagnostics ?? [] });
}
