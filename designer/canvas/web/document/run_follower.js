/**
 * The run that the canvas shows: its steps as they move, results that earlier runs left beside it,
 * and which of them no longer belong to what is drawn.
 *
 * @import {GraphDocument, Run, StepRun} from "../types.js"
 * @import {RunEvent} from "./run_state.js"
 * @import {WorkingCopy} from "./working_copy.js"
 *
 * @typedef {object} RunTransport
 * @property {(id: string) => Promise<Run>} run
 * @property {(newer: Run, limit: number) => Promise<Run[]>} runsBefore
 * @property {(revision: number) => Promise<{revision: number, operations: import("../types.js").Operation[]}>} operationsAfter
 *
 * @typedef {object} RunFollowerEvents
 * @property {() => void} onRun another run, or its state
 * @property {(steps: string[]) => void} onSteps
 * @property {(event: RunEvent) => void} onLog
 */
import { EARLIER_RUNS, EarlierRuns } from "./earlier_runs.js";
import { flatDocument } from "./flat_nodes.js";
import { applyRunEvent } from "./run_state.js";
import { SEPARATOR } from "./scope.js";
import { documentBefore, staleNodes } from "./staleness.js";

export class RunFollower {
  /**
   * @param {{copy: WorkingCopy, transport: RunTransport, events: RunFollowerEvents, only?: string}} parts
   *   `only`: the one run that is followed, whatever else runs
   */
  constructor({ copy, transport, events, only = "" }) {
    this.copy = copy;
    this.transport = transport;
    this.events = events;
    this.only = only;
    /** Whether edits can make results stale. */
    this.isLive = false;
    /** @type {Run | null} */
    this.run = null;
    /** @type {Map<string, StepRun>} */
    this.statuses = new Map();
    this.inside = stepsByUse(this.statuses);
    /** @type {Set<string>} steps that were edited, or stand behind an edit, since the run */
    this.stale = new Set();
    /** The document of the run, to tell what is stale. @type {GraphDocument | null} */
    this.ran = null;
    this.earlier = new EarlierRuns();
    /** Events by run that came before the run itself. @type {Map<string, RunEvent[]>} */
    this.early = new Map();
  }

  /** @param {Run | null} run @param {GraphDocument | null} [ran] its document, where that is known already */
  set(run, ran = null) {
    if (this.run && run && run.id !== this.run.id) this.earlier.keep(this.run, this.ran);
    this.run = run;
    this.statuses = new Map([...this.earlier.stepsBeside(run), ...Object.entries(run?.steps ?? {})]);
    if (ran) {
      this.ran = ran;
      this.findStale();
    }
    const early = (run && this.early.get(run.id)) ?? [];
    for (const event of early) this.#take(/** @type {Run} */ (run), event);
    if (run) this.early.delete(run.id);
    this.events.onRun();
  }

  /** @param {RunEvent[]} events */
  receive(events) {
    const steps = new Set();
    for (const event of events) {
      if (this.only && event.run_id !== this.only) continue;
      if (this.run?.id !== event.run_id) this.#keepForLater(event);
      else if (this.#take(this.run, event)) steps.add(event.step);
    }
    if (steps.size > 0) this.events.onSteps([...steps]);
  }

  /** The run that the shown state of a step belongs to; empty where it has none. @param {string} step */
  runOf(step) {
    if (Object.hasOwn(this.run?.steps ?? {}, step)) return this.run?.id ?? "";
    return this.earlier.runs.find(({ steps }) => steps.has(step))?.id ?? "";
  }

  /** The steps inside a subgraph. @param {string} use step id that it would have itself @returns {StepRun[]} */
  stepsInside(use) {
    if (this.inside.statuses !== this.statuses || this.inside.size !== this.statuses.size) this.inside = stepsByUse(this.statuses);
    return (this.inside.steps.get(use) ?? []).flatMap((step) => this.statuses.get(step) ?? []);
  }

  /** What an earlier run left, when the page opens. */
  async recall() {
    await this.#findEditsSince(this.run);
    await this.#recallEarlier();
  }

  findStale() {
    const { earlier, ran, run, statuses } = this;
    const { document } = this.copy;
    const beside = earlier.stepsBeside(run);
    const own = beside.size ? new Map([...statuses].filter(([id]) => !beside.has(id))) : statuses;
    const stale = new Set([...(ran ? staleNodes(ran, document, own) : []), ...earlier.staleBeside(run, document)]);
    const changed = [...stale].filter((id) => !this.stale.has(id)).concat([...this.stale].filter((id) => !stale.has(id)));
    this.stale = stale;
    if (changed.length > 0) this.events.onSteps(changed);
  }

  /** @param {Run} run @param {RunEvent} event @returns {boolean} whether a step changed */
  #take(run, event) {
    if (event.kind === "log") this.events.onLog(event);
    const step = applyRunEvent(run, event);
    if (step) this.statuses.set(step.step, step);
    else if (event.kind === "run") this.events.onRun();
    return step !== null;
  }

  /** Events of a run that is not here yet: started elsewhere, or quicker than the answer that starts it. @param {RunEvent} event */
  #keepForLater(event) {
    const early = this.early.get(event.run_id);
    if (early) early.push(event);
    else {
      this.early.set(event.run_id, [event]);
      this.#fetch(event.run_id);
    }
  }

  /** @param {string} id */
  async #fetch(id) {
    const run = await this.transport.run(id).catch(() => null);
    const isOlder = run && this.run && (run.number ?? 0) < (this.run.number ?? 0);
    if (!run || isOlder) this.early.delete(id);
    if (!run || isOlder || this.run?.id === id) return;
    this.set(run);
    await this.#findEditsSince(run);
  }

  /** What was edited between a run and now is stale. @param {Run | null} run */
  async #findEditsSince(run) {
    if (!this.isLive || !run) return;
    const { revision, confirmed } = this.copy;
    const since = run.revision ?? revision;
    const answer = since < revision ? await this.transport.operationsAfter(since).catch(() => null) : null;
    if (this.run?.id !== run.id || (since < revision && !answer)) return;
    this.ran = documentBefore(confirmed, answer?.operations.slice(0, revision - since) ?? []);
    this.findStale();
  }

  /** After a run of a part of the pipeline, the results that the other nodes still have. */
  async #recallEarlier() {
    const newest = this.run;
    const isWhole = Object.keys(flatDocument(this.copy.document).nodes).every((id) => this.statuses.has(id));
    if (!newest || !this.isLive || isWhole) return;
    const runs = await this.transport.runsBefore(newest, EARLIER_RUNS).catch(() => []);
    if (runs.length === 0 || this.run?.id !== newest.id) return;
    const since = Math.min(...runs.map((run) => run.revision ?? 0));
    const { revision, confirmed } = this.copy;
    const answer = await this.transport.operationsAfter(since).catch(() => null);
    if (!answer || this.run?.id !== newest.id) return;
    const made = answer.operations.slice(0, revision - since);
    for (const run of runs.reverse()) this.earlier.keep(run, documentBefore(confirmed, made.slice((run.revision ?? 0) - since)));
    this.set(this.run);
    this.findStale();
  }
}

/** Step ids by the ids of the subgraph nodes around them. @param {ReadonlyMap<string, StepRun>} statuses */
function stepsByUse(statuses) {
  /** @type {Map<string, string[]>} */
  const steps = new Map();
  for (const step of statuses.keys()) {
    for (let end = step.lastIndexOf(SEPARATOR); end > 0; end = step.lastIndexOf(SEPARATOR, end - 1)) {
      const use = step.slice(0, end);
      const held = steps.get(use);
      if (held) held.push(step);
      else steps.set(use, [step]);
    }
  }
  return { statuses, size: statuses.size, steps };
}
