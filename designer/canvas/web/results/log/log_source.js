// The lines of a log that are on screen, fetched in blocks of consecutive numbers; the others stay on the server.

/**
 * @typedef {{first: number, lines: string[], long?: Record<string, number>, numbers?: number[], total: number, is_whole: boolean, bytes: number}} LogLines
 * @typedef {{text: string, number: number, bytes: number}} LogLine `bytes`: of the whole line where `text` is a part of it, else 0
 * @typedef {{total: number, bytes: number, isWhole: boolean, isReady: boolean, error: Error | null}} LogState
 */

const BLOCK_LINES = 200;
const MOST_BLOCKS = 60;

export class LogSource {
  /**
   * @param {(first: number, count: number) => Promise<LogLines>} ask
   * @param {() => void} changed called whenever something came
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
    /** @type {LogState} */
    this.state = { total: 0, bytes: 0, isWhole: false, isReady: false, error: null };
    /** @type {Map<number, LogLine[]>} */
    this.blocks = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.asked = new Map();
    this.isClosed = false;
  }

  close() {
    this.isClosed = true;
  }

  /** @param {number} at its place among the lines @returns {LogLine | null} */
  line(at) {
    const block = Math.floor(at / BLOCK_LINES);
    return this.blocks.get(block)?.[at - block * BLOCK_LINES] ?? null;
  }

  /** Fetches what of a span is not there. @param {number} first @param {number} last */
  async need(first, last) {
    const wanted = [];
    for (let block = Math.floor(first / BLOCK_LINES); block * BLOCK_LINES < last; block += 1)
      if (!this.#isFull(block)) wanted.push(this.#fetch(block));
    await Promise.all(wanted);
  }

  /** Looks for what came since. */
  async refresh() {
    const block = Math.floor(this.state.total / BLOCK_LINES);
    await this.#fetch(this.state.total % BLOCK_LINES || block === 0 ? block : block - 1);
  }

  /** @param {number} block */
  #isFull(block) {
    const lines = this.blocks.get(block);
    return lines !== undefined && (lines.length === BLOCK_LINES || block * BLOCK_LINES + lines.length >= this.state.total);
  }

  /** @param {number} block */
  #fetch(block) {
    const going = this.asked.get(block);
    if (going) return going;
    const asked = this.#take(block).finally(() => this.asked.delete(block));
    this.asked.set(block, asked);
    return asked;
  }

  /** @param {number} block */
  async #take(block) {
    try {
      const answer = await this.ask(block * BLOCK_LINES, BLOCK_LINES);
      if (this.isClosed) return;
      if (answer.bytes < this.state.bytes) this.blocks.clear();
      this.#keep(block, answer);
      this.state = { total: answer.total, bytes: answer.bytes, isWhole: answer.is_whole, isReady: true, error: null };
    } catch (error) {
      if (!this.isClosed) this.state = { ...this.state, error: /** @type {Error} */ (error) };
    }
    if (!this.isClosed) this.changed();
  }

  /** @param {number} block @param {LogLines} answer */
  #keep(block, { first, lines, long = {}, numbers = [] }) {
    this.blocks.delete(block);
    this.blocks.set(
      block,
      lines.map((text, at) => ({ text, number: numbers[at] ?? first + at, bytes: long[first + at] ?? 0 })),
    );
    if (this.blocks.size > MOST_BLOCKS) this.blocks.delete(/** @type {number} */ (this.blocks.keys().next().value));
  }
}
