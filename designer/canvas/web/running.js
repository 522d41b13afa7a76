/**
 * Runs of the pipeline, started, previewed and stopped from the canvas.
 *
 * @import {EditorSession} from "./session.js"
 * @typedef {import("./document/run_options.js").RunOptions} RunOptions
 */
import { canContinue, continuation, inSteps } from "./document/run_options.js";

export class RunControl {
  /** @param {EditorSession} session */
  constructor(session) {
    this.session = session;
  }

  /** @param {RunOptions} [options] nodes by their id in this scope */
  start(options = {}) {
    return this.#submit(this.#asked(options));
  }

  /** Goes on from where the run stopped at a breakpoint. */
  async goOn() {
    const { run, breakpoints, root } = this.session;
    if (run && canContinue(run)) await this.#submit(continuation(run, breakpoints.steps(root)));
  }

  /** Shows on the canvas what a run would do. @param {RunOptions} [options] nodes by their id in this scope */
  preview(options = {}) {
    return this.session.previews.show(inSteps(options, (id) => this.session.stepId(id)));
  }

  /** Starts what the preview shows. */
  async startPreviewed() {
    const { shown } = this.session.previews;
    if (shown) await this.#submit({ ...shown.options, ...this.stops() });
  }

  /** What a run would do, in one line. @param {RunOptions} [options] nodes by their id in this scope @returns {Promise<string>} */
  async summary(options = {}) {
    const preview = await this.session.previews.get(inSteps(options, (id) => this.session.stepId(id))).catch(() => null);
    return preview?.summary ?? "";
  }

  /** @param {RunOptions} options with steps */
  async #submit(options) {
    const { session } = this;
    if (session.connection.state === "offline") {
      session.notify({ kind: "error", message: "The server cannot be reached, so nothing can run.", remedy: "Wait until the editor is online again." });
      return;
    }
    try {
      await session.settled();
      const { run } = await session.transport.startRun(options);
      session.previews.close();
      session.runs.set(run, session.root);
    } catch (error) {
      session.failed(error, "The run could not be started.");
    }
  }

  async cancel() {
    const { session } = this;
    if (session.run) await session.transport.cancelRun(session.run.id).catch((error) => session.failed(error, "The run could not be cancelled."));
  }

  /** @param {RunOptions} options @returns {RunOptions} with the ids that the server knows, and the breakpoints */
  #asked(options) {
    return { ...inSteps(options, (id) => this.session.stepId(id)), ...this.stops() };
  }

  /** @returns {RunOptions} */
  stops() {
    const stops = this.session.breakpoints.steps(this.session.root);
    return stops.length > 0 ? { stop_before: stops } : {};
  }
}
