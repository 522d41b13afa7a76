// Answers that take time: lines of progress, and at the end the answer or the error. Pure but for `fetch`.

import { TransportError } from "../transport.js";

/**
 * @typedef {{share?: number | null, text?: string, part?: any}} Progress
 * @typedef {{signal?: AbortSignal, tell?: (progress: Progress) => void}} Patience
 */

const LINES = "application/x-ndjson";

/**
 * @param {string} url
 * @param {Patience} [patience]
 * @returns {Promise<any>}
 */
export async function longAnswer(url, { signal, tell = () => {} } = {}) {
  const response = await reach(url, { signal, headers: { Accept: `${LINES}, application/json` } });
  const kind = response.headers.get("content-type") ?? "";
  if (!kind.startsWith(LINES) || !response.body) return plainAnswer(response);
  for await (const line of linesOf(response.body)) {
    const { progress, answer, error } = JSON.parse(line);
    if (error) throw asError(error, 0);
    if (answer !== undefined) return answer;
    tell(progress);
  }
  throw new TransportError("The answer broke off.", { status: 0, remedy: "Try again." });
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
export function reach(url, init) {
  return fetch(url, { credentials: "same-origin", ...init }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new TransportError("The server cannot be reached.", {
      status: 0,
      remedy: "Check that the designer is running, then try again.",
    });
  });
}

/** @param {Response} response */
export async function plainAnswer(response) {
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw asError(answer?.error ?? {}, response.status, answer?.diagnostics);
}

/**
 * @param {{code?: string, message?: string, remedy?: string}} error
 * @param {number} status
 * @param {any[]} [diagnostics]
 */
function asError({ code = "", message = "", remedy = "" }, status, diagnostics = []) {
  return new TransportError(message || `The server answered ${status}.`, { status, code, remedy, diagnostics });
}

/**
 * The lines of a stream of UTF-8 text, as they come.
 *
 * @param {ReadableStream<Uint8Array>} stream
 */
export async function* linesOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter(Boolean);
    if (done) break;
  }
  if (rest) yield rest;
}

/** @param {unknown} error */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
