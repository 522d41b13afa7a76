/**
 * Asks the server what a run would do: in one line for a button, or step by step for the canvas, kept
 * up to date while a person looks at it.
 *
 * @import {RunOptions} from "./run_options.js"
 * @import {RunPreview} from "./plan_preview.js"
 * @typedef {{options: RunOptions, preview: RunPreview | null, problem: string}} ShownPreview `preview` is the last one while a newer is asked for
 */

const SETTLE_MS = 250;

export class RunPreviews {
  /**
   * @param {{ask: (options: RunOptions) => Promise<RunPreview>, world: () => string, onChange: () => void}} parts
   *   `world`: a text that changes when an answer may be another
   */
  constructor({ ask, world, onChange }) {
    this.ask = ask;
    this.world = world;
    this.onChange = onChange;
    /** @type {ShownPreview | null} */
    this.shown = null;
    /** The last answers, by what was asked. @type {Map<string, Promise<RunPreview>>} */
    this.answers = new Map();
    this.answeredIn = "";
    this.asked = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** What a run would do, asked once for each state of the world. @param {RunOptions} options @returns {Promise<RunPreview>} */
  get(options) {
    const world = this.world();
    if (world !== this.answeredIn) this.answers.clear();
    this.answeredIn = world;
    const key = JSON.stringify(options);
    const answer = this.answers.get(key) ?? this.ask(options);
    this.answers.set(key, answer);
    answer.catch(() => this.answers.delete(key));
    return answer;
  }

  /** Shows a preview until it is closed. @param {RunOptions} options */
  async show(options) {
    this.shown = { options, preview: this.shown?.preview ?? null, problem: "" };
    this.onChange();
    await this.#load();
  }

  close() {
    if (!this.shown) return;
    clearTimeout(this.timer);
    this.shown = null;
    this.onChange();
  }

  /** The document, the run or a breakpoint may have changed: what is shown follows soon. */
  refresh() {
    if (!this.shown || this.asked === this.world()) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#load(), SETTLE_MS);
  }

  async #load() {
    if (!this.shown) return;
    const { options } = this.shown;
    this.asked = this.world();
    /** @type {ShownPreview} */
    const next = await this.get(options).then(
      (preview) => ({ options, preview, problem: "" }),
      (error) => ({ options, preview: this.shown?.preview ?? null, problem: error?.message || "The server cannot be reached." }),
    );
    if (this.shown?.options !== options) return;
    this.shown = next;
    this.onChange();
  }
}
