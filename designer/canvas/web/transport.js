/**
 * The editor's way to the server: REST under `/api/v1` and one WebSocket that pushes changes.
 *
 * @import {Diagnostic, GraphDocument, ModuleCard, ModuleSpec, Operation, Run} from "./types.js"
 * @import {LogEntry, SendAnswer} from "./document/sync.js"
 * @import {SuggestedPlaces} from "./document/suggested_places.js"
 * @import {NodeForesight} from "./document/foresight.js"
 *
 * @typedef {{revision: number, label: string, author: string, at: number, name: string, description: string}} Revision
 * @typedef {{id: string, name: string, revision: number, graph: GraphDocument, definitions?: {[key: string]: GraphDocument}, modules: {[key: string]: ModuleSpec}, diagnostics: Diagnostic[], last_run: Run | null, read_only: boolean, places?: SuggestedPlaces}} PipelineSnapshot
 * @import {PushHandlers} from "./push_channel.js"
 */
import { openPushChannel } from "./push_channel.js";

/** Only these say that the same request can never work; everything else is tried again. */
const REJECTED = new Set([400, 409, 413, 422]);
const REQUEST_MS = 20_000;

/** What the server refused (`isRejected`), or that it could not be reached. */
export class TransportError extends Error {
  /**
   * @param {string} message
   * @param {{status: number, code?: string, remedy?: string, diagnostics?: Diagnostic[]}} facts
   */
  constructor(message, { status, code = "", remedy = "", diagnostics = [] }) {
    super(message);
    this.status = status;
    this.code = code;
    this.remedy = remedy;
    this.diagnostics = diagnostics;
    this.isRejected = REJECTED.has(status);
  }
}

export class Transport {
  /** @param {{pipelineId?: string, runId?: string, base?: string, client: string, author?: string}} options */
  constructor({ pipelineId = "", runId = "", base = "/api/v1", client, author = "" }) {
    this.pipelineId = pipelineId;
    this.runId = runId;
    this.base = base;
    this.client = client;
    /** The name that a person gave in this browser; empty for the one that the server knows. */
    this.author = author;
  }

  /** @returns {Promise<PipelineSnapshot>} */
  snapshot() {
    return this.get(this.runId ? `/runs/${this.runId}/graph` : this.#pipeline());
  }

  /** @param {Operation[]} operations @param {string[]} heirOf @returns {Promise<SendAnswer>} */
  send(operations, heirOf) {
    return this.post(`${this.#pipeline()}/operations`, { operations, heir_of: heirOf });
  }

  /** @param {number} revision @returns {Promise<{revision: number, operations: LogEntry[]}>} */
  operationsAfter(revision) {
    return this.get(`${this.#pipeline()}/operations?after=${revision}`);
  }

  /** @returns {Promise<{generation: number, cards: ModuleCard[]}>} */
  modules() {
    return this.get("/modules");
  }

  /** Places for nodes; nothing is stored. @param {import("./interaction/tidying.js").LayoutRequest} request @returns {Promise<import("./interaction/tidying.js").LayoutAnswer>} */
  layout(request) {
    return this.post("/layouts", request);
  }

  /** What is usually wired to what. @returns {Promise<import("./panels/module_choice.js").Habits>} */
  suggestions() {
    return this.get("/suggestions");
  }

  /** @param {string} id @param {string} version @returns {Promise<ModuleSpec>} */
  async moduleSpec(id, version) {
    const answer = await this.get(`/modules/${encodeURIComponent(id)}/${encodeURIComponent(version)}`);
    return answer.spec ?? answer;
  }

  /** The document of a published subgraph. @param {string} id @param {string} version @returns {Promise<GraphDocument>} */
  definition(id, version) {
    return this.get(`/modules/${encodeURIComponent(id)}/${encodeURIComponent(version)}/definition`);
  }

  /**
   * Freezes the definition of a subgraph as a module version.
   *
   * @param {string} name
   * @param {{module?: string, version?: string, make_default?: boolean, changelog?: string}} how
   * @returns {Promise<ModuleSpec>}
   */
  publishSubgraph(name, how) {
    return this.post(`${this.#pipeline()}/subgraphs/${encodeURIComponent(name)}/publish`, how);
  }

  /** @param {object} options @returns {Promise<{run: Run}>} */
  startRun(options) {
    return this.post("/runs", { pipeline_id: this.pipelineId, options });
  }

  /** What is known of every node's outputs before a run. @returns {Promise<{revision: number, nodes: {[step: string]: NodeForesight}, is_current: boolean}>} */
  schemas() {
    return this.get(`${this.#pipeline()}/schemas`);
  }

  /** What a run would do. @param {object} options @returns {Promise<import("./document/plan_preview.js").RunPreview>} */
  previewRun(options) {
    return this.post("/plans/preview", { pipeline_id: this.pipelineId, options });
  }

  /** Which step made each artifact first. @param {readonly string[]} digests @returns {Promise<{[digest: string]: import("./document/frozen_facts.js").Origin}>} */
  origins(digests) {
    return this.post("/artifacts/origins", { digests });
  }

  /** @returns {Promise<{revisions: Revision[]}>} newest first */
  revisions() {
    return this.get(`${this.#pipeline()}/revisions`);
  }

  /** @param {string} reference a revision's number or a version's name @returns {Promise<{title: string, graph: GraphDocument}>} */
  state(reference) {
    return this.get(`${this.#pipeline()}/states/${encodeURIComponent(reference)}`);
  }

  /** @param {string} runId @returns {Promise<unknown>} */
  cancelRun(runId) {
    return this.post(`/runs/${encodeURIComponent(runId)}/cancel`, {});
  }

  /**
   * The runs of this pipeline before another one, newest first, with their steps.
   *
   * @param {Run} newer
   * @param {number} limit
   * @returns {Promise<Run[]>}
   */
  async runsBefore(newer, limit) {
    const { runs } = await this.get(`/runs?pipeline_id=${encodeURIComponent(newer.pipeline_id ?? "")}&limit=${limit + 1}`);
    const earlier = runs.filter((/** @type {Run} */ run) => (run.number ?? 0) < (newer.number ?? 0));
    return Promise.all(earlier.slice(0, limit).map((/** @type {Run} */ run) => this.run(run.id)));
  }

  /** @param {string} runId @returns {Promise<Run>} */
  async run(runId) {
    const answer = await this.get(`/runs/${encodeURIComponent(runId)}`);
    return answer.run ?? answer;
  }

  /**
   * Brings a file into the workspace.
   *
   * @param {File} file
   * @param {(share: number) => void} onProgress
   * @returns {{done: Promise<{path: string}>, cancel: () => void}}
   */
  upload(file, onProgress) {
    const request = new XMLHttpRequest();
    const done = new Promise((resolve, reject) => {
      request.open("POST", `${this.base}/files`);
      request.responseType = "json";
      request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
      request.onload = () => {
        const { error } = request.response ?? {};
        if (request.status < 300) resolve(request.response);
        else reject(new TransportError(error?.message ?? `The server answered ${request.status}.`, { status: request.status, code: error?.code, remedy: error?.remedy }));
      };
      request.onerror = () => reject(new TransportError(`'${file.name}' could not be copied: the server cannot be reached.`, { status: 0, remedy: "Try again when the editor is online." }));
      request.onabort = () => reject(new TransportError(`'${file.name}' was not copied: cancelled.`, { status: 0 }));
      const body = new FormData();
      body.append("file", file, file.name);
      request.send(body);
    });
    return { done, cancel: () => request.abort() };
  }

  /** @param {string} path @returns {Promise<any>} */
  get(path) {
    return this.#request("GET", path);
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  post(path, body) {
    return this.#request("POST", path, body);
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  patch(path, body) {
    return this.#request("PATCH", path, body);
  }

  /** @param {string} path @returns {Promise<any>} */
  delete(path) {
    return this.#request("DELETE", path);
  }

  /**
   * Opens the push channel and opens it again whenever it breaks.
   *
   * @param {PushHandlers} handlers
   */
  openPush(handlers) {
    const url = new URL(`${this.base}/push`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.search = new URLSearchParams({ pipeline: this.pipelineId, client: this.client, name: this.author }).toString();
    return openPushChannel(url, handlers);
  }

  #pipeline() {
    return `/pipelines/${encodeURIComponent(this.pipelineId)}`;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async #request(method, path, body) {
    /** @type {RequestInit} */
    const init = { method, credentials: "same-origin", signal: AbortSignal.timeout(REQUEST_MS) };
    if (this.author) init.headers = { "Designer-Author": encodeURIComponent(this.author) };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, "Content-Type": "application/json" };
    }
    const response = await fetch(this.base + path, init).catch((error) => {
      throw new TransportError(`The server cannot be reached (${error.message}).`, { status: 0 });
    });
    const answer = await response.json().catch(() => null);
    if (response.ok) return answer;
    const { code = "", message = `The server answered ${response.status}.`, remedy = "" } = answer?.error ?? {};
    throw new TransportError(message, { status: response.status, code, remedy, diagnostics: answer?.diagnostics ?? [] });
  }
}
