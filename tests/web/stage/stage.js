// The canvas alone on a page, against a server that lives in the page: `?nodes=2000&run=1&dark=1`.

import { MemoryLog, openOperationLog } from "/designer/canvas/web/document/op_log.js";
import { mountCanvas } from "/designer/canvas/web/canvas_view.js";
import { EditorSession } from "/designer/canvas/web/session.js";
import { FakeServer, FakeTransport } from "/fakes.js";
import { CARDS, layeredGraph, layeredRun, sampleGraph, sampleRun, SPECS } from "/stage/graphs.js";

const query = new URLSearchParams(location.search);
const count = Number(query.get("nodes") ?? 0);
if (query.has("dark")) document.body.classList.add("body--dark");
const graph = query.has("empty") ? { format: 1, nodes: {} } : count ? layeredGraph(count) : sampleGraph();

class StageTransport extends FakeTransport {
  async snapshot() {
    const run = query.has("run") ? (count ? layeredRun(count) : sampleRun()) : null;
    return { ...(await super.snapshot()), modules: SPECS, last_run: run, diagnostics: query.has("problems") ? PROBLEMS : [] };
  }

  async modules() {
    return { generation: 1, cards: CARDS };
  }
}

const PROBLEMS = [
  { code: "P003", severity: "error", message: "Input 'dataset' of 'Plot the errors' is not connected.", remedy: "Connect it.", where: "/nodes/script/inputs/dataset1" },
  { code: "M004", severity: "warning", message: "Split Data 1.0.0 is deprecated.", remedy: "Use 2.0.0.", where: "/nodes/split/version" },
];

const server = new FakeServer(graph);
const transport = new StageTransport(server);
const session = new EditorSession({ transport, pipelineId: "p", log: query.has("log") ? openOperationLog() : new MemoryLog() });
const canvas = mountCanvas(document.getElementById("stage"), session);
await session.load();
await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
Object.assign(window, { session, server, transport, canvas, isReady: true, readyAt: performance.now() });
