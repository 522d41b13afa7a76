/**
 * Threads of comments: which are open, where they are, and what is new in them. Pure.
 *
 * @import {GraphDocument} from "../types.js"
 * @import {Subject} from "../working_together.js"
 * @typedef {{id: string, author: string, text: string, created_at: number, edited_at?: number | null, deleted_at?: number | null}} Comment
 * @typedef {{id: string, scope: string, node: string, node_title: string, created_at: number, resolved_at?: number | null, resolved_by?: string, comments: Comment[]}} CommentThread
 *   `scope`: the subgraph in which the node is; `node`: empty for the pipeline as a whole
 * @typedef {{thread: CommentThread, what: "said" | "resolved" | "reopened", comment?: Comment}} News
 */

/** What a place is called in a map. @param {Subject} subject */
export function subjectKey({ scope, node }) {
  return `${scope}\n${node}`;
}

/** @param {CommentThread} thread */
export function isOpen({ resolved_at }) {
  return !resolved_at;
}

/** Comments that were not deleted. @param {CommentThread} thread */
export function present({ comments }) {
  return comments.filter(({ deleted_at }) => !deleted_at);
}

/**
 * Threads as they are now: changed ones take the place of what was known, those that say nothing any more go.
 *
 * @param {readonly CommentThread[]} known
 * @param {readonly CommentThread[]} changed the last of one thread counts
 * @returns {CommentThread[]} oldest first
 */
export function withThreads(known, changed) {
  const all = new Map([...known, ...changed].map((thread) => [thread.id, thread]));
  return [...all.values()].filter((thread) => present(thread).length > 0).sort((a, b) => a.created_at - b.created_at);
}

/**
 * Where the node of a thread is now: nodes go into subgraphs and come out of them with the id they have.
 *
 * @param {GraphDocument} root
 * @param {Subject} subject
 * @returns {Subject | null} `null` when it is gone, or could be any of several
 */
export function whereNow(root, { scope, node }) {
  if (!node || nodesIn(root, scope)?.[node]) return { scope, node };
  const scopes = ["", ...Object.keys(root.subgraphs ?? {})].filter((name) => nodesIn(root, name)?.[node]);
  return scopes.length === 1 ? { scope: scopes[0], node } : null;
}

/** How many open threads each place has. @param {readonly CommentThread[]} threads @param {GraphDocument} root @returns {Map<string, number>} by `subjectKey` */
export function openCounts(threads, root) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const thread of threads.filter(isOpen)) {
    const key = subjectKey(whereNow(root, thread) ?? thread);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** @param {GraphDocument} root @param {string} scope */
function nodesIn(root, scope) {
  return (scope ? root.subgraphs?.[scope] : root)?.nodes;
}

/**
 * What a thread says that it did not say before.
 *
 * @param {CommentThread | undefined} before
 * @param {CommentThread} after
 * @returns {News | null}
 */
export function newsOf(before, after) {
  const known = new Set(before?.comments.map(({ id }) => id));
  const comment = present(after).findLast(({ id }) => !known.has(id));
  if (comment) return { thread: after, what: "said", comment };
  if (!before || isOpen(before) === isOpen(after)) return null;
  return { thread: after, what: isOpen(after) ? "reopened" : "resolved" };
}

/** When something was last said. @param {CommentThread} thread */
export function lastAt({ created_at, comments }) {
  return comments.at(-1)?.created_at ?? created_at;
}
