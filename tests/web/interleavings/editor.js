// One person's editor in an interleaving: the real session over a line, with a browser that can crash.
import { freeId } from "../../../designer/canvas/web/document/edits.js";
import { MemoryLog } from "../../../designer/canvas/web/document/op_log.js";
import { MemoryShelves } from "../../../designer/canvas/web/document/history_shelves.js";
import { EditorSession } from "../../../designer/canvas/web/session.js";
import { CARDS, SPECS } from "../fakes.js";
import { meant } from "./meaning.js";
import { Line } from "./network.js";

const MODULES = Object.values(SPECS).map(({ id }) => id);

/** A log whose last writes a crash takes with it. */
class Disk extends MemoryLog {
  constructor() {
    super();
    this.unwritten = [];
  }

  async add(pipelineId, operation) {
    this.unwritten.push(() => super.add(pipelineId, operation));
    return true;
  }

  async settle(ids, rewritten) {
    this.unwritten.push(() => super.settle(ids, rewritten));
  }

  flush() {
    for (const write of this.unwritten.splice(0)) write();
  }
}

export class Editor {
  constructor(server, name) {
    this.server = server;
    this.name = name;
    this.disk = new Disk();
    this.shelves = new MemoryShelves();
    this.pages = 0;
    /** Every operation that was ever made here, by id. */
    this.made = new Map();
    /** Those that were only in the memory of a page that crashed. */
    this.gone = new Set();
    this.refused = new Set();
    this.lines = [];
  }

  async open() {
    this.line = new Line(this.server, { specs: SPECS, cards: CARDS });
    this.lines.push(this.line);
    this.shelves.claimed.clear();
    const client = `${this.name}.${++this.pages}`;
    this.session = new EditorSession({ transport: this.line, pipelineId: "p", client, log: this.disk, shelves: this.shelves });
    const push = this.session.sync.push.bind(this.session.sync);
    this.session.sync.push = (operation) => {
      this.made.set(operation.id, { ...operation, meant: meant(this.session.root, operation) });
      push(operation);
    };
    const { onResult } = this.session.sync.events;
    this.session.sync.events.onResult = (result, operation) => {
      if (result.status === "refused") this.refused.add(result.id);
      onResult(result, operation);
    };
    await this.session.load();
    this.line.connect();
  }

  async reload() {
    this.disk.flush();
    await this.#leave();
  }

  async crash() {
    const written = new Set(this.disk.entries.map(({ operation }) => operation.id));
    for (const { id } of this.session.sync.queue) if (!written.has(id)) this.gone.add(id);
    this.disk.unwritten = [];
    await this.#leave();
  }

  async #leave() {
    this.line.disconnect();
    this.session.destroy();
    await this.open();
  }

  edit(random) {
    const { session } = this;
    const ids = Object.keys(session.document.nodes);
    const node = () => random.any(ids);
    const dice = random.below(23);
    if (ids.length < 2 || dice < 4) session.addNode(random.any(MODULES), { x: random.below(900), y: random.below(900) });
    else if (dice < 8) this.#connect(node(), node(), random);
    else if (dice < 9) session.removeNodes([node()], { heal: random.chance(50) });
    else if (dice < 12) session.setParameter(node(), `p${random.below(3)}`, random.below(4) || undefined);
    else if (dice < 13) session.rename(node(), random.any(["", "One", "Two", "Three"]));
    else if (dice < 14) this.#duplicate([node(), node()]);
    else if (dice < 15) session.edit("Move", [{ path: ["layout", "nodes", node()], after: { x: random.below(99), y: 0 } }]);
    else if (dice < 16) session.edit("Describe", [{ path: ["description"], after: random.any(["a", "b", "c"]) }]);
    else if (dice < 18) session.undo();
    else if (dice < 20) session.redo();
    else if (dice < 21) this.#makeSubgraph(random);
    else if (dice < 22) session.leave();
    else session.enter(node());
  }

  /** A subgraph with two wired nodes in it, and a node that uses it. */
  #makeSubgraph(random) {
    const { session } = this;
    const name = random.any(["prepare", "learn"]);
    if (session.root.subgraphs?.[name] || session.scope.length > 0) return;
    const nodes = { load: { module: "data.load", version: "1.0.0" }, split: { module: "data.split", version: "1.0.0", inputs: { dataset: "load.dataset" } } };
    const id = freeId(session.document.nodes, name);
    session.edit("Collapse", [{ path: ["subgraphs", name], after: { nodes } }, { path: ["nodes", id], after: { subgraph: name } }]);
  }

  #connect(from, to, random) {
    const { outputs } = this.session.modules.portsOf(this.session.document, from);
    const { inputs } = this.session.modules.portsOf(this.session.document, to);
    if (outputs.length && inputs.length) this.session.wires.connect(`${from}.${random.any(outputs).name}`, to, random.any(inputs).name);
  }

  #duplicate(ids) {
    this.session.select(ids);
    this.session.duplicate();
  }
}
