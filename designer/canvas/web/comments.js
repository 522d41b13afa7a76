/**
 * What people say about a pipeline and its nodes: the threads of comments, kept up to date by the
 * push channel, and the ways to write, answer, settle and delete.
 *
 * @import {EditorSession} from "./session.js"
 * @import {PushMessage} from "./push_channel.js"
 * @import {GraphDocument} from "./types.js"
 * @import {ScopeView} from "./document/scope_view.js"
 * @import {Subject} from "./working_together.js"
 * @import {Comment, CommentThread} from "./document/comment_threads.js"
 */
import { isOpen, newsOf, openCounts, whereNow, withThreads } from "./document/comment_threads.js";
import { CommentDrafts } from "./document/comment_drafts.js";

/** What is thrown when a text could not be sent: the field shows it and keeps the text. */
export class UnsentComment extends Error {
  /** @param {string} message @param {string} remedy */
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/** Emits `change`; `news` (News) for what others did; `show` (CommentThread) where a link leads. */
export class Comments extends EventTarget {
  /** @param {EditorSession} session */
  constructor(session) {
    super();
    this.session = session;
    this.drafts = new CommentDrafts(session.pipelineId);
    /** Oldest first. @type {readonly CommentThread[]} */
    this.threads = [];
    /** Whether the threads were read at least once. */
    this.isKnown = false;
    /** Why they could not be read. @type {Error | null} */
    this.failure = null;
    /** Open threads by place, of a state of the threads and of the pipeline. @type {{threads: readonly CommentThread[], root: GraphDocument | null, counts: ReadonlyMap<string, number>}} */
    this.counted = { threads: this.threads, root: null, counts: new Map() };
    /** What is pushed while they are read. @type {CommentThread[] | null} */
    this.since = null;
    /** Own requests that wait for their answer. */
    this.sending = 0;
    /** The thread that a link leads to, until it is known. */
    this.linked = "";
    /** @type {{view: ScopeView, counts: ReadonlyMap<string, number>, found: Map<string, number>} | null} */
    this.drawn = null;
  }

  /** @param {PushMessage} message */
  receive(message) {
    if (message.kind === "hello" && this.session.together.isPossible) void this.load();
    if (message.kind === "comments") this.#take(message.threads);
  }

  /** Reads all threads; what is pushed meanwhile is newer than the answer. */
  async load() {
    /** @type {CommentThread[]} */
    const since = [];
    this.since = since;
    try {
      const { threads } = await this.session.transport.get(this.#path(""));
      if (this.since !== since) return;
      this.failure = null;
      this.isKnown = true;
      this.#set(withThreads([], [...threads, ...since]));
    } catch (error) {
      if (this.since !== since) return;
      this.failure = /** @type {Error} */ (error);
      this.dispatchEvent(new CustomEvent("change"));
    }
    this.since = null;
    this.#showLinked();
  }

  /** How many open threads each place has. @returns {ReadonlyMap<string, number>} by `subjectKey` */
  get counts() {
    const { threads, counted } = this;
    const { root } = this.session;
    if (counted.threads === threads && (counted.root === root || threads.length === 0)) return counted.counts;
    this.counted = { threads, root, counts: openCounts(threads, root) };
    return this.counted.counts;
  }

  /** How many open threads each node of the view has. @returns {ReadonlyMap<string, number>} */
  get inView() {
    const { view, here } = this.session;
    const { counts, drawn } = this;
    if (drawn?.view === view && drawn.counts === counts) return drawn.found;
    const found = here.published ? new Map() : view.atHome(counts);
    this.drawn = { view, counts, found };
    return found;
  }

  /** How many threads are open, all over the pipeline. */
  get openCount() {
    return this.threads.filter(isOpen).length;
  }

  /** @param {string} id @returns {CommentThread | undefined} */
  thread(id) {
    return this.threads.find((thread) => thread.id === id);
  }

  /** Where what a thread is about is now; `null` when it is gone. @param {Subject} subject */
  whereNow(subject) {
    return whereNow(this.session.root, subject);
  }

  /** What people call the place of a thread. @param {Subject & {node_title?: string}} subject */
  placeOf(subject) {
    const { root, modules } = this.session;
    const { node_title = "" } = subject;
    const { scope, node } = this.whereNow(subject) ?? subject;
    const found = (scope ? root.subgraphs?.[scope] : root)?.nodes[node];
    const inside = scope ? (modules.subgraphs.spec(scope)?.title ?? scope) : "";
    if (!node) return { title: "The pipeline", inside };
    return { title: found ? this.session.nameOf(found, node) : node_title || node, inside };
  }

  /** @param {Subject} subject @param {string} text */
  start({ scope, node }, text) {
    return this.#send(async () => {
      await this.session.settled();
      return this.session.transport.post(this.#path(""), { text, node, scope });
    });
  }

  /** One more comment of a thread; one that was settled is open again. @param {string} thread @param {string} text */
  reply(thread, text) {
    return this.#send(() => this.session.transport.post(this.#path(`/${thread}`), { text }));
  }

  /** @param {string} thread @param {string} comment @param {string} text */
  edit(thread, comment, text) {
    return this.#send(() => this.session.transport.patch(this.#path(`/${thread}/${comment}`), { text }));
  }

  /** @param {string} thread @param {string} comment */
  remove(thread, comment) {
    return this.#send(() => this.session.transport.delete(this.#path(`/${thread}/${comment}`)));
  }

  /** @param {string} thread @param {boolean} isResolved */
  settle(thread, isResolved) {
    return this.#send(() => this.session.transport.patch(this.#path(`/${thread}`), { is_resolved: isResolved }));
  }

  /** Whether a comment is one's own: only its author changes it. @param {Comment} comment */
  isOwn({ author }) {
    return author === this.session.together.name;
  }

  /** The address that shows a thread. @param {CommentThread} thread @param {string} page address of the page */
  linkTo(thread, page) {
    const { id } = thread;
    const { scope, node } = this.whereNow(thread) ?? { scope: "", node: "" };
    const link = new URL(page);
    link.search = new URLSearchParams({ ...(scope && { in: scope }), ...(node && { node }), comment: id }).toString();
    return link.href;
  }

  /** Shows the thread that an address leads to, as soon as it is known. @param {string} search its query */
  follow(search) {
    this.linked = new URLSearchParams(search).get("comment") ?? "";
    if (this.isKnown) this.#showLinked();
  }

  #showLinked() {
    const { linked } = this;
    if (!linked || !this.isKnown) return;
    this.linked = "";
    const thread = this.thread(linked);
    if (thread) this.dispatchEvent(new CustomEvent("show", { detail: thread }));
    else this.session.notify({ kind: "info", message: "The comment that the link leads to is not there any more." });
  }

  /** @param {() => Promise<CommentThread>} ask @returns {Promise<CommentThread>} */
  async #send(ask) {
    if (this.session.connection.state === "offline") throw unreachable();
    this.sending += 1;
    try {
      const thread = await ask();
      this.#take([thread]);
      return thread;
    } catch (error) {
      throw /** @type {any} */ (error).status === 0 ? unreachable() : error;
    } finally {
      this.sending -= 1;
    }
  }

  /** @param {readonly CommentThread[]} changed */
  #take(changed) {
    this.since?.push(...changed);
    const before = new Map(this.threads.map((thread) => [thread.id, thread]));
    this.#set(withThreads(this.threads, changed));
    if (!this.isKnown || this.sending > 0) return;
    for (const thread of changed) {
      const detail = newsOf(before.get(thread.id), thread);
      if (detail) this.dispatchEvent(new CustomEvent("news", { detail }));
      before.set(thread.id, thread);
    }
  }

  /** @param {readonly CommentThread[]} threads */
  #set(threads) {
    this.threads = threads;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** @param {string} rest */
  #path(rest) {
    return `/pipelines/${encodeURIComponent(this.session.pipelineId)}/comments${rest}`;
  }
}

function unreachable() {
  return new UnsentComment("The server cannot be reached.", "The text stays here: send it again when the editor is online.");
}
