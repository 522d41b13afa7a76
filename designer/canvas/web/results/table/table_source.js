// The rows of one table under one query: fetched in blocks as they come into view, few of them kept.

import { isAborted } from "../long_answer.js";
import { BLOCK_COLUMNS, BLOCK_ROWS, blocksFor } from "./row_window.js";
import { PLAIN, isSameQuery } from "./table_query.js";

/**
 * @import {ArtifactApi, TableColumn, TablePage} from "../artifact_api.js"
 * @import {Progress} from "../long_answer.js"
 * @import {Span} from "./row_window.js"
 * @import {TableQuery} from "./table_query.js"
 * @typedef {Error & {code?: string, remedy?: string}} Failure
 * @typedef {{rows: unknown[][], numbers: number[]}} Block
 */

const AT_ONCE = 4;
const MOST_BLOCKS = 160;

export class TableSource {
  /**
   * @param {{api: Pick<ArtifactApi, "page" | "tableFacts">, digest: string, view: string, changed: () => void}} options
   */
  constructor({ api, digest, view, changed }) {
    this.api = api;
    this.digest = digest;
    this.view = view;
    this.changed = changed;
    /** @type {TableColumn[]} */
    this.columns = [];
    /** Rows of the whole table. */
    this.rows = 0;
    /** Rows that the query shows. */
    this.total = 0;
    /** What is shown. @type {TableQuery} */
    this.query = PLAIN;
    /** What was asked for; other than `query` while it is being worked on. @type {TableQuery} */
    this.wanted = PLAIN;
    /** The first rows, from which widths and digits are taken. @type {unknown[][]} */
    this.sample = [];
    this.isReady = false;
    /** @type {Progress | null} */
    this.progress = null;
    /** @type {Failure | null} */
    this.error = null;
    /** @type {Map<string, Block>} */
    this.blocks = new Map();
    /** @type {Map<string, AbortController>} */
    this.asked = new Map();
    /** @type {[number, number][]} */
    this.waiting = [];
    /** @type {AbortController | null} */
    this.arranging = null;
  }

  get isWide() {
    return this.columns.length > BLOCK_COLUMNS;
  }

  async open() {
    try {
      const facts = await this.api.tableFacts(this.digest);
      this.columns = facts.columns;
      this.rows = facts.rows;
    } catch (failure) {
      this.error = /** @type {Failure} */ (failure);
      this.changed();
      return;
    }
    await this.ask(PLAIN, true);
  }

  /**
   * Shows the rows of another query; what is shown stays until the first of them are there.
   *
   * @param {TableQuery} query
   * @param {boolean} [again] also where it is the same
   */
  async ask(query, again = false) {
    if (!again && isSameQuery(query, this.wanted)) return;
    this.wanted = query;
    this.arranging?.abort();
    const mine = (this.arranging = new AbortController());
    this.error = null;
    this.progress = null;
    this.changed();
    try {
      const page = await this.#page(0, 0, query, {
        signal: mine.signal,
        tell: (progress) => {
          this.progress = progress;
          this.changed();
        },
      });
      if (mine.signal.aborted) return;
      this.#restart(query, page);
    } catch (failure) {
      if (mine.signal.aborted || isAborted(failure)) return;
      this.error = /** @type {Failure} */ (failure);
    }
    this.progress = null;
    this.arranging = null;
    this.changed();
  }

  /** Gives up the query that is being worked on and stays with the one shown. */
  cancel() {
    this.arranging?.abort();
    this.arranging = null;
    this.wanted = this.query;
    this.progress = null;
    this.error = null;
    this.changed();
  }

  get isArranging() {
    return this.arranging !== null;
  }

  /**
   * Fetches what is on screen; what is no longer there is not waited for.
   *
   * @param {Span} rows
   * @param {readonly number[]} columns places in the table of the columns on screen
   */
  need(rows, columns) {
    if (!this.isReady) return;
    /** @type {[number, number][]} */
    const wanted = [];
    const groups = this.isWide ? [...new Set(columns.map((at) => Math.floor(at / BLOCK_COLUMNS)))] : [0];
    for (const row of blocksFor(rows, BLOCK_ROWS)) for (const group of groups) wanted.push([row, group]);
    const keys = new Set(wanted.map(([row, group]) => keyOf(row, group)));
    for (const [key, controller] of this.asked) if (!keys.has(key)) controller.abort();
    this.waiting = wanted.filter(([row, group]) => !this.#isKnown(keyOf(row, group)));
    this.#fetchNext();
  }

  /** @param {number} row of the view @param {number} column of the table @returns {unknown} `undefined` until it is there */
  cell(row, column) {
    const group = this.isWide ? Math.floor(column / BLOCK_COLUMNS) : 0;
    const block = this.blocks.get(keyOf(row - (row % BLOCK_ROWS), group));
    return block?.rows[row % BLOCK_ROWS]?.[column - group * BLOCK_COLUMNS];
  }

  /** The number in the table of a row of the view. @param {number} row @returns {number | null} */
  number(row) {
    if (this.query === PLAIN) return row;
    for (const [key, block] of this.blocks) {
      if (key.startsWith(`${row - (row % BLOCK_ROWS)}:`)) return block.numbers[row % BLOCK_ROWS] ?? null;
    }
    return null;
  }

  /**
   * Cells of a block of rows, wherever they are; for copying.
   *
   * @param {Span} rows
   * @param {readonly number[]} columns
   * @returns {Promise<unknown[][]>}
   */
  async cells({ first, last }, columns) {
    const { query } = this;
    /** @type {unknown[][]} */
    const found = [];
    for (let offset = first; offset < last; offset += 1000) {
      const limit = Math.min(1000, last - offset);
      const page = await this.api.page(this.digest, { offset, limit, query });
      found.push(...page.rows.map((row) => columns.map((at) => row[at])));
    }
    return found;
  }

  close() {
    this.arranging?.abort();
    for (const controller of this.asked.values()) controller.abort();
  }

  /** @param {TableQuery} query @param {TablePage} page */
  #restart(query, page) {
    for (const controller of this.asked.values()) controller.abort();
    this.asked.clear();
    this.blocks.clear();
    this.waiting = [];
    this.query = query;
    this.total = page.total;
    if (!this.isReady) this.sample = page.rows;
    this.isReady = true;
    this.blocks.set(keyOf(0, 0), page);
  }

  /** @param {string} key */
  #isKnown(key) {
    const block = this.blocks.get(key);
    if (!block) return this.asked.has(key);
    this.blocks.delete(key);
    this.blocks.set(key, block);
    return true;
  }

  #fetchNext() {
    while (this.asked.size < AT_ONCE && this.waiting.length > 0) {
      const [row, group] = /** @type {[number, number]} */ (this.waiting.shift());
      void this.#fetch(row, group);
    }
  }

  /** @param {number} row @param {number} group */
  async #fetch(row, group) {
    const key = keyOf(row, group);
    const controller = new AbortController();
    this.asked.set(key, controller);
    try {
      const page = await this.#page(row, group, this.query, { signal: controller.signal });
      if (controller.signal.aborted) return;
      this.blocks.set(key, page);
      for (const old of this.blocks.keys()) {
        if (this.blocks.size <= MOST_BLOCKS) break;
        this.blocks.delete(old);
      }
      this.changed();
    } catch (failure) {
      if (controller.signal.aborted || isAborted(failure)) return;
      this.error = /** @type {Failure} */ (failure);
      this.changed();
    } finally {
      if (this.asked.get(key) === controller) this.asked.delete(key);
      this.#fetchNext();
    }
  }

  /**
   * @param {number} row
   * @param {number} group
   * @param {TableQuery} query
   * @param {import("../long_answer.js").Patience} patience
   */
  #page(row, group, query, patience) {
    const columns = this.isWide ? { firstColumn: group * BLOCK_COLUMNS, columnLimit: BLOCK_COLUMNS } : {};
    const asked = { offset: row, limit: BLOCK_ROWS, ...columns, query, view: this.view };
    return this.api.page(this.digest, asked, patience);
  }
}

/** @param {number} row @param {number} group */
function keyOf(row, group) {
  return `${row}:${group}`;
}
