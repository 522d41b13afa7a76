/**
 * What earlier runs left at the nodes that the newest one did not touch: after "run to here" the
 * rest of the canvas keeps its results, fresh or stale as they were.
 *
 * @import {GraphDocument, Run, StepRun} from "../types.js"
 */
import { staleNodes } from "./staleness.js";

/** Runs that are looked at; a node that none of them touched counts as not run. */
export const EARLIER_RUNS = 5;

const ENDED = ["completed", "failed"];

export class EarlierRuns {
  constructor() {
    /** Newest first. @type {{id: string, steps: Map<string, StepRun>, ran: GraphDocument}[]} */
    this.runs = [];
  }

  /**
   * @param {Run} run newer than all that are kept
   * @param {GraphDocument | null} ran the document of the run; what ran from an unknown one is dropped
   */
  keep(run, ran) {
    const known = new Set(this.runs.map(({ id }) => id));
    if (!ran || known.has(run.id)) return;
    const steps = new Map(Object.entries(run.steps ?? {}).filter(([, step]) => ENDED.includes(step.status)));
    this.runs = [{ id: run.id, steps, ran }, ...this.runs].slice(0, EARLIER_RUNS);
  }

  /** The newest step of every node that this run leaves out. @param {Run | null} run @returns {Map<string, StepRun>} */
  stepsBeside(run) {
    const left = this.runs.flatMap((_, age) => [...this.#leftOf(age, run)]);
    return new Map(left);
  }

  /** The stale nodes among those. @param {Run | null} run @param {GraphDocument} document @returns {string[]} */
  staleBeside(run, document) {
    return this.runs.flatMap(({ ran }, age) => [...staleNodes(ran, document, this.#leftOf(age, run))]);
  }

  /** @param {number} age @param {Run | null} run @returns {Map<string, StepRun>} */
  #leftOf(age, run) {
    const newer = this.runs.slice(0, age);
    const isLeft = (/** @type {string} */ id) => !Object.hasOwn(run?.steps ?? {}, id) && !newer.some(({ steps }) => steps.has(id));
    return new Map([...this.runs[age].steps].filter(([id]) => isLeft(id)));
  }
}
