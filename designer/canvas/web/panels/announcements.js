// What a screen reader is told of things that happen without its user's focus being there.

/**
 * @import {EditorSession} from "../session.js"
 * @import {News} from "../document/comment_threads.js"
 * @import {Run} from "../types.js"
 */
import { markdownWords } from "./markdown.js";
import { formatSeconds } from "../scene/node_state.js";

/**
 * Says edits, undo, the course of a run, what others comment and the state of the connection.
 *
 * @param {EditorSession} session
 * @param {(text: string) => void} say
 * @returns {() => void} stops
 */
export function announceSession(session, say) {
  let run = runKey(session.run);
  let state = session.connection.state;
  const handlers = {
    edited: (/** @type {any} */ { detail }) => say(`${detail.label}.`),
    run: () => {
      const next = runKey(session.run);
      if (next === run) return;
      const before = run;
      run = next;
      const words = session.run ? runWords(session, session.run, before) : "";
      if (words) say(words);
    },
    connection: () => {
      const next = session.connection.state;
      const words = next === state ? "" : connectionWords(next, state);
      state = next;
      if (words) say(words);
    },
  };
  const onNews = (/** @type {any} */ { detail }) => say(newsWords(session, detail));
  session.comments.addEventListener("news", onNews);
  for (const [type, act] of Object.entries(handlers)) session.addEventListener(type, act);
  return () => {
    session.comments.removeEventListener("news", onNews);
    for (const [type, act] of Object.entries(handlers)) session.removeEventListener(type, act);
  };
}

/** @param {Run | null} run */
function runKey(run) {
  return run ? `${run.id} ${run.status}` : "";
}

/** @param {EditorSession} session @param {Run} run @param {string} before */
function runWords(session, run, before) {
  const name = run.number ? `Run ${run.number}` : "The run";
  if (run.status === "queued" || run.status === "preparing" || run.status === "running") return before.startsWith(run.id) ? "" : `${name} started.`;
  if (run.status === "failed") {
    const failed = [...session.statuses.values()].find(({ status }) => status === "failed");
    const node = failed ? session.nodeOfStep(failed.step) : null;
    return `${name} failed${node ? ` at ${session.titleOf(node)}` : ""}. ${failed?.error?.message ?? run.error?.message ?? ""}`.trim();
  }
  const seconds = typeof run.seconds === "number" ? ` in ${formatSeconds(run.seconds)}` : "";
  return `${name} ${run.status}${seconds}.`;
}

/** @param {EditorSession} session @param {News} news */
function newsWords({ comments }, { thread, what, comment }) {
  const { title } = comments.placeOf(thread);
  if (comment) return `${comment.author} on ${title}: ${markdownWords(comment.text).slice(0, 200)}`;
  return what === "resolved" ? `${thread.resolved_by} resolved the comments on ${title}.` : `The comments on ${title} are open again.`;
}

/** @param {string} state @param {string} before */
function connectionWords(state, before) {
  if (state === "offline") return "Offline. Edits are kept here and sent later.";
  return before === "offline" ? "Online again." : "";
}
