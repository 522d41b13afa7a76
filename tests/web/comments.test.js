import assert from "node:assert/strict";
import { test } from "node:test";
import { CommentDrafts } from "../../designer/canvas/web/document/comment_drafts.js";
import { newsOf, openCounts, whereNow, withThreads } from "../../designer/canvas/web/document/comment_threads.js";
import { MemoryLog } from "../../designer/canvas/web/document/op_log.js";
import { EditorSession } from "../../designer/canvas/web/session.js";
import { FakeServer, FakeTransport, settle } from "./fakes.js";

const PATH = "/pipelines/p/comments";
const comment = (id, text, author = "Ada", more = {}) => ({ id, author, text, created_at: Number(id.slice(1)), ...more });
const thread = (id, comments, more = {}) => ({ id, scope: "", node: "a", node_title: "A", created_at: comments[0].created_at, resolved_at: null, resolved_by: "", comments, ...more });

/** Comments on a server: answers a request, and tells everybody. */
class CommentServer extends FakeServer {
  threads = [];

  change(changed) {
    this.threads = withThreads(this.threads, [changed]);
    for (const send of this.subscribers) send({ kind: "comments", threads: [changed] });
    return structuredClone(changed);
  }
}

class CommentTransport extends FakeTransport {
  async get() {
    const answer = structuredClone({ threads: this.server.threads });
    await this.reading;
    if (!this.server.isReachable) throw Object.assign(new Error("unreachable"), { status: 0 });
    return answer;
  }

  async post(path, { text, node, scope }) {
    if (!this.server.isReachable) throw Object.assign(new Error("unreachable"), { status: 0 });
    const said = comment(`c${this.server.threads.length + 10}`, text, "Ada");
    if (path === PATH) return this.server.change(thread(`t-${node}`, [said], { scope, node }));
    const known = this.server.threads.find(({ id }) => path.endsWith(id));
    return this.server.change({ ...known, comments: [...known.comments, said], resolved_at: null });
  }
}

const NODES = { a: { module: "data.load", version: "1.0.0" }, use: { subgraph: "clean" } };
const GRAPH = { format: 1, nodes: NODES, subgraphs: { clean: { nodes: { inner: { module: "data.split", version: "1.0.0" } } } } };

async function open(threads = [], graph = GRAPH) {
  const server = new CommentServer(graph);
  server.threads = threads;
  const transport = new CommentTransport(server);
  const session = new EditorSession({ transport, pipelineId: "p", log: new MemoryLog() });
  await session.load();
  await settle();
  return { server, transport, session, comments: session.comments };
}

test("threads of a pipeline are read when it opens, and what changes is told", async () => {
  const { server, comments } = await open([thread("t1", [comment("c1", "Why?")])]);
  assert.deepEqual([comments.isKnown, comments.threads.length, comments.openCount], [true, 1, 1]);
  server.change(thread("t2", [comment("c2", "How?", "Bo")]));
  await settle();
  assert.deepEqual(comments.threads.map(({ id }) => id), ["t1", "t2"]);
});

test("what is told while the threads are read is newer than the answer", async () => {
  const { server, transport, comments } = await open([thread("t1", [comment("c1", "Why?")])]);
  let answer = () => {};
  transport.reading = new Promise((resolve) => (answer = resolve));
  const reading = comments.load();
  server.change(thread("t1", [comment("c1", "Why?")], { resolved_at: 5, resolved_by: "Bo" }));
  await settle();
  answer();
  await reading;
  assert.equal(comments.threads[0].resolved_by, "Bo");
});

test("after a reconnect the threads are read again", async () => {
  const { server, transport, comments } = await open([]);
  server.threads = [thread("t1", [comment("c1", "Missed")])];
  transport.onMessage({ kind: "hello", revision: 0, run: null });
  await settle();
  assert.equal(comments.threads.length, 1);
});

test("nodes of the view carry the number of their open threads, inside subgraphs too", async () => {
  const inside = thread("t2", [comment("c2", "Here")], { scope: "clean", node: "inner" });
  const { session, comments } = await open([thread("t1", [comment("c1", "Why?")]), inside, thread("t3", [comment("c3", "Done")], { resolved_at: 4 })]);
  assert.deepEqual([...comments.inView], [["a", 1]]);
  session.goTo(["use"]);
  assert.deepEqual([...comments.inView], [["inner", 1]]);
  assert.equal(comments.inView, comments.inView, "found once, not at every look");
});

test("a new comment, an answer of others and a resolution are news; one's own are not", async () => {
  const { server, comments } = await open([]);
  const news = [];
  comments.addEventListener("news", ({ detail }) => news.push([detail.what, detail.comment?.text]));
  await comments.start({ scope: "", node: "a" }, "Mine");
  await settle();
  server.change(thread("t-a", [comment("c10", "Mine"), comment("c11", "Theirs", "Bo")]));
  server.change(thread("t-a", [comment("c10", "Mine"), comment("c11", "Theirs", "Bo")], { resolved_at: 9 }));
  await settle();
  assert.deepEqual(news, [["said", "Theirs"], ["resolved", undefined]]);
});

test("a comment that cannot be sent says that the text stays and what to do", async () => {
  const { server, comments } = await open([]);
  server.isReachable = false;
  await assert.rejects(comments.start({ scope: "", node: "a" }, "Lost?"), ({ message, remedy }) => /cannot be reached/.test(message) && /stays here/.test(remedy));
});

test("a link waits until the threads are known, and says so when its thread is gone", async () => {
  const { session, comments } = await open([thread("t1", [comment("c1", "Why?")])]);
  const shown = [];
  const told = [];
  comments.addEventListener("show", ({ detail }) => shown.push(detail.id));
  session.addEventListener("notice", ({ detail }) => told.push(detail.message));
  comments.follow("?node=a&comment=t1");
  comments.follow("?comment=t9");
  assert.deepEqual(shown, ["t1"]);
  assert.match(told[0], /not there any more/);
  assert.equal(comments.linkTo(comments.threads[0], "http://here/pipelines/p?x=1"), "http://here/pipelines/p?node=a&comment=t1");
});

test("a past run has no comments and asks for none", async () => {
  const transport = new CommentTransport(new CommentServer(GRAPH));
  let asked = 0;
  transport.get = async () => ((asked += 1), { threads: [] });
  const session = new EditorSession({ transport, runId: "r1", readOnly: true, log: new MemoryLog() });
  await session.load();
  await settle();
  assert.deepEqual([asked, session.comments.isKnown, session.comments.openCount], [0, false, 0]);
});

test("a thread whose comments are all deleted is gone, the newest state of a thread counts", () => {
  const deleted = thread("t1", [comment("c1", "", "Ada", { deleted_at: 3 })]);
  assert.deepEqual(withThreads([thread("t1", [comment("c1", "Why?")])], [deleted]), []);
  const twice = withThreads([], [thread("t1", [comment("c1", "Old")]), thread("t1", [comment("c1", "New")])]);
  assert.deepEqual(twice.map(({ comments }) => comments[0].text), ["New"]);
  assert.deepEqual([...openCounts([...twice, thread("t2", [comment("c2", "x")])], GRAPH)], [["\na", 2]]);
});

test("a thread follows its node into a subgraph and out of it, and is nowhere when it is gone or could be two", () => {
  assert.deepEqual(whereNow(GRAPH, { scope: "", node: "inner" }), { scope: "clean", node: "inner" });
  assert.deepEqual(whereNow(GRAPH, { scope: "was", node: "a" }), { scope: "", node: "a" });
  assert.equal(whereNow(GRAPH, { scope: "", node: "gone" }), null);
  const twice = { ...GRAPH, subgraphs: { ...GRAPH.subgraphs, other: GRAPH.subgraphs.clean } };
  assert.equal(whereNow(twice, { scope: "", node: "inner" }), null);
  assert.deepEqual(whereNow(GRAPH, { scope: "", node: "" }), { scope: "", node: "" });
  assert.deepEqual([...openCounts([thread("t1", [comment("c1", "x")], { node: "inner" })], GRAPH)], [["clean\ninner", 1]]);
});

test("an edit of a comment is no news, an opened thread is", () => {
  const before = thread("t1", [comment("c1", "Why?")], { resolved_at: 3 });
  assert.equal(newsOf(before, { ...before, comments: [comment("c1", "Why not?")] }), null);
  assert.equal(newsOf(before, { ...before, resolved_at: null })?.what, "reopened");
});

test("texts that were begun are kept in the browser until they are sent, and odd things in it are left aside", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  new CommentDrafts("p", storage).set("reply t1", "Half a th");
  assert.equal(new CommentDrafts("p", storage).get("reply t1"), "Half a th");
  new CommentDrafts("p", storage).set("reply t1", " ");
  assert.equal(kept.size, 0);
  kept.set("designer.comment_drafts.p", '[["a"], 3, ["b", "B"]]');
  assert.equal(new CommentDrafts("p", storage).get("b"), "B");
  const full = { ...storage, setItem: () => { throw new Error("full"); } };
  const drafts = new CommentDrafts("q", full);
  drafts.set("x", "still here");
  assert.equal(drafts.get("x"), "still here");
});
